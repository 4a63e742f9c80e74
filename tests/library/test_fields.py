"""One table of fields: every document that a form or the loader can make is stored, read, shown and sent back equal."""

from dataclasses import fields
from pathlib import Path

import pytest
from hypothesis import given, settings

from kb.accounts.roles import Role
from kb.accounts.viewer import SYSTEM
from kb.library.content.bounds import check_sizes
from kb.library.content.document import Document, Kind, from_dict
from kb.library.content.fields import TABLES, Type, table
from kb.library.content.texts import texts, walk
from kb.library.core.models.items import ContentItem
from kb.library.editing.forms.items import FORMS
from kb.library.intake.loading import load
from kb.library.intake.parsing import parse_record
from tests.factories import make_item, make_user
from tests.forms import page_of, typed_in
from tests.library.documents import TOPICS, documents, filled
from tests.library.test_drafting import form_of, saved

CASES = Path(__file__).parent.parent / "data" / "cases" / "edit"
ROWS = (CASES / "EXPECTED.tsv").read_text(encoding="utf-8").splitlines()
LIMITS = [row.split("\t")[0] for row in ROWS if row.startswith("limit-")]
FEW = settings(max_examples=60, deadline=None)
ALLOWED = {topic: topic for topic in TOPICS}


@pytest.mark.parametrize("cls", TABLES, ids=lambda cls: cls.__name__)
def test_the_table_holds_every_field_once(cls):
    assert sorted(field.name for field in TABLES[cls]) == sorted(field.name for field in fields(cls))


@pytest.mark.parametrize("kind", FORMS)
def test_a_form_shows_the_fields_of_its_kind(kind):
    shown = {field.name for field in table(Document, kind) if field.is_shown}

    assert {field.name for field in FORMS[kind]()} == shown | {"base", "slug", "reason", "form_key"}


@given(documents())
@FEW
def test_what_is_stored_reads_back_equal(document):
    assert from_dict(document.to_dict()) == document


@given(documents())
@FEW
def test_a_document_that_is_opened_and_saved_is_unchanged(document):
    assert saved(document) == document


@given(documents())
@FEW
def test_what_a_form_can_make_the_loader_takes_and_reads_alike(document):
    check_sizes(document)

    record = document.to_dict()
    for section in record.get("sections", ()):
        section.setdefault("steps", [])  # a file has to say so

    _slug, loaded = parse_record(record, topics=ALLOWED)

    assert loaded == document


@given(documents())
@FEW
def test_the_walk_passes_every_value_once(document):
    found = list(walk(document))

    assert len({(spot.path, spot.place) for spot in found}) == len(found)
    assert {spot.path[0] for spot in found} <= {field.name for field in table(Document)}
    for spot in found:
        value = document
        for key in spot.path:
            value = value[key] if isinstance(key, int) else getattr(value, key)
        assert value == spot.value


def test_a_part_that_lost_what_it_needs_can_be_read():
    stored = {"kind": "checklista", "title": "T", "sections": [{"steps": [{"id": "a"}]}], "sources": [{}]}

    document = from_dict(stored)

    assert (document.sections[0].title, document.sections[0].steps[0].text, document.sources[0].title) == (
        "",
    ) * 3
    assert from_dict(document.to_dict()) == document


@pytest.mark.parametrize(
    "stored",
    [
        None, [], "x", 7, {}, {"kind": "roman", "title": "T"}, {"kind": "mall", "title": 7},
        {"kind": "mall", "topics": "hot"},
        {"kind": "mall", "labels": [1]}, {"kind": "checklista", "sections": ["x"]}, {"kind": ["mall"]},
        {"kind": "checklista", "sections": [{"steps": [{"minutes": "1"}]}]},
        {"kind": "mall", "review_interval_months": True},
    ],
)  # fmt: skip
def test_data_of_another_shape_is_refused(stored):
    with pytest.raises(ValueError, match=r"\w"):
        from_dict(stored)


def full(field):
    """A value as long as the field may be."""
    if field.type is Type.WORDS:
        most = field.most if field.limit < 1000 else 2
        return [f"{number} {'å' * field.limit}"[: field.limit] for number in range(most)]
    return "å" * field.limit


@pytest.mark.parametrize(
    "field",
    [field for field in table(Document) if field.is_text and field.type is not Type.RICH],
    ids=lambda field: field.name,
)
def test_form_and_loader_have_the_same_limit(field):
    kind = next(iter(sorted(field.kinds)))
    record = {"kind": kind, "title": "T", "owner": "R", field.name: full(field)}

    _slug, document = parse_record(record, topics={})

    assert saved(document) == document
    more = {field.name: ["x" * (field.limit + 1)] if field.type is Type.WORDS else "x" * (field.limit + 1)}
    with pytest.raises(Exception, match=str(field.limit)):
        parse_record({**record, **more}, topics={})
    typed = form_of(document, None)
    assert typed[field.name].label.text == field.label


@pytest.mark.parametrize("file", LIMITS)
def test_what_the_loader_takes_can_be_saved_in_the_form(app, session, sign_in, file):
    report = load(app.extensions["database"], CASES / file, publish=True, by=SYSTEM)
    [slug] = report.created
    item = session.query(ContentItem).filter_by(slug=slug).one()
    before = item.latest_revision.content
    browser = sign_in(make_user(session, Role.EDITOR))
    path = f"/redaktion/{item.kind}/{item.public_id}"

    typed = typed_in(page_of(browser.get(path)), summary="En annan ingress.", reason="Bättre ord")
    answer = browser.post(path, data=typed)

    session.expire_all()
    after = item.latest_revision.content
    assert (answer.status_code, after.summary) == (303, "En annan ingress.")
    assert after.to_dict() | {"summary": before.summary} == before.to_dict()


def test_texts_are_all_that_people_read():
    document = Document(kind="mall", title="T", text="Hej", labels=("a",), topics=("hot",), body="<p>B</p>")

    assert [(spot.label, spot.value) for spot in texts(document)] == [
        ("Titel", "T"), ("Mallens text", "Hej"), ("Text", "<p>B</p>"), ("Etiketter", "a")
    ]  # fmt: skip


@pytest.mark.parametrize("kind", Kind)
def test_the_page_of_the_form_draws_every_field_so_that_saving_loses_none(session, sign_in, kind):
    document = filled(kind)
    item = make_item(session, document)
    browser = sign_in(make_user(session, Role.EDITOR))
    session.commit()
    address = f"/redaktion/{item.kind}/{item.public_id}"
    drawn = page_of(browser.get(address))

    names = {control.get("name") for control in drawn.find_all(["input", "textarea", "select"])}
    top = {field.name for field in table(Document, kind)}
    spots = [
        spot
        for spot in walk(document)
        if spot.path[0] in top and spot.field.is_shown and spot.field.type is not Type.PARTS
    ]
    assert [spot.form_name for spot in spots if spot.form_name not in names] == []

    browser.post(address, data=typed_in(drawn, reason="Ingen ändring"))
    session.expire_all()
    assert session.get(ContentItem, item.id).latest_revision.content == document
