"""Rules that act: what a story needs, what is said of an answer that nobody approved, how much is still to verify."""

from dataclasses import replace

import pytest

from kb.errors import Invalid
from kb.library.content.document import Action, Document, Section, Step
from kb.library.reading.presenting import unverified_words
from kb.library.services import review
from tests.addresses import path_of
from tests.factories import make_document, make_draft, make_item
from tests.forms import page_of

PARTS = ["before", "during", "after", "worked", "otherwise", "basis"]
LABEL = '<span class="state state--warn">Att verifiera</span>'


@pytest.mark.parametrize("part", PARTS)
def test_a_story_without_one_of_its_parts_does_not_go_to_review(session, anna, part):
    empty = Document.__dataclass_fields__[part].default
    draft = make_draft(session, make_document("berattelse", **{part: empty}), by=anna)

    with pytest.raises(Invalid) as refused:
        review.submit_for_review(session, draft, by=anna)

    assert refused.value.field == part
    assert draft.workflow == "utkast"


@pytest.mark.parametrize("basis", ["avidentifierad", "medgivande", "offentlig-kalla"])
def test_a_story_with_its_parts_goes_to_review(session, anna, basis):
    draft = make_draft(session, make_document("berattelse", basis=basis), by=anna)

    review.submit_for_review(session, draft, by=anna)

    assert draft.workflow == "granskning"


# Claims


def copied(client, slug):
    """What the button copies: the text of the element that it names."""
    page = page_of(client.get(f"/pastaenden/{slug}"))
    return page.find(id=page.select_one("[data-copy]")["data-copy"]).get_text()


def test_an_answer_that_nobody_here_has_approved_says_so_in_what_is_copied(session, client):
    item = make_item(session, make_document("pastaende"), slug="ett")
    session.commit()

    text = copied(client, "ett")

    assert text.split("\n")[0] == "Svaret är inte godkänt av oss än."
    assert item.published_revision.content.short_answer in text


def test_an_approved_answer_is_copied_as_it_is(session, client, anna):
    item = make_item(session, make_document("pastaende"), slug="ett")
    review.confirm(session, item, by=anna)
    session.commit()

    assert copied(client, "ett").strip() == item.published_revision.content.short_answer


# To verify


@pytest.mark.parametrize(
    ("kind", "values", "number"),
    [
        ("vagledning", {"actions": (Action(do="Ring.", verify=True),)}, 1),
        (
            "vagledning",
            {"actions": (Action(do="Ring.", verify=True),), "body": f"<p>Ett {LABEL} och två {LABEL}.</p>"},
            3,
        ),
        ("berattelse", {"during": f"<p>Någon {LABEL} ringde.</p>"}, 1),
        ("mall", {"secrecy": f"<p>Säg inget. {LABEL}</p>"}, 1),
        ("pastaende", {"body": f"<p>Så är det. {LABEL}</p>"}, 1),
        (
            "checklista",
            {"sections": (Section(title="Först", steps=(Step(id="a", text="Gå.", verify=True),)),)},
            1,
        ),
    ],
)  # fmt: skip
def test_a_text_says_at_its_top_how_much_is_to_verify(session, client, kind, values, number):
    item = make_item(session, make_document(kind, **values), slug="ett")
    session.commit()

    page = page_of(client.get(path_of(item)))
    top = next(line for line in page.select(".heed") if "Att verifiera" in line.get_text())

    words = "uppgift är inte kontrollerad" if number == 1 else "uppgifter är inte kontrollerade"
    assert top.get_text() == f"Att verifiera: {number} {words} än."
    first = page.find(string=lambda text: "Att verifiera" in text)
    assert first.find_parent(class_="heed") is not None


def test_a_text_with_nothing_to_verify_says_nothing(session, client):
    item = make_item(session)
    session.commit()

    assert "Att verifiera" not in page_of(client.get(path_of(item))).main.get_text()
    assert unverified_words(replace(item.published_revision.content, title="[att verifiera]")) != ""
