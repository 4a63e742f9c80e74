"""Putting a backup back: all of it in one transaction, or nothing."""

import shutil
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Table, select
from sqlalchemy.orm import Session

from kb.accounts.models import User
from kb.accounts.viewer import SYSTEM
from kb.audit.services import record
from kb.db import Database, migration_config, reset_counters
from kb.errors import Refused
from kb.library.models import ContentItem
from kb.ops import archive, tables
from kb.ops.backup import schema_of

Progress = Callable[[str], None]


def restore(
    database: Database, uploads: Path, source: Path, *, force: bool, progress: Progress
) -> archive.Manifest:
    """Replace everything in the database and the uploads with what `source` holds; the caller rebuilds the index.

    Raises `Refused`, with nothing changed, for a damaged file, for a backup of a newer version, and without
    `force` for an installation that holds people or texts.
    """
    progress("Kontrollerar säkerhetskopian")
    manifest = archive.verify(source)
    fresh = uploads.with_name(uploads.name + ".restoring")
    try:
        with zipfile.ZipFile(source) as packed, database.writing_connection() as connection:
            if not force and holds_data(connection):
                raise Refused(
                    "Här finns redan konton eller texter. Inget har ändrats. "
                    "Lägg till --force för att ersätta allt med säkerhetskopian."
                )
            _shape(connection, manifest.schema)
            _fill(connection, packed, manifest, progress)
            _finish(connection, manifest.schema)
            _unpack_uploads(packed, manifest, fresh, progress)
        _swap(fresh, uploads)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return manifest


def holds_data(connection: Connection) -> bool:
    """Whether there is anything that a person would miss: an account or a text."""
    return any(connection.scalar(select(table.id).limit(1)) is not None for table in (User, ContentItem))


def _shape(connection: Connection, schema: str) -> None:
    """Empty the tables and give them the shape that the backup was made with."""
    current = schema_of(connection)
    known = {revision.revision for revision in _script(connection).walk_revisions()}
    if schema and schema != current and schema not in known:
        raise Refused("Säkerhetskopian är gjord med en nyare version av Rådrum. Inget har ändrats.")
    tables.empty(connection, tables.reflect(connection))
    if schema and schema != current:
        config = migration_config(connection)
        command.downgrade(config, "base")
        command.upgrade(config, schema)


def _finish(connection: Connection, schema: str) -> None:
    """Bring an older shape up to this code, and say what was done."""
    if schema and schema != _script(connection).get_current_head():
        command.upgrade(migration_config(connection), "head")
    reset_counters(connection, tables.reflect(connection).ordered)
    with Session(connection, join_transaction_mode="create_savepoint") as session:
        record(session, "ops.restored", actor=SYSTEM.actor)
        session.commit()


def _script(connection: Connection) -> ScriptDirectory:
    return ScriptDirectory.from_config(migration_config(connection))


def _fill(
    connection: Connection, packed: zipfile.ZipFile, manifest: archive.Manifest, progress: Progress
) -> None:
    found = tables.reflect(connection)
    named = {archive.TABLES + table.name + ".jsonl" for table in found.ordered}
    if unknown := {name for name in manifest.members if name.startswith(archive.TABLES)} - named:
        raise Refused(
            f"Säkerhetskopian passar inte: {', '.join(sorted(unknown))} är okänd. Inget har ändrats."
        )
    filler = tables.Filler(connection, found)
    for table in found.ordered:
        progress(f"Tabell {table.name}")
        for batch in _batches(packed, manifest, table):
            filler.insert(table, batch)
    filler.finish()


def _batches(
    packed: zipfile.ZipFile, manifest: archive.Manifest, table: Table
) -> Iterator[list[dict[str, Any]]]:
    name = f"{archive.TABLES}{table.name}.jsonl"
    if name not in manifest.members:
        return
    batch: list[dict[str, Any]] = []
    with packed.open(name) as lines:
        for line in lines:
            batch.append(archive.line_to_row(table, line))
            if len(batch) == tables.BATCH:
                yield batch
                batch = []
    if batch:
        yield batch


def _unpack_uploads(
    packed: zipfile.ZipFile, manifest: archive.Manifest, folder: Path, progress: Progress
) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    for name in manifest.uploads:
        progress(f"Fil {name}")
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        with packed.open(archive.UPLOADS + name) as source, target.open("wb") as file:
            shutil.copyfileobj(source, file)


def _swap(fresh: Path, uploads: Path) -> None:
    """The new files take the place of the old ones."""
    former = uploads.with_name(uploads.name + ".former")
    shutil.rmtree(former, ignore_errors=True)
    if uploads.is_dir():
        uploads.rename(former)
    if fresh.is_dir():
        fresh.rename(uploads)
    shutil.rmtree(former, ignore_errors=True)
