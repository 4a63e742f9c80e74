"""Drafts: a new text, saving, bringing an older revision back, deleting what was never published."""

from sqlalchemy.orm import Session

from kb import clock
from kb.accounts.viewer import Viewer
from kb.errors import Invalid, Refused
from kb.library.content.document import Document
from kb.library.core import workflow
from kb.library.core.models.items import ITEM_CLASSES, ContentItem, Revision
from kb.library.core.projection import adopt_links, find_by_slug, project
from kb.library.core.workflow import Act, State, Way
from kb.library.services.noting import note_event
from kb.library.services.publication import index
from kb.library.services.revisions import RevisionConflict, add_revision
from kb.text.slugs import slugify, unique_slug


def create_item(
    session: Session, document: Document, *, by: Viewer, slug: str = "", reason: str = "Ny text"
) -> ContentItem:
    """A new item with its first draft. Raises `Invalid` for an empty title or a slug that is taken."""
    if not document.title.strip():
        raise Invalid("title", "Skriv en titel.")
    if slug and find_by_slug(session, slugify(slug)) is not None:
        raise Invalid("slug", f"Adressen ”{slugify(slug)}” används redan.")
    item = new_item(session, document, slugify(slug) if slug else _free_slug(session, document.title))
    item.is_edited_here = True
    add_revision(session, item, document, by=by, reason=reason)
    item.workflow = State.DRAFT
    note_event(session, "item.created", item, by=by, kind=item.kind)
    return item


def new_item(session: Session, document: Document, slug: str) -> ContentItem:
    """A bare item, projected, without a revision yet."""
    now = clock.now()
    item = ITEM_CLASSES[document.kind](
        kind=document.kind, slug=slug, title=document.title, created_at=now, updated_at=now
    )
    session.add(item)
    session.flush()
    project(session, item, document)
    adopt_links(session, item)
    return item


def save_draft(
    session: Session, item: ContentItem, document: Document, *, base: int | None, by: Viewer, reason: str = ""
) -> Revision:
    """Save a working copy on top of revision `base`; unchanged content makes no revision.

    Raises `RevisionConflict` when `base` is not the newest, `Invalid` for an empty title.
    """
    if not document.title.strip():
        raise Invalid("title", "Skriv en titel.")
    latest = item.latest_revision
    if latest is not None and latest.digest == document.digest:
        return latest  # also when the same form was sent twice, with a base that is the newest no more
    if latest is not None and base != latest.id:
        raise RevisionConflict(current=latest)
    revision = add_revision(session, item, document, by=by, reason=reason)
    _take_in(session, item, revision)
    note_event(session, "item.saved", item, by=by, revision=revision.number)
    return revision


def restore(
    session: Session, item: ContentItem, revision: Revision, *, base: int | None, by: Viewer
) -> Revision:
    """Make an older revision the working copy again (a new revision; nothing is lost)."""
    if revision.item_id != item.id:
        raise Refused("Versionen hör till en annan text.")
    latest = item.latest_revision
    if latest is not None and base != latest.id:
        raise RevisionConflict(
            "Texten har ändrats sedan du öppnade historiken. Öppna den igen.", current=latest
        )
    if latest is not None and latest.digest == revision.digest:
        return latest
    restored = add_revision(
        session,
        item,
        revision.content,
        by=by,
        reason=f"Hämtad från version {revision.number}",
        way=Way.RESTORED,
    )
    _take_in(session, item, restored)
    note_event(session, "item.restored", item, by=by, revision=restored.number, from_revision=revision.number)
    return restored


def _take_in(session: Session, item: ContentItem, revision: Revision) -> None:
    """The item has a new working copy; one that is equal to what readers see leaves nothing to do."""
    published = item.published_revision
    is_done = item.is_published and published is not None and published.digest == revision.digest
    item.workflow = State.REST if is_done else workflow.after(item.workflow, Act.SAVE)
    item.is_edited_here = True
    if not item.version:
        project(session, item, revision.content)


def _free_slug(session: Session, title: str) -> str:
    return unique_slug(slugify(title), lambda slug: find_by_slug(session, slug) is not None)


def delete_draft(session: Session, item: ContentItem, *, seen: int | None, by: Viewer) -> None:
    """Delete a text that was never published, with all its revisions; `seen` is the revision the person has read.

    Raises `Refused` once it has been published, `RevisionConflict` when there is a newer revision.
    """
    if item.version or item.is_published:
        raise Refused("Texten har varit publicerad. Då raderas den inte: du kan ta bort den för läsarna.")
    if item.latest_revision_id != seen:
        raise RevisionConflict(
            "Texten har ändrats sedan du öppnade den. Läs den nya versionen innan du raderar.",
            current=item.latest_revision,
        )
    note_event(session, "item.deleted", item, by=by, kind=item.kind)
    index(session, item)
    item.latest_revision = None
    session.flush()
    session.delete(item)
    session.flush()
