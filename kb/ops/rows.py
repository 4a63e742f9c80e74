"""A row of a table as a line of JSON, and back."""

import json
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Boolean, Date, DateTime, Float, Integer, String, Table
from sqlalchemy.types import TypeDecorator, TypeEngine

from kb.errors import Refused
from kb.mail.models import MailMessage, hide_links

_LARGEST = 2**63


def row_to_line(table: Table, row: Any) -> bytes:
    """A row as one line of JSON, without one-time links that still work."""
    values = {column.name: row[n] for n, column in enumerate(table.columns)}
    if table.name == MailMessage.__tablename__ and values["body"] is not None:
        # A file goes further than the database: with such a link its holder could become somebody in silence.
        values["body"] = hide_links(values["body"])
    return json.dumps(values, ensure_ascii=False, default=_plain).encode() + b"\n"


def line_to_row(table: Table, line: bytes) -> dict[str, Any]:
    """The row that a line holds. Raises `Refused` for what the table cannot hold."""
    try:
        values: dict[str, Any] = json.loads(line)
        if unknown := set(values) - set(table.columns.keys()):
            raise Refused(
                f"Säkerhetskopian passar inte: {table.name} har inget fält {', '.join(sorted(unknown))}."
            )
        if missing := {column.name for column in table.primary_key.columns} - set(values):
            raise KeyError(*missing)
        return {name: _typed(table.columns[name].type, value) for name, value in values.items()}
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise Refused(
            f"Säkerhetskopian passar inte: en rad i {table.name} går inte att läsa. Inget har ändrats."
        ) from error


def _plain(value: Any) -> str:
    if isinstance(value, datetime | date):
        return value.isoformat()
    raise TypeError(f"no portable form for {type(value).__name__}")


def _typed(kind: TypeEngine[Any], value: Any) -> Any:
    """A value as the column wants it. Raises `ValueError` or `TypeError` for one of another kind."""
    if isinstance(kind, TypeDecorator):
        kind = kind.impl_instance
    if value is None or isinstance(kind, JSON):
        return value
    for written, read in _WRITTEN:
        if isinstance(kind, written):
            return read(value)
    for known, taken in _TAKEN:
        if isinstance(kind, known) and (type(value) not in taken or not _is_in_range(value)):
            raise TypeError(type(value).__name__)
    return value


_WRITTEN: tuple[tuple[type, Callable[[Any], Any]], ...] = (
    (DateTime, datetime.fromisoformat),
    (Date, date.fromisoformat),
)
_TAKEN: tuple[tuple[type, tuple[type, ...]], ...] = (
    (Boolean, (bool,)),
    (Integer, (int,)),
    (Float, (int, float)),
    (String, (str,)),
)


def _is_in_range(value: object) -> bool:
    return not isinstance(value, int) or -_LARGEST <= value < _LARGEST
