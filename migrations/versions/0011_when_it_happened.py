"""A run counts its times from what happened, which may be before it was started."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("run", sa.Column("event_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE run SET event_at = started_at")
    with op.batch_alter_table("run") as batch:
        batch.alter_column("event_at", existing_type=sa.DateTime(timezone=True), nullable=False)


def downgrade() -> None:
    op.drop_column("run", "event_at")
