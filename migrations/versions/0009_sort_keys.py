"""Stored keys for Swedish order. A frozen copy of `kb.text.order` as it was when this was written."""

import json
import re
import unicodedata
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_KEY = sa.String(240).with_variant(sa.String(240, collation="C"), "postgresql")
_NAMED = {"unit": "name", "user": "name", "topic": "name", "content_item": "title", "glossary_term": "term"}
_LETTERS = str.maketrans(
    {"å": "{", "ä": "|", "æ": "|", "ö": "}", "ø": "}", "ü": "y", "ð": "d", "þ": "th", "ł": "l"}
)
_ACCENTS = re.compile("[\u0300-\u036f]")
_NUMBER = re.compile(r"[0-9]{1,12}")
_BETWEEN = re.compile(r"[^0-9a-z{|}]+")


def upgrade() -> None:
    for table in (*_NAMED, "revision"):
        op.add_column(table, sa.Column("sort_key", _KEY, nullable=False, server_default=""))
    for table, column in _NAMED.items():
        _fill(table, sa.column(column), lambda name: name)
    _fill("revision", sa.column("document"), _title_of)
    op.create_index("ix_content_item_sort_key", "content_item", ["sort_key"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_content_item_sort_key", table_name="content_item")
    for table in (*_NAMED, "revision"):
        op.drop_column(table, "sort_key")


def _fill(name: str, column: Any, read: Any) -> None:
    table = sa.table(name, sa.column("id"), column, sa.column("sort_key"))
    connection = op.get_bind()
    change = table.update().where(table.c.id == sa.bindparam("row")).values(sort_key=sa.bindparam("key"))
    rows = connection.execute(sa.select(table.c.id, column)).all()
    keys = [{"row": row[0], "key": _key(read(row[1]) or "")} for row in rows]
    if keys:
        connection.execute(change, keys)


def _title_of(document: Any) -> str:
    try:
        data = json.loads(document) if isinstance(document, str) else document
    except (ValueError, RecursionError):  # a damaged row stops no upgrade; `ops check` names it
        return ""
    return str(data.get("title", "")) if isinstance(data, dict) else ""


def _key(text: str) -> str:
    letters = unicodedata.normalize("NFC", text).casefold().translate(_LETTERS)
    plain = _ACCENTS.sub("", unicodedata.normalize("NFD", letters))
    return _NUMBER.sub(lambda number: number[0].zfill(12), _BETWEEN.sub(" ", plain)).strip()[:240]
