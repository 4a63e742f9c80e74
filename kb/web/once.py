"""A form that makes something is taken once: sent again (a double click, back and save) it leads to what it made.

The form carries a random key. The key is stored in the transaction that makes the thing, so of two sendings at the same
time one waits for the other and then finds the key. It works without script.
"""

import hashlib
import re
import secrets
from datetime import datetime, timedelta

from flask import Flask, Response, flash, make_response, redirect, request
from sqlalchemy import String, delete
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column
from wtforms import HiddenField

from kb import clock
from kb.db import Base, UtcDateTime
from kb.errors import Conflict
from kb.web.addresses import page_path
from kb.web.landmarks import Landmark

# Longer than anybody leaves a form open in a tab and goes back to it.
KEPT = timedelta(days=30)
_KEY = re.compile(r"[A-Za-z0-9_-]{16,64}")


class SentForm(Base):
    """A form that was taken, and where that led."""

    __tablename__ = "sent_form"

    key_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    led_to: Mapped[str] = mapped_column(String(300), default="", index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class SentBefore(Conflict):
    """The same form was taken already; `led_to` is the address it led to."""

    message = "Det är redan sparat."

    def __init__(self, led_to: str) -> None:
        super().__init__()
        self.led_to = led_to


class OnceForm:
    """Mix into a form that makes something: gives it its key."""

    form_key = HiddenField(default=lambda: secrets.token_urlsafe(16))


def take_once(session: Session, actor: str, led_to: str = "") -> SentForm:
    """Take the form of this request, in the transaction that makes what it asks for.

    `led_to` is where it leads; a view that does not know yet sets it on what is returned. Raises `SentBefore` when
    `actor` has sent the form before. A form without a key is always new.
    """
    key = request.form.get("form_key", "")
    sent = SentForm(key_hash=_hash(actor, key), led_to=led_to, at=clock.now())
    if not _KEY.fullmatch(key):
        return sent
    session.execute(delete(SentForm).where(SentForm.at < clock.now() - KEPT))
    try:
        with session.begin_nested():
            session.add(sent)
    except IntegrityError:
        raise SentBefore(session.get_one(SentForm, _hash(actor, key)).led_to) from None
    return sent


def forget_sent(session: Session, led_to: str) -> None:
    """What a form made is gone: sent again, the form makes it anew."""
    session.execute(delete(SentForm).where(SentForm.led_to == led_to))


def init_app(app: Flask) -> None:
    """Lead a second sending to what the first made."""
    app.register_error_handler(SentBefore, _sent_before)


def _sent_before(error: SentBefore) -> Response:
    flash("Det är redan sparat. Inget sparades en gång till.")
    return make_response(redirect(error.led_to or page_path(Landmark.START), 303))


def _hash(actor: str, key: str) -> str:
    return hashlib.sha256(f"{actor}\0{key}".encode()).hexdigest()
