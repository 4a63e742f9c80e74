"""The topics, and how many texts each has in each phase."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kb.accounts.viewer import Viewer
from kb.errors import NotFound
from kb.library.core.addresses import present_slugs
from kb.library.core.models.items import ContentItem, ItemPhase
from kb.library.core.models.topics import Topic, item_topic
from kb.library.core.visibility import (
    visible,
)


@dataclass(frozen=True)
class TopicView:
    """A topic as pages need it."""

    slug: str
    name: str
    icon: str
    intro: str
    leads: dict[str, dict[str, str]]


def list_topics(session: Session) -> list[TopicView]:
    """All topics in their order."""
    query = select(Topic.slug, Topic.name, Topic.icon, Topic.intro, Topic.leads).order_by(
        Topic.position, Topic.sort_key
    )
    return [TopicView(*row) for row in session.execute(query)]


def get_topic(session: Session, slug: str) -> TopicView:
    """One topic; its leads by the addresses that they have now. Raises `NotFound`."""
    row = session.execute(
        select(Topic.slug, Topic.name, Topic.icon, Topic.intro, Topic.leads).where(Topic.slug == slug)
    ).one_or_none()
    if row is None:
        raise NotFound
    now = present_slugs(session, {lead for leads in row.leads.values() for lead in leads.values()})
    leads = {phase: {kind: now[lead] for kind, lead in leads.items()} for phase, leads in row.leads.items()}
    return TopicView(row.slug, row.name, row.icon, row.intro, leads)


def topic_names(session: Session) -> dict[str, str]:
    """Slug → name of all topics, in their order."""
    query = select(Topic.slug, Topic.name).order_by(Topic.position, Topic.sort_key)
    return {row.slug: row.name for row in session.execute(query)}


def count_map(session: Session, viewer: Viewer) -> dict[tuple[str, str, str], int]:
    """(topic, phase, kind) → how many visible items; an item may count in several cells."""
    query = (
        select(Topic.slug, ItemPhase.phase, ContentItem.kind, func.count())
        .select_from(ContentItem)
        .join(item_topic, item_topic.c.item_id == ContentItem.id)
        .join(Topic, Topic.id == item_topic.c.topic_id)
        .join(ItemPhase, ItemPhase.item_id == ContentItem.id)
        .where(visible(viewer))
        .group_by(Topic.slug, ItemPhase.phase, ContentItem.kind)
    )
    return {(topic, phase, kind): number for topic, phase, kind, number in session.execute(query)}
