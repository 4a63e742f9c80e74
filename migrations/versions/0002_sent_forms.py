"""Which forms were sent: the same form sent again makes nothing double."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sent_form",
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("led_to", sa.String(length=300), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key_hash", name=op.f("pk_sent_form")),
    )
    with op.batch_alter_table("sent_form", schema=None) as batch_op:
        batch_op.create_index("ix_sent_form_led_to", ["led_to"], unique=False)
        batch_op.create_index("ix_sent_form_at", ["at"], unique=False)


def downgrade() -> None:
    op.drop_table("sent_form")
