"""Jobs that are given up are set aside, with the time; messages know what makes them anew."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("job") as batch_op:
        batch_op.add_column(sa.Column("set_aside_at", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("mail_message") as batch_op:
        batch_op.add_column(sa.Column("renewal", sa.JSON(), nullable=True))
    # The earlier version gave up after ten attempts, without saying so in the row.
    op.execute("UPDATE job SET set_aside_at = run_at, leased_until = NULL WHERE attempts >= 10")


def downgrade() -> None:
    with op.batch_alter_table("mail_message") as batch_op:
        batch_op.drop_column("renewal")
    with op.batch_alter_table("job") as batch_op:
        batch_op.drop_column("set_aside_at")
