"""Words for the public ids of runs, for the audit log: what an administrator sees at disposal too."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from kb.runs.models import Run


def names_by_public_id(session: Session, public_ids: Iterable[str]) -> dict[str, str]:
    """The checklist and the unit of these runs; nothing of what happened."""
    query = select(Run).where(Run.public_id.in_(set(public_ids))).options(joinedload(Run.unit))
    return {run.public_id: f"{run.title}, {run.unit.name}" for run in session.scalars(query)}
