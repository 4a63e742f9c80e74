"""Words for the public ids of texts, for the audit log."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from kb.library.content.document import Visibility
from kb.library.core.models.items import ContentItem

FOR_A_UNIT = "en text för en enhet"


def names_by_public_id(session: Session, public_ids: Iterable[str]) -> dict[str, str]:
    """The titles behind these public ids, but not those of texts that only one unit may read."""
    query = select(ContentItem).where(ContentItem.public_id.in_(set(public_ids)))
    return {
        item.public_id: FOR_A_UNIT if item.visibility == Visibility.UNIT else item.name
        for item in session.scalars(query)
    }
