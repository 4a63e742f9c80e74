"""Stored text in the one spelling (NFC), without direction marks; accounts whose addresses look the same are one.

A frozen copy of the rules of `kb.text.characters` as they were when this was written. Not undone: the old spelling of
a word says nothing.
"""

import hashlib
import json
import re
import secrets
import unicodedata
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.exc import IntegrityError

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

# Logs and counts are left as they were written; what is signed, hashed or sent already, too.
_PASSED_OVER = {
    "alembic_version",
    "attempt",
    "audit_event",
    "job",
    "mail_message",
    "search_count",
    "sign_in",
}
_MAY_GO = {"item_label", "synonym", "promoted_answer", "ignored_query", "glossary_term"}
_TEXTS_WITH_LINES = {"text", "closing_note", "definition", "intro", "note", "secrecy"}
_NAMELESS = {"title": "Utan titel", "name": "Utan namn"}
_NEEDED = {"do", "id", "label", "number", "section", "statute", "text"}
_EMPTY = "–"
_SEPARATOR = re.compile("[\x0b\x0c\x1c-\x1f\x85\u2028\u2029]+")
_REMOVED = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ufffe\uffff]")
_OVERLAY = "\u0338"  # composes with "<" and ">", which would take a tag apart
_BRACKET = re.compile("([<>])")
_NOT_SEEN = {"Cc", "Cf", "Cs", "Zs", "Zl", "Zp", "Mn", "Me"}
_MOST_MARKS = 30
_MANY_SIGNS = re.compile(rf"[^\w\s\x21-\x7e]{{{_MOST_MARKS + 1},}}")


def upgrade() -> None:
    connection = op.get_bind()
    tables = sa.MetaData()
    tables.reflect(connection)
    digests = _mend_revisions(connection, tables.tables["revision"])
    _mend_users(connection, tables)
    changed: set[int] = set(digests)
    for _name, table in sorted(tables.tables.items()):
        if table.name not in _PASSED_OVER:
            rows = _mend_table(connection, table)
            if table.name == "content_item":
                changed |= rows
    if changed:
        _tell(connection, tables, changed)


def downgrade() -> None:
    """Nothing: the new spelling is as good for older code."""


# Rows


def _mend_revisions(connection: sa.Connection, table: sa.Table) -> set[int]:
    """Mend documents with their digests, and the digests of what was loaded; returns the items concerned."""
    items = sa.table("content_item", sa.column("id"), sa.column("loaded_digest"))
    changed = set()
    columns = [table.c.id, table.c.item_id, table.c.document, table.c.digest]
    for row in _rows(connection, table, columns):
        document = _mended(row.document)
        if document == row.document:
            continue
        canonical = json.dumps(document, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        digest = hashlib.sha256(canonical.encode()).hexdigest()
        values = {"document": document, "digest": digest}
        connection.execute(sa.update(table).where(table.c.id == row.id).values(values))
        same_load = (items.c.id == row.item_id) & (items.c.loaded_digest == row.digest)
        connection.execute(sa.update(items).where(same_load).values(loaded_digest=digest))
        changed.add(row.item_id)
    return changed


def _mend_table(connection: sa.Connection, table: sa.Table) -> set[int]:
    """Mend every text and every JSON value of a table; returns the first key of the rows that changed."""
    keys = list(table.primary_key.columns)
    columns = [c for c in table.columns if isinstance(c.type, sa.String | sa.JSON) and c.name != "document"]
    changed: set[int] = set()
    if not columns:
        return changed
    for row in _rows(connection, table, list({c.name: c for c in [*keys, *columns]}.values())):
        old = row._mapping
        values = {c.name: new for c in columns if (new := _mended(old[c.name], c.name)) != old[c.name]}
        if values:
            _write(connection, table, [key == old[key.name] for key in keys], values)
            changed.add(old[keys[0].name])
    return changed


def _rows(connection: sa.Connection, table: sa.Table, columns: list[sa.Column[Any]]) -> Iterator[sa.Row[Any]]:
    """The rows one by one: one that is damaged is passed over, and documents are not all in memory at once."""
    keys = list(table.primary_key.columns)
    for found in connection.execute(sa.select(*keys)).all():
        this = [key == found[place] for place, key in enumerate(keys)]
        try:
            yield connection.execute(sa.select(*columns).where(*this)).one()
        except ValueError:  # JSON that is none
            continue


def _write(connection: sa.Connection, table: sa.Table, this: list[Any], values: dict[str, Any]) -> None:
    """Write the values; where the other spelling has a row of its own already, one of the two is enough."""
    try:
        with connection.begin_nested():
            connection.execute(sa.update(table).where(*this).values(values))
    except IntegrityError:
        if table.name in _MAY_GO:
            connection.execute(sa.delete(table).where(*this))
        elif table.name == "unit":
            name = f"{values['name'][:90]} ({secrets.token_hex(2)})"
            connection.execute(sa.update(table).where(*this).values(name=name))


def _mend_users(connection: sa.Connection, tables: sa.MetaData) -> None:
    """Give each address to one account: the one that was used last. The others are closed, with their sign-ins."""
    user, sign_in, link = (tables.tables[name] for name in ("user", "sign_in", "one_time_link"))
    rows = connection.execute(
        sa.select(user.c.id, user.c.email, user.c.is_closed, user.c.last_sign_in_at)
    ).all()
    rows = sorted(
        rows, key=lambda r: (r.is_closed, r.last_sign_in_at is None, -_seconds(r.last_sign_in_at), r.id)
    )
    taken: dict[str, int] = {}
    for row in rows:
        taken.setdefault(_mended_email(row.email), row.id)
    kept = set(taken.values())
    now = datetime.now(UTC)
    for row in rows:
        if row.id not in kept:
            email = f"dubblett-{row.id}-{_mended_email(row.email)}"[:254]
            connection.execute(sa.update(user).where(user.c.id == row.id).values(email=email, is_closed=True))
            open_here = (sign_in.c.user_id == row.id) & sign_in.c.ended_at.is_(None)
            ended = {"ended_at": _moment(connection, now), "end_reason": "stängt konto"}
            connection.execute(sa.update(sign_in).where(open_here).values(ended))
    for email, user_id in taken.items():
        connection.execute(
            sa.update(user).where(user.c.id == user_id, user.c.email != email).values(email=email)
        )
    for row in connection.execute(sa.select(link.c.id, link.c.email)).all():
        email = _mended_email(row.email)
        if email != row.email:
            connection.execute(sa.update(link).where(link.c.id == row.id).values(email=email))


def _tell(connection: sa.Connection, tables: sa.MetaData, item_ids: set[int]) -> None:
    """Let search read the items anew, and let nothing that was kept in memory be shown."""
    now = _moment(connection, datetime.now(UTC))
    job, state = tables.tables["job"], tables.tables["library_state"]
    for item_id in sorted(item_ids):
        values = {"queue": "search", "name": "search.index_item", "payload": {"item": item_id}, "attempts": 0}
        connection.execute(sa.insert(job).values(**values, created_at=now, run_at=now))
    connection.execute(sa.update(state).values(stamp=secrets.token_hex(8)))


def _moment(connection: sa.Connection, now: datetime) -> datetime:
    return now.replace(tzinfo=None) if connection.dialect.name == "sqlite" else now


def _seconds(moment: datetime | None) -> float:
    return moment.replace(tzinfo=UTC).timestamp() if moment else 0.0


# Texts


def _mended(value: Any, name: str = "") -> Any:
    """Plain data with its texts mended; texts that turn out empty are left out, or named where one is needed."""
    if isinstance(value, str):
        return _mended_text(value, name)
    if isinstance(value, dict):
        return dict(_mended_entries(value))
    if isinstance(value, list):
        new = [_mended(entry, name) for entry in value]
        if all(isinstance(entry, str) for entry in new):
            return [word for word in dict.fromkeys(new) if word] if new != value else value
        return new
    return value


def _mended_entries(value: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, entry in value.items():
        new = _mended(entry, name)
        if new not in ("", []) or new == entry:
            yield _mended_text(name, ""), new


def _mended_text(text: str, name: str) -> str:
    if text.isascii() and text.isprintable():
        return text
    mended = _SEPARATOR.sub("\n" if name in _TEXTS_WITH_LINES else " ", text)
    mended = _REMOVED.sub("", mended)
    parts = _BRACKET.split(_MANY_SIGNS.sub(_fewer_marks, mended))
    mended = "".join(unicodedata.normalize("NFC", part).lstrip(_OVERLAY) for part in parts)
    if any(unicodedata.category(sign) not in _NOT_SEEN for sign in mended) or not text.strip():
        return mended
    return _NAMELESS.get(name, _EMPTY if name in _NEEDED else "")


def _mended_email(email: str) -> str:
    email = unicodedata.normalize("NFKC", _mended_text(email, "email"))
    email = unicodedata.normalize("NFKC", email.lower())
    return "".join(sign for sign in email if unicodedata.category(sign) != "Cf").strip()


def _fewer_marks(found: re.Match[str]) -> str:
    kept, marks = [], 0
    for sign in found[0]:
        marks = marks + len(unicodedata.normalize("NFD", sign)) if unicodedata.combining(sign) else 0
        if marks <= _MOST_MARKS:
            kept.append(sign)
    return "".join(kept)
