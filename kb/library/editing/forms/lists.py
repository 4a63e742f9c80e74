"""Forms for the small lists."""

from flask_wtf import FlaskForm
from wtforms import StringField, TextAreaField
from wtforms.validators import DataRequired, Length, Regexp

from kb.web.once import OnceForm


class NumberForm(OnceForm, FlaskForm):
    """A telephone number."""

    label = StringField(
        "Vem eller vad", validators=[DataRequired("Skriv vem numret går till."), Length(max=120)]
    )
    number = StringField(
        "Telefonnummer",
        validators=[
            DataRequired("Skriv numret."),
            Length(max=32, message="Numret får vara högst 32 tecken."),
            Regexp(
                r"^\+?[0-9][0-9 \-/()]*$", message="Skriv numret med siffror, till exempel 0123-45 67 89."
            ),
        ],
    )
    note = StringField("När det gäller", validators=[Length(max=300, message="Skriv högst 300 tecken.")])


class TopicForm(OnceForm, FlaskForm):
    """A topic."""

    name = StringField(
        "Namn",
        validators=[
            DataRequired("Skriv ett namn."),
            Length(max=80, message="Namnet får vara högst 80 tecken."),
        ],
    )
    intro = TextAreaField("Inledning", validators=[Length(max=600, message="Skriv högst 600 tecken.")])


class EmptyForm(FlaskForm):
    """A button."""
