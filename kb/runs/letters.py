"""The message to a person who was invited to a run; it says nothing about what the run is."""

from sqlalchemy.orm import Session

from kb.accounts.models import User
from kb.accounts.viewer import Viewer
from kb.mail.letters import compose
from kb.mail.models import MailMessage
from kb.mail.services import send


def mail_invitation(session: Session, *, to: User, address: str, by: Viewer) -> MailMessage:
    """Tell the person where the run is."""
    letter = compose("run_invitation", name=to.name, inviter=by.name, address=address)
    return send(session, to=to.email, subject=letter.subject, body=letter.body)
