"""Two versions of a text beside each other, with the names that topics and units have now."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from kb.library.content.comparing import changed_words, compare
from kb.library.content.document import Document
from kb.library.core.models.items import Revision
from kb.library.core.queries.topics import topic_names
from kb.library.core.queries.versions import unit_names


def compare_documents(session: Session, old: Document | None, new: Document) -> list[dict[str, Any]]:
    """The rows of the comparison, as `compare` gives them."""
    return compare(old, new, topics=topic_names(session), units=unit_names(session))


def compare_two(
    session: Session, revisions: Mapping[int, Revision], chosen: Sequence[int | None]
) -> dict[str, Any]:
    """What the page of a history shows of two revisions: those that are chosen by number, else the newest two."""
    old, new = _pair(revisions, chosen)
    if old is None or new is None:
        return {"old": None, "new": None, "rows": [], "changed": ""}
    rows = compare_documents(session, old.content, new.content)
    return {"old": old, "new": new, "rows": rows, "changed": changed_words(rows)}


def _pair(
    revisions: Mapping[int, Revision], chosen: Sequence[int | None]
) -> tuple[Revision | None, Revision | None]:
    if all(number in revisions for number in chosen):
        first, last = sorted(number for number in chosen if number is not None)
        return revisions[first], revisions[last]
    numbers = sorted(revisions, reverse=True)
    if len(numbers) < 2:
        return None, None
    return revisions[numbers[1]], revisions[numbers[0]]
