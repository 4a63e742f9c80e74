"""Several queries that are alternatives, as one: what they look for, and what they found."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import reduce
from itertools import chain
from operator import or_

from kb.search.engine.snapshot import Ranked, Snapshot
from kb.search.finding.query import Query
from kb.search.finding.ranking import Filters, Ranking, chosen_mask


def merged_query(queries: Sequence[Query]) -> Query:
    """All that the queries look for, to be marked and counted."""
    if len(queries) == 1:
        return queries[0]
    wanted = {one.word: one for query in reversed(queries) for one in reversed(query.wanted)}
    return replace(
        queries[0],
        wanted=tuple(reversed(wanted.values())),
        phrases=tuple(dict.fromkeys(chain(*(query.phrases for query in queries)))),
        phase_hints=reduce(or_, (query.phase_hints for query in queries)),
        kind_hints=reduce(or_, (query.kind_hints for query in queries)),
        terms=reduce(or_, (query.terms for query in queries)),
        is_acute=any(query.is_acute for query in queries),
        required=frozenset(),
    )


def merged_ranking(snapshot: Snapshot, filters: Filters, rankings: Sequence[Ranking]) -> Ranking:
    """What any of them found: first what each puts first, then by the best score."""
    if len(rankings) == 1:
        return rankings[0]
    filled = [ranking for ranking in rankings if ranking.matched]
    if not filled:
        return Ranking([], [])
    first = _each_once(chain(*(ranking.ranked[: ranking.promoted] for ranking in filled)))
    ranked = _each_once([*first, *sorted(chain(*(ranking.ranked for ranking in filled)))])
    matched = [reduce(or_, masks) for masks in zip(*(ranking.matched for ranking in filled), strict=True)]
    inside = (
        mask & chosen_mask(leaf, filters.chosen) for leaf, mask in zip(snapshot.leaves, matched, strict=True)
    )
    return Ranking(ranked, matched, sum(map(int.bit_count, inside)), len(first))


def _each_once(ranked: Iterable[Ranked]) -> list[Ranked]:
    """The documents, each where it stands first."""
    kept: dict[tuple[int, int], Ranked] = {}
    for one in ranked:
        kept.setdefault(one[1:], one)
    return list(kept.values())
