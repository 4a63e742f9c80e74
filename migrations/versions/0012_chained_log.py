"""Each line of a run's log carries the hash of the one before. What is there is chained as it stands.

A frozen copy of `kb.runs.log.chain` as it was when this was written.
"""

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_LINE = sa.table(
    "run_event",
    sa.column("id", sa.Integer),
    sa.column("run_id", sa.Integer),
    sa.column("client_id", sa.String),
    sa.column("kind", sa.String),
    sa.column("step_key", sa.String),
    sa.column("actor_id", sa.Integer),
    sa.column("actor_name", sa.String),
    sa.column("device_at", sa.DateTime(timezone=True)),
    sa.column("server_at", sa.DateTime(timezone=True)),
    sa.column("data", sa.Text),
    sa.column("number", sa.Integer),
    sa.column("previous_hash", sa.String),
    sa.column("hash", sa.String),
)
_RUN = sa.table(
    "run",
    sa.column("id", sa.Integer),
    sa.column("public_id", sa.String),
    sa.column("log_count", sa.Integer),
    sa.column("log_head", sa.String),
)
_SEALED = (
    "id",
    "number",
    "previous_hash",
    "client_id",
    "kind",
    "step_key",
    "actor_id",
    "actor_name",
    "device_at",
    "server_at",
    "data",
)


def upgrade() -> None:
    op.add_column("run", sa.Column("log_count", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("run", sa.Column("log_head", sa.String(64), nullable=False, server_default=""))
    op.add_column("run_event", sa.Column("number", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("run_event", sa.Column("previous_hash", sa.String(64), nullable=False, server_default=""))
    op.add_column("run_event", sa.Column("hash", sa.String(64), nullable=False, server_default=""))
    _chain_all()
    with op.batch_alter_table("run_event") as batch:
        batch.create_unique_constraint("uq_run_event_run_id_number", ["run_id", "number"])


def downgrade() -> None:
    with op.batch_alter_table("run_event") as batch:
        batch.drop_constraint("uq_run_event_run_id_number", type_="unique")
        for name in ("number", "previous_hash", "hash"):
            batch.drop_column(name)
    with op.batch_alter_table("run") as batch:
        for name in ("log_count", "log_head"):
            batch.drop_column(name)


def _chain_all() -> None:
    connection = op.get_bind()
    change = (
        sa.update(_LINE)
        .where(_LINE.c.id == sa.bindparam("row"))
        .values({name: sa.bindparam(f"new_{name}") for name in ("number", "previous_hash", "hash")})
    )
    end = (
        sa.update(_RUN)
        .where(_RUN.c.id == sa.bindparam("row"))
        .values({name: sa.bindparam(f"new_{name}") for name in ("log_count", "log_head")})
    )
    for run_id, public_id in connection.execute(sa.select(_RUN.c.id, _RUN.c.public_id)).all():
        lines = _chain(public_id, _lines_of(connection, run_id))
        if lines:
            connection.execute(change, lines)
            last = {
                "row": run_id,
                "new_log_count": lines[-1]["new_number"],
                "new_log_head": lines[-1]["new_hash"],
            }
            connection.execute(end, last)


def _lines_of(connection: Any, run_id: int) -> list[dict[str, Any]]:
    columns = [column for column in _LINE.c if column.name not in ("data", "number", "previous_hash", "hash")]
    query = sa.select(*columns, sa.cast(_LINE.c.data, sa.Text).label("data"))
    rows = connection.execute(query.where(_LINE.c.run_id == run_id).order_by(_LINE.c.id)).all()
    return [dict(row._mapping) for row in rows]


def _chain(public_id: str, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    found, head = [], ""
    for number, row in enumerate(rows, start=1):
        line = row | {"number": number, "previous_hash": head, "data": _read(row["data"])}
        sealed = _digest(public_id, line)
        found.append({"row": row["id"], "new_number": number, "new_previous_hash": head, "new_hash": sealed})
        head = sealed
    return found


def _read(text: str) -> Any:
    """The stored JSON; damaged, it is sealed as it stands, and stays damaged."""
    try:
        return json.loads(text)
    except ValueError:
        return text


def _digest(public_id: str, line: dict[str, Any]) -> str:
    values = {name: line[name] for name in _SEALED} | {"run": public_id}
    plain = json.dumps(values, sort_keys=True, separators=(",", ":"), default=_moment)
    return hashlib.sha256(plain.encode()).hexdigest()


def _moment(value: datetime) -> str:
    aware = value if value.tzinfo else value.replace(tzinfo=UTC)
    return aware.astimezone(UTC).isoformat(timespec="microseconds")
