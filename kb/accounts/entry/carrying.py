"""What a form brought while the sign-in had ended, or while the password is wanted once more: it comes along.

The page that asks carries the fields, hidden, and is sent to the same address; when the password is right the request
goes on as if nothing had been asked. Passwords are never carried.
"""

import re
from urllib.parse import urlsplit

from flask import render_template, request
from flask_wtf import FlaskForm

from kb.accounts.forms import CarriedSignInForm, PasswordAgainForm
from kb.web.addresses import page_path
from kb.web.input import SECRET, typed_texts
from kb.web.landmarks import Landmark
from kb.web.redirects import own_path

EMAIL, PASSWORD, AGAIN = "inloggning_epost", "inloggning_losenord", "losenord_igen"
# What a form carries without anybody having typed it: row numbers, ids, addresses.
_NOT_TYPED = re.compile(r"|\d+|/\S*|[0-9a-f]{8}-[0-9a-f-]{27}|[\w-]{12,32}")


def carried_fields() -> list[tuple[str, str]]:
    """The fields of the request, without secrets and without what these pages ask for."""
    fields = [(name, value) for name in request.form for value in request.form.getlist(name)]
    return [(name, value.replace("\x00", "")) for name, value in fields if name not in {*SECRET, EMAIL}]


def has_typed() -> bool:
    """Whether somebody has written or chosen something that would be lost."""
    return not request.files and any(not _NOT_TYPED.fullmatch(value) for _, value in carried_fields())


def wants_sign_in() -> bool:
    """Whether the request brings an answer to `sign_in_page`."""
    return PASSWORD in request.form


def wants_password() -> bool:
    """Whether the request brings an answer to `password_page`."""
    return AGAIN in request.form


def sign_in_page(form: CarriedSignInForm, status: int) -> tuple[str, int]:
    """Asks who it is, with what was written."""
    return _page("accounts/signin_carried.html", form, status)


def password_page(form: PasswordAgainForm, status: int) -> tuple[str, int]:
    """Asks for the password, with what was written."""
    return _page("accounts/password_again.html", form, status)


def send_again_page() -> tuple[str, int]:
    """Shows what a form brought that was older than the sign-in, with a button that sends it once more."""
    return _page("accounts/kept_text.html", FlaskForm(formdata=None), 400)


def page_before() -> str:
    """The own page that the form stood on, else the start page."""
    parts = urlsplit(request.referrer or "")
    if parts.netloc != request.host:
        return page_path(Landmark.START)
    path = f"{parts.path}?{parts.query}" if parts.query else parts.path
    return own_path(path) or page_path(Landmark.START)


def _page(template: str, form: FlaskForm, status: int) -> tuple[str, int]:
    values = {
        "form_action": request.full_path.rstrip("?"),
        "carried": carried_fields(),
        "back": page_before(),
    }
    return render_template(template, form=form, typed=typed_texts(), **values), status
