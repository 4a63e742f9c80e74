"""A claim's short answer in other languages: said whose it is, the right way round, and marked when it is too old."""

from dataclasses import replace

import pytest
import yaml
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from kb.config import ROOT
from kb.library.content.checks import run_checks
from kb.library.content.document import LANGUAGE_NAMES, Language, Translation
from kb.library.content.translations import is_outdated, settle
from kb.library.editing.drafting import form_values, to_document
from kb.library.intake.parsing import parse_record
from kb.library.reading.messages import translations_of
from tests.factories import make_document, make_item

ANSWER = "Nej. En domstol beslutar."
WORDS = st.text(alphabet="abåе لا", min_size=1, max_size=20).map(str.strip).filter(bool)
TRANSLATION = st.builds(
    Translation,
    language=st.sampled_from(list(LANGUAGE_NAMES)),
    text=WORDS,
    swedish=WORDS | st.just("") | st.just(ANSWER),
    reviewed_by=WORDS | st.just(""),
)


def claim(*translations, answer=ANSWER):
    """A claim with its answer in other languages."""
    return make_document("pastaende", short_answer=answer, translations=translations)


def arabic(**values):
    """One translation."""
    return Translation(**{"language": "ar", "text": "لا. المحكمة هي التي تقرر.", **values})


def page_of_claim(app, session, document):
    """The page of a published claim."""
    item = make_item(session, document)
    session.commit()
    page = app.test_client().get(f"/pastaenden/{item.slug}").data
    return BeautifulSoup(page, "html.parser").select_one("section.do")


@given(st.lists(TRANSLATION, max_size=4))
def test_what_a_form_shows_comes_back_and_each_says_what_it_was_made_from(translations):
    document = settle(claim(*translations))

    saved = to_document("pastaende", form_values(document), document)

    assert saved.translations == document.translations
    assert all(one.swedish for one in document.translations)
    for before, after in zip(translations, document.translations, strict=True):
        assert is_outdated(document, after) is (before.swedish not in ("", ANSWER))


@given(st.lists(TRANSLATION, min_size=1, max_size=4), WORDS)
def test_each_is_outdated_once_the_swedish_answer_has_changed(translations, answer):
    settled = settle(claim(*(replace(one, swedish="") for one in translations)))
    changed = settle(replace(settled, short_answer=answer))

    assert [is_outdated(changed, one) for one in changed.translations] == [answer != ANSWER] * len(
        translations
    )
    found = [check.title for check in run_checks(changed) if check.rule == "translation"]
    assert len(found) == (len(translations) if answer != ANSWER else 0)


def test_a_page_says_that_nobody_has_read_it_in_both_languages(app, session):
    shown = page_of_claim(app, session, claim(arabic(swedish=ANSWER)))
    words = shown.select_one("#svar-ar")

    assert "Översatt av maskin, inte granskad." in shown.get_text()
    assert "ترجمة آلية" in words.get_text()
    assert (words["lang"], words["dir"]) == ("ar", "rtl")
    assert "ändrats" not in shown.get_text()


def test_a_page_says_who_has_read_it_and_that_the_swedish_answer_changed(app, session):
    shown = page_of_claim(app, session, claim(arabic(swedish="Ja.", reviewed_by="Tolk Amira")))

    assert "Granskad av Tolk Amira." in shown.get_text()
    assert "maskin" not in shown.get_text()
    assert "ترجمة آلية" not in shown.get_text()
    assert "Det svenska svaret har ändrats efter översättningen." in shown.get_text()


def test_two_of_one_language_are_refused():
    found = [check for check in run_checks(claim(arabic(), arabic(text="Annat"))) if check.tone == "error"]

    assert [check.title for check in found] == ["Det finns två översättningar till arabiska."]


def test_a_file_may_leave_out_what_was_translated(app):
    record = {
        "kind": "pastaende", "title": "Soc tar barn", "short_answer": ANSWER,
        "translations": [{"language": "en", "text": "No. A court decides."}],
    }  # fmt: skip

    _slug, document = parse_record(record, topics={})

    assert document.translations == (Translation(language="en", text="No. A court decides.", swedish=ANSWER),)


@pytest.mark.parametrize("language", Language)
def test_each_language_is_shown_with_its_own_name(language):
    (shown,) = translations_of(claim(Translation(language=language, text="x")))

    assert shown.own_name
    assert shown.warning


def test_each_shipped_claim_has_all_languages_and_says_what_was_translated():
    for path in (ROOT / "kb" / "starter" / "pastaenden").glob("*.yaml"):
        record = yaml.safe_load(path.read_text(encoding="utf-8"))
        assert [one["language"] for one in record["translations"]] == list(LANGUAGE_NAMES), path.name
        assert {one["swedish"] for one in record["translations"]} == {record["short_answer"]}, path.name


@pytest.mark.parametrize("short", ["IVO", "JO"])
def test_a_shipped_translation_says_what_a_swedish_abbreviation_is(short):
    """Who reads the answer in another language cannot know it; the word before it, or brackets around it, say it."""
    bare = {"or", "to", "contact", "reach", "أو", "إلى", "أخبر", "ama", "IVO", "або", "до", "tai", "ja", ""}
    unsaid = []
    for path in sorted((ROOT / "kb" / "starter" / "pastaenden").glob("*.yaml")):
        for row in yaml.safe_load(path.read_text(encoding="utf-8"))["translations"]:
            before, found, _ = row["text"].partition(short)
            word = before.rstrip(" (").rpartition(" ")[2]
            if found and not before.endswith("(") and (word in bare or word.endswith(".")):
                unsaid.append((path.stem, row["language"], before[-25:]))

    assert unsaid == []
