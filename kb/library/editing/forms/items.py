"""The edit forms, made of the table of fields. What is typed is kept whatever is wrong with it.

Groups (actions, sources, sections, …) are lists of small forms. `kb.library.editing.drafting` makes a document
of the values.
"""

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from wtforms import Field, FieldList, Form, FormField, HiddenField, ValidationError

from kb.errors import Invalid
from kb.library.content.dates import wrong_days
from kb.library.content.document import (
    KIND_NAMES,
    Action,
    Deadline,
    Document,
    Kind,
    Lesson,
    Provision,
    Section,
    Source,
    Step,
    Translation,
    Visibility,
)
from kb.library.content.fields import field_of, table
from kb.library.editing.drafting import is_blank
from kb.library.editing.forms.building import form_field
from kb.library.editing.forms.fields import (
    Area,
    Boxes,
    Buttons,
    Choice,
    Html,
    Line,
    Reference,
    at_most,
    needed,
)
from kb.web.once import OnceForm

MAX_FIELDS = 8_000
MAX_GROUPS = 100
SAID_MAX = 1_200  # characters: the message is kept in the session's cookie, and browsers keep 4 kB
_GROUP = re.compile(r"sections-\d+-")


# Groups


class Group(Form):
    """An entry of a list; one where nothing is typed is passed over. `needed` must be there when the rest is."""

    needed: Mapping[str, str] = MappingProxyType({})

    def validate(self, extra_validators: Any = None) -> bool:
        """Check the entry, unless it is empty."""
        if is_blank(self.data):
            return True
        is_right: bool = super().validate(extra_validators)
        for name, message in self.needed.items():
            if not self[name].data and not self[name].errors:
                self[name].errors = [message]
                is_right = False
        return is_right


class StepGroup(Group):
    """A step of a checklist; `id` stays the same as long as the step lives."""

    def validate_minutes(self, field: Field) -> None:
        """Only what counts from the start has minutes."""
        if field.data and self["deadline_sort"].data != Deadline.RELATIVE:
            raise ValidationError("Välj ”Tid från starten”, eller ta bort minuterna.")


GROUPS: dict[type[Any], type[Form]] = {}


def _group_of(part: type[Any], base: type[Group] = Group) -> None:
    needed = {field.name: field.required for field in table(part) if field.required}
    values = {field.name: form_field(field, GROUPS) for field in table(part)}
    values |= {"__doc__": part.__doc__, "needed": needed}
    GROUPS[part] = type(f"{part.__name__}Form", (base,), values)


for _part in (Action, Source, Provision, Lesson, Translation):
    _group_of(_part)
_group_of(Step, StepGroup)
_group_of(Section)


# Whole forms


class ItemForm(OnceForm, Form):
    """What all kinds have beside the fields of the table. `base` is the revision that the form was opened with."""

    base = HiddenField()
    needs_reason = False
    title: Line
    slug: Line
    topics: Boxes
    unit: Choice
    reason: Line

    def validate(self, extra_validators: Any = None) -> bool:
        """Check the fields, and that no day is one that cannot be."""
        is_right: bool = super().validate(extra_validators)
        named = {field.name: field for field in fields_of(self)}
        for name, message in wrong_days(self.data):
            if not named[name].errors:
                named[name].errors, is_right = [message], False
        return is_right

    def validate_title(self, field: Field) -> None:
        """A text has a name from the first draft on."""
        if not field.data:
            raise ValidationError(field_of(Document, "title").required)

    def validate_unit(self, field: Field) -> None:
        """A text for one unit needs to say which."""
        if self["visibility"].data == Visibility.UNIT and not field.data:
            raise ValidationError("Välj vilken enhet som får läsa.")

    def validate_reason(self, field: Field) -> None:
        """Readers of a published text are told why it changes."""
        if self.needs_reason and not field.data:
            raise ValidationError("Skriv varför texten ändras.")


def _form_of(kind: Kind) -> type[ItemForm]:
    """The form of a kind: its fields in reading order, which is that of the list of errors too."""
    values: dict[str, Any] = {"__doc__": KIND_NAMES[kind]}
    for field in table(Document, kind):
        if field.is_shown:
            values[field.name] = form_field(field, GROUPS)
        if field.name == "title":
            values["slug"] = Line("Adress", [at_most(80)])
    values["reason"] = Line("Varför ändrar du?", [at_most(300)])
    return type(f"{kind.name.title()}Form", (ItemForm,), values)


FORMS: dict[str, type[ItemForm]] = {kind.value: _form_of(kind) for kind in Kind}


class ReasonForm(Form):
    """Taking a text away."""

    reason = Area("Varför tas texten bort?", [needed("Skriv varför texten tas bort."), at_most(600)])
    replacement = Reference("Text som ersätter den", [at_most(300)])


class AddressForm(Form):
    """A new address."""

    slug = Line("Ny adress", [needed("Skriv en adress."), at_most(80)])


class CommentForm(Form):
    """What needs to be changed."""

    text = Area("Vad behöver ändras?", [needed("Skriv vad som behöver ändras."), at_most(4000)])


def check_size(typed: Any) -> None:
    """Raise `Invalid` for more fields than any form of ours has."""
    names = list(typed)
    if (
        len(names) > MAX_FIELDS
        or len({found[0] for name in names if (found := _GROUP.match(name))}) > MAX_GROUPS
    ):
        raise Invalid("form", "Formuläret har för många delar. Dela upp texten i flera.")


def fields_of(form: Form) -> Iterator[Field]:
    """All fields of a form, those of the groups too, in order."""
    for field in form:
        yield from _fields(field)


def _fields(field: Field) -> Iterator[Field]:
    if isinstance(field, FieldList):
        yield field
        for entry in field.entries:
            yield from _fields(entry)
    elif isinstance(field, FormField):
        yield from fields_of(field.form)
    else:
        yield field


def list_errors(form: Form) -> list[tuple[str, str]]:
    """(id of the field, message) for everything that is wrong."""
    found = []
    for field in fields_of(form):
        message = next((error for error in field.errors if isinstance(error, str)), None)
        if message:
            found.append((f"{field.id}-0" if isinstance(field, Boxes | Buttons) else field.id, message))
    return found


def words_on_changes(form: Form) -> str:
    """What did not come along of what was pasted, a sentence on each line; short enough to travel in a cookie."""
    said = [sentence for field in fields_of(form) if isinstance(field, Html) for sentence in field.said]
    kept: list[str] = []
    for sentence in dict.fromkeys(said):
        if sum(map(len, kept)) + len(sentence) > SAID_MAX:
            kept.append("Mer än så ändrades. Jämför förhandsvisningen med det du klistrade in.")
            break
        kept.append(sentence)
    return "\n".join(kept)
