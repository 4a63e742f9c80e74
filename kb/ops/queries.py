"""How the installation is doing: database, index, jobs, disk, backup."""

import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, func, select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from kb.audit.models import AuditEvent
from kb.config import version
from kb.db import Database, integrity_problems, size_in_bytes
from kb.jobs.queries import count_due, count_set_aside, oldest_due_at, stalled_since
from kb.library.core.indexable import list_stamps
from kb.library.core.integrity import unreadable_revisions
from kb.ops.backup import schema_of
from kb.search.engine.indexer import Indexer
from kb.text.wording import swedish_moment

DATABASE = "databas"
INDEX = "sökindex"


@dataclass(frozen=True)
class Status:
    """What the page about operations shows."""

    version: str
    schema: str
    database: str
    database_bytes: int
    disk_free: int
    disk_total: int
    jobs_waiting: int
    jobs_failed: int
    oldest_job_at: datetime | None
    jobs_stalled_since: datetime | None
    index_documents: int | None
    index_published: int
    index_damage: str | None
    last_backup_at: datetime | None


def get_status(session: Session, indexer: Indexer, instance: Path) -> Status:
    """Everything at once."""
    connection = session.connection()
    disk = shutil.disk_usage(instance)
    damage = indexer.store.damage()
    return Status(
        version=version(),
        schema=schema_of(connection),
        database="PostgreSQL" if connection.dialect.name == "postgresql" else "SQLite",
        database_bytes=size_in_bytes(connection),
        disk_free=disk.free,
        disk_total=disk.total,
        jobs_waiting=count_due(session),
        jobs_failed=sum(count_set_aside(session).values()),
        oldest_job_at=oldest_due_at(session),
        jobs_stalled_since=stalled_since(session),
        index_documents=None if damage else indexer.store.manifest().documents,
        index_published=len(list_stamps(session)),
        index_damage=damage,
        last_backup_at=session.scalar(select(func.max(AuditEvent.at)).where(AuditEvent.name == "ops.backup")),
    )


def unready_parts(database: Database, indexer: Indexer) -> list[str]:
    """The parts that cannot be used just now; empty when the site can do all it should."""
    parts = []
    try:
        with database.reading() as session:
            session.execute(text("SELECT 1")).all()
    except SQLAlchemyError:
        parts.append(DATABASE)
    if indexer.store.damage():
        parts.append(INDEX)
    return parts


def list_problems(database: Database, indexer: Indexer) -> list[str]:
    """Everything that a thorough look finds wrong, in words; empty when all is well."""
    with database.snapshot() as connection:
        problems = [f"Databasen: {word}" for word in integrity_problems(connection)]
        problems += _failed_jobs(connection)
        problems += _stalled_jobs(connection)
        problems += [f"Texterna: {word}" for word in unreadable_revisions(connection)]
    report = indexer.check()
    if report.damage:
        problems.append(f"Sökindexet: {report.damage}")
    elif not report.agrees:
        problems.append("Sökindexet skiljer sig från databasen. Kör: python3 dev.py flask search repair")
    return problems


def _failed_jobs(connection: Connection) -> list[str]:
    return [
        f"Jobb som är lagda åt sidan, se jobs list: {name} ({count})"
        for name, count in count_set_aside(connection).items()
    ]


def _stalled_jobs(connection: Connection) -> list[str]:
    since = stalled_since(connection)
    if since is None:
        return []
    return [
        f"Jobb har väntat sedan {swedish_moment(since)}. Kör arbetsprocessen? Starta den med "
        "python3 dev.py flask jobs work, eller läs i dess logg vad som hindrar den."
    ]
