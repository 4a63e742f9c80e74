"""The fields of the index and how an item of the library becomes a document in it."""

import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any, NamedTuple

from kb.language.analysis import term_of
from kb.language.compounds import part_stems
from kb.language.digits import find_numbers
from kb.language.sections import find_sections
from kb.language.words import normalise, query_words, read_tokens, words_of
from kb.library.core.facets import FACETS
from kb.library.core.indexable import Indexable
from kb.library.core.outline import Sort, Span
from kb.search.engine.lists import NARROW

FORMAT = 10  # raise this when fields or stored values change: indexes of another number are rebuilt
STORED_TEXT_MAX = 20_000
PHRASE_WORDS_MAX = 20_000
ASKED, TITLE = "asked", "title"
_END = "\0"  # between text and outline: normalised text has none
# `stem` and `folded` hold title, summary and body together, each word with a weight in which the field, its length
# and the number of times are worked in (BM25F); `part` holds the parts of compounds alike; `raw` holds the words as
# written, with positions; `facet` holds "skede:under", "typ:mall" and the like, never who may see it;
# `day` holds the day of the last review; `asked` holds the words of titles, labels and wordings, the small ones too;
# `title` holds the words of titles and the parts of their compounds, which tell what texts are named after;
# `label` holds the words of labels as written, which a slip may have been meant as.
FIELDS = ("asked", "day", "facet", "folded", "key", "label", "part", "raw", "stem", "title")
GAP = 100  # between title, summary and text, so that no phrase runs over an edge

# Field → (weight, the length in words that is held to be normal, how much a longer one is damped).
PARTS: dict[str, tuple[float, int, float]] = {
    "title": (3.0, 6, 0.5),
    "summary": (1.6, 30, 0.5),
    "body": (0.8, 100, 0.75),
    "labels": (1.6, 40, 0.3),
}


class Prepared(NamedTuple):
    """An item ready for the index: what is stored, its tokens, its words, other terms by field.

    `tokens` are those of title, summary and text with what they are worth. What a token is found by is looked up where
    documents are turned round, once for all of them (`kb.search.engine.segments`). `words` are those of each text in
    order, with the place of the first.
    """

    data: dict[str, Any]
    tokens: Mapping[str, float]
    words: Sequence[tuple[int, Sequence[str]]]
    terms: dict[str, list[str]]


def make_document(item: Indexable) -> Prepared:
    """The document of an item."""
    text = normalise(item.text)
    title, summary = normalise(item.title), normalise(item.summary)
    labels = normalise(" ".join(item.labels))
    wordings = [normalise(wording) for wording in item.wordings]
    tokens = {each: read_tokens(each) for each in (title, summary, text, labels, *wordings)}
    beside = list(chain(tokens[summary], *(tokens[each] for each in wordings)))
    weighed = {
        "body": tokens[text] + _joined(text),
        "summary": beside + _joined("\n".join((summary, *wordings))),
        "labels": tokens[labels] + _joined(labels),
        "title": tokens[title] + _joined(title),
    }
    asked = [words for phrase in (title, *item.labels, *wordings) if (words := _asked(phrase))]
    return Prepared(
        data={**_stored(item, title, summary, text), ASKED: [" ".join(words) for words in asked]},
        tokens=_weigh(weighed),
        words=list(_placed(tokens[each] for each in (title, summary, text, *wordings))),
        terms={
            "key": [str(item.item_id)],
            "facet": list(facet_terms(item)),
            "day": list(_days(item)),
            ASKED: sorted({word for words in asked for word in words}),
            "label": sorted(set(words_of(tokens[labels]))),
            TITLE: sorted(set(_named(tokens[title]))),
        },
    )


def _joined(text: str) -> list[str]:
    """What a text is found by besides its tokens: sections of laws in one way of writing, numbers without spaces."""
    return find_sections(text) + find_numbers(text)


def _asked(phrase: str) -> list[str]:
    """The terms of a phrase, each once."""
    return sorted({term_of(word) for word in query_words(normalise(phrase))})


def facet_terms(item: Indexable) -> Iterable[str]:
    """What the item can be filtered by."""
    yield from (facet.term(value) for facet in FACETS for value in facet.read(item))
    if item.acute:
        yield "akut:ja"


def _named(tokens: Sequence[str]) -> Iterable[str]:
    """The terms of the words of a title, and of the parts of its compounds."""
    for word in words_of(tokens):
        yield term_of(word)
        yield from part_stems(word)


class Told(NamedTuple):
    """The plain text of a document, and what its lines are."""

    text: str
    spans: Sequence[Span] = ()


def told(data: Mapping[str, Any]) -> Told:
    """The text that a stored value holds."""
    text, _, outline = zlib.decompress(data["text"]).decode().partition(_END)
    return Told(text, [_span(line) for line in outline.splitlines()])


def _pack(text: str, outline: Iterable[Span]) -> bytes:
    """Text and outline together: the names of sections stand in the text already, so they take next to no room."""
    lines = ("\t".join((str(one.lines), one.sort, one.anchor, " ".join(one.name.split()))) for one in outline)
    return zlib.compress(_END.join((text[:STORED_TEXT_MAX], "\n".join(lines))).encode(), 2)


def _span(line: str) -> Span:
    lines, sort, anchor, name = line.split("\t")
    return Span(int(lines), Sort(sort), anchor, name)


def _stored(item: Indexable, title: str, summary: str, text: str) -> dict[str, Any]:
    return {
        "item": item.item_id,
        "slug": item.slug,
        "title": title,
        "summary": summary,
        "answer": item.answer,
        "stamp": item.stamp,
        "text": _pack(text, item.outline),
    }


def _weigh(texts: Mapping[str, Sequence[str]]) -> dict[str, float]:
    """What each token is worth: the sum over the texts, by number and weight."""
    found: dict[str, float] = {}
    for name, tokens in texts.items():
        weight, normal, damping = PARTS[name]
        worth = weight / (1 - damping + damping * max(len(tokens), normal / 2) / normal)
        counts = Counter(tokens)
        worths = {
            count: count * worth for count in set(counts.values())
        }  # each once: all are kept for a while
        if not found:  # the text, most of all
            found = dict(zip(counts, map(worths.__getitem__, counts.values()), strict=True))
            continue
        for token, count in counts.items():
            found[token] = found.get(token, 0.0) + worths[count]
    return found


def _placed(texts: Iterable[Sequence[str]]) -> Iterator[tuple[int, Sequence[str]]]:
    """The words of the texts as far as places go, with the place of the first."""
    position = 0
    for tokens in texts:
        words = words_of(tokens)[: max(0, min(PHRASE_WORDS_MAX, NARROW - position))]
        yield position, words
        position += len(words) + GAP


def _days(item: Indexable) -> Iterable[str]:
    return [f"granskad:{item.reviewed_on.isoformat()}"] if item.reviewed_on else []
