"""The forms of follow-ups. What will do is said by the services."""

from flask_wtf import FlaskForm
from wtforms import HiddenField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.widgets import CheckboxInput, ListWidget

from kb.accounts.roles import ROLE_NAMES, Role
from kb.runs.followups.days import PROPOSALS

_NOBODY = SelectChoice("", "Bara de som själva har valt mejl")
_MAILED = [SelectChoice(role.value, f"{ROLE_NAMES[role]} i enheten") for role in (Role.LEADER, Role.STAFF)]


class ProposalsField(SelectMultipleField):
    """Boxes for the usual follow-ups."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def __init__(self, label: str = "Följ upp", **options: object) -> None:
        choices = [SelectChoice(found.key, f"{found.when}: {found.text}") for found in PROPOSALS]
        super().__init__(label, choices=choices, validate_choice=False, **options)


class FollowUpForm(FlaskForm):
    """What is followed up, when, and who gets a mail on the day."""

    client_id = HiddenField()
    text = StringField("Vad ska följas upp?", name="vad")
    day = StringField("Dag", name="dag")
    time = StringField("Klockslag", name="tid")
    mail_role = SelectField(
        "Vem får mejl den dagen?",
        name="mejl",
        choices=[*_MAILED, _NOBODY],
        default=Role.LEADER.value,
        validate_choice=False,
    )


class TickForm(FlaskForm):
    """What was done."""

    client_id = HiddenField()
    note = TextAreaField("Vad är gjort?", name="anteckning")


class MoveForm(FlaskForm):
    """To which day, and why."""

    client_id = HiddenField()
    day = StringField("Ny dag", name="dag")
    time = StringField("Klockslag", name="tid")
    reason = StringField("Varför flyttas den?", name="orsak")
