"""The fields of the edit forms and the rules for one field; all are text as it was typed."""

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date
from typing import Any

from wtforms import (
    Field,
    Form,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.fields import SelectChoice
from wtforms.widgets import CheckboxInput, ListWidget

from kb.errors import Invalid
from kb.library.content import typed
from kb.library.content.document import Step
from kb.library.content.fields import field_of
from kb.library.content.references import read_reference
from kb.text.incoming import tidy
from kb.text.incoming.intake import take_in
from kb.text.incoming.wrapped import unwrapped
from kb.text.incoming.written import as_written

Validator = Callable[[Any, Any], None]
_STEP_MAX = field_of(Step, "id").limit


# Rules for one field


def at_most(limit: int) -> Validator:
    """A rule: no more than `limit` characters."""

    def check(_form: Form, field: Field) -> None:
        length = len(field.data or "")
        if length > limit:
            raise ValidationError(f"{field.label.text}: högst {limit} tecken, nu är det {length}.")

    return check


def needed(message: str) -> Validator:
    """A rule: something must be typed."""

    def check(_form: Form, field: Field) -> None:
        if not field.data:
            raise ValidationError(message)

    return check


def is_day(_form: Form, field: Field) -> None:
    """A rule: an ISO date or nothing."""
    if field.data:
        try:
            field.data = date.fromisoformat(field.data).isoformat()
        except ValueError:
            raise ValidationError(f"”{field.data[:30]}” är inget datum. Skriv som 2026-11-21.") from None


def is_web_address(_form: Form, field: Field) -> None:
    """A rule: an address on the web or nothing; one that a mail filter has wrapped is the page's own again."""
    field.data = unwrapped(field.data or "")
    if field.data and not typed.is_web_address(field.data):
        raise ValidationError("Adressen ska börja med https:// och får inte innehålla mellanslag.")


def whole_number(low: int, high: int) -> Validator:
    """A rule: a whole number within the bounds, or nothing."""

    def check(_form: Form, field: Field) -> None:
        typed = field.data or ""
        if typed and not (re.fullmatch(r"[0-9]{1,7}", typed) and low <= int(typed) <= high):
            raise ValidationError(f"{field.label.text}: skriv ett heltal, {low}–{high}.")

    return check


def words_at_most(most: int, limit: int, separator: str) -> Validator:
    """A rule: no more than `most` entries in a box, none longer than `limit`."""

    def check(_form: Form, field: Field) -> None:
        words = tidy.entries(field.data or "", separator)
        if len(words) > most:
            raise ValidationError(f"{field.label.text}: högst {most}, nu är det {len(words)}.")
        longest = max(words, key=len, default="")
        if len(longest) > limit:
            apart = "" if separator == "\n" else " Skilj dem åt med komma."
            raise ValidationError(f"{field.label.text}: högst {limit} tecken i varje.{apart}")

    return check


def slug_at_most(limit: int) -> Validator:
    """A rule: the slug of another text, and a step of it, is no longer than this; an address may be longer."""

    def check(_form: Form, field: Field) -> None:
        for slug, step in map(read_reference, tidy.entries(field.data or "")):
            if len(slug) > limit or len(step) > _STEP_MAX:
                raise ValidationError(
                    f"{field.label.text}: det sista i adressen får vara högst {limit} tecken."
                )

    return check


def entries_at_most(limit: int) -> Validator:
    """A rule: no more than `limit` entries in a list."""

    def check(_form: Form, field: Field) -> None:
        if len(field.entries) > limit:
            raise ValidationError(f"{field.label.text}: högst {limit}, nu är det {len(field.entries)}.")

    return check


# Fields


class Line(StringField):
    """One line of text."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Take the text without spaces around and control characters."""
        self.data = tidy.one_line(valuelist[0]) if valuelist else ""


class Area(TextAreaField):
    """Several lines of text."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Take the text with plain line ends."""
        self.data = tidy.block(valuelist[0]) if valuelist else ""


class Paragraph(TextAreaField):
    """One line of text in a box of several."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Take the text as one line."""
        self.data = tidy.one_line(valuelist[0]) if valuelist else ""


class Html(Area):
    """Formatted text, as Markdown, plain text or HTML. What was stored before stays as it is.

    After validation `safe` is what is stored, and `said` what a person should know about what was typed.
    """

    stored = ""
    safe = ""
    said: tuple[str, ...] = ()

    def pre_validate(self, _form: Form) -> None:
        """Clean the text; say what is wrong with it."""
        if self.data in (self.stored, as_written(self.stored)):
            self.safe = self.stored
            return
        try:
            taken = take_in(self.data or "", keeps_lines=True)
            self.safe, self.said = taken.html, taken.said
        except Invalid as error:
            raise ValidationError(error.message) from None


class Reference(Line):
    """The slug or the address of another text. `unknown` are slugs that lead nowhere."""

    unknown: Collection[str] = ()

    @property
    def slug(self) -> str:
        """The slug in what was typed."""
        return read_reference(self.data or "")[0]

    def slugs(self) -> list[str]:
        """The same as a list."""
        return [self.slug] if self.data else []

    def pre_validate(self, _form: Form) -> None:
        """Only texts that exist."""
        _check_references([self.data] if self.data else [], self.unknown)


class References(Area):
    """Several of them, one on each line."""

    unknown: Collection[str] = ()

    def slugs(self) -> list[str]:
        """The slugs in what was typed."""
        return [read_reference(line)[0] for line in tidy.entries(self.data or "")]

    def pre_validate(self, _form: Form) -> None:
        """Only texts that exist."""
        _check_references(tidy.entries(self.data or ""), self.unknown)


class Boxes(SelectMultipleField):
    """Boxes to tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def pre_validate(self, _form: Form) -> None:
        """Only what there is to choose from."""
        allowed = {choice.value for choice in self.choices or ()}
        if any(value not in allowed for value in self.data or ()):
            raise ValidationError(f"{self.label.text}: välj bland det som finns i listan.")


class Choice(SelectField):
    """One of several, in a list."""

    def pre_validate(self, _form: Form) -> None:
        """Only what there is to choose from."""
        if self.data not in {choice.value for choice in self.choices or ()}:
            raise ValidationError(f"{self.label.text}: välj något i listan.")


class Buttons(RadioField):
    """One of a few, as round buttons."""

    def pre_validate(self, _form: Form) -> None:
        """Only what there is to choose from."""
        if self.data not in {choice.value for choice in self.choices or ()}:
            raise ValidationError(f"{self.label.text}: välj ett av alternativen.")


def _check_references(typed: Iterable[str], unknown: Collection[str]) -> None:
    for words in typed:
        slug, _step = read_reference(words)
        if not slug:
            raise ValidationError(
                f"”{words[:80]}” är ingen adress här. Skriv som /vagledning/namnet-pa-texten."
            )
        if slug in unknown:
            raise ValidationError(f"Texten ”{slug}” finns inte.")


def choices_of(names: Mapping[Any, str], first: str = "") -> list[SelectChoice]:
    """What can be chosen, of a table of names; `first` are the words for nothing."""
    nothing = [SelectChoice("", first)] if first else []
    return [*nothing, *(SelectChoice(str(key), name) for key, name in names.items())]
