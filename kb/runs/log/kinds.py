"""What people write in the log beside the lines that come by themselves: kinds, what each holds, and which are over."""

from collections.abc import Iterable
from typing import Protocol

from kb.runs.operations import EventKind
from kb.text.labels import Labelled


class EntryKind(Labelled):
    """What a line that somebody wrote is about."""

    EVENT = "handelse", "Händelse"
    DECISION = "beslut", "Beslut"
    ACTION = "atgard", "Åtgärd"
    CONTACT = "kontakt", "Kontakt"
    MEDIA = "media", "Media"


ENTRY_KINDS = frozenset(kind.value for kind in EntryKind)
WRITTEN_KINDS = ENTRY_KINDS | {EventKind.NOTED.value}
ENDING_KINDS = frozenset({EventKind.FINISHED.value, EventKind.CANCELLED.value})


class Numbered(Protocol):
    """What the rules need to know about a line."""

    @property
    def number(self) -> int: ...
    @property
    def kind(self) -> str: ...


def end_number(lines: Iterable[Numbered]) -> int | None:
    """The number of the line with which the run ended; what people write after it is an addition."""
    return next((line.number for line in lines if line.kind in ENDING_KINDS), None)
