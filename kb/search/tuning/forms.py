"""Forms for synonyms and promoted answers."""

from flask_wtf import FlaskForm
from wtforms import SelectField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import DataRequired, Length

from kb.search.finding.weights import MOST_PROMOTED
from kb.web.once import OnceForm

_NOTE = Length(max=300, message="Skriv högst 300 tecken.")


class SynonymForm(OnceForm, FlaskForm):
    """A synonym, one way."""

    typed = StringField(
        "När någon skriver",
        validators=[
            DataRequired("Skriv ordet som människor söker på."),
            Length(max=120, message="Skriv högst 120 tecken."),
        ],
    )
    target = StringField(
        "ska sökningen också hitta",
        validators=[
            DataRequired("Skriv ordet som ska hittas."),
            Length(max=120, message="Skriv högst 120 tecken."),
        ],
    )
    note = StringField("Anteckning", validators=[_NOTE])


class AnswerForm(OnceForm, FlaskForm):
    """A promoted answer."""

    query = StringField(
        "När någon söker på",
        validators=[
            DataRequired("Skriv sökningen, till exempel ”hot”."),
            Length(max=100, message="Skriv högst 100 tecken."),
        ],
    )
    address = StringField(
        "ska den här texten komma först",
        validators=[
            DataRequired("Klistra in textens adress."),
            Length(max=300, message="Adressen får vara högst 300 tecken."),
        ],
    )
    place = SelectField(
        "Plats",
        choices=[
            SelectChoice("0", "Sist"),
            *(SelectChoice(str(n), str(n)) for n in range(1, MOST_PROMOTED + 1)),
        ],
        default="0",
        invalid_choice_message="Välj en plats i listan.",
    )
    note = StringField("Anteckning", validators=[_NOTE])


class EmptyForm(FlaskForm):
    """A button."""
