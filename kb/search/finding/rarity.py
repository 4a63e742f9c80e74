"""How much each word of a query says, and what a text must hold to be found.

A library about one subject holds the words of that subject in nearly every text, and everyday words in two. Counted
here alone the first would say nothing and the second most: so the texts are taken as if they stood among others in
Swedish (`weights.OTHER_TEXTS`). One word that nothing here holds must not empty a search, and a search for something
else must stay empty: so a text that does not hold most of the query must be about a word of it that this library is
about.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain, groupby
from typing import NamedTuple

from kb.language.analysis import term_of
from kb.language.rarity import share_of
from kb.search.engine.schema import ASKED, TITLE
from kb.search.engine.snapshot import Leaf, Snapshot
from kb.search.finding import weights
from kb.search.finding.query import Form, Query, Wanted
from kb.search.finding.synonyms import is_swedish

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


class SeenSnapshot(Snapshot):
    """A generation of the index as somebody sees it: `masks` are the documents of each leaf that they may see.

    What others alone may read, or was withdrawn, makes no word known: else the number of hits would tell that it is
    there, and the word would take away what is found without it.
    """

    def __init__(self, whole: Snapshot, masks: Sequence[int]) -> None:
        self.leaves = whole.leaves
        self.documents = sum(mask.bit_count() for mask in masks)
        self._whole = whole
        self._masks = masks
        self._hides = self.documents < sum(leaf.size for leaf in whole.leaves)

    def document_frequency(self, field: str, term: str) -> int:
        """In how many documents a term stands; of a common one with the others, once one of these holds it."""
        held = self._whole.document_frequency(field, term)
        if not held or not self._hides:
            return held
        seen = (
            doc
            for leaf, mask in zip(self.leaves, self._masks, strict=True)
            for doc in leaf.postings(field, term).docs
            if mask >> doc & 1
        )
        return sum(1 for _ in seen) if held <= weights.COUNTED else held * any(True for _ in seen)


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
    said = _titled(snapshot, said, wanted.word, _meant_by(wanted, is_there=frequency > 0))
    return said._replace(weight=said.weight * wanted.share)


def _meant_by(wanted: Wanted, *, is_there: bool) -> list[str]:
    """The terms of a word; also of what stands for it when it is not there."""
    return [form.term for form in wanted.forms if form.is_itself or (form.instead and not is_there)]


def _titled(snapshot: Snapshot, said: Said, word: str, terms: Iterable[str]) -> Said:
    """What a word says with what it says more for its length, and for the texts that are named after it."""
    if not said.weight:
        return said
    long = weights.LONG_WORD if len(word) >= weights.LONG else 1.0
    most = weights.TITLED_MOST * said_by(snapshot, 1, 0.0).rarity
    titled = min(said.rarity + weights.TITLED * _named(snapshot, terms), most)
    return said._replace(weight=max(said.weight, titled) * long)


def weighed(snapshot: Snapshot, query: Query) -> Query:
    """The query with what is found instead of its words worth what it says itself.

    A word that one text holds says much; that it may stand for another one, which hundreds hold, says little.
    """
    wanted = tuple(
        replace(one, forms=_weighed_forms(snapshot, _there(snapshot, one))) for one in query.wanted
    )
    return replace(query, wanted=wanted)


def _there(snapshot: Snapshot, wanted: Wanted) -> Wanted:
    """The word with the forms that something holds: the others are looked for in no segment."""
    return replace(wanted, forms=tuple(form for form in wanted.forms if _frequency_of(snapshot, form)))


def _weighed_forms(snapshot: Snapshot, wanted: Wanted) -> tuple[Form, ...]:
    """The forms of a word that texts hold, those beside itself by how much less they say.

    What stands for a word of another language is what was meant: it says no less for being common here.
    """
    frequency = _frequency(snapshot, (form for form in wanted.forms if form.is_itself))
    if not frequency:
        return wanted.forms
    said = said_by(snapshot, frequency, _chance(wanted.word)).rarity
    is_ours = is_swedish(wanted.word)
    return tuple(
        form
        if form.is_itself or (form.instead and not is_ours)
        else replace(form, weight=form.weight * _share_said(snapshot, form, said))
        for form in wanted.forms
    )


def _share_said(snapshot: Snapshot, form: Form, said: float) -> float:
    """How much of what a word says a form of it says by itself; rounded, so that what is kept of it is of use."""
    own = _said_by_form(snapshot, form).rarity / said
    return round(min(1.0, own) ** weights.OWN_RARITY, 2) if own > 0 else 1.0


def _named(snapshot: Snapshot, terms: Iterable[str]) -> float:
    """How much more a word says because texts are named after it: the subject of a query, not what stood beside it."""
    titles = max((snapshot.document_frequency(TITLE, term) for term in terms), default=0)
    return math.log(max(1.0, titles / max(1, snapshot.documents) / weights.TITLE_SHARE))


def weigh_synonyms(snapshot: Snapshot, query: Query) -> Query:
    """The query with what stands for its words weighed by what this library holds.

    A synonym says what it says itself, never more than what was typed. One that many texts hold is found only in those
    that are about it. A word that neither the library nor Swedish has is read as what it stands for.
    """
    wanted = tuple(
        _weigh_synonyms(snapshot, one) if any(form.instead for form in one.forms) else one
        for one in query.wanted
    )
    if wanted == query.wanted:
        return query
    terms = set(query.terms)
    for one in wanted:
        if is_foreign(snapshot, one):
            terms.discard(term_of(one.word))
            terms |= {term_of(word) for form in one.forms for word in form.instead.split()}
    return replace(query, wanted=wanted, terms=frozenset(terms), meant=_meant(snapshot, wanted))


def _meant(snapshot: Snapshot, wanted: Sequence[Wanted]) -> str:
    """What a query stands for of which no word is held by any text as it was typed, and each stands for another."""
    instead: list[str] = []
    for one in wanted:
        stands_for = [form.instead for form in one.forms if form.instead]
        if not stands_for or _frequency(snapshot, (form for form in one.forms if form.is_itself)):
            return ""
        instead.append(stands_for[0])
    return " ".join(dict.fromkeys(instead))


def is_foreign(snapshot: Snapshot, wanted: Wanted) -> bool:
    """Whether a word stands for another here and is found in no other way."""
    forms = [form for form in wanted.forms if not form.instead]
    return len(forms) < len(wanted.forms) and not (is_swedish(wanted.word) or _frequency(snapshot, forms))


def _weigh_synonyms(snapshot: Snapshot, wanted: Wanted) -> Wanted:
    if is_foreign(snapshot, wanted):
        as_typed = (replace(one, weight=one.weight / weights.SYNONYM) for one in wanted.forms if one.instead)
        return replace(wanted, forms=tuple(as_typed))
    own = _worth_of_own(snapshot, wanted.word)
    by_synonym = groupby(wanted.forms, key=lambda form: form.instead)
    forms = chain(*(_weigh(snapshot, wanted, tuple(group), own) for _, group in by_synonym))
    return replace(wanted, forms=tuple(forms))


def _weigh(snapshot: Snapshot, wanted: Wanted, forms: tuple[Form, ...], own: float) -> tuple[Form, ...]:
    """The forms of one synonym, weighed; those of the word itself as they are."""
    if not forms[0].instead:
        return forms
    share = _share(snapshot, wanted, forms, own) if is_swedish(wanted.word) else 1.0
    least = weights.ABOUT if is_wide(_reach(snapshot, forms), snapshot.documents) else 0.0
    return tuple(replace(form, weight=form.weight * share, least=least) for form in forms)


def _share(snapshot: Snapshot, wanted: Wanted, forms: Sequence[Form], own: float) -> float:
    """How much of its weight a synonym keeps: by what it says itself, and below the best text with the word."""
    itself = _said_by_form(snapshot, forms[0])
    said = _titled(snapshot, itself, forms[0].term, [form.term for form in forms]).weight
    whole = _said(snapshot, wanted).weight
    share = min(1.0, said / whole) ** weights.SYNONYM_RARITY if said and whole else 1.0
    most = share * max(form.weight * _most_worth(snapshot, form) for form in forms)
    return share * min(1.0, own * weights.SYNONYM_BELOW / most) if own and most else share


def is_wide(found: int, documents: int) -> bool:
    """Whether a synonym that finds so many of the documents says too little; what one page holds is never too much."""
    return found > max(weights.WIDE * documents, weights.WIDE_FROM)


def _reach(snapshot: Snapshot, forms: Iterable[Form]) -> int:
    """How many documents hold any of some forms; of a phrase those that hold its words."""
    forms = list(forms)
    return sum(_holders(leaf, forms).bit_count() for leaf in snapshot.leaves)


def _holders(leaf: Leaf, forms: Iterable[Form]) -> int:
    mask = 0
    for form in forms:
        held = -1 if form.groups else leaf.mask(form.field, form.term)
        for group in form.groups:
            held &= _holders(leaf, group)
        for word in form.phrase:
            held &= leaf.mask("raw", word)
        mask |= held
    return mask


def _worth_of_own(snapshot: Snapshot, word: str) -> float:
    """What a word is worth where it is worth most, of the texts that have it in a title or label."""
    term = term_of(word)
    if not snapshot.document_frequency(ASKED, term):
        return 0.0

    def read(leaf: Leaf) -> float:
        asked = leaf.mask(ASKED, term)
        pairs = zip(*leaf.postings("stem", term), strict=True) if asked else ()
        return max((worth for doc, worth in pairs if asked >> doc & 1), default=0.0)

    return max((leaf.kept(("own", term), partial(read, leaf)) for leaf in snapshot.leaves), default=0.0)


def _most_worth(snapshot: Snapshot, form: Form) -> float:
    """What a form is worth at most in any text, before its own weight."""
    if form.groups:
        return max(_most_worth(snapshot, one) for one in chain(*form.groups))

    def read(leaf: Leaf) -> float:
        return max(leaf.postings(form.field, form.term).worth, default=0.0)

    key = ("most", form.field, form.term)
    return max((leaf.kept(key, partial(read, leaf)) for leaf in snapshot.leaves), default=0.0)


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
    if form.phrase:
        return min(snapshot.document_frequency("raw", word) for word in form.phrase)
    if form.groups:
        return min(_frequency(snapshot, group) for group in form.groups)
    return snapshot.document_frequency(form.field, form.term)
