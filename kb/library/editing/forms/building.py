"""Form fields made of the table of fields: the control, the label, the limit and what can be chosen."""

from collections.abc import Callable
from typing import Any

from wtforms import BooleanField, FieldList, Form, FormField, HiddenField

from kb.library.content.document import Deadline, Visibility
from kb.library.content.fields import Field, Type
from kb.library.editing.drafting import is_typed_list
from kb.library.editing.forms.fields import (
    Area,
    Boxes,
    Buttons,
    Choice,
    Html,
    Line,
    Paragraph,
    Reference,
    References,
    at_most,
    choices_of,
    entries_at_most,
    is_day,
    is_web_address,
    slug_at_most,
    whole_number,
    words_at_most,
)

_DEFAULTS = {
    "visibility": Visibility.OPEN.value,
    "deadline_sort": Deadline.NONE.value,
    "review_interval_months": "12",
}


def form_field(field: Field, groups: dict[type[Any], type[Form]]) -> Any:
    """The form field for one field; `groups` are the forms of parts."""
    if field.part is not None:
        return FieldList(FormField(groups[field.part]), field.label, [entries_at_most(field.most)])
    return _BY_TYPE[field.type](field)


def _line(field: Field) -> Any:
    if field.name == "id":
        return HiddenField()
    if field.refers == "text":
        return Reference(field.label, [slug_at_most(field.limit)])
    control = Paragraph if field.is_tall else Line
    return control(field.label, [at_most(field.limit), *([is_web_address] if field.is_web else [])])


def _choice(field: Field) -> Any:
    default = _DEFAULTS.get(field.name, "")
    if field.name == "visibility":
        return Buttons(field.label, choices=choices_of(field.names), default=default)
    first = "" if default or field.refers else "Välj"
    return Choice(field.label, choices=choices_of(field.names, first), default=default)


def _words(field: Field) -> Any:
    if not is_typed_list(field):
        return Boxes(field.label, choices=choices_of(field.names))
    rule = words_at_most(field.most, field.limit, field.separator)
    if field.refers:
        return References(field.label, [words_at_most(field.most, 1000, "\n"), slug_at_most(field.limit)])
    return (Area if field.separator == "\n" else Line)(field.label, [rule])


_BY_TYPE: dict[Type, Callable[[Field], Any]] = {
    Type.LINE: _line,
    Type.BLOCK: lambda field: Area(field.label, [at_most(field.limit)]),
    Type.RICH: lambda field: Html(field.label),
    Type.DATE: lambda field: Line(field.label, [is_day]),
    Type.NUMBER: lambda field: Line(
        field.label, [whole_number(field.least, field.limit)], default=_DEFAULTS.get(field.name)
    ),
    Type.FLAG: lambda field: BooleanField(field.label),
    Type.CHOICE: _choice,
    Type.WORDS: _words,
}
