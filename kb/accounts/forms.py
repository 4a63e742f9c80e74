"""The forms of accounts: what is asked for. What will do is said by the services."""

from collections.abc import Iterable

from flask_wtf import FlaskForm
from wtforms import BooleanField, PasswordField, SelectField, SelectMultipleField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import DataRequired, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from kb.accounts.models import Unit
from kb.accounts.roles import ROLE_NAMES, Role
from kb.errors import Invalid
from kb.web.once import OnceForm

ROLE_CHOICES = [SelectChoice(role.value, name) for role, name in ROLE_NAMES.items()]


class RolesField(SelectMultipleField):
    """Boxes for the six roles."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def __init__(self, label: str = "Roller", **options: object) -> None:
        super().__init__(label, choices=ROLE_CHOICES, **options)

    def pre_validate(self, _form: FlaskForm) -> None:
        """Only known roles."""
        if any(value not in ROLE_NAMES for value in self.data or []):
            raise ValidationError("Välj bland rollerna i listan.")

    def chosen(self) -> set[Role]:
        """The boxes that are ticked."""
        return {Role(value) for value in self.data or [] if value in ROLE_NAMES}


class UnitField(SelectField):
    """One of the units, by public id."""

    def __init__(self, label: str = "Enhet", **options: object) -> None:
        super().__init__(label, choices=[], **options)

    def offer(self, units: Iterable[Unit]) -> None:
        """Fill in what can be chosen."""
        self.choices = [SelectChoice(unit.public_id, unit.name) for unit in units]

    def pre_validate(self, _form: FlaskForm) -> None:
        """Only units that exist."""
        if self.data not in {choice.value for choice in self.choices or []}:
            raise ValidationError("Välj en enhet i listan.")


class SignInForm(FlaskForm):
    """Address and password."""

    email = StringField("E-post", validators=[DataRequired("Skriv din e-postadress.")])
    password = PasswordField("Lösenord", validators=[DataRequired("Skriv ditt lösenord.")])
    shared = BooleanField("Den här enheten delas med andra")


class CarriedSignInForm(FlaskForm):
    """Address and password, under names that no other form uses."""

    inloggning_epost = StringField("E-post", validators=[DataRequired("Skriv din e-postadress.")])
    inloggning_losenord = PasswordField("Lösenord", validators=[DataRequired("Skriv ditt lösenord.")])


class PasswordAgainForm(FlaskForm):
    """The password once more."""

    losenord_igen = PasswordField("Ditt lösenord", validators=[DataRequired("Skriv ditt lösenord.")])


class PasswordRequestForm(FlaskForm):
    """Where the link for a new password is to go."""

    email = StringField("E-post", validators=[DataRequired("Skriv din e-postadress.")])


class PasswordForm(FlaskForm):
    """A new password."""

    password = PasswordField("Nytt lösenord", validators=[DataRequired("Skriv ett lösenord.")])


class InvitationForm(FlaskForm):
    """What an invited person fills in; the address is in the invitation."""

    name = StringField("Ditt namn", validators=[DataRequired("Skriv ditt namn.")])
    password = PasswordField("Lösenord", validators=[DataRequired("Skriv ett lösenord.")])


class FirstAccountForm(FlaskForm):
    """What the first administrator fills in."""

    name = StringField("Ditt namn", validators=[DataRequired("Skriv ditt namn.")])
    email = StringField("E-post", validators=[DataRequired("Skriv din e-postadress.")])
    password = PasswordField("Lösenord", validators=[DataRequired("Skriv ett lösenord.")])


class ChangePasswordForm(FlaskForm):
    """The password now and the new one."""

    current = PasswordField("Nuvarande lösenord", validators=[DataRequired("Skriv lösenordet du har nu.")])
    password = PasswordField("Nytt lösenord", validators=[DataRequired("Skriv ett nytt lösenord.")])


class InviteForm(OnceForm, FlaskForm):
    """Whom to invite, and to what."""

    email = StringField("E-post", validators=[DataRequired("Skriv personens e-postadress.")])
    unit = UnitField()
    roles = RolesField()


class RolesForm(FlaskForm):
    """The roles of a person in one unit."""

    unit = UnitField()
    roles = RolesField()


class UnitForm(OnceForm, FlaskForm):
    """The name of a unit."""

    name = StringField("Enhetens namn", validators=[DataRequired("Skriv enhetens namn.")])


class ConfirmForm(FlaskForm):
    """Nothing but a button."""


def show_error(form: FlaskForm, error: Invalid) -> None:
    """Put what a service said by the field it is about, or over the form."""
    if error.field in form:
        field = form[error.field]
        field.errors = [*field.errors, error.message]
    else:
        form.form_errors.append(error.message)
