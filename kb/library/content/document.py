"""The content of an item as one immutable value: what a revision stores, a diff compares and a page shows."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, dataclass, fields
from datetime import date
from typing import Any, TypeVar

from kb.text.labels import Labelled

T = TypeVar("T")


class Kind(Labelled):
    """The kinds of content."""

    ARTICLE = "vagledning", "Vägledning"
    STORY = "berattelse", "Berättelse"
    CHECKLIST = "checklista", "Checklista"
    TEMPLATE = "mall", "Mall"
    CLAIM = "pastaende", "Påstående"


class Phase(Labelled):
    """Before, during and after a crisis."""

    BEFORE = "fore", "Före"
    DURING = "under", "Under"
    AFTER = "efter", "Efter"


class Visibility(Labelled):
    """Who may read: everybody, any account, or the members of one unit."""

    OPEN = "oppen", "Öppen"
    INTERNAL = "intern", "Intern"
    UNIT = "enhet", "En enhet"


class Mode(Labelled):
    """How a checklist is used: step by step in a crisis, or as a control afterwards."""

    READ_DO = "las-och-gor", "Läs och gör"
    DO_CONFIRM = "gor-och-stam-av", "Gör och stäm av"


class Deadline(Labelled):
    """What a deadline counts from; only relative ones have minutes."""

    RELATIVE = "relativ", "Tid från starten"
    LEGAL = "lag", "Enligt lag"
    CALENDAR = "kalender", "Datum eller dag"
    REPEATED = "upprepad", "Återkommer"
    BEFORE_EVENT = "fore-handelse", "Före en händelse"
    NONE = "ingen", "Ingen tid"


class Basis(Labelled):
    """What a case story rests on."""

    PUBLIC = "offentlig-kalla", "Offentlig källa"
    ANONYMISED = "avidentifierad", "Avidentifierad"
    CONSENTED = "medgivande", "Publicerad med medgivande"


class Channel(Labelled):
    """Where the text of a message template is meant to be used."""

    INTERNAL = "internt", "Internt meddelande"
    PRESS = "press", "Pressmeddelande eller webb"
    SOCIAL_MEDIA = "sociala-medier", "Svar i sociala medier"
    TALKING_POINTS = "talepunkter", "Talepunkter"


class Language(Labelled):
    """Languages that a short answer may be translated into: those most needed among people whom rumours reach."""

    ARABIC = "ar", "arabiska"
    SOMALI = "so", "somaliska"
    FINNISH = "fi", "finska"
    ENGLISH = "en", "engelska"
    UKRAINIAN = "uk", "ukrainska"


class Audience(Labelled):
    """Whom a text is for."""

    STAFF = "medarbetare", "Medarbetare"
    MANAGER = "chef", "Chef"
    LEADERSHIP = "ledning", "Ledning"
    HR = "hr", "HR"
    SAFETY_OFFICER = "skyddsombud", "Skyddsombud"
    COMMUNICATOR = "kommunikator", "Kommunikatör"
    LAWYER = "jurist", "Jurist"
    BOARD = "namnd", "Nämnd"
    EDITOR = "redaktor", "Redaktör"
    QUALITY = "kvalitet", "Kvalitet"
    RECEPTION = "reception", "Reception"


KIND_NAMES = Kind.names()
KIND_PATHS = {
    Kind.ARTICLE: "vagledning",
    Kind.STORY: "berattelser",
    Kind.CHECKLIST: "checklistor",
    Kind.TEMPLATE: "mallar",
    Kind.CLAIM: "pastaenden",
}
PATH_WORDS = "|".join(KIND_PATHS.values())  # for patterns that find addresses of our own
PHASE_NAMES = Phase.names()
VISIBILITY_NAMES = Visibility.names()
MODE_NAMES = Mode.names()
DEADLINE_NAMES = Deadline.names()
BASIS_NAMES = Basis.names()
CHANNEL_NAMES = Channel.names()
LANGUAGE_NAMES: dict[str, str] = {language: language.label for language in Language}
AUDIENCE_NAMES: dict[str, str] = {audience: audience.label for audience in Audience}


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
class Translation:
    """The short answer in another language. `swedish` is the answer that was translated.

    `reviewed_by` says who, knowing the language, has read it; without that it is a machine's and nobody has.
    """

    language: str
    text: str
    swedish: str = ""
    reviewed_by: str = ""


@dataclass(frozen=True, kw_only=True)
class Document:
    """All content of one item. Dates are ISO dates or empty.

    What each field holds, its limit and its name are said in `kb.library.content.fields`, which forms, loader
    and pages go by.
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
    replaced_by: str = ""
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
    translations: tuple[Translation, ...] = ()

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
        return _lean(self)

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
    "translations": Translation,
}


# What every field is when nothing is said: its default, or "" where it has none.
_EMPTIES: dict[Any, dict[str, Any]] = {
    cls: {f.name: "" if f.default is MISSING else f.default for f in fields(cls)}
    for cls in (Document, *_PARTS.values())
}
_WITHOUT_DEFAULT: dict[Any, dict[str, Any]] = {
    cls: {f.name: "" for f in fields(cls) if f.default is MISSING} for cls in _EMPTIES
}


def from_dict(data: Any) -> Document:
    """The document that `to_dict` gave; unknown keys (of a newer version) are passed over.

    What is missing is empty, also where there is no default. Raises `ValueError` for data of another shape.
    """
    document = _build(Document, data)
    if document.kind not in KIND_NAMES:
        raise ValueError(f"Document.kind: {document.kind[:40]}")
    if not set(document.phases) <= set(PHASE_NAMES):
        raise ValueError("Document.phases: unknown")
    for day in filter(None, (document.checked_on, document.valid_from, document.valid_to)):
        date.fromisoformat(day)
    return document


def _build(cls: type[T], data: Any) -> T:
    if not isinstance(data, Mapping):
        raise ValueError(f"{cls.__name__}: {type(data).__name__}")
    given = {name: data[name] for name in _EMPTIES[cls] if data.get(name) is not None}
    values = {name: _value(cls, name, value) for name, value in given.items()}
    return cls(**{**_WITHOUT_DEFAULT[cls], **values})


def _value(cls: type[Any], name: str, value: Any) -> Any:
    empty = _EMPTIES[cls][name]
    if not _is_fit(value, int if empty is None else type(empty)):
        wanted = (int if empty is None else type(empty)).__name__
        raise ValueError(f"{cls.__name__}.{name} is {type(value).__name__}, not {wanted}")
    if isinstance(value, str):
        value.encode()  # half a character can be stored, and is an error on every page
    if not isinstance(value, list | tuple):
        return value
    part = _PARTS.get(name)
    if part is not None:
        return tuple(_build(part, entry) for entry in value)
    if not all(isinstance(entry, str) for entry in value):
        raise ValueError(f"{cls.__name__}.{name}: not words")
    "".join(value).encode()
    return tuple(value)


def _is_fit(value: Any, wanted: type[Any]) -> bool:
    if wanted is tuple:
        return isinstance(value, list | tuple)
    return isinstance(value, wanted) and not (wanted is int and isinstance(value, bool))


def _lean(part: Any) -> dict[str, Any]:
    """Plain data of the document or a part; what is empty is left out where it would come back so."""
    found: dict[str, Any] = {}
    for name, empty in _EMPTIES[type(part)].items():
        value = getattr(part, name)
        if not (_is_empty(value) and value == empty):
            found[name] = [_plain(entry) for entry in value] if isinstance(value, tuple) else value
    return found


def _plain(entry: Any) -> Any:
    return entry if isinstance(entry, str) else _lean(entry)


def _is_empty(value: Any) -> bool:
    return value is None or value is False or value in ("", ())


def shown_title(kind: str, title: str) -> str:
    """The title as readers meet it: a claim stands in quotation marks, because it is no fact."""
    if kind != Kind.CLAIM:
        return title
    bare = title.strip(' ”“"')
    return f"”{bare}”"
