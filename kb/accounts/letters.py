"""The messages that accounts send. Those with one-time links are emptied when the link is of no use."""

from datetime import datetime

from sqlalchemy.orm import Session

from kb import clock
from kb.accounts.lifetimes import INVITATION, MAILED_LINK
from kb.accounts.models import User
from kb.accounts.viewer import Viewer
from kb.audit.services import record
from kb.mail.letters import compose
from kb.mail.models import MailMessage
from kb.mail.services import Renewal, send
from kb.text.wording import swedish_date, swedish_time
from kb.web.addresses import external_url


def link_url(token: str) -> str:
    """The full address of a one-time link."""
    return external_url("accounts.link_show", token=token)


def mail_invitation(
    session: Session, *, to: str, unit: str, roles: str, address: str, by: Viewer
) -> MailMessage:
    """Send an invitation with its link."""
    until = clock.now() + INVITATION
    values = {"inviter": by.name or "Administratören", "unit": unit, "roles": roles}
    letter = compose("invitation", address=address, until=swedish_date(until), **values)
    return send(session, to=to, subject=letter.subject, body=letter.body, expires_at=until)


def mail_password_link(
    session: Session, user: User, *, address: str, renewal: Renewal | None = None
) -> MailMessage:
    """Send a link for a new password."""
    until = clock.now() + MAILED_LINK
    letter = compose("password_link", name=user.name, address=address, until=_moment(until))
    return send(
        session,
        to=user.email,
        subject=letter.subject,
        body=letter.body,
        expires_at=until,
        renewal=renewal,
    )


def mail_link_notice(session: Session, user: User, *, by: Viewer, way: str) -> MailMessage:
    """Tell a person that somebody has got to see a link to the account."""
    maker = by.name if by.is_signed_in else f"Någon med tillgång till servern ({way})"
    values = {"name": user.name, "maker": maker, "moment": _moment(clock.now())}
    letter = compose("link_notice", address=external_url("accounts.account_show"), **values)
    return send(session, to=user.email, subject=letter.subject, body=letter.body)


def mail_test(session: Session, *, address: str, by: Viewer) -> MailMessage:
    """Send a message to oneself, to see that mail works."""
    letter = compose("test", name=by.name, address=address)
    record(session, "mail.tested", actor=by.actor)
    return send(session, to=by.email, subject=letter.subject, body=letter.body)


def _moment(value: datetime) -> str:
    return f"{swedish_date(value)} klockan {swedish_time(value)}"
