"""From a document to the edit form and back: nothing is lost, step ids last."""

import pytest
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, FieldList, SelectMultipleField

from kb.errors import Invalid
from kb.library.content.document import Deadline, Document, Section, Step
from kb.library.content.references import read_reference
from kb.library.editing import drafting
from kb.library.editing.forms.fields import Html, choices_of
from kb.library.editing.forms.items import FORMS, fields_of, list_errors
from kb.library.intake.parsing import parse_record
from kb.library.intake.records import read_records
from kb.library.intake.starter import CONTENT, STARTER
from tests.factories import make_document

TOPICS = {topic: topic for topic in ("hot", "vald", "desinformation", "lex-sarah", "kriskommunikation")}
SHIPPED = [record for folder in CONTENT for record in read_records(STARTER / folder)]


def sent(form):
    """What a browser sends for a form as it is shown."""
    values: MultiDict[str, str] = MultiDict()
    for field in fields_of(form):
        if isinstance(field, FieldList):
            continue
        if isinstance(field, BooleanField):
            values.setlist(field.name, ["y"] if field.data else [])
        elif isinstance(field, SelectMultipleField):
            values.setlist(field.name, list(field.data or []))
        else:
            values[field.name] = (field.data or "").replace("\n", "\r\n")
    return values


def form_of(document, typed=None):
    """The form of a document, filled in or sent."""
    form = FORMS[document.kind](typed, data=None if typed is not None else drafting.form_values(document))
    form.topics.choices = choices_of(TOPICS)
    form.unit.choices = choices_of({}, "Välj enhet")
    for field in fields_of(form):
        if isinstance(field, Html):
            field.stored = getattr(document, field.short_name)
    return form


def saved(document, **changes):
    """The document that is stored when the form is sent with some changes."""
    typed = sent(form_of(document))
    for name, value in changes.items():
        typed[name.replace("__", "-")] = value
    form = form_of(document, typed)
    assert form.validate(), list_errors(form)
    safe = {field.short_name: field.safe for field in form if isinstance(field, Html)}
    return drafting.to_document(document.kind, {**form.data, **safe}, document)


@pytest.mark.parametrize("record", SHIPPED, ids=lambda record: record.file)
def test_a_shipped_text_that_is_opened_and_saved_is_unchanged(record):
    _slug, document = parse_record(record.data, topics=TOPICS)

    assert saved(document) == document


def test_what_the_form_does_not_show_stays():
    document = make_document(language="en", topics=("vald", "hot"))

    after = saved(document, title="Annan")

    assert (after.language, after.topics, after.title) == ("en", ("vald", "hot"), "Annan")


def test_a_new_step_gets_an_id_of_its_words_and_none_stands_twice():
    steps = [
        {"text": "Ring 112."},
        {"text": "Ring 112."},
        {"id": "ring-112", "text": "Annat"},
        {"text": "???"},
    ]
    shown = [
        {**dict.fromkeys(("role", "guidance", "minutes"), ""), "deadline_sort": "ingen", **step}
        for step in steps
    ]
    values = {"sections": [{"title": "A", "pause": "", "steps": shown}]}

    document = drafting.to_document("checklista", values, None)

    assert [step.id for step in document.steps()] == ["ring-112-2", "ring-112-3", "ring-112", "namnlos"]


def test_an_id_that_was_tampered_with_is_made_anew():
    document = make_document("checklista")

    after = saved(document, **{"sections-0-steps-0-id": "<b>", "sections-0-steps-1-id": "film"})

    assert [step.id for step in after.steps()] == ["sakra-den-utsatta", "film", "spara-lanken", "anmal"]


def test_empty_entries_are_passed_over():
    document = make_document("checklista", sources=())
    emptied = {f"sections-1-steps-0-{name}": "" for name in ("text", "role", "deadline", "condition")}

    after = saved(document, **emptied)

    assert after.sources == ()
    assert [step.id for step in after.steps()] == ["sakra", "ring", "anmal"]


def test_minutes_only_with_time_from_the_start():
    step = Step(id="a", text="Ring.", deadline_sort=Deadline.RELATIVE.value, minutes=15)
    document = Document(kind="checklista", title="T", sections=(Section(title="A", steps=(step,)),))
    typed = sent(form_of(document))
    typed["sections-0-steps-0-deadline_sort"] = "lag"

    form = form_of(document, typed)

    assert not form.validate()
    assert list_errors(form)[0][0] == "sections-0-steps-0-minutes"


def test_an_address_stands_for_the_slug_and_the_step():
    document = make_document("berattelse", related=("x",))

    after = saved(
        document,
        related="/vagledning/nar-en-medarbetare-hotas\nhttps://radrum.example/checklistor/hot/#steg-sakra\nhot",
        **{"lessons-0-text": "Lär.", "lessons-0-item": "/checklistor/hot#steg-sakra", "lessons-0-step": ""},
    )

    assert after.related == ("nar-en-medarbetare-hotas", "hot")
    assert (after.lessons[0].item, after.lessons[0].step) == ("hot", "sakra")


@pytest.mark.parametrize(
    "words", ["//evil.example/vagledning/x", "javascript:alert(1)", "/sok?q=x", "a b", "../x"]
)
def test_what_is_no_address_here_is_no_reference(words):
    assert read_reference(words)[0] == ""


def test_the_unit_is_kept_only_while_it_matters():
    values = {"visibility": "oppen", "unit": "abc"}

    assert drafting.to_document("vagledning", values, None).unit == ""
    assert drafting.to_document("vagledning", values | {"visibility": "enhet"}, None).unit == "abc"


@pytest.mark.parametrize(
    ("operation", "expected"),
    [("a.0.up", "abc"), ("a.2.down", "abc"), ("a.1.up", "bac"), ("a.1.down", "acb"), ("a.0.remove", "bc")],
)
def test_entries_move(operation, expected):
    values = {"actions": [{"do": letter} for letter in "abc"]}

    drafting.change_list(values, operation.replace("a.", "actions."))

    assert "".join(entry["do"] for entry in values["actions"]) == expected


@pytest.mark.parametrize(
    "operation", ["actions.3.up", "title.0.up", "actions.x.up", "actions.0.fly", "", "add", "."]
)
def test_other_operations_are_refused(operation):
    values = {"actions": [{"do": "a"}], "title": "T"}

    with pytest.raises(Invalid):
        drafting.change_list(values, operation)
    assert values == {"actions": [{"do": "a"}], "title": "T"}
