"""Putting a backup back: all of it in one transaction, or nothing."""

import shutil
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Table, select
from sqlalchemy.exc import DatabaseError, SQLAlchemyError
from sqlalchemy.orm import InstrumentedAttribute, Session

from kb.accounts.models import Membership, User
from kb.accounts.roles import Role
from kb.accounts.services.ending import end_everything
from kb.accounts.viewer import SYSTEM
from kb.audit.services import record
from kb.db import Database, integrity_problems, is_unavailable, migration_config, reset_counters
from kb.errors import Refused
from kb.library.content.document import Kind, Visibility
from kb.library.core.models.items import ContentItem
from kb.library.core.models.reviewing import ReviewNote
from kb.library.core.workflow import State, Status, Verdict
from kb.library.services.recleaning import reclean
from kb.ops import archive, rows, tables
from kb.ops.backup import schema_of
from kb.search.engine.changes import begin_anew

if TYPE_CHECKING:
    from alembic.script import ScriptDirectory

Progress = Callable[[str], None]
# Columns that hold one of a few words: with another, each page that lists such rows would fail.
_WORDS: dict[InstrumentedAttribute[str], type[StrEnum]] = {
    Membership.role: Role,
    ContentItem.kind: Kind,
    ContentItem.visibility: Visibility,
    ContentItem.workflow: State,
    ContentItem.status: Status,
    ReviewNote.verdict: Verdict,
}
_UNFIT = "Säkerhetskopian passar inte: uppgifter i den strider mot varandra ({}). Inget har ändrats."


def restore(
    database: Database, uploads: Path, source: Path, *, force: bool, progress: Progress
) -> archive.Manifest:
    """Replace everything in the database and the uploads with what `source` holds; the caller rebuilds the index.

    Nobody stays signed in, no link stays open, and HTML is cleaned as if it were written now: a file may have been
    changed by others. Raises `Refused`, with nothing changed, for a damaged file, for a backup of a newer version, and
    without `force` for an installation that holds people or texts.
    """
    progress("Kontrollerar säkerhetskopian")
    fresh = uploads.with_name(uploads.name + ".restoring")
    try:
        with archive.opened(source) as (packed, manifest), database.writing_connection() as connection:
            if not force and holds_data(connection):
                raise Refused(
                    "Här finns redan konton eller texter. Inget har ändrats. "
                    "Lägg till --force för att ersätta allt med säkerhetskopian."
                )
            with _told():
                _shape(connection, manifest.schema)
                _fill(connection, packed, manifest, progress)
                _finish(connection, manifest.schema, progress)
            _unpack_uploads(packed, manifest, fresh, progress)
        _swap(fresh, uploads)
    except OSError as error:
        raise Refused(f"Det gick inte att skriva {error.filename}: {error.strerror}.") from error
    finally:
        _remove(fresh)
    return manifest


@contextmanager
def _told() -> Iterator[None]:
    """What rows that cannot be do to a database, as a refusal; a store that cannot be written is told as that."""
    try:
        yield
    except SQLAlchemyError as error:
        if isinstance(error, DatabaseError) and is_unavailable(error):
            raise
        raise Refused(_UNFIT.format(type(error).__name__)) from error
    except (ValueError, TypeError, OverflowError) as error:
        raise Refused(_UNFIT.format(type(error).__name__)) from error


def holds_data(connection: Connection) -> bool:
    """Whether there is anything that a person would miss: an account or a text."""
    return any(connection.scalar(select(table.id).limit(1)) is not None for table in (User, ContentItem))


def _shape(connection: Connection, schema: str) -> None:
    """Empty the tables and give them the shape that the backup was made with."""
    from alembic import command  # 13 MB that a process which serves has no use for

    current = schema_of(connection)
    known = {revision.revision for revision in _script(connection).walk_revisions()}
    if schema and schema != current and schema not in known:
        raise Refused("Säkerhetskopian är gjord med en nyare version av Rådrum. Inget har ändrats.")
    tables.empty(connection, tables.reflect(connection))
    if schema and schema != current:
        config = migration_config(connection)
        command.downgrade(config, "base")
        command.upgrade(config, schema)
        tables.empty(
            connection, tables.reflect(connection)
        )  # of what migrations put in: the backup has its own


def _finish(connection: Connection, schema: str, progress: Progress) -> None:
    """Bring an older shape up to this code, and say what was done."""
    from alembic import command

    if schema and schema != _script(connection).get_current_head():
        command.upgrade(migration_config(connection), "head")
    if problems := integrity_problems(connection):
        raise Refused(f"Säkerhetskopian passar inte: {problems[0]}. Inget har ändrats.")
    _check_words(connection)
    reset_counters(connection, tables.reflect(connection).ordered)
    with Session(connection, join_transaction_mode="create_savepoint") as session:
        progress("Rensar texterna")
        reclean(session)
        end_everything(session)
        begin_anew(session)
        record(session, "ops.restored", actor=SYSTEM.actor)
        session.commit()


def _check_words(connection: Connection) -> None:
    for column, words in _WORDS.items():
        if connection.scalar(select(column).where(column.not_in([word.value for word in words])).limit(1)):
            place = f"{column.class_.__tablename__}.{column.key}"
            raise Refused(f"Säkerhetskopian passar inte: {place} har ett okänt värde. Inget har ändrats.")


def _script(connection: Connection) -> "ScriptDirectory":
    from alembic.script import ScriptDirectory

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
    for line in archive.lines_of(packed, name):
        batch.append(rows.line_to_row(table, line))
        if len(batch) == tables.BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _unpack_uploads(
    packed: zipfile.ZipFile, manifest: archive.Manifest, folder: Path, progress: Progress
) -> None:
    _remove(folder)
    folder.mkdir(mode=0o700)
    for name in manifest.uploads:
        progress(f"Fil {name}")
        target = folder / name  # safe: no archive is opened that holds a name which leads elsewhere
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # A name is used once and leads through nothing that was there before: no link can be followed.
        with packed.open(archive.UPLOADS + name) as source, target.open("xb") as file:
            shutil.copyfileobj(source, file)


def _swap(fresh: Path, uploads: Path) -> None:
    """The new files take the place of the old ones."""
    former = uploads.with_name(uploads.name + ".former")
    _remove(former)
    if uploads.is_symlink():
        uploads.unlink()
    elif uploads.exists():
        uploads.rename(former)
    fresh.rename(uploads)
    _remove(former)


def _remove(path: Path) -> None:
    """Take away a folder, or a link or file of that name."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
