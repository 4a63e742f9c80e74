"""Topics and common situations that nobody changed lead to the texts that are shipped now."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

TOPIC = sa.table("topic", sa.column("slug", sa.String), sa.column("leads", sa.JSON))
SITUATION = sa.table("common_situation", sa.column("title", sa.String), sa.column("item_slug", sa.String))
MORNING = "morgonen-efter-hot-eller-vald"
BEFORE = {"hot": "stod-och-atergang-efter-hot", "vald": "krisstod-med-stod-i-kunskap"}
RINGING = ("Journalisten ringer", "media-dela-pa-uppdraget", "journalisten-ringer")


def upgrade() -> None:
    _lead({slug: (old, MORNING) for slug, old in BEFORE.items()})
    title, old, new = RINGING
    _name(title, old, new)


def downgrade() -> None:
    _lead({slug: (MORNING, old) for slug, old in BEFORE.items()})
    title, old, new = RINGING
    _name(title, new, old)


def _lead(changes: dict[str, tuple[str, str]]) -> None:
    """Change the guidance after the crisis where it still is the one that was shipped."""
    connection = op.get_bind()
    for slug, leads in connection.execute(sa.select(TOPIC.c.slug, TOPIC.c.leads)).all():
        old, new = changes.get(slug, ("", ""))
        after = (leads or {}).get("efter", {})
        if old and after.get("vagledning") == old:
            changed = {**leads, "efter": {**after, "vagledning": new}}
            connection.execute(sa.update(TOPIC).where(TOPIC.c.slug == slug).values(leads=changed))


def _name(title: str, old: str, new: str) -> None:
    op.get_bind().execute(
        sa.update(SITUATION)
        .where(SITUATION.c.title == title, SITUATION.c.item_slug == old)
        .values(item_slug=new)
    )
