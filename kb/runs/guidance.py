"""What the steps of a run refer to, as it is now: texts may be moved, taken away or narrowed while a run goes on."""

from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from kb.accounts.viewer import Viewer
from kb.library.core.models.items import ContentItem, ItemSlug
from kb.library.core.queries.reading import visible_replacement
from kb.library.core.visibility import may_read, visible
from kb.library.core.workflow import Status
from kb.runs.models import Run
from kb.text.wording import swedish_date


@dataclass(frozen=True)
class Guidance:
    """What a step refers to: a text. `gone` says that it was taken away; the text is then the one that is `instead`."""

    title: str
    kind: str = ""
    slug: str = ""
    gone: str = ""
    instead: str = ""


def guidance_of(session: Session, viewer: Viewer, run: Run) -> dict[str, Guidance]:
    """Slug of a step's guidance → where to read it, or that it was taken away and why.

    What the viewer cannot read is left out, title and all.
    """
    titles = {step.guidance_slug: step.guidance_title for step in run.steps if step.guidance_slug}
    if not titles:
        return {}
    former = {
        row.item_id: row.slug
        for row in session.execute(select(ItemSlug.item_id, ItemSlug.slug).where(ItemSlug.slug.in_(titles)))
    }
    query = select(ContentItem, visible(viewer)).where(
        or_(ContentItem.slug.in_(titles), ContentItem.id.in_(former)), may_read(viewer)
    )
    found: dict[str, Guidance] = {}
    for item, is_seen in session.execute(query):
        slug = item.slug if item.slug in titles else former[item.id]
        if is_seen:
            found[slug] = Guidance(titles[slug], item.kind, item.slug)
        elif item.status == Status.WITHDRAWN:
            found[slug] = _gone(session, viewer, item, titles[slug])
    return found


def _gone(session: Session, viewer: Viewer, item: ContentItem, title: str) -> Guidance:
    words = f"Borttagen {swedish_date(item.withdrawn_at)}. {item.withdrawn_reason or ''}".strip()
    instead = visible_replacement(session, viewer, item)
    if instead is None:
        return Guidance(title, gone=words)
    return Guidance(title, instead.kind, instead.slug, gone=words, instead=instead.name)
