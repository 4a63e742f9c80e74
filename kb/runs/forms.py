"""The forms of runs: what is asked for. What will do is said by the services.

Fields are posted under Swedish names, as addresses are written in Swedish.
"""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta

from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, StringField, TextAreaField
from wtforms.fields import SelectChoice

from kb.accounts.forms import UnitField
from kb.accounts.models import Unit
from kb.runs.followups.forms import ProposalsField
from kb.runs.log.kinds import EntryKind
from kb.runs.operations import ANSWER_NAMES, Answer
from kb.runs.services.entries import Entry

REAL, EXERCISE = "skarpt", "ovning"
_DEVICE_TIME_MAX = 40
AT_ONCE = timedelta(seconds=3)
LONGEST_WAIT = timedelta(days=7)  # phones keep runs for three days; longer is a clock that was set


class StartForm(FlaskForm):
    """How a run begins; `start_form` adds a question for each condition of the checklist."""

    client_id = HiddenField()
    checklist = HiddenField(name="checklista")
    because = StringField("Varför startar ni en ny?", name="darfor")
    unit = UnitField("Vilken enhet gäller det?", name="enhet")
    event_at = StringField("När hände det, eller när fick ni veta?", name="nar")
    place = StringField("Var?", name="plats")
    sort = RadioField(
        "Vad är det?",
        name="slag",
        choices=[SelectChoice(REAL, "Skarpt läge"), SelectChoice(EXERCISE, "Övning")],
        default=REAL,
        validate_choice=False,
    )
    questions: Mapping[str, str]

    def answers(self) -> dict[str, str]:
        """The answer to each condition."""
        return {words: self[name].data or Answer.UNKNOWN for name, words in self.questions.items()}


def start_form(conditions: Iterable[str], units: Iterable[Unit], **options: object) -> StartForm:
    """The form for one checklist, with the units where the viewer may start it."""
    questions = {
        f"condition_{hashlib.sha256(words.encode()).hexdigest()[:10]}": words for words in conditions
    }
    choices = [SelectChoice(answer.value, name) for answer, name in ANSWER_NAMES.items()]
    fields: dict[str, object] = {
        name: RadioField(
            words,
            name=name.replace("condition", "villkor"),
            choices=choices,
            default=Answer.UNKNOWN.value,
            validate_choice=False,
        )
        for name, words in questions.items()
    }
    form: StartForm = type("StartForm", (StartForm,), fields | {"questions": questions})(**options)
    form.unit.offer(units)
    return form


class NoteForm(FlaskForm):
    """A note."""

    client_id = HiddenField()
    text = TextAreaField("Anteckning")


class EntryForm(FlaskForm):
    """A line of the log; what follows the text is asked of decisions only, but for when it happened."""

    client_id = HiddenField()
    kind = RadioField(
        "Vad handlar raden om?",
        name="slag",
        choices=[SelectChoice(kind.value, name) for kind, name in EntryKind.names().items()],
        default=EntryKind.EVENT.value,
        validate_choice=False,
    )
    text = TextAreaField("Vad har hänt?")
    decided_by = StringField("Vem beslutade?", name="beslutat-av")
    ground = TextAreaField("På vilken grund?", name="grund")
    told = StringField("Vem har fått veta?", name="underrattade")
    review_at = StringField("När ska det ses över?", name="ses-over")
    event_at = StringField("När?", name="nar")

    def entry(self) -> Entry:
        """What was typed."""
        return Entry(
            kind=self.kind.data or "",
            text=self.text.data or "",
            at=self.event_at.data or "",
            decided_by=self.decided_by.data or "",
            ground=self.ground.data or "",
            told=self.told.data or "",
            review_at=self.review_at.data or "",
        )

    @property
    def says_decision(self) -> bool:
        """Whether the part about decisions is to be shown whatever is chosen."""
        return self.entry().says_decision


class AssignmentForm(FlaskForm):
    """Who does the step."""

    client_id = HiddenField()
    assigned = StringField("Vem gör steget?", name="ansvarig")


class SkipForm(FlaskForm):
    """Why a step does not apply."""

    client_id = HiddenField()
    state = HiddenField(name="lage")
    reason = StringField("Varför är steget inte aktuellt?", name="orsak")


class TimeForm(FlaskForm):
    """When it happened, and why that is said anew."""

    client_id = HiddenField()
    event_at = StringField("När hände det, eller när fick ni veta?", name="nar")
    reason = StringField("Varför ändras tiden?", name="orsak")


class InvitationForm(FlaskForm):
    """Whom to invite."""

    client_id = HiddenField()
    email = StringField("E-post")


class CancellationForm(FlaskForm):
    """Why a run is taken back."""

    client_id = HiddenField()
    reason = StringField("Varför?", name="orsak")


class EndingForm(FlaskForm):
    """How a run ends."""

    client_id = HiddenField()
    closing_note = TextAreaField("Avslutande anteckning", name="anteckning")
    diary_number = StringField("Diarienummer", name="diarienummer")
    follow_ups = ProposalsField(name="uppfoljningar")


class DisposalForm(FlaskForm):
    """Under which decision a run is disposed of."""

    decision = StringField("Vilket gallringsbeslut gäller?", name="beslut")


def waited(device_at: datetime | None, device_now: datetime | None) -> timedelta | None:
    """How long a change waited on the device, by its own clock; None when it was sent at once, or that is not to tell.

    However wrong that clock is, it tells how much time has passed, unless it was set meanwhile.
    """
    if device_at is None or device_now is None:
        return None
    passed = device_now - device_at
    return passed if AT_ONCE < passed < LONGEST_WAIT else None


def device_time(text: str | None) -> datetime | None:
    """What the clock of the device says (ISO 8601 with a zone); None for anything odd."""
    try:
        found = datetime.fromisoformat((text or "")[:_DEVICE_TIME_MAX])
        return found.astimezone(UTC) if found.tzinfo and 2000 < found.year < 2200 else None
    except (ValueError, OverflowError):
        return None
