"""The edit forms: what can be typed, how long, in what shape. What is typed is kept whatever is wrong with it.

Groups (actions, sources, sections, …) are lists of small forms. `kb.library.drafting` makes a document of the values.
"""

import re
from collections.abc import Iterator
from typing import Any

from wtforms import BooleanField, Field, FieldList, Form, FormField, HiddenField, ValidationError

from kb.errors import Invalid
from kb.library.dates import wrong_days
from kb.library.document import (
    ANSWER_MAX,
    AUDIENCE_NAMES,
    BASIS_NAMES,
    CHANNEL_NAMES,
    DEADLINE_NAMES,
    MODE_NAMES,
    PHASE_NAMES,
    SUMMARY_MAX,
    TITLE_MAX,
    VISIBILITY_NAMES,
    Deadline,
    Kind,
    Visibility,
)
from kb.library.drafting import is_blank
from kb.library.forms.fields import (
    Area,
    Boxes,
    Buttons,
    Choice,
    Html,
    Line,
    Reference,
    References,
    at_most,
    choices_of,
    entries_at_most,
    is_day,
    is_web_address,
    needed,
    whole_number,
)
from kb.web.once import OnceForm

MAX_FIELDS = 8_000
MAX_GROUPS = 100
SAID_MAX = 1_200  # characters: the message is kept in the session's cookie, and browsers keep 4 kB
_GROUP = re.compile(r"sections-\d+-")


# Groups


class Group(Form):
    """An entry of a list; one where nothing is typed is passed over. `first` must be there when the rest is."""

    first = ""
    first_message = ""

    def validate(self, extra_validators: Any = None) -> bool:
        """Check the entry, unless it is empty."""
        if is_blank(self.data):
            return True
        is_right: bool = super().validate(extra_validators)
        field = self[self.first] if self.first else None
        if field is not None and not field.data and not field.errors:
            field.errors = [self.first_message]
            return False
        return is_right


class ActionForm(Group):
    """A line of "Gör så här"."""

    first, first_message = "do", "Skriv vad läsaren ska göra, eller ta bort punkten."
    do = Line("Gör", [at_most(300)])
    detail = Area("Mer om hur", [at_most(1000)])
    why = Area("Varför", [at_most(1000)])
    verify = BooleanField("Att verifiera: uppgiften är inte kontrollerad än")


class SourceForm(Group):
    """A source."""

    first, first_message = "title", "Skriv källans titel, eller ta bort källan."
    title = Line("Titel", [at_most(300)])
    publisher = Line("Utgivare", [at_most(200)])
    date = Line("Datum, som det står i källan", [at_most(100)])
    url = Line("Webbadress", [at_most(500), is_web_address])
    fetched = Line("Hämtad", [is_day])


class ProvisionForm(Group):
    """A section of a statute."""

    first, first_message = "statute", "Skriv lagens namn, eller ta bort lagrummet."
    statute = Line("Lag eller föreskrift", [at_most(160)])
    short = Line("Förkortning", [at_most(32)])
    section = Line("Kapitel och paragraf", [at_most(80)])
    in_force_from = Line("Gäller från", [is_day])
    in_force_to = Line("Gäller till", [is_day])
    checked_on = Line("Kontrollerad", [is_day])

    def validate_section(self, field: Field) -> None:
        """A statute alone says too little."""
        if not field.data:
            raise ValidationError("Skriv kapitel och paragraf, till exempel 14 kap. 3 §.")


class LessonForm(Group):
    """What a story teaches."""

    first, first_message = "text", "Skriv lärdomen, eller ta bort den."
    text = Area("Lärdom", [at_most(1000)])
    item = Reference("Text som lärdomen gäller", [at_most(300)])
    step = Line("Steg i checklistan", [at_most(80)])


class StepForm(Group):
    """A step of a checklist; `id` stays the same as long as the step lives."""

    first, first_message = "text", "Skriv vad som ska göras, eller ta bort steget."
    id = HiddenField()
    text = Area("Gör", [at_most(500)])
    short = Line("Kort namn", [at_most(80)])
    role = Line("Vem", [at_most(120)])
    deadline = Line("När, i ord", [at_most(120)])
    deadline_sort = Choice("Sorts tid", choices=choices_of(DEADLINE_NAMES), default=Deadline.NONE.value)
    minutes = Line("Minuter från starten", [whole_number(0, 1_000_000)])
    critical = BooleanField("Får inte hoppas över")
    condition = Line("Villkor", [at_most(300)])
    why = Area("Varför", [at_most(1000)])
    legal = Line("Lagstöd", [at_most(300)])
    guidance = Reference("Vägledning", [at_most(300)])
    verify = BooleanField("Att verifiera: uppgiften är inte kontrollerad än")

    def validate_minutes(self, field: Field) -> None:
        """Only what counts from the start has minutes."""
        if field.data and self.deadline_sort.data != Deadline.RELATIVE:
            raise ValidationError("Välj ”Tid från starten”, eller ta bort minuterna.")


class SectionForm(Group):
    """Steps that belong together."""

    title = Line("Avsnittets rubrik", [at_most(160)])
    steps = FieldList(FormField(StepForm), "Steg", [entries_at_most(60)])
    pause = Area("Paus efter avsnittet", [at_most(500)])


# Whole forms


class ItemForm(OnceForm, Form):
    """What all kinds have. `base` is the revision that the form was opened with."""

    base = HiddenField()
    title = Line("Titel", [needed("Skriv en titel."), at_most(TITLE_MAX)])
    slug = Line("Adress", [at_most(80)])
    summary = Area("Ingress", [at_most(SUMMARY_MAX)])
    content_warning = Line("Varning för innehållet", [at_most(300)])
    body = Html("Text")
    phases = Boxes("Skede", choices=choices_of(PHASE_NAMES))
    topics = Boxes("Ämne", choices=[])
    audiences = Boxes("För vem", choices=choices_of(AUDIENCE_NAMES))
    labels = Line("Etiketter", [at_most(1500)])
    sources = FieldList(FormField(SourceForm), "Källor", [entries_at_most(60)])
    provisions = FieldList(FormField(ProvisionForm), "Lagrum", [entries_at_most(60)])
    related = References("Hör ihop med", [at_most(5000)])
    owner = Line("Ansvarig", [at_most(120)])
    review_interval_months = Line("Granskas var … månad", [whole_number(1, 60)], default="12")
    checked_on = Line("Kontrollerad mot källor", [is_day])
    valid_from = Line("Gäller från", [is_day])
    valid_to = Line("Gäller till", [is_day])
    visibility = Buttons("Vem får läsa", choices=choices_of(VISIBILITY_NAMES), default=Visibility.OPEN.value)
    unit = Choice("Enhet", choices=[], default="")
    reason = Line("Varför ändrar du?", [at_most(300)])
    groups: tuple[str, ...] = ("sources", "provisions")
    needs_reason = False

    def validate(self, extra_validators: Any = None) -> bool:
        """Check the fields, and that no day is one that cannot be."""
        is_right: bool = super().validate(extra_validators)
        named = {field.name: field for field in fields_of(self)}
        for name, message in wrong_days(self.data):
            if not named[name].errors:
                named[name].errors, is_right = [message], False
        return is_right

    def validate_summary(self, field: Field) -> None:
        """The summary is one paragraph."""
        field.data = " ".join((field.data or "").split())

    def validate_labels(self, field: Field) -> None:
        """Short words, not many."""
        words = [word.strip() for word in (field.data or "").split(",") if word.strip()]
        if len(words) > 40:
            raise ValidationError("Etiketter: högst 40.")
        if any(len(word) > 64 for word in words):
            raise ValidationError("Etiketter: högst 64 tecken i varje. Skilj dem åt med komma.")

    def validate_unit(self, field: Field) -> None:
        """A text for one unit needs to say which."""
        if self.visibility.data == Visibility.UNIT and not field.data:
            raise ValidationError("Välj vilken enhet som får läsa.")

    def validate_reason(self, field: Field) -> None:
        """Readers of a published text are told why it changes."""
        if self.needs_reason and not field.data:
            raise ValidationError("Skriv varför texten ändras.")


class ArticleForm(ItemForm):
    """Guidance."""

    actions = FieldList(FormField(ActionForm), "Gör så här", [entries_at_most(30)])
    groups = ("actions", "sources", "provisions")


class StoryForm(ItemForm):
    """A case story."""

    municipality = Line("Kommun", [at_most(120)])
    municipality_kind = Line("Sorts kommun", [at_most(120)])
    year = Line("År", [at_most(60)])
    setting = Line("Verksamhet", [at_most(160)])
    basis = Choice("Bygger på", choices=choices_of(BASIS_NAMES, "Välj"), default="")
    before = Html("Före")
    during = Html("Under")
    after = Html("Efter")
    worked = Area("Det fungerade", [at_most(10_000)])
    otherwise = Area("Det skulle vi göra annorlunda", [at_most(10_000)])
    lessons = FieldList(FormField(LessonForm), "Lärdomar", [entries_at_most(40)])
    questions = Area("Frågor till arbetsplatsträffen", [at_most(10_000)])
    groups = ("lessons", "sources", "provisions")


class ChecklistForm(ItemForm):
    """A checklist."""

    mode = Choice("Arbetssätt", choices=choices_of(MODE_NAMES, "Välj"), default="")
    led_by = Line("Leds av", [at_most(120)])
    starts_from = Area("Tiden räknas från", [at_most(600)])
    sections = FieldList(FormField(SectionForm), "Avsnitt", [entries_at_most(40)])
    groups = ("sections", "sources", "provisions")


class TemplateForm(ItemForm):
    """A message template."""

    channel = Choice("Används till", choices=choices_of(CHANNEL_NAMES, "Välj"), default="")
    check_before = Area("Innan du skickar", [at_most(2000)])
    text = Area("Mallens text", [at_most(10_000)])
    secrecy = Html("Det här får du inte säga")


class ClaimForm(ItemForm):
    """A claim and its answer."""

    claim = Area("Påståendet, så som det sägs", [at_most(2000)])
    short_answer = Area("Kort svar", [at_most(ANSWER_MAX)])

    def validate_short_answer(self, field: Field) -> None:
        """The answer is one paragraph, to be read aloud or posted as it is."""
        field.data = " ".join((field.data or "").split())


FORMS: dict[str, type[ItemForm]] = {
    Kind.ARTICLE.value: ArticleForm,
    Kind.STORY.value: StoryForm,
    Kind.CHECKLIST.value: ChecklistForm,
    Kind.TEMPLATE.value: TemplateForm,
    Kind.CLAIM.value: ClaimForm,
}


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
