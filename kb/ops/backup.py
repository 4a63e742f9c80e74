"""Making a backup while the site serves: one consistent picture, written beside, read back, put in place."""

import contextlib
import os
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

from sqlalchemy import Connection
from sqlalchemy.exc import DatabaseError

from kb import clock
from kb.accounts.viewer import SYSTEM
from kb.audit.services import record
from kb.db import Database, is_unavailable, stands_at
from kb.errors import Refused
from kb.ops import archive, rows, tables

UPLOADS = "uploads"
# What may come to lie in the instance folder itself; below its folders there is no place for a backup at all.
OWN_NAMES = frozenset(
    {
        "binder",
        "config.toml",
        "secret_key",
        "starter.digest",
        "migrate.lock",
        "index.lock",
        "index",
        "node",
        UPLOADS,
    }
)
Progress = Callable[[str], None]


def back_up(
    database: Database, instance: Path, target: Path, progress: Progress, *, force: bool = False
) -> archive.Manifest:
    """Write a verified backup to `target` (mode 0600), in the place of an older one only when it is whole.

    `force` replaces a damaged backup too; never anything else. Raises `Refused` for a place where something else is,
    and when the file cannot be written or does not read back as it was written.
    """
    target = target.absolute()
    fresh = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        check_place(database, instance, target, force=force)
        written = _write(database, instance / UPLOADS, fresh, progress)
        progress("Läser tillbaka och kontrollerar")
        if archive.verify(fresh) != written:
            raise Refused(
                "Säkerhetskopian gick inte att läsa tillbaka som den skrevs. Ingen fil har sparats."
            )
        check_place(database, instance, target, force=force)
        fresh.replace(target)
        _sync(target.parent)
    except OSError as error:
        raise Refused(
            f"Det gick inte att skriva {target}: {error.strerror}. Ingen fil har sparats."
        ) from error
    finally:
        with contextlib.suppress(OSError):
            fresh.unlink(missing_ok=True)
    _note(database, target.stat().st_size)
    return written


def check_place(database: Database, instance: Path, target: Path, *, force: bool) -> None:
    """Raise `Refused` where a backup would replace anything but a backup, or lie among what the instance uses."""
    if target.is_symlink():
        raise Refused(f"{target} är en länk. Ange filen själv. Inget har ändrats.")
    if _is_in_use(database, instance, target):
        raise Refused(f"{target} används av Rådrum. Välj en annan plats. Inget har ändrats.")
    if not target.exists():
        return
    if not target.is_file():
        raise Refused(f"{target} är ingen fil. Ange en fil för säkerhetskopian. Inget har ändrats.")
    if archive.is_ours(target) or (force and archive.begins_like_ours(target)):
        return
    words = (
        f"{target} finns redan och är ingen hel säkerhetskopia från Rådrum. Den är orörd: välj ett annat namn"
    )
    damaged = archive.begins_like_ours(target)
    raise Refused(words + (", eller ersätt den skadade kopian med --force." if damaged else "."))


def _is_in_use(database: Database, instance: Path, target: Path) -> bool:
    """Whether the place belongs to the database, or to anything that the instance reads or writes."""
    place = target.parent.resolve() / target.name
    files = database.files()
    if place in files or (place.exists() and any(file.exists() and file.samefile(place) for file in files)):
        return True
    home = instance.resolve()
    return place.is_relative_to(home) and (place.parent != home or place.name in OWN_NAMES)


def _write(database: Database, uploads: Path, path: Path, progress: Progress) -> archive.Manifest:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w+b") as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as packed:
            writer = archive.Writer(packed)
            with database.snapshot() as connection:
                made_at, schema = clock.now(), schema_of(connection)
                found = tables.reflect(connection)
                for table in found.ordered:
                    progress(f"Tabell {table.name}")
                    with tables.rows(connection, table) as found_rows:
                        lines = (rows.row_to_line(table, row) for row in found_rows)
                        writer.add(f"{archive.TABLES}{table.name}.jsonl", lines, counted=True)
            for name, source in _uploaded(uploads):
                progress(f"Fil {name}")
                with source.open("rb") as upload:
                    writer.add(f"{archive.UPLOADS}{name}", archive.file_pieces(upload))
            manifest = writer.finish(schema=schema, made_at=made_at)
        file.flush()
        os.fsync(file.fileno())
    return manifest


def schema_of(connection: Connection) -> str:
    """The migration that the database stands at; empty when it was made without migrations."""
    return stands_at(connection) or ""


def _uploaded(folder: Path) -> Iterator[tuple[str, Path]]:
    if folder.is_dir():
        for path in sorted(folder.rglob("*")):
            if path.is_file() and not path.is_symlink():
                yield path.relative_to(folder).as_posix(), path


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _note(database: Database, size: int) -> None:
    """The log says that there is a backup; a store that cannot be written just now is no reason to fail."""
    try:
        with database.transaction() as session:
            record(session, "ops.backup", actor=SYSTEM.actor, bytes=size)
    except DatabaseError as error:
        if not is_unavailable(error):
            raise
