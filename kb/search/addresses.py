"""The address of a search: everything that is asked for stands in it, and nothing else."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from urllib.parse import urlencode

from kb.library.core.facets import FACETS
from kb.search.finding.searching import RELEVANCE, REVIEWED, SearchRequest
from kb.web.addresses import page_path
from kb.web.landmarks import Landmark
from kb.web.pagination import page_number


def read(values: Mapping[str, Sequence[str]]) -> SearchRequest:
    """The request that an address (name → values) asks for; what is odd in it is passed over."""

    def many(name: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(value for value in values.get(name, ()) if value))[:20]

    def one(name: str) -> str:
        return next(iter(values.get(name, ())), "")

    return SearchRequest(
        query=one("q"),
        chosen={facet.name: asked for facet in FACETS if (asked := many(facet.name))},
        sort=REVIEWED if one("ordning") == REVIEWED else RELEVANCE,
        page=page_number(one("sida")),
        verbatim=bool(one("ordagrant")),
        is_plain=bool(one("ord")),
        unlifted=bool(one("oviktat")),
    )


def write(request: SearchRequest) -> str:
    """The address that asks for this."""
    pairs = [("q", request.query)] if request.query else []
    pairs += [(name, value) for name, values in request.chosen.items() for value in values]
    pairs += [("ordning", request.sort)] if request.sort != RELEVANCE else []
    pairs += [("ordagrant", "1")] if request.verbatim else []
    pairs += [("ord", "1")] if request.is_plain else []
    pairs += [("oviktat", "1")] if request.unlifted else []
    pairs += [("sida", str(request.page))] if request.page > 1 else []
    path = page_path(Landmark.SEARCH)
    return f"{path}?{urlencode(pairs)}" if pairs else path


def without(request: SearchRequest, group: str, value: str) -> str:
    """The address with one filter less."""
    less = {
        name: tuple(kept for kept in values if (name, kept) != (group, value))
        for name, values in request.chosen.items()
    }
    return write(replace(request, chosen={name: values for name, values in less.items() if values}, page=1))


def unfiltered(request: SearchRequest) -> str:
    """The address of the same words without any filter."""
    return write(SearchRequest(query=request.query, sort=request.sort))
