"""A sequence of changes that the index of every node follows; the nodes; when what recurs was done for all of them."""

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_COUNTERS = {"change": 0, "history": secrets.randbelow(2**31)}


def upgrade() -> None:
    # Jobs that wait in the queue `search` stay: the worker turns them into changes, those of a damaged payload too.
    op.create_table(
        "search_change",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("token", sa.String(length=16), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_search_change"),
    )
    op.create_table(
        "search_node",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("host", sa.String(length=255), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("generation", sa.String(length=80), nullable=False),
        sa.Column("key_print", sa.String(length=32), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_search_node"),
    )
    op.create_table(
        "job_schedule",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("name", name="pk_job_schedule"),
    )
    setting = sa.table("search_setting", sa.column("name"), sa.column("value"))
    op.bulk_insert(setting, [{"name": name, "value": value} for name, value in _COUNTERS.items()])


def downgrade() -> None:
    op.execute("DELETE FROM search_setting WHERE name IN ('change', 'history')")
    for table in ("job_schedule", "search_node", "search_change"):
        op.drop_table(table)
