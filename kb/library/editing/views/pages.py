"""What only the application knows of addresses: whether the site has a page there."""

from collections.abc import Iterator

from flask import current_app
from sqlalchemy.orm import Session
from werkzeug.exceptions import HTTPException

from kb.library.content.deadlinks import DeadLink, dead_links, named_slugs
from kb.library.content.document import Document
from kb.library.editing import worklist


def is_page(address: str) -> bool:
    """Whether the site has a page at an address."""
    try:
        current_app.url_map.bind("").match(address)
    except HTTPException:
        return False
    return True


def dead_links_of(session: Session, document: Document) -> Iterator[DeadLink]:
    """The links of a document that lead nowhere."""
    return dead_links(document, worklist.known_targets(session, named_slugs(document)), is_page)
