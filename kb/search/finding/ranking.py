"""Own scoring over posting lists: the best form of each word, summed by rarity, times the share that was found."""

import math
from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import compress, islice, takewhile

from kb.library.content.document import Kind, Phase
from kb.library.core.facets import KIND, PHASE
from kb.library.core.indexable import Seen
from kb.search.engine.lists import Postings, size_of
from kb.search.engine.schema import GAP
from kb.search.engine.snapshot import Leaf, Ranked, Snapshot, mask_of
from kb.search.finding import weights
from kb.search.finding.closeness import bring_near
from kb.search.finding.query import Form, Query, Wanted

SAYINGS = (Kind.TEMPLATE, Kind.CLAIM)  # what to say, not what to do
_BITS = bytes.maketrans(b"01", b"\x00\x01")


@dataclass(frozen=True)
class Filters:
    """Facet values by group; values of one group are alternatives. `seen` is what the viewer may see."""

    seen: Seen
    chosen: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Ranking:
    """All that was found: the ranked documents, and for each leaf the set before filtering, for facet counts.

    The first `promoted` stand first for another reason than their score: `picked` ones by editors, then acute ones.
    """

    ranked: list[Ranked]
    matched: list[int]
    promoted: int = 0
    picked: int = 0


def rank(snapshot: Snapshot, query: Query, filters: Filters, today: date) -> Ranking:
    """Everything that the query finds, best first. Invisible documents are out from the start."""
    rarity = [_rarity(snapshot, wanted) for wanted in query.wanted]
    found: list[Ranked] = []
    matched: list[int] = []
    for number, leaf in enumerate(snapshot.leaves):
        scores = _score(leaf, query, rarity)
        allowed = leaf.live & visible_mask(leaf, filters.seen)
        mask = mask_of(list(scores), leaf.size) & allowed
        matched.append(mask)
        inside = mask & chosen_mask(leaf, filters.chosen)
        found += _collect(number, scores, _factors(leaf, inside, query, today), docs_of(inside))
    found.sort()
    return _promote(snapshot, query, Ranking(bring_near(snapshot, query, found), matched))


def everything(snapshot: Snapshot, filters: Filters) -> Ranking:
    """All that the viewer may see and the filters let through, in no order."""
    matched = [leaf.live & visible_mask(leaf, filters.seen) for leaf in snapshot.leaves]
    ranked = [
        (0.0, number, doc)
        for number, leaf in enumerate(snapshot.leaves)
        for doc in docs_of(matched[number] & chosen_mask(leaf, filters.chosen))
    ]
    return Ranking(ranked, matched)


def newest_first(snapshot: Snapshot, ranking: Ranking) -> list[Ranked]:
    """The ranked documents by the day of their last review, then by score; without a day last."""
    days: dict[tuple[int, int], str] = {}
    for number, leaf in enumerate(snapshot.leaves):
        for term in leaf.terms("day", "granskad:"):
            for doc in leaf.postings("day", term).docs:
                days[number, doc] = term
    order = {one: position for position, one in enumerate(ranking.ranked)}
    return sorted(order, key=lambda one: (_descending(days.get(one[1:], "")), order[one]))


def find_promoted(snapshot: Snapshot, item_ids: Iterable[int], filters: Filters) -> list[Ranked]:
    """Where promoted items stand in the index, in order; only what the viewer may see."""
    found: list[Ranked] = []
    for item_id in item_ids:
        for number, leaf in enumerate(snapshot.leaves):
            mask = leaf.mask("key", str(item_id)) & leaf.live & visible_mask(leaf, filters.seen)
            found += [(0.0, number, doc) for doc in docs_of(mask)]
    return found


def put_first(snapshot: Snapshot, ranking: Ranking, promoted: Sequence[Ranked], filters: Filters) -> Ranking:
    """The ranking with these first, counted in and narrowed like everything else."""
    matched = list(ranking.matched) or [0] * len(snapshot.leaves)
    for _order, leaf, doc in promoted:
        matched[leaf] |= 1 << doc
    allowed = [chosen_mask(leaf, filters.chosen) for leaf in snapshot.leaves]
    scores = {one[1:]: one for one in ranking.ranked}
    first = [scores.get(one[1:], one) for one in promoted if allowed[one[1]] >> one[2] & 1]
    acute = len(_without(ranking.ranked[: ranking.promoted], first))
    return Ranking(first + _without(ranking.ranked, first), matched, len(first) + acute, len(first))


def _without(ranked: Iterable[Ranked], taken: Iterable[Ranked]) -> list[Ranked]:
    """The ranked documents but those that are taken."""
    places = {one[1:] for one in taken}
    return [one for one in ranked if one[1:] not in places]


def visible_mask(leaf: Leaf, seen: Seen) -> int:
    """The documents of what somebody may see."""

    def read() -> int:
        return mask_of((doc for doc, item in enumerate(leaf.items()) if item in seen.items), leaf.size)

    return leaf.kept(("seen", seen.key), read, lambda mask: mask.bit_length() // 8)


def chosen_mask(leaf: Leaf, chosen: Mapping[str, Sequence[str]], *, but: str = "") -> int:
    """The documents that pass the filters of all groups, `but` one."""
    mask = (1 << leaf.size) - 1
    for group, values in chosen.items():
        if values and group != but:
            mask &= _union(leaf, (f"{group}:{value}" for value in values))
    return mask


def docs_of(mask: int) -> list[int]:
    """The numbers of the documents in a mask, ascending."""
    bits = bin(mask)[:1:-1].encode().translate(_BITS)
    return list(compress(range(len(bits)), bits))


def _descending(day: str) -> int:
    return -int(day.rpartition(":")[2].replace("-", "") or 0)


def _union(leaf: Leaf, terms: Iterable[str]) -> int:
    mask = 0
    for term in terms:
        mask |= leaf.mask("facet", term)
    return mask


def _rarity(snapshot: Snapshot, wanted: Wanted) -> float:
    """How much a word says: much when few documents hold it in any form."""
    itself = [form for form in wanted.forms if form.is_itself]
    others = [form for form in wanted.forms if not form.is_itself]
    frequency = _frequency(snapshot, itself) or _frequency(snapshot, others)
    rarity = snapshot.rarity(frequency) * (weights.LONG_WORD if len(wanted.word) >= weights.LONG else 1.0)
    return rarity if frequency else weights.UNKNOWN * rarity


def _score(leaf: Leaf, query: Query, rarity: Sequence[float]) -> dict[int, float]:
    """Document → score, for those that hold enough of the query and all its phrases."""
    if not query.wanted:
        return _score_hints(leaf, query)
    scores = _sum_up(leaf, query, rarity)
    for phrase in query.phrases:
        holders = docs_with_phrase(leaf, phrase, scores.keys())
        scores = {doc: scores[doc] * _phrase_bonus(starts) for doc, starts in holders.items()}
    return scores


def _sum_up(leaf: Leaf, query: Query, rarity: Sequence[float]) -> dict[int, float]:
    """Document → score, for those that hold enough of the query."""
    total = sum(rarity)
    needed = weights.COVERAGE.get(len(query.wanted), weights.COVERAGE_LONG) * total
    sums, shares = [0.0] * leaf.size, [0.0] * leaf.size
    for wanted, weight in zip(query.wanted, rarity, strict=True):
        docs, worths = best_of(leaf, wanted)
        for doc, worth in zip(docs, worths, strict=True):
            sums[doc] += worth * weight
            shares[doc] += weight
    return {doc: sums[doc] * share / total for doc, share in enumerate(shares) if share >= needed}


def best_of(leaf: Leaf, wanted: Wanted) -> Postings:
    """The documents that hold a word in any form, and what the best form of it is worth in each."""

    def read() -> Postings:
        best = _best_form(leaf, wanted.forms)
        return Postings(array("H", best.keys()), array("f", best.values()))

    return leaf.kept(("best", wanted.forms), read, size_of)


def _frequency(snapshot: Snapshot, forms: Iterable[Form]) -> int:
    """In how many documents the most common of these forms stands."""
    return max((_frequency_of(snapshot, form) for form in forms), default=0)


def _frequency_of(snapshot: Snapshot, form: Form) -> int:
    if form.groups:
        return min(_frequency(snapshot, group) for group in form.groups)
    return snapshot.document_frequency(form.field, form.term)


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
    if form.groups:
        return _all_of(leaf, form)
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
    return dict.fromkeys(docs_of(_union(leaf, terms)), 1.0)


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


def _collect(
    number: int, scores: Mapping[int, float], factors: Mapping[int, float], docs: Iterable[int]
) -> list[Ranked]:
    """Documents of a leaf with their scores."""
    if factors:
        return [(-scores[doc] * factors.get(doc, 1.0), number, doc) for doc in docs]
    return [(-scores[doc], number, doc) for doc in docs]


def _factors(leaf: Leaf, inside: int, query: Query, today: date) -> dict[int, float]:
    """What the score of a document is multiplied by: hints, age."""
    factors: dict[int, float] = {}

    def multiply(mask: int, factor: float) -> None:
        for doc in docs_of(mask & inside):
            factors[doc] = factors.get(doc, 1.0) * factor

    if query.wanted:
        for phase in query.phase_hints:
            multiply(leaf.mask("facet", PHASE.term(phase)), weights.PHASE_BONUS)
            multiply(_only_phase(leaf, phase), weights.ONLY_PHASE_BONUS)
        for kind in query.kind_hints:
            multiply(leaf.mask("facet", KIND.term(kind)), weights.KIND_BONUS)
    if not query.kind_hints:
        multiply(_union(leaf, map(KIND.term, SAYINGS)), weights.SAYING_SHARE)
    for days, factor in weights.OLD_PENALTY.items():
        multiply(_reviewed_before(leaf, today - timedelta(days=days)), factor)
    return factors


def _only_phase(leaf: Leaf, phase: str) -> int:
    """The documents of this phase and no other."""
    others = _union(leaf, (PHASE.term(other) for other in Phase if other != phase))
    return leaf.mask("facet", PHASE.term(phase)) & ~others


def _hinted_phases(leaf: Leaf, query: Query) -> int:
    """The documents of the phases that the query names; all when it names none."""
    if not query.phase_hints:
        return (1 << leaf.size) - 1
    return _union(leaf, map(PHASE.term, query.phase_hints))


def _reviewed_before(leaf: Leaf, day: date) -> int:
    """The documents whose last review lies before a day."""
    limit = f"granskad:{day.isoformat()}"
    mask = 0
    for term in leaf.terms("day", "granskad:"):
        if term < limit:
            mask |= leaf.mask("day", term)
    return mask


def _promote(snapshot: Snapshot, query: Query, ranking: Ranking) -> Ranking:
    """With an acute word in the query, up to three acute checklists that answer it come first."""
    ranked = ranking.ranked
    if not ranked or not _asks_to_act(query):
        return ranking
    acute = [leaf.mask("facet", "akut:ja") & _hinted_phases(leaf, query) for leaf in snapshot.leaves]
    floor = ranked[0][0] * weights.ACUTE_SHARE
    near = takewhile(lambda one: one[0] <= floor, ranked)
    lists = (one for one in near if acute[one[1]] >> one[2] & 1)
    _, leaf, doc = ranked[0]
    is_first = acute[leaf] >> doc & 1
    first = list(
        islice(lists, weights.ACUTE_MOST if is_first else weights.ACUTE_MOST - 1)
    )  # the best one stays near
    return Ranking(first + _without(ranked, first), ranking.matched, len(first))


def _asks_to_act(query: Query) -> bool:
    """Whether the query is about what happens now, and names no other kind than a checklist."""
    return query.is_acute and (not query.kind_hints or "checklista" in query.kind_hints)
