"""What operations answers for themselves: the program, its database, room on the disk, the last backup."""

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from sqlalchemy import func, select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from kb.audit.models import AuditEvent
from kb.config import version
from kb.db import Database, integrity_problems, size_in_bytes
from kb.machines import ahead_of_us
from kb.ops.backup import schema_of
from kb.ops.sizes import megabytes
from kb.text.wording import swedish_moment
from kb.web.health import Figures, Part

TOLERATED = timedelta(seconds=5)


def parts(instance: Path) -> tuple[Part, ...]:
    """The parts as they are registered."""
    return (
        Part(
            title="Databas",
            place=5,
            problems=_database_problems,
            is_ready=_answers,
        ),
        Part(title="Program", place=10, figures=_program),
        Part(title="Utrymme", place=20, figures=lambda session: _room(session, instance)),
        Part(title="Säkerhetskopia", place=50, figures=_last_backup),
    )


def _database_problems(database: Database) -> Iterator[str]:
    with database.snapshot() as connection:
        yield from [f"Databasen: {word}" for word in integrity_problems(connection)]


def _answers(database: Database) -> bool:
    try:
        with database.reading() as session:
            session.execute(text("SELECT 1")).all()
    except SQLAlchemyError:
        return False
    return True


def _program(session: Session) -> Figures:
    connection = session.connection()
    name = "PostgreSQL" if connection.dialect.name == "postgresql" else "SQLite"
    return Figures(
        rows=[("Version", version()), ("Databas", name), ("Databasens version", schema_of(connection))],
        warnings=list(_clock(session)),
    )


def _clock(session: Session) -> Iterator[tuple[str, str]]:
    """What is wrong when this machine's clock and the database's differ."""
    wrong = abs(ahead_of_us(session))
    if wrong > TOLERATED:
        yield (
            f"Klockan här och databasens skiljer sig {wrong.total_seconds():.0f} sekunder",
            (
                "Låt alla datorer ställa klockan efter samma tidsserver. Tider som visas och dagar som texter gäller "
                "blir annars olika på olika noder."
            ),
        )


def _room(session: Session, instance: Path) -> Figures:
    disk = shutil.disk_usage(instance)
    return Figures(
        rows=[
            ("Databasens storlek", megabytes(size_in_bytes(session.connection()))),
            ("Ledigt på disken", megabytes(disk.free)),
            ("Disken totalt", megabytes(disk.total)),
        ]
    )


def _last_backup(session: Session) -> Figures:
    made_at = session.scalar(select(func.max(AuditEvent.at)).where(AuditEvent.name == "ops.backup"))
    missing = (
        "Ingen säkerhetskopia är gjord",
        "Kör python3 dev.py flask ops backup och förvara filen på ett annat ställe än servern.",
    )
    return Figures(
        rows=[("Senast gjord", swedish_moment(made_at) or "Aldrig")], warnings=() if made_at else (missing,)
    )
