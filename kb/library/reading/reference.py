"""What the library is asked for besides texts: numbers, terms, sections of law, topics, by all their names.

Plain values and name books, made once for a state of the library and what a viewer may see (`kb.library.core.shelf`).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from kb.accounts.viewer import Viewer
from kb.language.analysis import inside, term_of
from kb.language.namebook import NameBook
from kb.language.terms import is_abbreviation
from kb.language.words import normalise, query_words
from kb.library.core.queries.lists import Number, list_numbers
from kb.library.core.queries.topics import TopicView, list_topics
from kb.library.core.shelf import kept
from kb.library.reading.citing import place_of, statute_names
from kb.library.reading.glossary import EVERYDAY, Term, full_names, list_terms
from kb.library.reading.provisions import list_provisions, section_key

# What people call the national numbers, by their digits; the label and the number itself are names anyway.
CALLED = {
    "112": "nödnummer nödnumret larmnummer larmnumret larmcentralen sos alarm ambulans ambulansen brandkåren "
    "räddningstjänsten akuten nöd",
    "11414": "polis polisen polisens polisstationen",
    "11313": "krisinformation informationsnummer",
    "1177": "sjukvårdsupplysningen vårdguiden sjuksköterska sjukvård",
}
# Who types only this does not ask for texts about help. No speaker has read the Finnish and Somali ones.
_CRIES = (
    "hjälp, hjelp, hjälp mig, hjälp mej, hjälp oss, hjälp nu, akut, akut hjälp, snabb hjälp, nödläge, nödsituation, "
    "sos, help, help me, please help, emergency, apua, auttakaa, caawimaad, caawi, gargaar"
)
_EMERGENCY = "112"
_TOPIC_PAGE = ("ämne {0}", "ämnet {0}", "{0} ämne", "allt om {0}", "ämnessida {0}", "ämnessidan {0}")


@dataclass(frozen=True)
class Law:
    """A section of law as an answer needs it."""

    slug: str
    statute: str
    short: str
    section: str
    place: str
    checked_on: str

    @property
    def name(self) -> str:
        """ "27 kap. 1 § SoL"."""
        return f"{self.section} {self.short or self.statute}"


@dataclass(frozen=True)
class Reference:
    """All of it. The books give places in the sequences beside them, or names of statutes."""

    numbers: Sequence[Number]
    number_words: Sequence[frozenset[str]]
    number_book: NameBook[int]
    terms: Sequence[Term]
    term_book: NameBook[int]  # the terms themselves and what abbreviations stand for
    word_book: NameBook[int]  # … and all that people say instead
    laws: Mapping[str, Sequence[Law]]
    statute_book: NameBook[str]
    topics: Sequence[TopicView]
    topic_book: NameBook[int]
    topic_page_book: NameBook[int]  # where the page itself is named


def reference(session: Session, viewer: Viewer) -> Reference:
    """What there is for the viewer now; from memory while nothing has changed."""
    return kept(session, viewer, "reference", lambda: _read(session, viewer))


def _read(session: Session, viewer: Viewer) -> Reference:
    numbers, terms, topics = list_numbers(session), list_terms(session, viewer), list_topics(session)
    laws = _laws(session, viewer)
    return Reference(
        numbers=numbers,
        number_words=[frozenset(_words(number)) for number in numbers],
        number_book=_book(map(_names, numbers)),
        terms=terms,
        term_book=_book(map(_own_names, terms)),
        word_book=_book((term.term, *term.synonyms) for term in terms),
        laws=laws,
        statute_book=NameBook((name, statute) for statute in laws for name in _names_of(laws[statute])),
        topics=topics,
        topic_book=_book([topic.name] for topic in topics),
        topic_page_book=_book([way.format(topic.name) for way in _TOPIC_PAGE] for topic in topics),
    )


def _book(names: Iterable[Iterable[str]]) -> NameBook[int]:
    """The places of things by the names of each."""
    return NameBook((name, at) for at, own in enumerate(names) for name in own)


def _names_of(laws: Sequence[Law]) -> list[str]:
    return statute_names(laws[0].statute, next((law.short for law in laws if law.short), ""))


def digits_of(number: str) -> str:
    """A number as it is dialled."""
    return "".join(one for one in number if one.isdigit() or one == "+")


def _names(number: Number) -> list[str]:
    """What asks for a number by itself: its label, the label's first words, its digits, what people call it."""
    names = [number.label, number.label.partition(",")[0]]
    names += [number.number, digits_of(number.number)] if number.number else []
    digits = digits_of(number.number)
    cries = _CRIES.split(", ") if digits == _EMERGENCY else ()
    return [*names, *CALLED.get(digits, "").split(), *cries]


def _words(number: Number) -> Iterable[str]:
    """The stems by which a number is found when a number is asked for: those of its names, parts of compounds too."""
    for name in _names(number):
        for word in query_words(normalise(name).lower()):
            yield term_of(word)
            yield from inside(word)


def _own_names(term: Term) -> list[str]:
    """What asks for a definition without saying so; everyday words do not."""
    if term.term in EVERYDAY:
        return []
    return [term.term, *(full_names(term.synonyms) if is_abbreviation(term.term) else ())]


def _laws(session: Session, viewer: Viewer) -> dict[str, list[Law]]:
    """The sections that visible texts rely on, by statute and in order; of several wordings the last one."""
    newest: dict[tuple[str, str], Law] = {}
    for row in sorted(list_provisions(session, viewer), key=lambda row: row.in_force_from):
        place = place_of(row.section)
        if place:
            law = Law(row.slug, row.statute, row.short, row.section, place, row.checked_on)
            newest[row.statute, place] = law
    found: dict[str, list[Law]] = defaultdict(list)
    for law in sorted(newest.values(), key=lambda law: section_key(law.section)):
        found[law.statute].append(law)
    return dict(found)
