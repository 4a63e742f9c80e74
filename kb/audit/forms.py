"""The filter of the audit log: read from the address, so that it can be shared."""

from flask_wtf import FlaskForm
from wtforms import DateField, SelectField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import Length, Optional

from kb.audit.queries import EventFilter, event_choices


class EventFilterForm(FlaskForm):
    """Which events to show."""

    class Meta:
        """A form that changes nothing needs no token."""

        csrf = False

    handelse = SelectField(
        "Händelse",
        choices=lambda: [SelectChoice("", "Alla"), *(SelectChoice(*choice) for choice in event_choices())],
        default="",
        invalid_choice_message="Välj en händelse i listan.",
    )
    person = StringField("Person", validators=[Length(max=100, message="Skriv högst 100 tecken.")])
    fran = DateField("Från och med", validators=[Optional()])
    till = DateField("Till och med", validators=[Optional()])

    def wanted(self) -> EventFilter:
        """What was asked for."""
        return EventFilter(
            name=self.handelse.data or "",
            person=(self.person.data or "").strip(),
            first_day=self.fran.data,
            last_day=self.till.data,
        )
