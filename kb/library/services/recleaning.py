"""Cleaning stored HTML again, for rows that did not come through our own forms (a restored backup)."""

from typing import Any

from markupsafe import escape
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from kb.errors import Invalid
from kb.library.content.document import from_dict
from kb.library.content.fields import Type, names_of
from kb.library.core.models.items import Revision
from kb.library.core.projection import restamp
from kb.text.sanitize import CLEANER_VERSION, clean

_RICH = names_of(Type.RICH)


def reclean(session: Session) -> int:
    """Clean the HTML of every revision as if it were saved now; returns how many changed.

    The digest is computed anew: pages keep documents by it, so that a wrong one would show another text.
    """
    changed = 0
    for number in session.scalars(select(Revision.id)).all():
        revision = session.get_one(Revision, number)
        values = _cleaned(revision)
        if values:
            session.execute(update(Revision).where(Revision.id == number).values(values))
            changed += 1
        session.expunge(revision)
    if changed:
        restamp(session)
    return changed


def _cleaned(revision: Revision) -> dict[str, Any]:
    """The columns that have to change."""
    data = revision.document
    if not isinstance(data, dict):
        return {}
    fresh = {
        name: _clean(value) if name in _RICH and isinstance(value, str) else value
        for name, value in data.items()
    }
    try:
        digest = from_dict(fresh).digest
    except (TypeError, ValueError, AttributeError, RecursionError):  # shown nowhere, and named by `ops check`
        digest = revision.digest
    wanted = {"document": fresh, "digest": digest, "cleaner": CLEANER_VERSION}
    return {name: value for name, value in wanted.items() if getattr(revision, name) != value}


def _clean(html: str) -> str:
    """Safe HTML; what is beyond all limits, and so never came from us, becomes text that can be read."""
    try:
        return clean(html)
    except Invalid:
        return str(escape(html))
