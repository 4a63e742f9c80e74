"""From a document to the tables that lists, links and filters are made from."""

import re
import secrets
from collections.abc import Iterator
from datetime import date

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from kb.accounts.models import Unit
from kb.errors import Invalid
from kb.library.content.document import PATH_WORDS, Document, Provision
from kb.library.content.texts import rich_texts
from kb.library.core.models.items import ContentItem, ItemAudience, ItemLabel, ItemPhase, ItemSlug
from kb.library.core.models.links import REPLACED, Link
from kb.library.core.models.lists import LibraryState
from kb.library.core.models.provisions import LegalProvision
from kb.library.core.models.topics import Topic
from kb.text.slugs import slugify, unique_slug

_OWN_LINK = re.compile(rf'href="/(?:{PATH_WORDS})/([a-z0-9-]{{1,100}})(?![a-z0-9-])')


def project(session: Session, item: ContentItem, document: Document) -> None:
    """Write the document's fields, sortings and links to the tables.

    Raises `kb.errors.Invalid` for a topic or unit that does not exist.
    """
    item.title, item.summary, item.owner = document.title, document.summary, document.owner
    item.visibility = document.visibility
    item.unit_id = _unit_id(session, document)
    item.valid_from, item.valid_to = _day(document.valid_from), _day(document.valid_to)
    item.checked_on = _day(document.checked_on)
    item.review_interval_months = document.review_interval_months
    item.step_count = document.step_count
    item.topics = _topics(session, document)
    _sync(item.phase_rows, "phase", document.phases, ItemPhase)
    for position, row in enumerate(sorted(item.phase_rows, key=lambda row: document.phases.index(row.phase))):
        row.position = position
    _sync(item.audience_rows, "audience", document.audiences, ItemAudience)
    _sync(item.label_rows, "label", document.labels, ItemLabel)
    item.provisions = [_provision(session, provision) for provision in _distinct(document.provisions)]
    session.flush()
    _write_links(session, item, document)


def adopt_links(session: Session, item: ContentItem) -> None:
    """Tie links that were waiting for this item's slug (or a former one) to it."""
    former = select(ItemSlug.slug).where(ItemSlug.item_id == item.id)
    waiting = update(Link).where(Link.target_id.is_(None))
    session.execute(waiting.where(Link.target_slug == item.slug).values(target_id=item.id))
    session.execute(
        waiting.where(Link.target_slug.in_(former)).values(target_id=item.id),
        execution_options={"synchronize_session": False},
    )


def restamp(session: Session) -> None:
    """Tell all processes that what readers see has changed."""
    stamp = secrets.token_hex(8)
    state = session.get(LibraryState, 1)
    if state is None:
        session.add(LibraryState(id=1, stamp=stamp))
    else:
        state.stamp = stamp
    session.flush()


def find_by_slug(session: Session, slug: str) -> ContentItem | None:
    """The item with this slug, or that once had it."""
    item = session.scalar(select(ContentItem).where(ContentItem.slug == slug))
    if item is not None:
        return item
    return session.scalar(select(ContentItem).join(ItemSlug).where(ItemSlug.slug == slug))


def links_of(document: Document) -> Iterator[tuple[str, str, str, str]]:
    """(place, key, target slug, target step) for every link that the document makes."""
    for slug in document.related:
        yield "related", "", slug, ""
    if document.replaced_by:
        yield REPLACED, "", document.replaced_by, ""
    for step in document.steps():
        if step.guidance:
            yield "step", step.id, step.guidance, ""
    for number, lesson in enumerate(document.lessons):
        if lesson.item:
            yield "lesson", str(number), lesson.item, lesson.step
    html = " ".join(spot.value for spot in rich_texts(document))
    for slug in dict.fromkeys(_OWN_LINK.findall(html)):
        yield "body", "", slug, ""


def _write_links(session: Session, item: ContentItem, document: Document) -> None:
    session.execute(delete(Link).where(Link.item_id == item.id))
    found = list(links_of(document))
    targets = _target_ids(session, {slug for _place, _key, slug, _step in found})
    for position, (place, key, slug, step) in enumerate(found):
        session.add(
            Link(
                item_id=item.id,
                place=place,
                place_key=key,
                position=position,
                target_slug=slug,
                target_id=targets.get(slug),
                target_step=step,
            )
        )
    session.flush()


def _target_ids(session: Session, slugs: set[str]) -> dict[str, int]:
    if not slugs:
        return {}
    former = session.execute(select(ItemSlug.slug, ItemSlug.item_id).where(ItemSlug.slug.in_(slugs)))
    current = session.execute(select(ContentItem.slug, ContentItem.id).where(ContentItem.slug.in_(slugs)))
    return {**{row.slug: row.item_id for row in former}, **{row.slug: row.id for row in current}}


def _topics(session: Session, document: Document) -> list[Topic]:
    found = {
        topic.slug: topic for topic in session.scalars(select(Topic).where(Topic.slug.in_(document.topics)))
    }
    for slug in document.topics:
        if slug not in found:
            raise Invalid("topics", f"Ämnet ”{slug}” finns inte.")
    return [found[slug] for slug in dict.fromkeys(document.topics)]


def _unit_id(session: Session, document: Document) -> int | None:
    if not document.unit:
        return None
    unit_id = session.scalar(select(Unit.id).where(Unit.public_id == document.unit))
    if unit_id is None:
        raise Invalid("unit", "Enheten finns inte.")
    return unit_id


def _sync(rows: list, name: str, wanted: tuple[str, ...], row_class: type) -> None:  # type: ignore[type-arg]
    """Make the rows hold just the wanted words, keeping those that stay."""
    kept = {getattr(row, name): row for row in rows}
    rows[:] = [kept.get(word) or row_class(**{name: word}) for word in dict.fromkeys(wanted)]


def _distinct(provisions: tuple[Provision, ...]) -> list[Provision]:
    return list({(p.statute, p.section, p.in_force_from): p for p in provisions}.values())


def _provision(session: Session, provision: Provision) -> LegalProvision:
    query = select(LegalProvision).where(
        LegalProvision.statute == provision.statute,
        LegalProvision.section == provision.section,
        LegalProvision.in_force_from == provision.in_force_from,
    )
    found = session.scalar(query)
    if found is None:
        found = LegalProvision(
            slug=_provision_slug(session, provision),
            statute=provision.statute,
            section=provision.section,
            short=provision.short,
            in_force_from=provision.in_force_from,
            in_force_to=provision.in_force_to,
            checked_on=provision.checked_on,
        )
        session.add(found)
    elif provision.checked_on > found.checked_on:
        found.checked_on = provision.checked_on
        found.in_force_to = provision.in_force_to or found.in_force_to
    return found


def _provision_slug(session: Session, provision: Provision) -> str:
    """ "aml-3-kap-3-a"; a later wording of the same section has its first day added."""

    def taken(slug: str) -> bool:
        return session.scalar(select(LegalProvision.id).where(LegalProvision.slug == slug)) is not None

    base = f"{slugify(provision.short or provision.statute)[:48].strip('-')}-{slugify(provision.section)}"
    if taken(base) and provision.in_force_from:
        base = f"{base}-{provision.in_force_from}"
    return unique_slug(base, taken)


def _day(value: str) -> date | None:
    if not value:
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise Invalid("date", f"”{value}” är inget datum. Skriv som 2026-11-21.") from None
