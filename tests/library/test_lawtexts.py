"""The wording of statutes: the files read, the version shown with it, and what nobody has read never called checked."""

import re
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.library.content import lawtexts
from kb.library.content.document import Provision, Section, Step
from kb.library.core.models.provisions import LegalProvision
from kb.library.intake.linting.entries import documents
from kb.library.intake.linting.known import statute_terms
from kb.library.reading.provisions import comparison
from tests.addresses import path_of
from tests.factories import make_document, make_item
from tests.shipped_content import entries

SOL, BRB, OSL = (
    "Socialtjänstlag (2025:400)",
    "Brottsbalk (1962:700)",
    "Offentlighets- och sekretesslag (2009:400)",
)
WORDS = st.text("abcdefåäö 0123456789§.,", min_size=1).map(lambda text: " ".join(text.split())).filter(bool)


def law(statute: str, section: str, **values: str) -> Provision:
    return Provision(**{"statute": statute, "section": section, "checked_on": "2026-11-21", **values})


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.integers(1, 99), st.lists(WORDS, min_size=1, max_size=4), min_size=1, max_size=5))
def test_what_is_written_as_sections_is_read_as_sections(sections):
    text = "# En lag\n" + "".join(
        f"\n## {number} §\n\n" + "\n\n".join(paragraphs) + "\n" for number, paragraphs in sections.items()
    )

    found = lawtexts.read_sections(text)

    assert [(row.section, list(row.paragraphs)) for row in found] == [
        (f"{number} §", paragraphs) for number, paragraphs in sections.items()
    ]


def test_a_heading_that_is_no_section_is_refused():
    with pytest.raises(ValueError, match="Allmänt"):
        lawtexts.read_sections("# Lag\n\n## Allmänt\n\nOrd.\n")


@pytest.mark.parametrize(
    ("day", "words"), [("2026-01-14", "ska på begäran"), ("2026-01-15", "senast en vecka")]
)
def test_of_two_wordings_the_one_of_the_day_is_in_force(day, words):
    held = lawtexts.section_text(SOL, "19 kap. 6 §", date.fromisoformat(day))

    assert words in " ".join(held.paragraphs)


def test_every_statute_that_we_ship_texts_on_is_in_the_register_and_every_file_can_be_read():
    today = date(2026, 11, 29)
    cited = {(law.statute, law.section) for _, doc in documents(entries()) for law in doc.provisions}
    known = lawtexts.statutes()

    assert {statute for statute, _ in cited} <= set(known)
    for name, statute in known.items():
        assert bool(statute.missing) != bool(statute.wording), name
        if statute.file:
            rows = lawtexts.read_sections((lawtexts.FOLDER / statute.file).read_text(encoding="utf-8"))
            assert all(row.paragraphs for row in rows)
            assert lawtexts.official_address(name)
    lacking = {(s, p) for s, p in cited if known[s].file and lawtexts.section_text(s, p, today) is None}
    unread = {(name, section) for name in known for section in lawtexts.unread_sections(name)}
    assert lacking == unread == {(OSL, "5 kap. 1 §"), (OSL, "18 kap. 8 §")}  # chapters that we do not hold


def test_no_heading_of_a_statute_stands_in_a_section_as_if_it_were_law():
    left = [
        (path.name, row.section, text)
        for path in sorted(lawtexts.FOLDER.glob("*.txt"))
        for row in lawtexts.read_sections(path.read_text(encoding="utf-8"))
        for text, after in zip(row.paragraphs, (*row.paragraphs[1:], ""), strict=True)
        if not re.search(
            r"[.,:;]$|\b(?:och|eller)$", text
        )  # the law's sentences, and points of its lists, end so
        and not re.match(r"\d|[a-z]\)|[–-]", text)  # the last point of a list may go on below it
        and not re.match(r"\d|[a-z]|[–-]", after)  # what leads to a list
    ]

    assert left == []


def test_each_statute_that_we_ship_texts_on_is_known_by_its_name_and_by_its_short_name():
    laws = {(law.statute, law.short) for _, doc in documents(entries()) for law in doc.provisions}

    for statute, short in laws:
        for words in filter(None, (statute, short)):
            assert [found.key for found in statute_terms().find(f"{words} 1 §")] == [statute], words


def test_what_nobody_has_read_has_no_day_of_checking_in_any_text():
    assert not [
        (entry.slug, law)
        for entry, doc in documents(entries())
        for law in doc.provisions
        if law.checked_on and lawtexts.missing(law.statute, "", law.section)
    ]


def test_the_page_shows_the_wording_its_version_and_the_official_text(client, session):
    make_item(session, make_document(provisions=(law(SOL, "19 kap. 6 §"),)))
    session.commit()

    page = client.get("/lagrum/socialtjanstlag-2025-400-19-kap-6").text

    assert "senast en vecka efter det att socialnämnden har fattat beslut" in page
    assert "lydelse t.o.m. SFS 2025:1501" in page
    assert "svensk-forfattningssamling/_sfs-2025-400/" in page
    assert "Ändringar därefter är inte kontrollerade" in page


@pytest.mark.parametrize("checked_on", ["", "2026-11-21"])
def test_a_section_that_was_not_read_is_never_called_checked(client, session, checked_on):
    item = make_item(session, make_document(provisions=(law(BRB, "17 kap. 1 §", checked_on=checked_on),)))
    session.commit()
    slug = session.query(LegalProvision).one().slug

    for path in (f"/lagrum/{slug}", "/lagrum", path_of(item)):
        page = client.get(path).text
        assert "Att verifiera" in page
        assert "ändringsregistret" in page
        assert "Kontrollerad" not in page
    assert "_sfs-1962-700/" in client.get(f"/lagrum/{slug}").text


def test_a_section_that_was_not_read_stands_apart_from_those_of_its_statute_that_were(client, session):
    read, unread = law(OSL, "26 kap. 1 §"), law(OSL, "18 kap. 8 §", checked_on="")
    item = make_item(session, make_document(provisions=(read, unread)))
    session.commit()
    slugs = {row.section: row.slug for row in session.query(LegalProvision)}

    assert "sammanfattning av paragrafen" in client.get(f"/lagrum/{slugs['18 kap. 8 §']}").text
    assert "sammanfattning av paragrafen" not in client.get(f"/lagrum/{slugs['26 kap. 1 §']}").text
    for path in ("/lagrum", path_of(item)):
        page = client.get(path).text
        assert "SFS 2025:1508" in page
        assert page.index("18 kap. 8 §") < page.index("sammanfattning av paragrafen")


def test_no_shipped_text_was_checked_after_the_day_that_the_register_names():
    """Such a section would be shown as checked, without the version it was compared with."""
    later = {
        (entry.slug, law.section)
        for entry, doc in documents(entries())
        for law in doc.provisions
        if law.checked_on and not lawtexts.wording(law.statute, law.checked_on)
    }

    assert later == set()


@pytest.mark.parametrize(
    ("legal", "word"),
    [
        ("AML 3 kap. 3 a §", "Lagkrav"),
        ("OSL 10 kap. 2 § (tiden är råd)", "Lagstöd"),
        ("OSL 10 kap. 2, 15 a och 23 §§", "Lagstöd"),
        ("OSL 10 kap. 21 §, SoL 19 kap. 1 §", "Lagkrav"),
        ("OSL 12 kap. 3 § och 26 kap. 1 § (tiden är råd)", "Lagkrav"),
        ("OSL 12 kap. 3 § (tiden är råd)", "Lagstöd"),
        ("AML 6 kap. 7 § (tiden är råd)", "Lagstöd"),
        ("AML 6 kap. 4 §", "Lagkrav"),
        ("Lag (1988:688) om kontaktförbud, 1 och 7 §§", "Lagstöd"),
        ("KFL 1 § och LSS 6 §", "Lagstöd"),
        ("Kommunens egen riktlinje, punkt 4", "Lagkrav"),
    ],
)
def test_what_the_law_only_allows_is_shown_as_no_demand(legal, word):
    assert lawtexts.basis(legal) == f"{word}: {legal}"


def test_a_step_says_what_the_law_demands_and_what_it_only_allows(client, session):
    steps = tuple(
        Step(id=f"steg-{number}", text="Ring polisen.", role="Chef", deadline="Genast", legal=legal)
        for number, legal in enumerate(("OSL 10 kap. 21 §", "SFB 42 kap. 10 §"))
    )
    sections = (Section(title="Först", steps=steps),)
    item = make_item(session, make_document("checklista", sections=sections))
    session.commit()

    page = client.get(path_of(item)).text
    assert "Lagstöd: OSL 10 kap. 21 §" in page
    assert "Lagkrav: SFB 42 kap. 10 §" in page


def test_what_an_organisation_has_checked_itself_later_is_its_own_word():
    assert comparison(BRB, "2027-01-10") == {"checked_on": "2027-01-10", "wording": "", "missing": ""}
    assert comparison("Egen lag", "2026-01-01") == {"checked_on": "2026-01-01", "wording": "", "missing": ""}


def test_a_statute_without_a_number_has_no_address_made_up_for_it():
    assert lawtexts.official_address("Kommunens egen ordning") == ""
