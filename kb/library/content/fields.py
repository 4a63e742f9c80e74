"""The fields of a document, each said once.

Forms, loader, limits, Kontroll, comparison, lint and search go by this table; nothing else lists the fields of a kind,
those that hold HTML, or a limit. Pages for readers, the form's template and what a run copies of a step do name each
field: docs/house.md, "Adding", says where, and which tests name the one that was forgotten.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any

from kb.library.content.document import (
    AUDIENCE_NAMES,
    BASIS_NAMES,
    CHANNEL_NAMES,
    DEADLINE_NAMES,
    KIND_NAMES,
    LANGUAGE_NAMES,
    MODE_NAMES,
    PHASE_NAMES,
    VISIBILITY_NAMES,
    Action,
    Document,
    Kind,
    Lesson,
    Provision,
    Section,
    Source,
    Step,
    Translation,
)

TEXT_MAX = 10_000
RICH_MAX = 200_000
LIST_MAX = 100
ALL = frozenset(Kind)
Part = type[Any]


class Type(Enum):
    """What a field holds, and so how it is typed, loaded, compared and counted."""

    LINE = auto()  # one line of text
    BLOCK = auto()  # text with line ends
    RICH = auto()  # safe HTML
    DATE = auto()  # an ISO date or ""
    NUMBER = auto()  # a whole number, perhaps None
    FLAG = auto()  # yes or no
    CHOICE = auto()  # one of `names`, or ""
    WORDS = auto()  # a list of lines; of choices where there are names or `refers` to something
    PARTS = auto()  # a list of entries with fields of their own


TEXTS = frozenset({Type.LINE, Type.BLOCK, Type.RICH, Type.WORDS})


class Use(Enum):
    """What search does with a text: passages of their own, words beside them, or nothing."""

    PASSAGE = auto()
    ASIDE = auto()
    NONE = auto()


@dataclass(frozen=True, kw_only=True)
class Field:
    """One field of a document or of a part of it.

    `label` is what the form calls it, `one` a single entry of a list. `limit` is the most characters (of each word in
    a list) or the highest number, `least` the lowest, `most` how many entries there may be. `required` says what to do
    when it is empty: a part cannot be without it, a document (of the kinds in `needs`) cannot be published without it;
    `missing` is then the finding. `before_review` is a finding and an advice for the kinds that cannot go to review
    without it, `wanted` for those that mostly have it. `refers` says
    what the words are names of: "topic", "unit", "text" (a slug) or "step". `is_main` is what an entry is known by.
    `is_running` text is sentences, weighed for how hard it is to read; an `is_task` begins with a verb.
    """

    name: str
    type: Type
    label: str
    one: str = ""
    limit: int = TEXT_MAX
    least: int = 0
    most: int = LIST_MAX
    kinds: frozenset[Kind] = ALL
    required: str = ""
    needs: frozenset[Kind] = ALL
    missing: str = ""
    before_review: Mapping[Kind, tuple[str, str]] = field(default_factory=dict)
    wanted: Mapping[Kind, tuple[str, str]] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    refers: str = ""
    part: Part | None = None
    is_main: bool = False
    is_tall: bool = False
    is_shown: bool = True
    is_web: bool = False
    is_running: bool = False
    is_task: bool = False
    use: Use = Use.NONE
    separator: str = "\n"

    @property
    def is_text(self) -> bool:
        """Whether people read it as words: no date, number or choice, no name of something else, no address."""
        return self.type in TEXTS and self.is_shown and not (self.names or self.refers or self.is_web)

    @property
    def single(self) -> str:
        """What one of it is called."""
        return self.one or self.label


def _names(table: Mapping[Any, str]) -> dict[str, str]:
    return {str(key): name for key, name in table.items()}


_ARTICLE, _STORY, _CHECKLIST = frozenset({Kind.ARTICLE}), frozenset({Kind.STORY}), frozenset({Kind.CHECKLIST})
_TEMPLATE, _CLAIM = frozenset({Kind.TEMPLATE}), frozenset({Kind.CLAIM})
_VERIFY = Field(
    name="verify",
    type=Type.FLAG,
    label="Att verifiera: uppgiften är inte kontrollerad än",
    one="att verifiera",
)
_NO_BASIS = (
    "Uppgift om vad berättelsen bygger på saknas.",
    "Välj avidentifierad, medgivande eller offentlig källa.",
)
_NO_LEARNING = ("Det skulle vi göra annorlunda saknas.", "Skriv vad ni lärde er att göra på ett annat sätt.")

SOURCE = (
    Field(
        name="title", type=Type.LINE, label="Titel", is_main=True, use=Use.PASSAGE,
        required="Skriv källans titel, eller ta bort källan.",
    ),
    Field(name="publisher", type=Type.LINE, label="Utgivare"),
    Field(name="date", type=Type.LINE, label="Datum, som det står i källan", one="datum"),
    Field(name="url", type=Type.LINE, label="Webbadress", is_web=True),
    Field(name="fetched", type=Type.DATE, label="Hämtad"),
)  # fmt: skip
PROVISION = (
    Field(
        name="statute", type=Type.LINE, label="Lag eller föreskrift", limit=160, is_main=True,
        required="Skriv lagens namn, eller ta bort lagrummet.",
    ),
    Field(name="short", type=Type.LINE, label="Förkortning", limit=32),
    Field(
        name="section", type=Type.LINE, label="Kapitel och paragraf", limit=80,
        required="Skriv kapitel och paragraf, till exempel 14 kap. 3 §.",
    ),
    Field(name="in_force_from", type=Type.DATE, label="Gäller från"),
    Field(name="in_force_to", type=Type.DATE, label="Gäller till"),
    Field(name="checked_on", type=Type.DATE, label="Kontrollerad"),
)  # fmt: skip
ACTION = (
    Field(
        name="do", type=Type.LINE, label="Gör", is_main=True, is_task=True, is_running=True, use=Use.PASSAGE,
        required="Skriv vad läsaren ska göra, eller ta bort punkten.",
    ),
    Field(name="detail", type=Type.BLOCK, label="Mer om hur", is_running=True, use=Use.PASSAGE),
    Field(name="why", type=Type.BLOCK, label="Varför", is_running=True, use=Use.PASSAGE),
    _VERIFY,
)  # fmt: skip
LESSON = (
    Field(
        name="text", type=Type.BLOCK, label="Lärdom", is_main=True, is_running=True, use=Use.PASSAGE,
        required="Skriv lärdomen, eller ta bort den.",
    ),
    Field(name="item", type=Type.LINE, label="Text som lärdomen gäller", limit=100, refers="text"),
    Field(name="step", type=Type.LINE, label="Steg i checklistan", limit=80, refers="step"),
)  # fmt: skip
STEP = (
    Field(name="id", type=Type.LINE, label="Stegets id", limit=80, refers="step"),
    Field(name="condition", type=Type.LINE, label="Villkor", is_running=True, use=Use.PASSAGE),
    Field(
        name="text", type=Type.BLOCK, label="Gör", is_main=True, is_task=True, is_running=True, use=Use.PASSAGE,
        required="Skriv vad som ska göras, eller ta bort steget.",
    ),
    Field(name="short", type=Type.LINE, label="Kort namn"),
    Field(name="role", type=Type.LINE, label="Vem", limit=120, use=Use.ASIDE),
    Field(name="deadline", type=Type.LINE, label="När, i ord", one="när", use=Use.ASIDE),
    Field(name="deadline_sort", type=Type.CHOICE, label="Sorts tid", names=_names(DEADLINE_NAMES)),
    Field(name="minutes", type=Type.NUMBER, label="Minuter från starten", limit=1_000_000),
    Field(name="critical", type=Type.FLAG, label="Får inte hoppas över"),
    Field(name="why", type=Type.BLOCK, label="Varför", is_running=True, use=Use.PASSAGE),
    Field(name="legal", type=Type.LINE, label="Lagstöd", use=Use.ASIDE),
    Field(name="guidance", type=Type.LINE, label="Vägledning", limit=100, refers="text"),
    _VERIFY,
)  # fmt: skip
SECTION = (
    Field(name="title", type=Type.LINE, label="Avsnittets rubrik", limit=300, is_main=True, use=Use.PASSAGE),
    Field(name="steps", type=Type.PARTS, label="Steg", part=Step),
    Field(
        name="pause", type=Type.BLOCK, label="Paus efter avsnittet", one="paus", is_running=True, use=Use.PASSAGE
    ),
)  # fmt: skip

TRANSLATION = (
    Field(
        name="language", type=Type.CHOICE, label="Språk", names=_names(LANGUAGE_NAMES),
        required="Välj språk, eller ta bort översättningen.",
    ),
    Field(
        name="text", type=Type.LINE, label="Översättning av det korta svaret", limit=600, is_tall=True, is_main=True,
        required="Skriv översättningen, eller ta bort den.",
    ),
    Field(name="swedish", type=Type.LINE, label="Det svenska svar som översattes", limit=300, is_tall=True),
    Field(name="reviewed_by", type=Type.LINE, label="Granskad av", limit=120),
)  # fmt: skip

DOCUMENT = (
    Field(name="kind", type=Type.CHOICE, label="Sorts text", names=_names(KIND_NAMES), is_shown=False),
    Field(name="title", type=Type.LINE, label="Titel", limit=160, required="Skriv en titel."),
    Field(
        name="summary", type=Type.LINE, label="Ingress", limit=300, is_tall=True, is_running=True,
        required="Skriv en ingress.",
    ),
    Field(
        name="channel", type=Type.CHOICE, label="Används till", names=_names(CHANNEL_NAMES), kinds=_TEMPLATE,
        required="Välj var texten ska användas.", missing="Uppgift om var texten används saknas.", needs=_TEMPLATE,
    ),
    Field(name="claim", type=Type.WORDS, label="Påståendet, så som det sägs", one="Påståendet", kinds=_CLAIM,
        is_running=True,
        wanted={Kind.CLAIM: ("Påståendets ord saknas.", "Skriv så som det sägs. Då hittar sökningen svaret.")},
    ),
    Field(
        name="short_answer", type=Type.LINE, label="Kort svar", limit=300, is_tall=True, kinds=_CLAIM,
        is_running=True, use=Use.PASSAGE, required="Skriv ett kort svar.", needs=_CLAIM,
    ),
    Field(
        name="translations", type=Type.PARTS, label="Svaret på andra språk", one="Översättning", most=20,
        part=Translation, kinds=_CLAIM,
    ),
    Field(
        name="check_before", type=Type.WORDS, label="Innan du skickar", kinds=_TEMPLATE, is_running=True, is_task=True,
        use=Use.PASSAGE,
        wanted={
            Kind.TEMPLATE: ("Innan du skickar saknas.", "Skriv vad som ska kontrolleras innan texten används.")
        },
    ),
    Field(
        name="text", type=Type.BLOCK, label="Mallens text", limit=RICH_MAX, kinds=_TEMPLATE, is_running=True,
        use=Use.PASSAGE, required="Skriv mallens text.", needs=_TEMPLATE,
    ),
    Field(
        name="actions", type=Type.PARTS, label="Gör så här", one="Gör så här, punkt", part=Action, kinds=_ARTICLE,
        wanted={
            Kind.ARTICLE: ("Gör så här saknas.", "De flesta vägledningar börjar med det läsaren ska göra.")
        },
    ),
    Field(name="mode", type=Type.CHOICE, label="Arbetssätt", names=_names(MODE_NAMES), kinds=_CHECKLIST),
    Field(name="led_by", type=Type.LINE, label="Leds av", kinds=_CHECKLIST),
    Field(
        name="starts_from", type=Type.BLOCK, label="Tiden räknas från", kinds=_CHECKLIST, is_running=True
    ),
    Field(name="sections", type=Type.PARTS, label="Avsnitt", part=Section, kinds=_CHECKLIST),
    Field(
        name="secrecy", type=Type.RICH, label="Det här får du inte säga", limit=RICH_MAX, kinds=_TEMPLATE,
        is_running=True, use=Use.PASSAGE,
        wanted={
            Kind.TEMPLATE: ("Det här får du inte säga saknas.", "Skriv vad sekretessen hindrar.")
        },
    ),
    Field(name="municipality", type=Type.LINE, label="Kommun", kinds=_STORY, use=Use.ASIDE),
    Field(name="municipality_kind", type=Type.LINE, label="Sorts kommun", kinds=_STORY, use=Use.ASIDE),
    Field(name="year", type=Type.LINE, label="År", kinds=_STORY, use=Use.ASIDE),
    Field(name="setting", type=Type.LINE, label="Verksamhet", kinds=_STORY, use=Use.ASIDE),
    Field(name="basis", type=Type.CHOICE, label="Bygger på", names=_names(BASIS_NAMES),
        before_review={Kind.STORY: _NO_BASIS},
        kinds=_STORY),
    Field(
        name="before", type=Type.RICH, label="Före", limit=RICH_MAX,
        before_review={Kind.STORY: ("Före saknas.", "Skriv hur det var innan.")},
        kinds=_STORY, is_running=True,
        use=Use.PASSAGE,
    ),
    Field(
        name="during", type=Type.RICH, label="Under", limit=RICH_MAX,
        before_review={Kind.STORY: ("Under saknas.", "Skriv vad som hände.")},
        kinds=_STORY, is_running=True,
        use=Use.PASSAGE,
    ),
    Field(
        name="after", type=Type.RICH, label="Efter", limit=RICH_MAX,
        before_review={Kind.STORY: ("Efter saknas.", "Skriv vad som hände sedan.")},
        kinds=_STORY, is_running=True,
        use=Use.PASSAGE,
    ),
    Field(
        name="worked", type=Type.WORDS, label="Det fungerade",
        before_review={Kind.STORY: ("Det fungerade saknas.", "Skriv vad som hjälpte.")},
        kinds=_STORY, is_running=True, use=Use.PASSAGE
    ),
    Field(
        name="otherwise", type=Type.WORDS, label="Det skulle vi göra annorlunda",
        before_review={Kind.STORY: _NO_LEARNING},
        kinds=_STORY,
        is_running=True, use=Use.PASSAGE,
    ),
    Field(name="lessons", type=Type.PARTS, label="Lärdomar", one="Lärdom", part=Lesson, kinds=_STORY),
    Field(
        name="questions", type=Type.WORDS, label="Frågor till arbetsplatsträffen",
        one="Fråga till arbetsplatsträffen", kinds=_STORY, is_running=True, use=Use.PASSAGE,
    ),
    Field(
        name="body", type=Type.RICH, label="Text", limit=RICH_MAX, is_running=True, use=Use.PASSAGE,
        wanted={
            Kind.CLAIM: ("Längre svar saknas.", "Skriv vad som är sant i påståendet, och vad lagen säger.")
        },
    ),
    Field(
        name="phases", type=Type.WORDS, label="Skede", names=_names(PHASE_NAMES), required="Välj minst ett skede."
    ),
    Field(name="topics", type=Type.WORDS, label="Ämne", refers="topic", required="Välj minst ett ämne."),
    Field(name="audiences", type=Type.WORDS, label="För vem", names=AUDIENCE_NAMES),
    Field(name="labels", type=Type.WORDS, label="Etiketter", limit=64, most=40, separator=","),
    Field(
        name="sources", type=Type.PARTS, label="Källor", one="Källa", part=Source,
        required="Lägg till minst en källa.",
    ),
    Field(name="provisions", type=Type.PARTS, label="Lagrum", part=Provision),
    Field(name="related", type=Type.WORDS, label="Hör ihop med", limit=100, refers="text"),
    Field(
        name="owner", type=Type.LINE, label="Ansvarig", limit=120, required="Ange vem som ansvarar för texten."
    ),
    Field(
        name="review_interval_months", type=Type.NUMBER, label="Granskas var … månad", one="Månader till granskning",
        least=1, limit=60,
    ),
    Field(name="checked_on", type=Type.DATE, label="Kontrollerad mot källor"),
    Field(name="valid_from", type=Type.DATE, label="Gäller från"),
    Field(
        name="valid_to", type=Type.DATE, label="Gäller till", needs=_CLAIM, missing="Sista dag saknas.",
        required="Ange till vilken dag svaret gäller.",
    ),
    Field(name="replaced_by", type=Type.LINE, label="Ersätts av", limit=100, refers="text"),
    Field(name="visibility", type=Type.CHOICE, label="Vem får läsa", names=_names(VISIBILITY_NAMES)),
    Field(name="unit", type=Type.CHOICE, label="Enhet", refers="unit"),
    Field(name="language", type=Type.LINE, label="Språk", is_shown=False),
    Field(name="content_warning", type=Type.LINE, label="Varning för innehållet"),
)  # fmt: skip

TABLES: Mapping[type[Any], tuple[Field, ...]] = {
    Document: DOCUMENT,
    Source: SOURCE,
    Provision: PROVISION,
    Action: ACTION,
    Lesson: LESSON,
    Section: SECTION,
    Step: STEP,
    Translation: TRANSLATION,
}


def table(cls: type[Any], kind: str = "") -> tuple[Field, ...]:
    """The fields of a document or of a part, in reading order; of a document those that the kind has."""
    return tuple(field for field in TABLES[cls] if kind in field.kinds) if kind else TABLES[cls]


def field_of(cls: type[Any], name: str) -> Field:
    """The field with this name."""
    return next(field for field in TABLES[cls] if field.name == name)


def names_of(*types: Type) -> tuple[str, ...]:
    """The names of the document's fields of some types, in reading order."""
    return tuple(field.name for field in DOCUMENT if field.type in types)


def main_field(cls: type[Any]) -> Field:
    """What an entry is known by."""
    return next(field for field in TABLES[cls] if field.is_main)
