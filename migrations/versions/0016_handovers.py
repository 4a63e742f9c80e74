"""Handovers of the lead of a run, with the brief as it was."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "run_handover",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(32), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("offered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("offered_by_id", sa.Integer(), nullable=True),
        sa.Column("offered_by_name", sa.String(100), nullable=False),
        sa.Column("to_words", sa.String(80), nullable=False),
        sa.Column("to_user_id", sa.Integer(), nullable=True),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("brief", sa.JSON(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("answered_by_name", sa.String(100), nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id"], ["run.id"], name="fk_run_handover_run_id_run", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["offered_by_id"], ["user.id"], name="fk_run_handover_offered_by_id_user"),
        sa.ForeignKeyConstraint(["to_user_id"], ["user.id"], name="fk_run_handover_to_user_id_user"),
        sa.ForeignKeyConstraint(["answered_by_id"], ["user.id"], name="fk_run_handover_answered_by_id_user"),
        sa.PrimaryKeyConstraint("id", name="pk_run_handover"),
        sa.UniqueConstraint("public_id", name="uq_run_handover_public_id"),
    )
    op.create_index("ix_run_handover_run_id", "run_handover", ["run_id"])


def downgrade() -> None:
    op.drop_table("run_handover")
