"""Keeping the small lists: an organisation's own numbers and topics, the short cuts of the start page."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kb.accounts.viewer import Viewer
from kb.audit.services import record
from kb.errors import Invalid, NotFound, Refused
from kb.library.content.references import slug_of
from kb.library.core.models.items import ContentItem
from kb.library.core.models.lists import CommonSituation, ImportantNumber
from kb.library.core.models.topics import Topic, item_topic
from kb.library.core.projection import find_by_slug, restamp
from kb.text.slugs import slugify

# Pages of situations that are no topics: /nu/annat, /nu/filmad.
RESERVED = frozenset({"annat", "filmad"})
MAX_SITUATIONS = 8


def save_number(
    session: Session, number_id: int | None, *, label: str, number: str, note: str, by: Viewer
) -> ImportantNumber:
    """Add or change one of the organisation's own numbers. Raises `NotFound`, also for a national one."""
    row = _own_number(session, number_id) if number_id else ImportantNumber(is_local=True)
    row.label, row.number, row.note = label.strip(), number.strip(), note.strip()
    session.add(row)
    restamp(session)
    record(session, "settings.changed", actor=by.actor, setting="viktiga nummer")
    return row


def remove_number(session: Session, number_id: int, *, by: Viewer) -> None:
    """Take away one of the organisation's own numbers."""
    session.delete(_own_number(session, number_id))
    restamp(session)
    record(session, "settings.changed", actor=by.actor, setting="viktiga nummer")


def _own_number(session: Session, number_id: int) -> ImportantNumber:
    row = session.get(ImportantNumber, number_id)
    if row is None or not row.is_local:
        raise NotFound
    return row


def save_topic(session: Session, slug: str | None, *, name: str, intro: str, by: Viewer) -> Topic:
    """Add a topic, or change the name and the introduction of one; the address stays.

    Raises `Invalid` when another topic has the name.
    """
    name = name.strip()
    other = session.scalar(
        select(Topic).where(func.lower(Topic.name) == name.lower(), Topic.slug != (slug or ""))
    )
    if other is not None:
        raise Invalid("name", f"Det finns redan ett ämne som heter {other.name}.")
    topic = _topic(session, slug) if slug else _new_topic(session, name)
    topic.name, topic.intro = name, intro.strip()
    restamp(session)
    record(session, "settings.changed", actor=by.actor, setting="ämnen")
    return topic


def remove_topic(session: Session, slug: str, *, by: Viewer) -> None:
    """Take away a topic that no text belongs to. Raises `Refused` when one does."""
    topic = _topic(session, slug)
    used = session.scalar(select(func.count()).where(item_topic.c.topic_id == topic.id)) or 0
    if used:
        raise Refused(f"{used} texter hör till ämnet {topic.name}. Flytta dem till ett annat ämne först.")
    session.delete(topic)
    restamp(session)
    record(session, "settings.changed", actor=by.actor, setting="ämnen")


def _topic(session: Session, slug: str) -> Topic:
    topic = session.scalar(select(Topic).where(Topic.slug == slug))
    if topic is None:
        raise NotFound
    return topic


def _new_topic(session: Session, name: str) -> Topic:
    slug = slugify(name)
    if not any(map(str.isalnum, name)):
        raise Invalid("name", "Skriv ett namn med bokstäver.")
    if session.scalar(select(Topic.id).where(Topic.slug == slug)) is not None or slug in RESERVED:
        raise Invalid("name", "Adressen som namnet ger används redan. Välj ett annat namn.")
    last = session.scalar(select(func.max(Topic.position))) or 0
    topic = Topic(slug=slug, name=name, icon="mapp", position=last + 1)
    session.add(topic)
    return topic


def save_situations(session: Session, rows: list[tuple[str, str]], *, by: Viewer) -> None:
    """Set the common situations: (title, slug or address of a text) in order; rows without a title are left out.

    Raises `Invalid` with a field `rad-N` (from 1) for a text that does not exist.
    """
    kept = [(n, title.strip(), address) for n, (title, address) in enumerate(rows, start=1) if title.strip()]
    if len(kept) > MAX_SITUATIONS:
        raise Invalid(f"rad-{kept[-1][0]}", f"Högst {MAX_SITUATIONS} lägen får plats.")
    found = [(title, _text_at(session, address, number)) for number, title, address in kept]
    icons = {row.item_slug: row.icon for row in session.scalars(select(CommonSituation))}
    for row in session.scalars(select(CommonSituation)):
        session.delete(row)
    session.flush()
    for position, (title, item) in enumerate(found):
        icon = icons.get(item.slug) or (item.topics[0].icon if item.topics else item.kind)
        session.add(CommonSituation(title=title, icon=icon, item_slug=item.slug, position=position))
    restamp(session)
    record(session, "settings.changed", actor=by.actor, setting="vanliga lägen")


def _text_at(session: Session, address: str, number: int) -> ContentItem:
    item = find_by_slug(session, slug_of(address))
    if item is None:
        raise Invalid(f"rad-{number}", f"Det finns ingen text med adressen ”{address}”.")
    return item
