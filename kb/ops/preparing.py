"""What a start needs: the shipped content, the first unit and its administrator's link, accounts to try with."""

import contextlib
import hashlib
import os
import shutil
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from kb.accounts.models import Unit
from kb.accounts.queries import user_by_email
from kb.accounts.roles import ROLE_NAMES, Role
from kb.accounts.services.demo import DemoAccount, create_demo
from kb.accounts.services.links import create_first_admin_link
from kb.accounts.services.units import ensure_first_unit
from kb.config import Settings
from kb.db import Database, is_unavailable
from kb.errors import Gone, NotFound, Refused
from kb.library.core.models.items import ContentItem
from kb.library.intake.loading import Report
from kb.library.intake.starter import STARTER, load_starter
from kb.runs.demo import create_demo_run
from kb.search.tuning.shipped import ensure_synonyms

DIGEST = "starter.digest"
ROOM = 1 << 20  # with less than this on the disk nothing can be relied on to be saved


def attempt(prepare: Callable[[], None]) -> str | None:
    """Prepare; what hindered it, in words, when the store cannot be written just now. Faults of ours pass through."""
    try:
        prepare()
    except DatabaseError as error:
        if not is_unavailable(error):
            raise
        return f"databasen går inte att skriva i ({error.orig})."
    except OSError as error:
        return f"{error.filename or 'disken'} går inte att skriva ({error.strerror})."
    except Refused as error:
        return error.message
    return None


def unwritable(database: Database, instance: Path) -> str | None:
    """What nobody can write, in words; None when all can be. Asking the database is not enough: it may have no need."""
    folders = {instance, *(path.parent for path in database.files())}
    for path in sorted(folders | {path for path in database.files() if path.exists()}):
        if not os.access(path, os.W_OK):
            return f"{path} går inte att skriva i."
    if any(shutil.disk_usage(folder).free < ROOM for folder in folders):
        return "disken är full."
    return None


def can_be_served(database: Database) -> bool:
    """Whether there is anything that readers would miss if the site did not start."""
    with database.reading() as session:
        return session.scalar(select(ContentItem.id).limit(1)) is not None


def ensure_starter(database: Database, instance: Path, progress: Callable[[int, int], None]) -> Report | None:
    """Load the shipped content when it has changed since last time, or never was loaded; None when it is there."""
    remembered, digest = instance / DIGEST, starter_digest()
    if remembered.is_file() and remembered.read_bytes() == digest.encode():
        with database.reading() as session:
            if session.scalar(select(ContentItem.id).limit(1)) is not None:
                return None
    with database.transaction() as session:
        ensure_synonyms(session)
    report = load_starter(database, progress)
    remembered.write_text(digest, encoding="ascii")
    return report


def starter_digest() -> str:
    """The state of the shipped content; changes with any file of it."""
    total = hashlib.sha256()
    for path in sorted(path for path in STARTER.rglob("*") if path.is_file() and path.suffix != ".pyc"):
        content = path.read_bytes()
        total.update(f"{path.relative_to(STARTER).as_posix()}\0{len(content)}\0".encode() + content)
    return total.hexdigest()


def ensure_people(database: Database) -> str | None:
    """Make the first unit; a new one-time link while there is no administrator, else None."""
    with database.transaction() as session:
        ensure_first_unit(session)
        return create_first_admin_link(session)


def ensure_demo(database: Database, settings: Settings) -> list[DemoAccount]:
    """Make accounts and a running exercise to try with. Raises `Refused` in production."""
    refuse_demo_in_production(settings)
    with database.transaction() as session:
        ensure_first_unit(session)
        accounts = create_demo(session)
        _demo_run(session, accounts)
    return accounts


def _demo_run(session: Session, accounts: list[DemoAccount]) -> None:
    """Let the leader run an exercise; without its checklist (it may be withdrawn) there is none."""
    leader = next(account for account in accounts if ROLE_NAMES[Role.LEADER] in account.roles)
    user = user_by_email(session, leader.email)
    assert user is not None
    unit = session.scalars(select(Unit).where(Unit.name == leader.unit)).one()
    with contextlib.suppress(NotFound, Gone):
        create_demo_run(session, unit, user)


def refuse_demo_in_production(settings: Settings) -> None:
    """Raise `Refused` where real people work: demonstration accounts have printed passwords."""
    if settings.is_production:
        raise Refused(
            "Demokonton skapas inte när RADRUM_ENV=production. Inget har ändrats. Starta utan --demo, "
            "eller prova i en egen mapp med en annan RADRUM_INSTANCE."
        )
