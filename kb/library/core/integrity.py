"""Whether all that is stored can be read: every revision, not only those that pages happen to show."""

from collections.abc import Iterator

from sqlalchemy import Connection, select

from kb.db import Database
from kb.library.content.document import KIND_PATHS, from_dict
from kb.library.core.models.items import ContentItem, Revision

_FEW = 100  # at a time: a document may be large


def problems(database: Database) -> Iterator[str]:
    """What `flask ops check` says of the texts."""
    with database.snapshot() as connection:
        yield from [f"Texterna: {words}" for words in unreadable_revisions(connection)]


def unreadable_revisions(connection: Connection) -> Iterator[str]:
    """One line for each revision that cannot be read: its text, number and what is wrong with it."""
    query = (
        select(Revision.id, Revision.number, Revision.document, ContentItem.kind, ContentItem.slug)
        .join(ContentItem, ContentItem.id == Revision.item_id)
        .order_by(Revision.id)
    )
    for row in connection.execute(query, execution_options={"yield_per": _FEW}):
        try:
            document = from_dict(row.document)
            if from_dict(document.to_dict()) != document:
                raise ValueError("does not come back as it was stored")
            if document.kind != row.kind:
                raise ValueError("another kind than its text")
        except (ValueError, RecursionError) as error:
            path = f"/{KIND_PATHS.get(row.kind, row.kind)}/{row.slug}"
            yield f"revision {row.number} av {path} går inte att läsa (rad {row.id} i revision: {error})"
