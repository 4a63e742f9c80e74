"""What remains of a run: follow-ups with their day, kept when it has ended."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "run_follow_up",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(32), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("is_duty", sa.Boolean(), nullable=False),
        sa.Column("step_key", sa.String(200), nullable=False),
        sa.Column("provision", sa.Text(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("mail_role", sa.String(20), nullable=False),
        sa.Column("mail_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("mailed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("moves", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_by_id", sa.Integer(), nullable=True),
        sa.Column("done_by_name", sa.String(100), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id"], ["run.id"], name="fk_run_follow_up_run_id_run", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["done_by_id"], ["user.id"], name="fk_run_follow_up_done_by_id_user"),
        sa.PrimaryKeyConstraint("id", name="pk_run_follow_up"),
        sa.UniqueConstraint("public_id", name="uq_run_follow_up_public_id"),
    )
    op.create_index("ix_run_follow_up_run_id", "run_follow_up", ["run_id"])
    op.create_index("ix_run_follow_up_done_at_due_at", "run_follow_up", ["done_at", "due_at"])
    op.create_index("ix_run_follow_up_mailed_at_mail_at", "run_follow_up", ["mailed_at", "mail_at"])


def downgrade() -> None:
    op.drop_table("run_follow_up")
