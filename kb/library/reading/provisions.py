"""Reading legal provisions: which there are, and who relies on them, as far as the viewer may see."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from kb.accounts.viewer import Viewer
from kb.errors import NotFound
from kb.library.addresses import provision_address
from kb.library.content import lawtexts
from kb.library.content.document import Document
from kb.library.core.models.items import ContentItem
from kb.library.core.models.provisions import LegalProvision, item_provision
from kb.library.core.models.topics import Topic
from kb.library.core.queries.cards import Card, card_query, list_cards
from kb.library.core.visibility import visible
from kb.text.order import swedish_key


@dataclass(frozen=True)
class ProvisionReading:
    """What the page of a provision shows: the items that rely on it, and other wordings of the same section."""

    provision: LegalProvision
    cards: Sequence[Card]
    wordings: Sequence[LegalProvision]


def get_provision(session: Session, viewer: Viewer, slug: str) -> ProvisionReading:
    """The provision at this address. Raises `NotFound`, also when no visible item relies on it."""
    provision = session.scalar(select(LegalProvision).where(LegalProvision.slug == slug))
    cards = _dependants(session, viewer, provision.id) if provision else []
    if provision is None or not cards:
        raise NotFound
    same = select(LegalProvision).where(
        LegalProvision.statute == provision.statute,
        LegalProvision.section == provision.section,
        LegalProvision.id != provision.id,
        LegalProvision.id.in_(_cited(viewer)),
    )
    wordings = session.scalars(same.order_by(LegalProvision.in_force_from)).all()
    return ProvisionReading(provision, cards, wordings)


def list_provisions(session: Session, viewer: Viewer, topic: str = "") -> Sequence[LegalProvision]:
    """The provisions that visible items (of a topic) rely on, unsorted."""
    return session.scalars(select(LegalProvision).where(LegalProvision.id.in_(_cited(viewer, topic)))).all()


def provision_rows(session: Session, document: Document, item_id: int) -> list[dict[str, Any]]:
    """The provisions of a document by statute and day of checking, each with the address of its page, if any."""
    query = select(LegalProvision).join(item_provision).where(item_provision.c.item_id == item_id)
    pages = {(law.statute, law.section, law.in_force_from): law.slug for law in session.scalars(query)}
    groups: dict[tuple[str, str, str], list[dict[str, str]]] = defaultdict(list)
    for law in sorted(document.provisions, key=lambda law: section_key(law.section)):
        slug = pages.get((law.statute, law.section, law.in_force_from))
        url = provision_address(slug) if slug else ""
        missing = lawtexts.missing(law.statute, law.checked_on, law.section)
        groups[law.statute, law.checked_on, missing].append({"section": law.section, "url": url})
    return [
        {"statute": statute, "sections": rows, **comparison(statute, day, rows[0]["section"])}
        for (statute, day, _), rows in sorted(groups.items(), key=_by_statute)
    ]


def statute_rows(provisions: Iterable[LegalProvision]) -> list[dict[str, Any]]:
    """Provisions by statute: its name, the sections in order with their addresses, how far they were checked.

    Sections that nobody has read stand in a row of their own, with what is missing.
    """
    groups: dict[tuple[str, str], list[LegalProvision]] = defaultdict(list)
    for law in provisions:
        groups[law.statute, lawtexts.missing(law.statute, law.checked_on, law.section)].append(law)
    return [_statute_row(statute, rows) for (statute, _), rows in sorted(groups.items(), key=_by_statute)]


def _by_statute(group: tuple[tuple[str, ...], list[Any]]) -> tuple[Any, ...]:
    (statute, *rest), _ = group
    return swedish_key(statute), *rest


def _statute_row(statute: str, rows: list[LegalProvision]) -> dict[str, Any]:
    rows.sort(key=lambda row: (section_key(row.section), row.in_force_from))
    newest = {row.section: row for row in rows}  # of several wordings the last one
    checked_on = min((row.checked_on for row in rows if row.checked_on), default="")
    return {
        "statute": statute,
        "short": next((row.short for row in rows if row.short), ""),
        "sections": [{"section": row.section, "url": provision_address(row.slug)} for row in newest.values()],
        **comparison(statute, checked_on, rows[0].section),
    }


def comparison(statute: str, checked_on: str, section: str = "") -> dict[str, str]:
    """How far to trust the wording: the day, the version that the text was compared with, what nobody has read."""
    return {
        "checked_on": checked_on,
        "wording": lawtexts.wording(statute, checked_on),
        "missing": lawtexts.missing(statute, checked_on, section),
    }


def section_key(section: str) -> list[tuple[int, str]]:
    """Natural order: 3 kap. 2 § before 3 kap. 2 a § before 10 kap. 1 §."""
    return [
        (int(part), "") if part.isdecimal() else (0, part.strip("§ ")) for part in re.split(r"(\d+)", section)
    ]


def citing_cards(session: Session, viewer: Viewer, slug: str, most: int) -> list[Card]:
    """The first texts that rely on a section, by its address."""
    relies = ContentItem.provisions.any(LegalProvision.slug == slug)
    query = card_query(viewer).where(relies).order_by(ContentItem.sort_key, ContentItem.id)
    return list_cards(session, query.limit(most))


def _dependants(session: Session, viewer: Viewer, provision_id: int) -> list[Card]:
    relies = ContentItem.provisions.any(LegalProvision.id == provision_id)
    return list_cards(
        session, card_query(viewer).where(relies).order_by(ContentItem.sort_key, ContentItem.id)
    )


def _cited(viewer: Viewer, topic: str = "") -> Any:
    items = select(ContentItem.id).where(visible(viewer))
    if topic:
        items = items.where(ContentItem.topics.any(Topic.slug == topic))
    return select(item_provision.c.provision_id).where(item_provision.c.item_id.in_(items))
