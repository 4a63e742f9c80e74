"""Units: making and renaming them."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from kb import clock
from kb.accounts.models import Unit
from kb.accounts.viewer import SYSTEM, Viewer
from kb.audit.services import record
from kb.errors import Invalid
from kb.text.characters import one_line

FIRST_UNIT = "Socialtjänsten"
LONGEST_NAME = 100


def create_unit(session: Session, *, name: str, by: Viewer) -> Unit:
    """Make a unit. Raises `Invalid` for `name` when it is empty, too long or taken."""
    unit = Unit(name=_free_name(session, name), created_at=clock.now())
    session.add(unit)
    session.flush()
    record(session, "unit.created", actor=by.actor, subject=unit.public_id, name=unit.name)
    return unit


def rename_unit(session: Session, unit: Unit, *, name: str, by: Viewer) -> Unit:
    """Give a unit another name. Raises `Invalid` for `name` when it is empty, too long or taken."""
    if one_line(name) == unit.name:
        return unit
    unit.name = _free_name(session, name, unit)
    session.flush()
    record(session, "unit.renamed", actor=by.actor, subject=unit.public_id, name=unit.name)
    return unit


def ensure_first_unit(session: Session, name: str = FIRST_UNIT) -> Unit:
    """The oldest unit; made with this name when there is none at all."""
    oldest = session.scalars(select(Unit).order_by(Unit.id).limit(1)).first()
    return oldest or create_unit(session, name=name, by=SYSTEM)


def _free_name(session: Session, name: str, own: Unit | None = None) -> str:
    name = one_line(name)
    if not name:
        raise Invalid("name", "Skriv enhetens namn.")
    if len(name) > LONGEST_NAME:
        raise Invalid("name", f"Namnet är för långt. Använd högst {LONGEST_NAME} tecken.")
    taken = {unit.name.casefold() for unit in session.scalars(select(Unit)) if unit is not own}
    if name.casefold() in taken:
        raise Invalid("name", f"Det finns redan en enhet som heter {name}.")
    return name
