"""The form for what one is mailed about."""

from flask_wtf import FlaskForm
from wtforms import BooleanField


class MailChoiceForm(FlaskForm):
    """Two boxes, both empty from the start."""

    late_steps = BooleanField("När ett steg är försenat", name="forsenat")
    follow_ups = BooleanField("När något ska följas upp den dagen", name="uppfoljning")
