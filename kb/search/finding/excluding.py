"""What operators take away, as sets of documents, so that every count is of what is shown."""

from collections.abc import Iterable
from dataclasses import dataclass

from kb.language.words import normalise, read_words
from kb.search.engine.snapshot import Leaf
from kb.search.finding.query import Query, Wanted, parse
from kb.search.finding.scoring import best_of, phrase_mask


@dataclass(frozen=True)
class Excluded:
    """What no hit may hold: a word in any inflection (no synonym, no compound of it), or words one after the other."""

    words: tuple[Wanted, ...] = ()
    phrase: tuple[str, ...] = ()


def exclude(texts: Iterable[str]) -> tuple[Excluded, ...]:
    """What each of these, a word or a phrase in quotes, leaves out."""
    return tuple(map(_exclude, texts))


def _exclude(text: str) -> Excluded:
    words = tuple(read_words(normalise(text)))
    if len(words) > 1 and not text[0].isalnum():
        return Excluded(phrase=words)
    asked = parse(f'"{text}"')  # quoted, so that no word of it is a hint
    itself = (Wanted(one.word, tuple(form for form in one.forms if form.is_itself)) for one in asked.wanted)
    return Excluded(words=tuple(itself))


def excluded_mask(leaf: Leaf, excluded: Iterable[Excluded]) -> int:
    """The documents that hold any of it."""
    mask = 0
    for one in excluded:
        if one.phrase:
            mask |= phrase_mask(leaf, one.phrase)
        elif one.words:
            mask |= _with_words(leaf, one.words)
    return mask


def required_mask(leaf: Leaf, query: Query) -> int:
    """The documents that hold, in any form, every word that the query cannot be without; all of them without any."""
    return _with_words(leaf, (wanted for wanted in query.wanted if wanted.word in query.required))


def _with_words(leaf: Leaf, words: Iterable[Wanted]) -> int:
    """The documents that hold every one of these."""
    mask = (1 << leaf.size) - 1
    for wanted in words:
        mask &= best_of(leaf, wanted).mask
    return mask
