"""Who has chosen to be mailed about runs, and which late steps have been told."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "run_mail_choice",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("late_steps", sa.Boolean(), nullable=False),
        sa.Column("follow_ups", sa.Boolean(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name="fk_run_mail_choice_user_id_user"),
        sa.PrimaryKeyConstraint("user_id", name="pk_run_mail_choice"),
    )
    op.create_table(
        "run_late_notice",
        sa.Column("step_id", sa.Integer(), nullable=False),
        sa.Column("noticed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["step_id"], ["run_step.id"], name="fk_run_late_notice_step_id_run_step", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("step_id", name="pk_run_late_notice"),
    )


def downgrade() -> None:
    op.drop_table("run_late_notice")
    op.drop_table("run_mail_choice")
