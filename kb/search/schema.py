"""The fields of the index and how an item of the library becomes a document in it."""

import zlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple

from whoosh import fields, formats

from kb.library.indexable import Indexable
from kb.search import swedish
from kb.search.codec import Positions

FORMAT = 3  # raise this when fields or stored values change: indexes of another number are rebuilt
STORED_TEXT_MAX = 20_000
PHRASE_WORDS_MAX = 20_000
GAP = 100  # between title, summary and text, so that no phrase runs over an edge

# Field → (weight, the length in words that is held to be normal, how much a longer one is damped).
PARTS: dict[str, tuple[float, int, float]] = {
    "title": (3.0, 6, 0.5),
    "summary": (1.6, 30, 0.5),
    "body": (1.0, 100, 0.75),
}


class Weighed(NamedTuple):
    """Term → weight, for the fields of the same names."""

    stem: dict[str, float]
    folded: dict[str, float]
    part: dict[str, float]


class Weights(fields.FieldType):  # type: ignore[misc]
    """Terms with the weights that we give: a mapping. `kb.search.segments` writes them; Whoosh analyses nothing."""

    def __init__(self) -> None:
        super().__init__(formats.Existence(), None, scorable=False, stored=False)


class Places(fields.FieldType):  # type: ignore[misc]
    """Words with their places, for phrases: a mapping of word to ascending places."""

    def __init__(self) -> None:
        super().__init__(Positions(), None, scorable=False, stored=False)


def make_schema() -> fields.Schema:
    """All fields.

    `stem` and `folded` hold title, summary and body together, each word with a weight in which the field, its length
    and the number of times are worked in (BM25F); `part` holds the parts of compounds alike; `raw` holds the words as
    written, with positions; `facet` holds "skede:under", "synlig:oppen" and the like; `day` holds dates by what they
    are of.
    """
    return fields.Schema(
        key=Weights(),
        data=fields.STORED(),
        stem=Weights(),
        folded=Weights(),
        part=Weights(),
        raw=Places(),
        facet=Weights(),
        day=Weights(),
    )


def make_document(item: Indexable) -> dict[str, Any]:
    """The document of an item: what to store, and for each field its terms."""
    text = swedish.normalise(item.text)
    title, summary = swedish.normalise(item.title), swedish.normalise(item.summary)
    wordings = [swedish.normalise(wording) for wording in item.wordings]
    beside = "\n".join((summary, " ".join(item.labels), *wordings))
    weights = _weigh({"title": title, "summary": beside, "body": text})
    return {
        "key": {str(item.item_id): 1.0},
        "data": _stored(item, title, summary, text),
        **weights._asdict(),
        "raw": _places((title, summary, text, *wordings)),
        "facet": dict.fromkeys(facet_terms(item), 1.0),
        "day": dict.fromkeys(_days(item), 1.0),
    }


def facet_terms(item: Indexable) -> Iterable[str]:
    """What the item can be filtered by."""
    yield f"synlig:{item.visibility}"
    yield f"typ:{item.kind}"
    yield from (f"skede:{phase}" for phase in item.phases)
    yield from (f"amne:{topic}" for topic in item.topics)
    yield from (f"malgrupp:{audience}" for audience in item.audiences)
    if item.acute:
        yield "akut:ja"


def text_of(data: Mapping[str, Any]) -> str:
    """The plain text that a stored value holds."""
    return zlib.decompress(data["text"]).decode()


def _stored(item: Indexable, title: str, summary: str, text: str) -> dict[str, Any]:
    return {
        "item": item.item_id,
        "slug": item.slug,
        "kind": item.kind,
        "title": title,
        "summary": summary,
        "answer": item.answer,
        "phases": item.phases,
        "topics": item.topics,
        "stamp": item.stamp,
        "text": zlib.compress(text[:STORED_TEXT_MAX].encode(), 6),
    }


def _weigh(texts: Mapping[str, str]) -> Weighed:
    """What each term, folded term and part of a compound is worth in the document."""
    stems: dict[str, float] = defaultdict(float)
    folded: dict[str, float] = defaultdict(float)
    parts: dict[str, float] = defaultdict(float)
    for name, text in texts.items():
        weight, normal, damping = PARTS[name]
        tokens = swedish.counted(text)
        factor = weight / (1 - damping + damping * max(tokens.total(), normal / 2) / normal)
        for token, count in tokens.items():
            found, worth = swedish.analysed(token), count * factor
            for term in found.terms:
                stems[term] += worth
            for term in found.folded:
                folded[term] += worth
            for term in found.parts:
                parts[term] += worth
    return Weighed(stems, folded, parts)


def _places(texts: Iterable[str]) -> dict[str, list[int]]:
    places: dict[str, list[int]] = defaultdict(list)
    position = 0
    for text in texts:
        words = swedish.words(text)[:PHRASE_WORDS_MAX]
        for place, word in enumerate(words, position):
            places[word].append(place)
        position += len(words) + GAP
    return dict(places)


def _days(item: Indexable) -> Iterable[str]:
    named: tuple[tuple[str, date | None], ...] = (
        ("granskad", item.reviewed_on),
        ("fran", item.valid_from),
        ("till", item.valid_to),
    )
    return [f"{name}:{day.isoformat()}" for name, day in named if day]
