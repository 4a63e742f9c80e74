"""The tables as they stand in the database, whatever version: reflected, in an order that references allow."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    Connection,
    CursorResult,
    DateTime,
    MetaData,
    Table,
    bindparam,
    delete,
    event,
    select,
    update,
)
from sqlalchemy.schema import sort_tables_and_constraints

from kb.db import UtcDateTime

VERSION_TABLE = "alembic_version"
BATCH = 500


@dataclass(frozen=True)
class Tables:
    """All tables, those first that others refer to; and the references that go against that order."""

    ordered: Sequence[Table]
    late: dict[str, list[Column[Any]]]


def reflect(connection: Connection) -> Tables:
    """Look at the database. Moments are read and written as the application does it."""
    metadata = MetaData()
    event.listen(metadata, "column_reflect", _own_types)
    metadata.reflect(bind=connection)
    tables = [table for name, table in metadata.tables.items() if name != VERSION_TABLE]
    pairs = sort_tables_and_constraints(tables)  # type: ignore[no-untyped-call]
    ordered = [table for table, _ in pairs if table is not None]
    place = {table.name: n for n, table in enumerate(ordered)}
    late = {
        table.name: sorted(
            {
                column
                for constraint in table.foreign_key_constraints
                if place[constraint.referred_table.name] >= place[table.name]
                for column in constraint.columns
            },
            key=lambda column: column.name,
        )
        for table in ordered
    }
    return Tables(ordered, late)


def empty(connection: Connection, tables: Tables) -> None:
    """Remove every row."""
    for table in tables.ordered:
        if tables.late[table.name]:
            connection.execute(update(table).values({column: None for column in tables.late[table.name]}))
    for table in reversed(tables.ordered):
        connection.execute(delete(table))


def rows(connection: Connection, table: Table) -> CursorResult[Any]:
    """Every row of a table, in the order of its key, a few at a time; use it with `with`."""
    query = select(table).order_by(*table.primary_key.columns)
    return connection.execute(query, execution_options={"yield_per": BATCH})


class Filler:
    """Puts rows in; references that go against the order are set at the end."""

    def __init__(self, connection: Connection, tables: Tables) -> None:
        self._connection = connection
        self._tables = tables
        self._waiting: list[tuple[Table, list[dict[str, Any]]]] = []

    def insert(self, table: Table, batch: list[dict[str, Any]]) -> None:
        """Insert some rows."""
        late = [column.name for column in self._tables.late[table.name]]
        keys = [column.name for column in table.primary_key.columns]
        waiting = [
            {f"new_{name}": row.get(name) for name in late} | {f"key_{name}": row[name] for name in keys}
            for row in batch
            if any(row.get(name) is not None for name in late)
        ]
        if waiting:
            self._waiting.append((table, waiting))
        self._connection.execute(table.insert(), [row | dict.fromkeys(late) for row in batch])

    def finish(self) -> None:
        """Set the references that had to wait."""
        for table, waiting in self._waiting:
            change = update(table).values(
                {column: bindparam(f"new_{column.name}") for column in self._tables.late[table.name]}
            )
            for column in table.primary_key.columns:
                change = change.where(column == bindparam(f"key_{column.name}"))
            self._connection.execute(change, waiting)


def _own_types(_inspector: Any, _table: Table, column: Any) -> None:
    if isinstance(column["type"], DateTime):
        column["type"] = UtcDateTime()
    elif isinstance(column["type"], JSON):
        column["type"] = JSON(none_as_null=bool(column["nullable"]))
