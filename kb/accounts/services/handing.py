"""Handing a link for a new password to somebody: recorded, and told to the person whom it lets in."""

from sqlalchemy.orm import Session

from kb.accounts.letters import mail_link_notice
from kb.accounts.models import User
from kb.accounts.services.links import create_password_link
from kb.accounts.viewer import Viewer


def hand_out_password_link(session: Session, user: User, *, by: Viewer, way: str) -> str:
    """A link that `by` gets to see; who has a password already is told by mail.

    Raises `Invalid` for a closed account.
    """
    token = create_password_link(session, user, by=by, way=way)
    if user.password_hash is not None:
        mail_link_notice(session, user, by=by, way=way)
    return token
