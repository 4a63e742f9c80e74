"""How much each word of a query says, and what a text must hold to be found.

A library about one subject holds the words of that subject in nearly every text, and everyday words in two. Counted
here alone the first would say nothing and the second most: so the texts are taken as if they stood among others in
Swedish (`weights.OTHER_TEXTS`). One word that nothing here holds must not empty a search, and a search for something
else must stay empty: so a text that does not hold most of the query must be about a word of it that this library is
about.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain
from typing import NamedTuple

from kb.language.analysis import term_of
from kb.language.rarity import share_of
from kb.search.engine.schema import TITLE
from kb.search.engine.snapshot import Snapshot
from kb.search.finding import weights
from kb.search.finding.query import Form, Query, Wanted

ROUNDED = 1 + 1e-9  # sums of the same numbers in another order


class Said(NamedTuple):
    """What a word says when it is found, how rare it is, and whether it is a word of what this library is about.

    A word that nothing holds says nothing, and is as rare as it is.
    """

    weight: float
    rarity: float
    is_subject: bool


NOTHING = Said(0.0, 0.0, False)


@dataclass(frozen=True)
class Demand:
    """What each word of a query says, and what a text must hold.

    Either `rare` of how rare the words are, unknown ones too; or, when the text is about a word of the subject,
    `needed` of the `total` that they say.
    """

    words: tuple[Said, ...]
    total: float
    rare: float
    needed: float

    def is_met(self, said: float, rarity: float, is_about: bool) -> bool:
        """Whether a text that holds so much is found."""
        return rarity * ROUNDED >= self.rare or (is_about and said * ROUNDED >= self.needed)


def demand_of(snapshot: Snapshot, query: Query) -> Demand:
    """What is asked of a text."""
    words = tuple(_said(snapshot, wanted) for wanted in query.wanted)
    total, rare = sum(one.weight for one in words), sum(one.rarity for one in words)
    share = weights.COVERAGE.get(len(words), weights.COVERAGE_LONG)
    return Demand(words, total, share * rare, weights.COVERAGE_ABOUT * total)


def _said(snapshot: Snapshot, wanted: Wanted) -> Said:
    """What a word says: by itself, or else by what is found instead of it and says most."""
    frequency = _frequency(snapshot, (form for form in wanted.forms if form.is_itself))
    said = said_by(snapshot, frequency, _chance(wanted.word))
    if not frequency:
        others = max((_said_by_form(snapshot, form) for form in wanted.forms), default=NOTHING)
        said = others if others.weight else said
    if not said.weight:
        return said
    long = weights.LONG_WORD if len(wanted.word) >= weights.LONG else 1.0
    most = weights.TITLED_MOST * said_by(snapshot, 1, 0.0).rarity
    titled = min(said.rarity + weights.TITLED * _named(snapshot, wanted), most)
    return said._replace(weight=max(said.weight, titled) * long)


def _named(snapshot: Snapshot, wanted: Wanted) -> float:
    """How much more a word says because texts are named after it: the subject of a query, not what stood beside it."""
    own = (form.term for form in wanted.forms if form.is_itself)
    titles = max((snapshot.document_frequency(TITLE, term) for term in own), default=0)
    return math.log(max(1.0, titles / max(1, snapshot.documents) / weights.TITLE_SHARE))


def said_by(snapshot: Snapshot, frequency: int, chance: float) -> Said:
    """What a word says that stands in so many texts here, and by chance in such a share of any others."""
    others = weights.OTHER_TEXTS
    rarity = math.log((snapshot.documents + others + 1) / (frequency + others * chance + 0.5))
    if not frequency:
        return Said(0.0, rarity, False)
    return Said(rarity, rarity, frequency >= weights.SUBJECT * chance * snapshot.documents)


def _chance(word: str) -> float:
    """The share of Swedish texts that hold a word."""
    return chance_of(term_of(word))


def chance_of(term: str) -> float:
    """The share of Swedish texts that hold a term, when they are as long as ours."""
    return -math.expm1(-weights.TEXT_WORDS * share_of(term))


def _said_by_form(snapshot: Snapshot, form: Form) -> Said:
    """What a way to find a word says: of several words that must all be there, what the one says that says most."""
    if not form.groups:
        return said_by(snapshot, snapshot.document_frequency(form.field, form.term), chance_of(form.term))
    if not _frequency_of(snapshot, form):
        return NOTHING
    return max(_said_by_form(snapshot, one) for one in chain(*form.groups))


def _frequency(snapshot: Snapshot, forms: Iterable[Form]) -> int:
    """In how many documents the most common of these forms stands."""
    return max((_frequency_of(snapshot, form) for form in forms), default=0)


def _frequency_of(snapshot: Snapshot, form: Form) -> int:
    if form.groups:
        return min(_frequency(snapshot, group) for group in form.groups)
    return snapshot.document_frequency(form.field, form.term)
