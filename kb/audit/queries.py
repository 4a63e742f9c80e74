"""Reading the audit log: by event, person and day."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from kb import clock
from kb.audit.events import event_named, key_words, known_events, value_words
from kb.audit.models import AuditEvent
from kb.audit.people import People

WORDS = {"anonymous": "Ej inloggad", "system": "Systemet"}
GONE = "finns inte längre"
_ID = re.compile(r"[A-Za-z0-9_-]{12}|[A-Za-z0-9_-]{16}")
_ID_KEYS = ("person", "message")
_LONGEST_EXPORT = 50_000


@dataclass(frozen=True, kw_only=True)
class EventFilter:
    """Which events are wanted; `person` is part of a name or an address; whole Swedish days."""

    name: str = ""
    person: str = ""
    first_day: date | None = None
    last_day: date | None = None


@dataclass(frozen=True)
class EventRow:
    """An event as it is shown."""

    at: datetime
    title: str
    actor: str
    subject: str
    details: str


def has_happened(session: Session, *names: str) -> bool:
    """Whether any of these events stands in the log."""
    return session.scalar(select(AuditEvent.id).where(AuditEvent.name.in_(names)).limit(1)) is not None


def event_select(session: Session, wanted: EventFilter, people: People) -> Select[AuditEvent]:
    """The query for the wanted events, the newest first."""
    query = select(AuditEvent).order_by(AuditEvent.at.desc(), AuditEvent.id.desc())
    if wanted.name:
        query = query.where(AuditEvent.name == wanted.name)
    if wanted.first_day:
        query = query.where(AuditEvent.at >= _start(wanted.first_day))
    if wanted.last_day:
        query = query.where(AuditEvent.at < _start(wanted.last_day + timedelta(days=1)))
    if wanted.person:
        ids = [*people.find(session, wanted.person), *_words_with(wanted.person)]
        query = query.where(or_(AuditEvent.actor.in_(ids), AuditEvent.subject.in_(ids)))
    return query


def event_rows(session: Session, events: Sequence[AuditEvent], people: People) -> list[EventRow]:
    """The events with names in place of public ids."""
    ids = {event.actor for event in events} | {event.subject for event in events if event.subject}
    ids |= {value for event in events for value in event.data.values() if isinstance(value, str)}
    names = {**value_words(), **people.all_names(session, ids), **WORDS}
    return [_row(event, names) for event in events]


def export_rows(session: Session, wanted: EventFilter, people: People) -> list[EventRow]:
    """All wanted events, the newest first; at most 50 000."""
    events = session.scalars(event_select(session, wanted, people).limit(_LONGEST_EXPORT)).all()
    return event_rows(session, events, people)


def event_choices() -> list[tuple[str, str]]:
    """The events that can be chosen, by name, in the order in which they are shown."""
    return [(name, event.title) for name, event in known_events().items()]


def _row(event: AuditEvent, names: dict[str, str]) -> EventRow:
    declared = event_named(event.name)
    title = declared.title if declared else event.name
    subject = _name(event.subject, names) if event.subject else ""
    details = ", ".join(
        f"{key_words(key)}: {_name(value, names) if key in _ID_KEYS else _words(value, names)}"
        for key, value in sorted(event.data.items())
    )
    return EventRow(event.at, title, _name(event.actor, names), subject, details)


def _words(value: object, names: dict[str, str]) -> str:
    if isinstance(value, list):
        return " ".join(_words(part, names) for part in value) or "inga"
    if isinstance(value, bool):
        return "ja" if value else "nej"
    return names.get(value, value) if isinstance(value, str) else str(value)


def _name(public_id: str, names: dict[str, str]) -> str:
    """The name behind a public id; what has been removed has none."""
    return names.get(public_id) or (GONE if _ID.fullmatch(public_id) else public_id)


def _words_with(text: str) -> list[str]:
    return [actor for actor, word in WORDS.items() if text.strip().casefold() in word.casefold()]


def _start(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=clock.STOCKHOLM)
