"""Finding known terms in plain text, in any of their forms; pure."""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Generic, NamedTuple, TypeVar

from kb.language.analysis import term_of
from kb.language.words import Token, locate_tokens

Key = TypeVar("Key")

_ABBREVIATION_ENDS = ("", "s", ":s", ":n", ":en", ":et", ":ar")


class Found(NamedTuple, Generic[Key]):
    """A term in a text: where it starts and ends, and which it is."""

    start: int
    end: int
    key: Key


class _Phrase(NamedTuple, Generic[Key]):
    rest: tuple[frozenset[str], ...]  # what each word after the first may be read as
    key: Key


class _Read(NamedTuple):
    start: int
    end: int
    readings: tuple[str, ...]


class Vocabulary(Generic[Key]):
    """Terms that can be found in texts: abbreviations as they are written, other words in any case and form."""

    def __init__(self, terms: Iterable[tuple[Key, str]]) -> None:
        self._phrases: dict[str, list[_Phrase[Key]]] = {}
        for key, term in terms:
            words = [token.text for token in locate_tokens(term)]
            if words:
                self._add(
                    key, [*(_looked_for(word) for word in words[:-1]), _looked_for(words[-1], last=True)]
                )
        for phrases in self._phrases.values():
            phrases.sort(key=lambda phrase: -len(phrase.rest))

    def _add(self, key: Key, words: list[frozenset[str]]) -> None:
        for reading in words[0]:
            self._phrases.setdefault(reading, []).append(_Phrase(tuple(words[1:]), key))

    def find(self, text: str) -> Iterator[Found[Key]]:
        """The terms of a text in order, the longest at each place, none inside another."""
        tokens = [_read(token) for token in locate_tokens(text)]
        place = 0
        while place < len(tokens):
            phrase = self._phrase_at(tokens, place)
            if phrase is None:
                place += 1
                continue
            last = place + len(phrase.rest)
            yield Found(tokens[place].start, tokens[last].end, phrase.key)
            place = last + 1

    def _phrase_at(self, tokens: list[_Read], place: int) -> _Phrase[Key] | None:
        for reading in tokens[place].readings:
            for phrase in self._phrases.get(reading, ()):
                following = tokens[place + 1 : place + 1 + len(phrase.rest)]
                if len(following) == len(phrase.rest) and all(
                    not words.isdisjoint(token.readings)
                    for words, token in zip(phrase.rest, following, strict=True)
                ):
                    return phrase
        return None


def is_abbreviation(word: str) -> bool:
    """Whether a word is written with capitals inside: IVO, SoL, DOS-lagen."""
    return sum(letter.isupper() for letter in word) > 1


def _looked_for(word: str, *, last: bool = False) -> frozenset[str]:
    """What a word of a term may be read as: an abbreviation as it is written, inflected last; others by their stem."""
    if is_abbreviation(word):
        return frozenset(word + end for end in (_ABBREVIATION_ENDS if last else ("",)))
    return frozenset({term_of(word.lower())})


def _read(token: Token) -> _Read:
    return _Read(token.start, token.end, _readings(token.text))


@lru_cache(maxsize=65_536)
def _readings(word: str) -> tuple[str, ...]:
    """What a word of a text may stand for: as written, by its stem, last the part before a hyphen."""
    before = word.partition("-")[0]
    return tuple(dict.fromkeys((word, term_of(word.lower()), before, term_of(before.lower()))))
