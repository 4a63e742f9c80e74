"""The forms of a handover. What will do is said by the services."""

from flask_wtf import FlaskForm
from wtforms import HiddenField, StringField, TextAreaField


class HandoverForm(FlaskForm):
    """To whom, and what else there is to say."""

    client_id = HiddenField()
    to = StringField("Till vem? Namn eller roll", name="till")
    message = TextAreaField("Något mer att veta?", name="meddelande")


class ConfirmationForm(FlaskForm):
    """Who takes over."""

    client_id = HiddenField()
    name = StringField("Ditt namn eller din roll", name="namn")
