"""Whether the index says what the database says."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from kb.language.analysis import term_of
from kb.language.words import read_words
from kb.search.engine.snapshot import Snapshot

PROBES = 25


@dataclass
class Report:
    """How index and database differ; ids of items. `damage` when the index cannot be trusted at all."""

    damage: str | None = None
    documents: int = 0
    published: int = 0
    missing: list[int] = field(default_factory=list)
    stale: list[int] = field(default_factory=list)
    surplus: list[int] = field(default_factory=list)
    unfindable: list[int] = field(default_factory=list)

    @property
    def agrees(self) -> bool:
        """Whether index and database say the same."""
        return not (self.damage or self.missing or self.stale or self.surplus or self.unfindable)

    @property
    def touched(self) -> list[int]:
        """The items to write anew or to take away."""
        return sorted({*self.missing, *self.stale, *self.surplus})


def compare(report: Report, snapshot: Snapshot, stamps: Mapping[int, str]) -> None:
    """Write into the report how the documents, their versions and some of their words differ from the stamps."""
    seen: dict[int, str] = {}
    doubled: set[int] = set()
    report.documents = snapshot.documents
    for number, data in enumerate(snapshot.stored()):
        if data["item"] in seen:
            doubled.add(data["item"])
        seen[data["item"]] = data["stamp"]
        if number % max(1, snapshot.documents // PROBES) == 0 and not _is_findable(snapshot, data["title"]):
            report.unfindable.append(data["item"])
    report.missing = sorted(stamps.keys() - seen.keys())
    report.surplus = sorted(seen.keys() - stamps.keys())
    report.stale = sorted(
        {item for item, stamp in stamps.items() if seen.get(item, stamp) != stamp} | doubled
    )


def _is_findable(snapshot: Snapshot, title: str) -> bool:
    """Whether every word of a title leads to some document."""
    return all(snapshot.document_frequency("stem", term_of(word)) for word in read_words(title))
