"""The content of an item as one immutable value: what a revision stores, a diff compares and a page shows."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from typing import Any, TypeVar

T = TypeVar("T")


class Kind(StrEnum):
    """The kinds of content."""

    ARTICLE = "vagledning"
    STORY = "berattelse"
    CHECKLIST = "checklista"
    TEMPLATE = "mall"
    CLAIM = "pastaende"


class Phase(StrEnum):
    """Before, during and after a crisis."""

    BEFORE = "fore"
    DURING = "under"
    AFTER = "efter"


class Visibility(StrEnum):
    """Who may read: everybody, any account, or the members of one unit."""

    OPEN = "oppen"
    INTERNAL = "intern"
    UNIT = "enhet"


class Mode(StrEnum):
    """How a checklist is used: step by step in a crisis, or as a control afterwards."""

    READ_DO = "las-och-gor"
    DO_CONFIRM = "gor-och-stam-av"


class Deadline(StrEnum):
    """What a deadline counts from; only relative ones have minutes."""

    RELATIVE = "relativ"
    LEGAL = "lag"
    CALENDAR = "kalender"
    REPEATED = "upprepad"
    BEFORE_EVENT = "fore-handelse"
    NONE = "ingen"


class Basis(StrEnum):
    """What a case story rests on."""

    PUBLIC = "offentlig-kalla"
    ANONYMISED = "avidentifierad"
    CONSENTED = "medgivande"


class Channel(StrEnum):
    """Where the text of a message template is meant to be used."""

    INTERNAL = "internt"
    PRESS = "press"
    SOCIAL_MEDIA = "sociala-medier"
    TALKING_POINTS = "talepunkter"


KIND_NAMES = {
    Kind.ARTICLE: "Vägledning",
    Kind.STORY: "Berättelse",
    Kind.CHECKLIST: "Checklista",
    Kind.TEMPLATE: "Mall",
    Kind.CLAIM: "Påstående",
}
KIND_PATHS = {
    Kind.ARTICLE: "vagledning",
    Kind.STORY: "berattelser",
    Kind.CHECKLIST: "checklistor",
    Kind.TEMPLATE: "mallar",
    Kind.CLAIM: "pastaenden",
}
PATH_WORDS = "|".join(KIND_PATHS.values())  # for patterns that find addresses of our own
PHASE_NAMES = {Phase.BEFORE: "Före", Phase.DURING: "Under", Phase.AFTER: "Efter"}
VISIBILITY_NAMES = {Visibility.OPEN: "Öppen", Visibility.INTERNAL: "Intern", Visibility.UNIT: "En enhet"}
MODE_NAMES = {Mode.READ_DO: "Läs och gör", Mode.DO_CONFIRM: "Gör och stäm av"}
DEADLINE_NAMES = {
    Deadline.RELATIVE: "Tid från starten",
    Deadline.LEGAL: "Enligt lag",
    Deadline.CALENDAR: "Datum eller dag",
    Deadline.REPEATED: "Återkommer",
    Deadline.BEFORE_EVENT: "Före en händelse",
    Deadline.NONE: "Ingen tid",
}
BASIS_NAMES = {
    Basis.PUBLIC: "Offentlig källa",
    Basis.ANONYMISED: "Avidentifierad",
    Basis.CONSENTED: "Publicerad med medgivande",
}
CHANNEL_NAMES = {
    Channel.INTERNAL: "Internt meddelande",
    Channel.PRESS: "Pressmeddelande eller webb",
    Channel.SOCIAL_MEDIA: "Svar i sociala medier",
    Channel.TALKING_POINTS: "Talepunkter",
}
AUDIENCE_NAMES = {
    "medarbetare": "Medarbetare",
    "chef": "Chef",
    "ledning": "Ledning",
    "hr": "HR",
    "skyddsombud": "Skyddsombud",
    "kommunikator": "Kommunikatör",
    "jurist": "Jurist",
    "namnd": "Nämnd",
    "redaktor": "Redaktör",
    "kvalitet": "Kvalitet",
    "reception": "Reception",
}


@dataclass(frozen=True, kw_only=True)
class Source:
    """Where a statement comes from. `date` is words; `url` only where it is known in full; `fetched` an ISO date."""

    title: str
    publisher: str = ""
    date: str = ""
    url: str = ""
    fetched: str = ""


@dataclass(frozen=True, kw_only=True)
class Provision:
    """A section of a statute that the text relies on; dates are ISO dates or empty."""

    statute: str
    section: str
    short: str = ""
    in_force_from: str = ""
    in_force_to: str = ""
    checked_on: str = ""


@dataclass(frozen=True, kw_only=True)
class Action:
    """One line of "Gör så här"."""

    do: str
    detail: str = ""
    why: str = ""
    verify: bool = False


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step of a checklist. `minutes` from the start: only relative ones; `guidance` is a slug."""

    id: str
    text: str
    short: str = ""
    role: str = ""
    deadline: str = ""
    deadline_sort: str = Deadline.NONE.value
    minutes: int | None = None
    critical: bool = False
    why: str = ""
    legal: str = ""
    guidance: str = ""
    condition: str = ""
    verify: bool = False


@dataclass(frozen=True, kw_only=True)
class Section:
    """Steps that belong together, with the pause point that follows them."""

    title: str
    steps: tuple[Step, ...] = ()
    pause: str = ""


@dataclass(frozen=True, kw_only=True)
class Lesson:
    """What a story teaches, tied to the item (slug), and perhaps the step of it, that it concerns."""

    text: str
    item: str = ""
    step: str = ""


@dataclass(frozen=True, kw_only=True)
class Document:
    """All content of one item. Dates are ISO dates or empty.

    `body`, `before`, `during`, `after` and `secrecy` are safe HTML; `text` (of a message template) is plain text with
    line breaks; `claim` holds the wordings of a claim.
    """

    kind: str
    title: str
    summary: str = ""
    body: str = ""
    topics: tuple[str, ...] = ()
    phases: tuple[str, ...] = ()
    audiences: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    owner: str = ""
    checked_on: str = ""
    review_interval_months: int = 12
    valid_from: str = ""
    valid_to: str = ""
    visibility: str = Visibility.OPEN.value
    unit: str = ""
    language: str = "sv"
    content_warning: str = ""
    sources: tuple[Source, ...] = ()
    provisions: tuple[Provision, ...] = ()
    related: tuple[str, ...] = ()
    actions: tuple[Action, ...] = ()
    municipality: str = ""
    municipality_kind: str = ""
    year: str = ""
    setting: str = ""
    basis: str = ""
    before: str = ""
    during: str = ""
    after: str = ""
    worked: tuple[str, ...] = ()
    otherwise: tuple[str, ...] = ()
    lessons: tuple[Lesson, ...] = ()
    questions: tuple[str, ...] = ()
    mode: str = ""
    led_by: str = ""
    starts_from: str = ""
    sections: tuple[Section, ...] = ()
    channel: str = ""
    text: str = ""
    secrecy: str = ""
    check_before: tuple[str, ...] = ()
    claim: tuple[str, ...] = ()
    short_answer: str = ""

    def steps(self) -> Iterator[Step]:
        """All steps in order."""
        for section in self.sections:
            yield from section.steps

    @property
    def step_count(self) -> int:
        """How many steps a checklist has."""
        return sum(len(section.steps) for section in self.sections)

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON; what is empty is left out."""
        plain: dict[str, Any] = _lean(asdict(self))
        return plain

    @property
    def digest(self) -> str:
        """A hash that is equal for equal content."""
        canonical = json.dumps(self.to_dict(), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()


_PARTS: dict[str, type] = {
    "sources": Source,
    "provisions": Provision,
    "actions": Action,
    "lessons": Lesson,
    "sections": Section,
    "steps": Step,
}


def from_dict(data: dict[str, Any]) -> Document:
    """The document that `to_dict` gave; unknown keys (of a newer version) are passed over."""
    return _build(Document, data)


def _build(cls: type[T], data: dict[str, Any]) -> T:
    names = {f.name for f in fields(cls)}  # type: ignore[arg-type]
    return cls(**{name: _value(name, value) for name, value in data.items() if name in names})


def _value(name: str, value: Any) -> Any:
    if not isinstance(value, list | tuple):
        return value
    part = _PARTS.get(name)
    return tuple(_build(part, entry) if part else entry for entry in value)


def _lean(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: _lean(v) for k, v in value.items() if not _is_empty(v)}
    if isinstance(value, list | tuple):
        return [_lean(entry) for entry in value]
    return value


def _is_empty(value: Any) -> bool:
    """Whether a value is its field's default; 0 (minutes) is not."""
    return value is None or value is False or (isinstance(value, str | list | tuple) and not value)


@dataclass(frozen=True)
class Problem:
    """Why a document cannot be published: the field and what to do about it."""

    field: str
    message: str


REQUIRED = {
    "topics": "Välj minst ett ämne.",
    "phases": "Välj minst ett skede.",
    "summary": "Skriv en ingress.",
    "owner": "Ange vem som ansvarar för texten.",
    "sources": "Lägg till minst en källa.",
}
REQUIRED_OF_KIND = {
    Kind.TEMPLATE: {"text": "Skriv mallens text.", "channel": "Välj var texten ska användas."},
    Kind.CLAIM: {
        "short_answer": "Skriv ett kort svar.",
        "valid_to": "Ange till vilken dag svaret gäller.",
    },
}
SUMMARY_MAX = 300
ANSWER_MAX = 300
TITLE_MAX = 160


def problems(document: Document) -> list[Problem]:
    """What stops the document from being published; empty when nothing does."""
    required = REQUIRED | REQUIRED_OF_KIND.get(Kind(document.kind), {})
    found = [Problem(name, words) for name, words in required.items() if not getattr(document, name)]
    if not document.title.strip():
        found.insert(0, Problem("title", "Skriv en titel."))
    if len(document.summary) > SUMMARY_MAX:
        found.append(Problem("summary", f"Ingressen får vara högst {SUMMARY_MAX} tecken."))
    if len(document.short_answer) > ANSWER_MAX:
        found.append(Problem("short_answer", f"Det korta svaret får vara högst {ANSWER_MAX} tecken."))
    if document.visibility == Visibility.UNIT and not document.unit:
        found.append(Problem("unit", "Välj vilken enhet som får läsa."))
    return found


def shown_title(kind: str, title: str) -> str:
    """The title as readers meet it: a claim stands in quotation marks, because it is no fact."""
    if kind != Kind.CLAIM:
        return title
    bare = title.strip(' ”“"')
    return f"”{bare}”"
