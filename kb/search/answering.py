"""Answers over the hits: what the capabilities answer to a query, as typed, else as it was probably meant.

What no text holds is asked for as what it stands for: police, snuten.
"""

from dataclasses import replace
from typing import Any

from sqlalchemy.orm import Session

from kb.accounts.viewer import Viewer
from kb.language.asking import read_question
from kb.search.engine.indexer import Indexer
from kb.search.engine.manifest import IndexUnavailable
from kb.search.finding.searching import SearchRequest
from kb.search.results import SearchResult, search
from kb.web.answering import Answer, Answering, Emphasis

MOST = 3
PAGE = "sida"  # the kind of a row that is no text


def list_answers(
    answering: Answering, session: Session, viewer: Viewer, request: SearchRequest, result: SearchResult
) -> list[Answer]:
    """At most three, on the first page of a search without filters."""
    if request.page > 1 or request.chosen or not request.query.strip():
        return []
    corrected = "" if request.verbatim else result.corrected or ""
    for words in dict.fromkeys((request.query, corrected, result.query.meant)):
        found = answering.answers(session, viewer, read_question(words))
        if found:
            return list({one.url + one.title: one for one in found}.values())[:MOST]
    return []


def list_rows(
    answering: Answering,
    indexer: Indexer,
    session: Session,
    viewer: Viewer,
    request: SearchRequest,
    *,
    with_answers: bool = False,
) -> list[dict[str, Any]]:
    """What the terminal gives: pages that are asked for by name, then hits, as many in all as are asked for.

    All answers are rows `with_answers`. They have the score of the best hit, since they stand before it.
    Raises `IndexUnavailable`.
    """
    request, _going_on = emphasised(answering, session, viewer, request)
    result = search(indexer, session, viewer, request)
    if result.is_unavailable:
        raise IndexUnavailable("Sökindexet saknas eller är skadat.")
    hits = [_row(hit.slug, hit.card.title, hit.kind, hit.score) for hit in result.hits]
    answers = list_answers(answering, session, viewer, request, result)
    best = result.hits[0].score if result.hits else 1.0
    pages = [one.page or ((one.url, one.title) if with_answers else None) for one in answers]
    rows = [_row(url, title, PAGE, best) for url, title in dict.fromkeys(page for page in pages if page)]
    return [*rows, *hits][: request.per_page]


def _row(slug: str, title: str, kind: str, score: float) -> dict[str, Any]:
    return {"slug": slug, "title": title, "kind": kind, "score": round(score, 4)}


def emphasised(
    answering: Answering, session: Session, viewer: Viewer, request: SearchRequest
) -> tuple[SearchRequest, list[Emphasis]]:
    """The request with the topics of what goes on in the viewer's units lifted, and what goes on there."""
    if request.unlifted or not request.query or not viewer.is_signed_in:
        return request, []
    found = answering.emphases(session, viewer)
    topics = tuple(dict.fromkeys(topic for one in found for topic in one.topics))
    return replace(request, lifted=topics), found
