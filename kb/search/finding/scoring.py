"""What texts score: the best form of each word, summed by rarity, times the share of the query that was found.

Documents that hold the same words of the query are one group: a bit mask. How many there are, and what each of them can
score at most, is known before any of them is looked at, so that only those are added up that may be shown.
"""

import math
import sys
from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from heapq import nlargest
from itertools import chain, compress
from types import MappingProxyType
from typing import NamedTuple

from kb.library.core.facets import KIND, PHASE
from kb.search.engine.schema import GAP
from kb.search.engine.snapshot import Leaf, Ranked, mask_of
from kb.search.finding import weights
from kb.search.finding.query import Form, Query, Wanted
from kb.search.finding.rarity import ROUNDED, Demand, Said

MOST_WORDS = 6  # of a query that is taken in groups: with more, nearly every text would be a group of its own
DENSE = 24  # a word in one of so many documents is kept as an array over all, a rarer one by itself
INSTANCE = 98  # bytes of an object of four values without what they hold, and of a number
NUMBERS = 52  # of the two numbers of an entry of a dictionary, beside the place that they take in it
_BITS = bytes.maketrans(b"01", b"\x00\x01")
_NONE: Mapping[int, float] = MappingProxyType({})
Worths = Mapping[int, float] | Sequence[float]


@dataclass(frozen=True, slots=True)
class Best:
    """The documents of a leaf that hold a word in any form, what the best form is worth in each, and at most.

    `about`: those where it is worth so much that they are about it.
    """

    mask: int
    about: int
    worths: Worths
    most: float

    @property
    def bytes(self) -> int:
        """What it takes in memory."""
        each = 0 if isinstance(self.worths, array) else NUMBERS
        return (
            INSTANCE + sum(map(sys.getsizeof, (self.mask, self.about, self.worths))) + each * len(self.worths)
        )


class Asked(NamedTuple):
    """A word of the query: where it stands, and what it says."""

    best: Best
    said: Said


class Group(NamedTuple):
    """Documents of a leaf that score alike: what words are worth in them (or `sums`) times a share and a factor.

    `most` is what none of them exceeds.
    """

    mask: int
    most: float
    held: tuple[tuple[Worths, float], ...] = ()
    share: float = 1.0
    total: float = 1.0
    sums: Mapping[int, float] = _NONE
    factor: float = 1.0

    def scores(self, docs: Sequence[int]) -> list[float]:
        """What some of them score."""
        if not self.held:
            return [self.sums[doc] * self.factor for doc in docs]
        sums = [0.0] * len(docs)
        for worths, weight in self.held:
            sums = [known + worths[doc] * weight for known, doc in zip(sums, docs, strict=True)]
        times = self.share_factor * self.factor
        return [known * times for known in sums]

    @property
    def share_factor(self) -> float:
        """What the share of the query that they hold does to their score."""
        return float((self.share / self.total) ** weights.SHARE)

    def within(self, mask: int, factor: float = 1.0) -> "Group":
        """Those of a set, at so many times their score."""
        return self._replace(mask=self.mask & mask, most=self.most * factor, factor=self.factor * factor)


def best_first(groups: Sequence[Sequence[Group]], first: int | None) -> list[Ranked]:
    """The documents of the groups of each leaf in the order of their scores: the `first` ones, or all.

    A group is passed over when none of it can come in.
    """
    most = sys.maxsize if first is None else first
    found: list[Ranked] = []
    floor = 0.0
    for group, number in _most_promising(groups):
        if len(found) >= most and group.most * ROUNDED < floor:
            break
        docs = docs_of(group.mask)
        scores = group.scores(docs)
        if len(scores) > most:
            floor = max(floor, nlargest(most, scores)[-1])
        found += ((-score, number, doc) for score, doc in zip(scores, docs, strict=True) if score >= floor)
        if len(found) > most:
            found.sort()
            del found[most:]
            floor = -found[-1][0]
    return sorted(found)


def _most_promising(groups: Iterable[Iterable[Group]]) -> list[tuple[Group, int]]:
    """The groups, each with the number of its leaf, in the order of what they can score at most."""
    numbered = [(group, number) for number, of_leaf in enumerate(groups) for group in of_leaf if group.mask]
    return sorted(numbered, key=lambda one: -one[0].most)


def docs_of(mask: int) -> list[int]:
    """The numbers of the documents in a mask, ascending."""
    bits = bin(mask)[:1:-1].encode().translate(_BITS)
    return list(compress(range(len(bits)), bits))


def union(leaf: Leaf, terms: Iterable[str]) -> int:
    """The documents with any of some facet terms."""
    mask = 0
    for term in terms:
        mask |= leaf.mask("facet", term)
    return mask


def groups_of(leaf: Leaf, query: Query, demand: Demand) -> list[Group]:
    """The documents that hold enough of the query and all its phrases, deleted ones too; no group is empty."""
    if not query.wanted:
        return _summed(_score_hints(leaf, query))
    by_word = sorted(zip(query.wanted, demand.words, strict=True), key=lambda one: one[0].word)
    asked = [
        Asked(best_of(leaf, wanted), said) for wanted, said in by_word if said.weight
    ]  # sums in one order
    if len(asked) > MOST_WORDS:
        groups = _summed(_sum_up(leaf, asked, demand))
    else:
        groups = _split(leaf, asked, demand) if asked else []
    return _with_phrases(leaf, query, groups) if query.phrases else groups


def _about(asked: Iterable[Asked]) -> int:
    """The documents that are about one of the words of the subject."""
    mask = 0
    for best, said in asked:
        mask |= best.about if said.is_subject else 0
    return mask


def _split(leaf: Leaf, asked: Sequence[Asked], demand: Demand) -> list[Group]:
    """Those that hold enough, by the words that they hold and by whether they are about one."""
    everything, about = Group((1 << leaf.size) - 1, 0.0, share=0.0, total=demand.total), _about(asked)
    held = [(everything.within(about), 0.0, True), (everything.within(~about), 0.0, False)]
    said_after, rarity_after = demand.total, sum(said.rarity for _, said in asked)
    for best, (weight, rarity, _) in asked:
        said_after -= weight
        rarity_after -= rarity
        apart = [(_and(group, best, weight), rare + rarity, is_about) for group, rare, is_about in held]
        apart += [(group.within(~best.mask), rare, is_about) for group, rare, is_about in held]
        held = [
            (group, rare, is_about)
            for group, rare, is_about in apart
            if group.mask and demand.is_met(group.share + said_after, rare + rarity_after, is_about)
        ]
    return [group._replace(most=group.most * group.share_factor) for group, _, _ in held]


def _and(group: Group, best: Best, weight: float) -> Group:
    """Those of a group that hold one more word."""
    return Group(
        group.mask & best.mask,
        group.most + best.most * weight,
        (*group.held, (best.worths, weight)),
        group.share + weight,
        group.total,
    )


def _sum_up(leaf: Leaf, asked: Sequence[Asked], demand: Demand) -> dict[int, float]:
    """Document → score, for those that hold enough."""
    sums, shares, rare = [0.0] * leaf.size, [0.0] * leaf.size, [0.0] * leaf.size
    about = _about(asked)
    for best, (weight, rarity, _) in asked:
        worths = best.worths
        for doc in docs_of(best.mask):
            sums[doc] += worths[doc] * weight
            shares[doc] += weight
            rare[doc] += rarity
    return {
        doc: sums[doc] * (share / demand.total) ** weights.SHARE
        for doc, share in enumerate(shares)
        if share and demand.is_met(share, rare[doc], bool(about >> doc & 1))
    }


def _summed(scores: Mapping[int, float]) -> list[Group]:
    """Documents whose scores are known, as a group."""
    return [Group(mask_of(scores, max(scores) + 1), max(scores.values()), sums=scores)] if scores else []


def _with_phrases(leaf: Leaf, query: Query, groups: Iterable[Group]) -> list[Group]:
    """Those that hold the phrases of a query, which count more the more often they stand there."""
    scores: dict[int, float] = {}
    mask = _with_all(leaf, chain(*query.phrases))
    for group in groups:
        docs = docs_of(group.mask & mask)
        scores |= zip(docs, group.scores(docs), strict=True)
    for phrase in query.phrases:
        holders = docs_with_phrase(leaf, phrase, scores.keys())
        scores = {doc: scores[doc] * _phrase_bonus(starts) for doc, starts in holders.items()}
    return _summed(scores)


def _with_all(leaf: Leaf, words: Iterable[str]) -> int:
    """The documents that hold all these words as they are written."""
    mask = -1
    for word in words:
        mask &= leaf.mask("raw", word)
    return mask


def holds_any(leaf: Leaf, forms: Iterable[Form], among: int) -> bool:
    """Whether one of some documents holds a word in any form: most do in the first, and no more is read then."""
    return any(_mask_of_form(leaf, form) & among for form in forms)


def _mask_of_form(leaf: Leaf, form: Form) -> int:
    """The documents that `_worths` gives."""
    if form.least:
        return mask_of((doc for doc, _ in _worths(leaf, form)), leaf.size)
    if not form.groups:
        mask = leaf.mask(form.field, form.term)
    else:
        mask = (1 << leaf.size) - 1
        for group in form.groups:
            mask &= _mask_of_forms(leaf, group)
    return mask & phrase_mask(leaf, form.phrase) if mask and form.phrase else mask


def _mask_of_forms(leaf: Leaf, forms: Iterable[Form]) -> int:
    mask = 0
    for form in forms:
        mask |= _mask_of_form(leaf, form)
    return mask


def best_of(leaf: Leaf, wanted: Wanted) -> Best:
    """The documents that hold a word in any form."""

    def read() -> Best:
        best = _best_form(leaf, wanted.forms)
        worths = array("f", best.values())
        mask, most = mask_of(best, leaf.size), max(worths, default=0.0)
        about = mask_of((doc for doc, worth in best.items() if worth >= weights.ABOUT), leaf.size)
        if len(best) * DENSE < leaf.size:
            return Best(mask, about, dict(zip(best, worths, strict=True)), most)
        dense = array("f", bytes(4 * leaf.size))
        for doc, worth in zip(best, worths, strict=True):
            dense[doc] = worth
        return Best(mask, about, dense, most)

    return leaf.kept(("best", wanted.forms), read, lambda best: best.bytes)


def _best_form(leaf: Leaf, forms: Iterable[Form]) -> dict[int, float]:
    """Document → what the best of these forms is worth in it."""
    best: dict[int, float] = {}
    for form in forms:
        found = _worths(leaf, form)
        if not best:
            best = dict(found)
            continue
        for doc, worth in found:
            if worth > best.get(doc, 0.0):
                best[doc] = worth
    return best


def _worths(leaf: Leaf, form: Form) -> Iterable[tuple[int, float]]:
    found = _all_of(leaf, form) if form.groups else _postings(leaf, form)
    if form.phrase:
        mask = phrase_mask(leaf, form.phrase)
        found = [(doc, worth) for doc, worth in found if mask >> doc & 1]
    if form.least:
        least = form.least * form.weight
        found = [(doc, worth) for doc, worth in found if worth >= least]
    return found


def _postings(leaf: Leaf, form: Form) -> Iterable[tuple[int, float]]:
    """The documents that hold a term, with what it is worth."""
    postings = leaf.postings(form.field, form.term)
    if form.weight == 1.0:
        return zip(postings.docs, postings.worth, strict=True)
    weight = form.weight
    return zip(postings.docs, [worth * weight for worth in postings.worth], strict=True)


def _all_of(leaf: Leaf, form: Form) -> list[tuple[int, float]]:
    """The documents that answer every group of a form, with the mean of what they are worth."""
    found: list[dict[int, float]] = []
    for group in form.groups:
        found.append(_best_form(leaf, group))
        if not found[-1]:
            return []
    rest = found[1:]
    weight = form.weight / len(found)
    return [
        (doc, weight * (worth + sum(other[doc] for other in rest)))
        for doc, worth in found[0].items()
        if all(doc in other for other in rest)
    ]


def _score_hints(leaf: Leaf, query: Query) -> dict[int, float]:
    """A query of nothing but "checklista" or "efter": all of that kind or phase."""
    terms = [*map(PHASE.term, query.phase_hints), *map(KIND.term, query.kind_hints)]
    return dict.fromkeys(docs_of(union(leaf, terms)), 1.0)


def phrase_mask(leaf: Leaf, phrase: Sequence[str]) -> int:
    """The documents where words stand as they are written, one after the other."""
    mask = _with_all(leaf, phrase)
    return mask_of(docs_with_phrase(leaf, phrase, docs_of(mask)), leaf.size) if len(phrase) > 1 else mask


def docs_with_phrase(leaf: Leaf, phrase: Sequence[str], among: Iterable[int]) -> dict[int, set[int]]:
    """The documents where the words stand one after the other, with the places where they begin."""
    wanted = set(among)
    starts: dict[int, set[int]] | None = None
    for offset, word in sorted(enumerate(phrase), key=lambda one: leaf.mask("raw", one[1]).bit_count()):
        places = leaf.places("raw", word, wanted)
        here = {doc: {place - offset for place in found} for doc, found in places.items()}
        if starts is not None:
            here = {doc: starts[doc] & found for doc, found in here.items()}
        starts = {doc: found for doc, found in here.items() if found}
        wanted = set(starts)
    return starts or {}


def _phrase_bonus(starts: set[int]) -> float:
    in_title = weights.PHRASE_IN_TITLE if min(starts) < GAP else 0.0
    return 1.0 + in_title + weights.PHRASE_BONUS * math.log1p(len(starts))
