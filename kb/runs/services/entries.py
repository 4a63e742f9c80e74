"""What people write in the log of a run: lines of a kind, and corrections, which are new lines. Also after the end."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from kb import clock
from kb.errors import Invalid, NotFound
from kb.runs.deadlines import field_time, read_event_time, read_later_time
from kb.runs.log.kinds import ENTRY_KINDS, WRITTEN_KINDS, EntryKind
from kb.runs.models import Run, RunEvent
from kb.runs.operations import EventKind
from kb.runs.services.changing import Sent, begin, log
from kb.runs.texts import DECIDED_BY_MAX, GROUND_MAX, NOTE_MAX, TOLD_MAX, clean_line, clean_text


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A line as it was typed, times in words (see `kb.runs.deadlines`). What follows `at` is asked of decisions."""

    kind: str
    text: str
    at: str = ""
    decided_by: str = ""
    ground: str = ""
    told: str = ""
    review_at: str = ""

    @property
    def says_decision(self) -> bool:
        """Whether anything is said that only a decision has."""
        return any(words.strip() for words in (self.decided_by, self.ground, self.told, self.review_at))


def add_entry(session: Session, run: Run, entry: Entry, *, sent: Sent) -> None:
    """Write a line in the log; after the end of the run it is an addition.

    Raises `NotFound` as `begin`, and `Invalid` for what will not do.
    """
    change = begin(session, run, sent, after_end=True)
    if not change.is_repeated:
        log(session, change.run, EntryKind(_kind(entry)), sent, data=_data(entry, sent))


def correct(session: Session, run: Run, number: int, entry: Entry, *, sent: Sent) -> None:
    """Correct the line of that number, which stays as it is, by a new one that points at it.

    A note stays a note of its step. Raises as `add_entry`, `NotFound` for a line that is not there, `Invalid` for one
    that nobody wrote or where nothing differs.
    """
    change = begin(session, run, sent, after_end=True)
    if change.is_repeated:
        return
    old = find_written(session, change.run, number)
    if old.kind == EventKind.NOTED:
        kind: EventKind | EntryKind = EventKind.NOTED
        data: dict[str, object] = {"text": _text(entry)}
    else:
        kind, data = EntryKind(_kind(entry)), _data(entry, sent, known=old.data)
    if kind == old.kind and data == {name: old.data[name] for name in old.data if name != "corrects"}:
        raise Invalid("text", "Raden är likadan som den du rättar. Ändra det som var fel.")
    log(session, change.run, kind, sent, key=old.step_key, data=data | {"corrects": number})


def find_written(session: Session, run: Run, number: int) -> RunEvent:
    """The line of that number, which somebody wrote. Raises `NotFound`, and `Invalid` for one that came by itself."""
    query = select(RunEvent).where(RunEvent.run_id == run.id, RunEvent.number == number)
    line = session.scalars(query).first()
    if line is None:
        raise NotFound
    if line.kind not in WRITTEN_KINDS:
        raise Invalid("text", "Raden skrevs av Rådrum när något ändrades, och kan inte rättas.")
    return line


def _kind(entry: Entry) -> str:
    if entry.kind not in ENTRY_KINDS:
        raise Invalid("kind", "Välj vad raden handlar om.")
    if entry.kind != EntryKind.DECISION and entry.says_decision:
        raise Invalid("kind", "Du har skrivit uppgifter om ett beslut. Välj Beslut, eller ta bort dem.")
    return entry.kind


def _text(entry: Entry) -> str:
    text = clean_text("text", entry.text, NOTE_MAX)
    if not text:
        raise Invalid("text", "Skriv vad som har hänt.")
    return text


def _data(entry: Entry, sent: Sent, *, known: Mapping[str, str] | None = None) -> dict[str, object]:
    """What the line keeps, without what was left empty; times that stand in `known` are taken as they are."""
    known = known or {}
    data = {
        "text": _text(entry),
        "at": _moment(read_event_time, entry.at, sent, known.get("at", "")),
        "by": clean_line("decided_by", entry.decided_by, DECIDED_BY_MAX),
        "ground": clean_text("ground", entry.ground, GROUND_MAX),
        "told": clean_line("told", entry.told, TOLD_MAX),
        "review_at": _moment(read_later_time, entry.review_at, sent, known.get("review_at", "")),
    }
    return {name: value for name, value in data.items() if value}


def _moment(read: Callable[[str, datetime], datetime | None], words: str, sent: Sent, known: str) -> str:
    """The moment for the database. Words are read as of when they were typed, where the device held them back."""
    if words and words == field_time(known):
        return known
    now = clock.now()
    moment = read(words, min(now, sent.device_at) if sent.device_at else now)
    return moment.isoformat() if moment else ""
