"""What item pages show, made ready for templates: stamp, sources, time line, steps, related items."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

import segno
from markupsafe import Markup

from kb import clock
from kb.library.addresses import address, history_address
from kb.library.content.document import AUDIENCE_NAMES, KIND_NAMES, Deadline, Document, Kind, Step
from kb.library.core.freshness import freshness
from kb.library.core.models.items import ContentItem, Revision
from kb.library.core.outline import PAGE_IDS
from kb.library.core.queries.cards import Card
from kb.library.core.queries.reading import Reading, Related
from kb.library.core.visibility import Validity, validity
from kb.text.prose import RenderedProse, render
from kb.text.sanitize import CLEANER_VERSION, clean
from kb.text.wording import counted, swedish_date, within_words
from kb.web.addresses import page_address
from kb.web.landmarks import Landmark

_VERIFY = re.compile(r">\s*att verifiera\s*</span>|\[att verifiera\]", re.IGNORECASE)
_ID = re.compile(r' id="([^"]+)"')
MAX_RELATED = 10


@dataclass(frozen=True)
class Review:
    """The review stamp in words."""

    late: bool
    reviewed_by: str | None
    reviewed_words: str
    checked_words: str
    due_words: str
    owner: str = ""
    version: int = 0
    history_url: str | None = None
    valid_words: str = ""


@dataclass(frozen=True)
class Head:
    """What pages say of the item itself, beside what its document says."""

    slug: str
    version: int
    published_at: datetime | None


def head_of(item: ContentItem) -> Head:
    """The item as plain data, which may be kept."""
    return Head(slug=item.slug, version=item.version, published_at=item.published_at)


def full_review(item: ContentItem, today: date) -> Review:
    """The whole stamp at the end of a text."""
    fresh = freshness(item, today)
    return Review(
        late=fresh.is_late,
        reviewed_by=fresh.reviewed_by,
        reviewed_words=swedish_date(fresh.reviewed_on),
        checked_words=swedish_date(fresh.checked_on),
        due_words=swedish_date(fresh.due_on),
        owner=item.owner,
        version=item.version,
        history_url=history_address(item.kind, item.slug) if item.version else None,
        valid_words=_validity(item),
    )


def unverified_words(document: Document) -> str:
    """How many statements of a text are marked "Att verifiera", for its top; empty when none is."""
    number = _unverified(document.to_dict())
    if not number:
        return ""
    return f"Att verifiera: {counted(number, 'uppgift är inte kontrollerad', 'uppgifter är inte kontrollerade')} än."


def _unverified(value: Any) -> int:
    """Marks on actions and steps, and in running text, wherever in a document they stand."""
    if isinstance(value, dict):
        return bool(value.get("verify")) + sum(_unverified(part) for part in value.values())
    if isinstance(value, list):
        return sum(_unverified(part) for part in value)
    return len(_VERIFY.findall(value)) if isinstance(value, str) else 0


def hidden_words(item: ContentItem) -> str:
    """Why readers do not see a published text today, for those who keep it; empty when they do."""
    match validity(item):
        case Validity.BEFORE:
            return f"Texten gäller från {swedish_date(item.valid_from)}. Läsarna ser den inte före den dagen."
        case Validity.AFTER:
            return (
                f"Texten gällde till och med {swedish_date(item.valid_to)}. Läsarna ser den inte längre. "
                "Ändra den sista dagen, eller säg vad som ersätter texten."
            )
    return ""


def shown_at(item: ContentItem, revision: Revision) -> datetime:
    """Since when readers see a published version: since then, or since its first day began in Sweden."""
    published = revision.published_at or clock.now()
    if item.valid_from is None:
        return published
    return max(published, datetime.combine(item.valid_from, time(), clock.STOCKHOLM))


def _validity(item: ContentItem) -> str:
    start, end = swedish_date(item.valid_from), swedish_date(item.valid_to)
    if start and end:
        return f"{start}–{end}"
    return f"Från {start}" if start else f"Till {end}" if end else ""


def shown_html(revision: Revision, html: str, beside: str = "") -> RenderedProse:
    """Safe HTML for display; rows that an older version of the cleaner let in are cleaned again.

    `beside` is HTML on the same page, whose ids are taken.
    """
    if revision.cleaner < CLEANER_VERSION:
        html = clean(html)
    return render(html, PAGE_IDS | frozenset(_ID.findall(beside)))


def plain_prose(revision: Revision, html: str) -> Markup:
    """As `shown_html`, the HTML alone."""
    return shown_html(revision, html).html


def source_rows(document: Document) -> list[dict[str, Any]]:
    """The sources as the `sources` component wants them."""
    return [
        {
            "title": source.title.rstrip("."),
            "publisher": source.publisher,
            "date": source.date,
            "url": source.url,
            "fetched_words": swedish_date(source.fetched),
        }
        for source in document.sources
    ]


def meta_words(kind: str, step_count: int) -> str:
    """ "Checklista, 10 steg"."""
    words = KIND_NAMES[Kind(kind)]
    return f"{words}, {counted(step_count, 'steg', 'steg')}" if step_count else words


def card_row(card: Card) -> dict[str, str]:
    """A card as a row that is a link."""
    return {
        "title": card.name,
        "url": address(card.kind, card.slug),
        "icon_name": card.kind,
        "meta": meta_words(card.kind, card.step_count),
    }


def related_rows(links: Iterable[Related]) -> list[dict[str, str]]:
    """Related items as rows, each once, checklists first."""
    order = {Kind.CHECKLIST: 0, Kind.ARTICLE: 1, Kind.TEMPLATE: 2, Kind.CLAIM: 3, Kind.STORY: 4}
    unique = {link.slug: link for link in links}
    ranked = sorted(unique.values(), key=lambda link: order[Kind(link.kind)])
    return [
        {
            "title": link.name,
            "url": address(link.kind, link.slug),
            "icon_name": link.kind,
            "meta": meta_words(link.kind, link.step_count),
        }
        for link in ranked
    ]


def around(reading: Reading) -> list[dict[str, str]]:
    """What belongs together with the page, both ways: what it names first, then what names it, at most ten."""
    named = [link for link in reading.links if link.place == "related"]
    from_steps = [link for link in reading.links if link.place == "step"]
    unique = {link.slug: link for link in (*named, *reading.backlinks, *from_steps)}
    return related_rows(list(unique.values())[:MAX_RELATED])


def lesson_rows(reading: Reading) -> list[dict[str, str | None]]:
    """The lessons of a story with the item, and the step of it, that each concerns."""
    rows: list[dict[str, str | None]] = []
    for number, lesson in enumerate(reading.document.lessons):
        target = reading.link("lesson", str(number))
        anchor = f"#steg-{lesson.step}" if target and lesson.step and target.kind == Kind.CHECKLIST else ""
        rows.append(
            {
                "title": lesson.text,
                "url": address(target.kind, target.slug) + anchor if target else None,
                "icon_name": target.kind if target else "info",
                "meta": f"Hör ihop med {target.name}" if target else None,
            }
        )
    return rows


def step_sections(reading: Reading) -> list[dict[str, Any]]:
    """The sections of a checklist with numbered steps, as the `step` component wants them."""
    number, sections = 0, []
    for place, section in enumerate(reading.document.sections, start=1):
        rows = []
        for step in section.steps:
            number += 1
            rows.append(_step_row(reading, step, number))
        sections.append(
            {"id": f"avsnitt-{place}", "title": section.title, "pause": section.pause, "steps": rows}
        )
    return sections


def _step_row(reading: Reading, step: Step, number: int) -> dict[str, Any]:
    target = reading.link("step", step.id)
    return {
        "number": number,
        "id": step.id,
        "text": step.text,
        "deadline": step.deadline,
        "role": step.role,
        "critical": step.critical,
        "why": step.why,
        "legal": step.legal,
        "guidance": {"title": target.title, "url": address(target.kind, target.slug)} if target else None,
        "condition": step.condition,
        "verify": step.verify,
    }


def timeline(document: Document) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Stops of the time line (relative steps, by minutes) and the loose steps, which have words but no clock time."""
    stops: dict[int, list[dict[str, Any]]] = defaultdict(list)
    loose: list[dict[str, Any]] = []
    for number, step in enumerate(document.steps(), start=1):
        row = {"number": number, "short": step.short or step.text, "anchor": f"steg-{step.id}"}
        if step.deadline_sort == Deadline.RELATIVE and step.minutes is not None:
            stops[step.minutes].append(row)
        else:
            loose.append({**row, "words": step.deadline})
    return [{"words": within_words(m), "minutes": m, "steps": stops[m]} for m in sorted(stops)], loose


def audience_tags(document: Document) -> list[dict[str, str]]:
    """Audiences as tags that lead to the filtered search."""
    names = {a: name if a == "hr" else name.lower() for a, name in AUDIENCE_NAMES.items()}
    known = [audience for audience in document.audiences if audience in names]
    return [
        {"text": f"För {names[audience]}", "url": page_address(Landmark.SEARCH, malgrupp=audience)}
        for audience in known
    ]


def qr_path(address: str) -> dict[str, Any]:
    """A QR code as the data of one SVG path: `size` of the square and `d`."""
    matrix = [list(row) for row in segno.make(address, error="m", micro=False).matrix]
    lines = []
    for y, row in enumerate(matrix):
        x = 0
        while x < len(row):
            if row[x]:
                start = x
                while x < len(row) and row[x]:
                    x += 1
                lines.append(f"M{start} {y}.5h{x - start}")
            else:
                x += 1
    return {"size": len(matrix), "d": "".join(lines)}
