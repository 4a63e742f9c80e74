"""What was found, in order: scores, what they are multiplied by, what comes first for another reason, sets to count."""

import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import chain, takewhile

from kb.library.content.document import Kind, Phase
from kb.library.core.facets import KIND, PHASE, TOPIC
from kb.library.core.indexable import Seen
from kb.search.engine.schema import ASKED, TITLE
from kb.search.engine.snapshot import Leaf, Ranked, Snapshot, mask_of
from kb.search.finding import weights
from kb.search.finding.excluding import Excluded, excluded_mask, required_mask
from kb.search.finding.query import Query
from kb.search.finding.rarity import SeenSnapshot, demand_of, weighed
from kb.search.finding.scoring import Group, best_first, docs_of, groups_of, union

SAYINGS = (Kind.TEMPLATE, Kind.CLAIM)  # what to say, not what to do
WORD = 58  # bytes of a word, beside its place in a set
Phrases = tuple[frozenset[str], ...]


@dataclass(frozen=True)
class Filters:
    """Facet values by group; values of one group are alternatives. `seen` is what the viewer may see.

    `without` is what no hit may hold. `lifted` are topics of what goes on where the viewer works: their texts for the
    phase "under" stand higher.
    """

    seen: Seen
    chosen: Mapping[str, tuple[str, ...]]
    without: tuple[Excluded, ...] = ()
    lifted: tuple[str, ...] = ()


@dataclass(frozen=True)
class Ranking:
    """What was found: the first documents or all of them, for each leaf the set before filtering, and how many in all.

    The first `promoted` stand first for another reason than their score: `picked` ones by editors, then acute ones.
    """

    ranked: list[Ranked]
    matched: list[int]
    total: int = 0
    promoted: int = 0
    picked: int = 0


def rank(
    snapshot: Snapshot, query: Query, filters: Filters, today: date, *, first: int | None = None
) -> Ranking:
    """What the query finds, best first: all, or at least the `first` ones. What is invisible is out from the start."""
    seen = SeenSnapshot(snapshot, visible_masks(snapshot, filters.seen))
    demand = demand_of(seen, query)
    query = weighed(seen, query)
    matched: list[int] = []
    inside: list[list[Group]] = []
    for leaf in snapshot.leaves:
        groups = groups_of(leaf, query, demand)
        mask = _all_of(groups) & allowed_mask(leaf, filters) & required_mask(leaf, query)
        matched.append(mask)
        mask &= chosen_mask(leaf, filters.chosen)
        inside.append(
            _weighted([group.within(mask) for group in groups], _factors(leaf, query, today, filters.lifted))
        )
    total = sum(_all_of(groups).bit_count() for groups in inside)
    ranked = best_first(inside, None if first is None else max(first, weights.NEAR_TOP))
    return _promote(snapshot, query, Ranking(bring_near(seen, query, ranked), matched, total), inside)


def everything(snapshot: Snapshot, filters: Filters) -> Ranking:
    """All that the viewer may see and the filters let through, in no order."""
    matched = [allowed_mask(leaf, filters) for leaf in snapshot.leaves]
    ranked = [
        (0.0, number, doc)
        for number, leaf in enumerate(snapshot.leaves)
        for doc in docs_of(matched[number] & chosen_mask(leaf, filters.chosen))
    ]
    return Ranking(ranked, matched, len(ranked))


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
            mask = leaf.mask("key", str(item_id)) & allowed_mask(leaf, filters)
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
    total = sum((mask & one).bit_count() for mask, one in zip(matched, allowed, strict=True))
    return Ranking(first + _without(ranking.ranked, first), matched, total, len(first) + acute, len(first))


def _without(ranked: Iterable[Ranked], taken: Iterable[Ranked]) -> list[Ranked]:
    """The ranked documents but those that are taken."""
    places = {one[1:] for one in taken}
    return [one for one in ranked if one[1:] not in places]


def allowed_mask(leaf: Leaf, filters: Filters) -> int:
    """The documents that may be found: what the viewer may see, less what is not wanted."""
    return leaf.live & visible_mask(leaf, filters.seen) & ~excluded_mask(leaf, filters.without)


def visible_masks(snapshot: Snapshot, seen: Seen) -> list[int]:
    """For each leaf the documents that are there and that somebody may see."""
    return [leaf.live & visible_mask(leaf, seen) for leaf in snapshot.leaves]


def visible_mask(leaf: Leaf, seen: Seen) -> int:
    """The documents of what somebody may see."""

    def read() -> int:
        return mask_of((doc for doc, item in enumerate(leaf.items()) if item in seen.items), leaf.size)

    return leaf.kept(("seen", seen.key), read)


def chosen_mask(leaf: Leaf, chosen: Mapping[str, Sequence[str]], *, but: str = "") -> int:
    """The documents that pass the filters of all groups, `but` one."""
    mask = (1 << leaf.size) - 1
    for group, values in chosen.items():
        if values and group != but:
            mask &= union(leaf, (f"{group}:{value}" for value in values))
    return mask


def lifted_mask(leaf: Leaf, topics: Sequence[str]) -> int:
    """The documents on these topics for while it happens."""
    if not topics:
        return 0
    return union(leaf, map(TOPIC.term, topics)) & leaf.mask("facet", PHASE.term(Phase.DURING))


def _descending(day: str) -> int:
    return -int(day.rpartition(":")[2].replace("-", "") or 0)


def _all_of(groups: Iterable[Group]) -> int:
    """The documents of all groups."""
    mask = 0
    for group in groups:
        mask |= group.mask
    return mask


def _weighted(groups: list[Group], factors: Iterable[tuple[int, float]]) -> list[Group]:
    """The groups, taken apart by what their scores are multiplied by."""
    for mask, factor in factors:
        apart = [(group.within(mask, factor), group.within(~mask)) for group in groups]
        groups = [group for pair in apart for group in pair if group.mask]
    return groups


def _factors(leaf: Leaf, query: Query, today: date, lifted: Sequence[str] = ()) -> list[tuple[int, float]]:
    """What the scores of some documents are multiplied by: hints, what goes on, age."""
    factors: list[tuple[int, float]] = []
    if query.wanted:
        for phase in query.phase_hints:
            factors.append((leaf.mask("facet", PHASE.term(phase)), weights.PHASE_BONUS))
            factors.append((_only_phase(leaf, phase), weights.ONLY_PHASE_BONUS))
        factors += [(leaf.mask("facet", KIND.term(kind)), weights.KIND_BONUS) for kind in query.kind_hints]
    if not query.kind_hints:
        factors.append((union(leaf, map(KIND.term, SAYINGS)), weights.SAYING_SHARE))
        factors.append((leaf.mask("facet", KIND.term(Kind.STORY)), weights.CASE_SHARE))
    if len(query.wanted) >= weights.STORY:
        factors.append((leaf.mask("facet", "akut:ja"), weights.STORY_ACUTE))
        factors.append((union(leaf, map(KIND.term, SAYINGS)), weights.STORY_SAYING))
    factors.append((lifted_mask(leaf, lifted), weights.LIFTED))
    for days, factor in weights.OLD_PENALTY.items():
        factors.append((_reviewed_before(leaf, today - timedelta(days=days)), factor))
    return [(mask, factor) for mask, factor in factors if mask]


def _only_phase(leaf: Leaf, phase: str) -> int:
    """The documents of this phase and no other."""
    others = union(leaf, (PHASE.term(other) for other in Phase if other != phase))
    return leaf.mask("facet", PHASE.term(phase)) & ~others


def _hinted_phases(leaf: Leaf, query: Query) -> int:
    """The documents of the phases that the query names; all when it names none."""
    if not query.phase_hints:
        return (1 << leaf.size) - 1
    return union(leaf, map(PHASE.term, query.phase_hints))


def _reviewed_before(leaf: Leaf, day: date) -> int:
    """The documents whose last review lies before a day."""
    limit = f"granskad:{day.isoformat()}"

    def read() -> int:
        mask = 0
        for term in leaf.terms("day", "granskad:"):
            if term < limit:
                mask |= leaf.mask("day", term)
        return mask

    return leaf.kept(("before", limit), read)


def _promote(
    snapshot: Snapshot, query: Query, ranking: Ranking, inside: Sequence[Sequence[Group]]
) -> Ranking:
    """With an acute word in the query, up to three acute checklists that answer it come first."""
    ranked = ranking.ranked
    if not ranked or not _asks_to_act(query):
        return ranking
    acute = [leaf.mask("facet", "akut:ja") & _hinted_phases(leaf, query) for leaf in snapshot.leaves]
    floor = ranked[0][0] * weights.ACUTE_SHARE
    near = list(takewhile(lambda one: one[0] <= floor, ranked))
    lists = [one for one in near if acute[one[1]] >> one[2] & 1]
    lists = sorted({*lists, *_named_lists(snapshot, query, ranked[: weights.NEAR_TOP], acute)})
    if len(near) == len(ranked) < ranking.total and len(lists) < weights.ACUTE_MOST:
        lists += takewhile(lambda one: one[0] <= floor, _best_beside(inside, acute, ranked))
    _, leaf, doc = ranked[0]
    is_first = acute[leaf] >> doc & 1
    first = lists[: weights.ACUTE_MOST if is_first else weights.ACUTE_MOST - 1]  # the best one stays near
    return replace(ranking, ranked=first + _without(ranked, first), promoted=len(first))


def _named_lists(
    snapshot: Snapshot, query: Query, ranked: Sequence[Ranked], acute: Sequence[int]
) -> list[Ranked]:
    """The acute lists among the best hits that are named after a word of the query and answer much of it."""
    floor = ranked[0][0] * weights.ACUTE_NAMED
    named = [_named_after(leaf, query) & mask for leaf, mask in zip(snapshot.leaves, acute, strict=True)]
    return [one for one in takewhile(lambda one: one[0] <= floor, ranked) if named[one[1]] >> one[2] & 1]


def _named_after(leaf: Leaf, query: Query) -> int:
    """The documents whose title holds a word of the query."""
    mask = 0
    for form in chain(*(wanted.forms for wanted in query.wanted)):
        if form.is_itself and form.term:
            mask |= leaf.mask(TITLE, form.term)
    return mask


def _best_beside(
    inside: Sequence[Sequence[Group]], masks: Sequence[int], ranked: Iterable[Ranked]
) -> list[Ranked]:
    """The best of some sets that are not among those that were ranked."""
    masks = list(masks)
    for _order, leaf, doc in ranked:
        masks[leaf] &= ~(1 << doc)
    beside = [[group.within(mask) for group in groups] for groups, mask in zip(inside, masks, strict=True)]
    return best_first(beside, weights.ACUTE_MOST)


def _asks_to_act(query: Query) -> bool:
    """Whether the query is about what happens now, and names no other kind than a checklist."""
    return query.is_acute and (not query.kind_hints or "checklista" in query.kind_hints)


def bring_near(snapshot: Snapshot, query: Query, ranked: list[Ranked]) -> list[Ranked]:
    """The ranking with the best hits in the order of their scores times how close one of their phrases is.

    How much of the query stands in one title, label or wording ("vem ringer polisen" in a label of these words), or how
    much of such a phrase stands in the query (a label of three words in a story of thirty): the sum over words does not
    see what belongs together and leaves small words out; here they count.
    """
    if len(query.terms) < 2:
        return ranked
    says = _Says(snapshot)
    total = sum(says[term] for term in query.terms)
    head = []
    for order, leaf, doc in ranked[: weights.NEAR_TOP]:
        phrases = phrases_of(snapshot.leaves[leaf], doc)
        near = max((_closeness(phrase & query.terms, phrase, says, total) for phrase in phrases), default=0.0)
        head.append((order * (1 + near), leaf, doc))
    return sorted(head) + ranked[weights.NEAR_TOP :]


class _Says(dict[str, float]):
    """Term → what it says among titles, labels and wordings."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot

    def __missing__(self, term: str) -> float:
        said = self[term] = self._snapshot.rarity(self._snapshot.document_frequency(ASKED, term))
        return said


def phrases_of(leaf: Leaf, doc: int) -> Phrases:
    """The terms of each title, label and wording of a document."""

    def read() -> Phrases:
        return tuple(frozenset(phrase.split(" ")) for phrase in leaf.stored(doc)["asked"])

    return leaf.kept((ASKED, doc), read, _size)


def _closeness(
    shared: frozenset[str], phrase: frozenset[str], says: Mapping[str, float], total: float
) -> float:
    """How much more a text scores for what the query and one of its phrases share: much of the one, or of the other."""
    said = sum(says[term] for term in shared)
    near = weights.NEAR_BONUS * said / total
    if len(shared) < 2:
        return near
    share = said / sum(says[term] for term in phrase)
    enough = min(1.0, said / weights.NEAR_ENOUGH)
    return max(near, weights.NEAR_WHOLE * share**weights.NEAR_WHOLE_POWER * enough)


def _size(phrases: Sequence[frozenset[str]]) -> int:
    return sys.getsizeof(phrases) + sum(sys.getsizeof(phrase) + WORD * len(phrase) for phrase in phrases)
