"""The database: one declarative base, writing and reading sessions, what differs between SQLite and PostgreSQL."""

import logging
import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    Connection,
    DateTime,
    Engine,
    MetaData,
    String,
    Table,
    create_engine,
    event,
    func,
    inspect,
    literal_column,
    select,
    text,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import DatabaseError, OperationalError
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator

from kb.errors import Refused
from kb.locks import file_lock, server_lock
from kb.sqlite import Opener

if TYPE_CHECKING:
    from alembic.config import Config

MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations"
WRITING = "radrum_writing"
DAMAGED = "Databasen är skadad eller går inte att läsa. Stoppa Rådrum och återställ en säkerhetskopia."
logging.getLogger("alembic").setLevel(logging.WARNING)  # it would speak at every start
_PG_MIGRATION_LOCK = 7_237_861


class Base(DeclarativeBase):
    """All tables hang here; constraints get names by convention, so that migrations can alter them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class UtcDateTime(TypeDecorator[datetime]):
    """A moment: aware in Python, UTC in the database (SQLite keeps no zone)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive moments, turn the others into UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("naive datetime")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """Give UTC back."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


# A key of `kb.text.order`: ASCII, compared byte by byte whatever order the database itself would choose.
ONE_MOMENT = "one_moment"  # in a session's `info`: nothing that it reads changes before its transaction ends
SortKey = String(240).with_variant(String(240, collation="C"), "postgresql")


class json_text(FunctionElement[str]):  # noqa: N801  (used like a function)
    """The text of a member of a JSON object, by a name written in the code; NULL where the stored JSON is damaged."""

    type = String()
    inherit_cache = True

    def __init__(self, column: Any, name: str) -> None:
        super().__init__(column, literal_column(f"'{name}'"))


@compiles(json_text)
def _json_text(element: Any, compiler: Any, **options: Any) -> str:
    column, name = (compiler.process(clause, **options) for clause in element.clauses)
    return f"({column} ->> {name})"


@compiles(json_text, "sqlite")
def _json_text_sqlite(element: Any, compiler: Any, **options: Any) -> str:
    column, name = (compiler.process(clause, **options) for clause in element.clauses)
    return f"(CASE WHEN json_valid({column}) THEN json_extract({column}, '$.' || {name}) END)"


class Database:
    """An engine with two kinds of sessions. `after_commit` hooks run once a writing session has committed."""

    def __init__(self, url: str) -> None:
        self.engine = make_engine(url)
        self._reading: Engine | Connection = self.engine.execution_options(**_snapshots(self.engine))
        self._writing: Engine | Connection = self.engine.execution_options(**{WRITING: True})
        self._session_options: dict[str, Any] = {}
        self.info: dict[str, Any] = {}  # what every session carries in its own `info`
        self._hooks: list[Callable[[Session], None]] = []

    def after_commit(self, hook: Callable[[Session], None]) -> None:
        """Register `hook(session)`, called after each commit of a `transaction()`; `session.info` says what was."""
        self._hooks.append(hook)

    def join(self, connection: Connection) -> None:
        """Let all sessions live inside `connection`'s transaction (tests roll it back)."""
        self._reading = self._writing = connection
        self._session_options = {"join_transaction_mode": "create_savepoint"}

    def reading(self) -> Session:
        """A session for reading; all that it reads is of one moment. The caller closes it."""
        of_one_moment = isinstance(
            self._reading, Engine
        )  # tests write meanwhile in the transaction that they join
        return Session(self._reading, info={**self.info, ONE_MOMENT: of_one_moment}, **self._session_options)

    def peek(self, statement: str) -> Any:
        """The first value of a plain statement, by itself: never the name of what another session reads."""
        if isinstance(self._reading, Connection):
            return self._reading.exec_driver_sql(statement).scalar()
        with self._reading.connect() as connection:
            return connection.exec_driver_sql(statement).scalar()

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """A writing session that commits at the end (SQLite: BEGIN IMMEDIATE) and rolls back on any error."""
        with Session(self._writing, info=self.info, **self._session_options) as session:
            with session.begin():
                yield session
            for hook in self._hooks:
                hook(session)

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """A connection that reads the database as it is now, to the end, whatever others write meanwhile."""
        with self.engine.execution_options(**_snapshots(self.engine)).begin() as connection:
            yield connection

    @contextmanager
    def writing_connection(self) -> Iterator[Connection]:
        """A bare writing connection in one transaction, for whole tables (restoring a backup).

        SQLite does not look at references meanwhile: ask `integrity_problems` before the end.
        """
        engine = self.engine.execution_options(**{WRITING: True})
        with engine.connect() as connection, _rebuilding(connection), connection.begin():
            yield connection

    @property
    def is_shared(self) -> bool:
        """Whether other machines may use it too: a server, not a file."""
        return self.engine.dialect.name == "postgresql"

    def files(self) -> list[Path]:
        """The files that the database consists of, or may at times; none for a server of its own."""
        name = self.engine.url.database
        if self.engine.dialect.name != "sqlite" or not name or name == ":memory:":
            return []
        path = Path(name).resolve()
        return [path, *(path.with_name(path.name + end) for end in ("-wal", "-shm", "-journal"))]

    def dispose(self) -> None:
        """Close all connections."""
        self.engine.dispose()


def _snapshots(engine: Engine) -> dict[str, Any]:
    """Options with which a transaction reads the database as of one moment (SQLite always does)."""
    return {"isolation_level": "REPEATABLE READ"} if engine.dialect.name == "postgresql" else {}


def make_engine(url: str) -> Engine:
    """An engine with our settings for the database that `url` names."""
    if url.startswith("postgres://"):
        url = "postgresql://" + url.removeprefix("postgres://")
    if url.startswith("postgresql://"):
        url = "postgresql+psycopg://" + url.removeprefix("postgresql://")
    if url.startswith("sqlite"):
        engine = create_engine(
            url, connect_args={"timeout": 10, "check_same_thread": False}, hide_parameters=True
        )
        event.listen(engine, "begin", _sqlite_begin)
        Opener(engine)
        return engine
    if not url.startswith("postgresql+psycopg://"):
        raise Refused("RADRUM_DATABASE_URL ska börja med sqlite:/// eller postgresql://.")
    return create_engine(url, pool_pre_ping=True, connect_args={"connect_timeout": 10}, hide_parameters=True)


def _sqlite_begin(connection: Connection) -> None:
    writing = connection.get_execution_options().get(WRITING)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


def upsert(
    session: Session,
    model: type[Base],
    rows: Sequence[dict[str, Any]],
    *,
    unique: Sequence[str],
    change: dict[str, Any],
) -> None:
    """Insert rows; where one with the same `unique` columns stands, make `change` to that one instead."""
    from sqlalchemy.dialects import postgresql, sqlite

    kind = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    statement = kind.insert(model).values(list(rows))
    session.execute(statement.on_conflict_do_update(index_elements=list(unique), set_=change))


def is_unavailable(error: DatabaseError) -> bool:
    """Whether the store cannot be written just now (full, read-only, locked), rather than a fault of ours."""
    words = str(error.orig).lower()
    signs = ("disk is full", "readonly", "read-only", "locked", "disk i/o", "unable to open", "no space left")
    if any(sign in words for sign in signs):
        return True
    return isinstance(error, OperationalError) and not isinstance(error.orig, sqlite3.OperationalError)


def is_damaged(error: DatabaseError) -> bool:
    """Whether the database's own files cannot be read as one: damaged, or mixed with those of another."""
    words = str(error.orig).lower()
    return any(sign in words for sign in ("malformed", "not a database", "unsupported file format"))


# Care


def reset_counters(connection: Connection, tables: Iterable[Table]) -> None:
    """Let automatic ids go on after the rows that were put in with theirs (SQLite does so by itself)."""
    if connection.dialect.name != "postgresql":
        return
    for table in tables:
        for column in table.primary_key.columns:
            sequence = text("SELECT pg_get_serial_sequence(:table, :column)")
            named = {"table": f'"{table.name}"', "column": column.name}
            if (name := connection.scalar(sequence, named)) is not None:
                highest = connection.scalar(select(func.max(column)))
                values = {"name": name, "value": highest or 1, "used": highest is not None}
                connection.execute(text("SELECT setval(:name, :value, :used)"), values)


def integrity_problems(connection: Connection) -> list[str]:
    """What the database itself finds wrong with its files and references; empty when all is well."""
    if connection.dialect.name != "sqlite":
        return []
    words = [str(row[0]) for row in connection.exec_driver_sql("PRAGMA integrity_check(20)")]
    broken = [f"{row[0]} → {row[2]}" for row in connection.exec_driver_sql("PRAGMA foreign_key_check")]
    return [word for word in words if word != "ok"] + broken[:20]


def size_in_bytes(connection: Connection) -> int:
    """How much room the database takes."""
    if connection.dialect.name == "postgresql":
        return int(connection.scalar(text("SELECT pg_database_size(current_database())")) or 0)
    pages = int(connection.exec_driver_sql("PRAGMA page_count").scalar() or 0)
    return pages * int(connection.exec_driver_sql("PRAGMA page_size").scalar() or 0)


# Migrations


def migration_config(connection: Connection) -> "Config":
    """Alembic's settings without an ini file; the connection travels in `attributes`."""
    from alembic.config import Config  # alembic is a quarter of a second of start: only where it is needed

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config


def upgrade(database: Database, lock_file: Path) -> bool:
    """Bring the tables up to this code, once over all processes; True when something was done.

    Raises `kb.errors.Refused` when the database is newer than the code; nothing is changed then.
    """
    try:
        with database.engine.connect() as connection:
            if not _needs_upgrade(connection):
                return False
    except DatabaseError as error:
        raise Refused(_no_database(database, error)) from error
    try:
        return _upgrade_alone(database, lock_file)
    except (DatabaseError, OSError) as error:
        if isinstance(error, DatabaseError) and not is_unavailable(error):
            raise
        reason = error.strerror if isinstance(error, OSError) else error.orig
        raise Refused(
            "Databasen hör till en äldre version av programmet och går inte att uppgradera: det går inte att skriva "
            f"just nu. Inget har ändrats. ({reason})"
        ) from error


def _upgrade_alone(database: Database, lock_file: Path) -> bool:
    lock = server_lock(database.engine, _PG_MIGRATION_LOCK) if database.is_shared else file_lock(lock_file)
    with lock, database.engine.connect() as connection:
        if not _needs_upgrade(connection):
            return False
        connection.rollback()
        with _rebuilding(connection), connection.execution_options(**{WRITING: True}).begin():
            from alembic import command

            command.upgrade(migration_config(connection), "head")
            _check_references(connection)
    return True


@contextmanager
def _rebuilding(connection: Connection) -> Iterator[None]:
    """SQLite changes a table by building it anew and dropping the old one; that must not cascade to its children."""
    if connection.dialect.name != "sqlite":
        yield
        return
    driver: Any = connection.connection.driver_connection
    driver.execute("PRAGMA foreign_keys = OFF")
    try:
        yield
    finally:
        driver.execute("PRAGMA foreign_keys = ON")


def _check_references(connection: Connection) -> None:
    """Raise `Refused` (and so roll back) when a migration left a row that points at nothing."""
    if connection.dialect.name != "sqlite":
        return
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
    if broken:
        raise Refused(
            f"Uppgraderingen av databasen stoppades, inget har ändrats: {len(broken)} rader saknar sin förälder."
        )


def _no_database(database: Database, error: DatabaseError) -> str:
    if is_damaged(error):
        return f"{DAMAGED} Inget har ändrats. ({error.orig})"
    files = database.files()
    place = f"utrymme på disken och rättigheter till {files[0].parent}" if files else "RADRUM_DATABASE_URL"
    return f"Databasen går inte att öppna. Kontrollera {place}. Inget har ändrats. ({error.orig})"


def _needs_upgrade(connection: Connection) -> bool:
    head, known = revisions()
    current = stands_at(connection)
    if current == head:
        return False
    if current is not None and current not in known:
        raise Refused(
            f"Databasen är nyare än programmet (version {current}). Inget har ändrats. "
            "Installera den version av Rådrum som databasen hör till, eller återställ en säkerhetskopia."
        )
    return True


def stands_at(connection: Connection) -> str | None:
    """The revision that the tables have; None when they were made without migrations, or are not there."""
    has_one = inspect(connection).has_table("alembic_version")
    return connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar() if has_one else None


def revisions(folder: Path = MIGRATIONS) -> tuple[str, set[str]]:
    """The newest revision of this code and all that it knows, read from the files without loading Alembic."""
    found: dict[str, str] = {}
    for path in (folder / "versions").glob("*.py"):
        text_ = path.read_text(encoding="utf-8")
        names = dict(re.findall(r"^(revision|down_revision)\b[^=\n]*= *[\"']?(\w+)", text_, re.MULTILINE))
        found[names["revision"]] = names.get("down_revision", "None")
    heads = set(found) - set(found.values())
    if len(heads) != 1:
        raise Refused(
            f"Programmets uppgraderingar av databasen hänger inte ihop: {', '.join(sorted(heads))}."
        )
    return heads.pop(), set(found)
