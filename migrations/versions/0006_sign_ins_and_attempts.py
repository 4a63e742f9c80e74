"""Attempts in rows of one span each, known networks, and more about sign-ins and one-time links."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.execute("DELETE FROM attempt")  # counts of the last two hours, under keys that are no longer used
    with op.batch_alter_table("attempt", schema=None) as batch_op:
        batch_op.drop_index("ix_attempt_key_hash_started_at")
        batch_op.add_column(sa.Column("latest_at", MOMENT, nullable=False))
        batch_op.create_unique_constraint(op.f("uq_attempt_key_hash_started_at"), ["key_hash", "started_at"])
        batch_op.create_index("ix_attempt_started_at", ["started_at"], unique=False)
    op.create_table(
        "known_network",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("last_used_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_known_network")),
        sa.UniqueConstraint("key_hash", name=op.f("uq_known_network_key_hash")),
    )
    with op.batch_alter_table("user", schema=None) as batch_op:
        batch_op.add_column(sa.Column("sign_ins_ended_at", MOMENT, nullable=True))
        batch_op.add_column(sa.Column("notices_seen_at", MOMENT, nullable=True))
    with op.batch_alter_table("sign_in", schema=None) as batch_op:
        batch_op.add_column(sa.Column("is_shared", sa.Boolean(), nullable=True))
        batch_op.add_column(sa.Column("password_at", MOMENT, nullable=True))
    op.execute("UPDATE sign_in SET is_shared = false, password_at = created_at")
    with op.batch_alter_table("sign_in", schema=None) as batch_op:
        batch_op.alter_column("is_shared", existing_type=sa.Boolean(), nullable=False)
        batch_op.alter_column("password_at", existing_type=MOMENT, nullable=False)
    with op.batch_alter_table("one_time_link", schema=None) as batch_op:
        batch_op.add_column(sa.Column("is_mailed", sa.Boolean(), nullable=True))
    # Until now only what somebody asked for under "Glömt lösenordet" was made by the system and lived for two hours;
    # links from the terminal look the same, and count as mailed for the rest of their day.
    op.execute("UPDATE one_time_link SET is_mailed = (purpose = 'losenord' AND created_by = 'system')")
    with op.batch_alter_table("one_time_link", schema=None) as batch_op:
        batch_op.alter_column("is_mailed", existing_type=sa.Boolean(), nullable=False)


def downgrade() -> None:
    with op.batch_alter_table("one_time_link", schema=None) as batch_op:
        batch_op.drop_column("is_mailed")
    with op.batch_alter_table("sign_in", schema=None) as batch_op:
        batch_op.drop_column("password_at")
        batch_op.drop_column("is_shared")
    with op.batch_alter_table("user", schema=None) as batch_op:
        batch_op.drop_column("notices_seen_at")
        batch_op.drop_column("sign_ins_ended_at")
    op.drop_table("known_network")
    with op.batch_alter_table("attempt", schema=None) as batch_op:
        batch_op.drop_index("ix_attempt_started_at")
        batch_op.drop_constraint(op.f("uq_attempt_key_hash_started_at"), type_="unique")
        batch_op.drop_column("latest_at")
        batch_op.create_index("ix_attempt_key_hash_started_at", ["key_hash", "started_at"], unique=False)
