"""Finding known terms in plain text, in their ordinary Swedish forms; pure."""

import re
from collections.abc import Iterable, Iterator
from typing import Generic, NamedTuple, TypeVar

Key = TypeVar("Key")

_TOKEN = re.compile(r"[^\W_]+(?:[-’':.][^\W_]+)*")
_ABBREVIATION_ENDS = ("", "s", ":s", ":n", ":en", ":et", ":ar")
_NOUN_ENDS = ("", "n", "en", "t", "et", "r", "er", "ar", "na", "en", "rna", "erna", "arna", "a", "e")


class Found(NamedTuple, Generic[Key]):
    """A term in a text: where it starts and ends, and which it is."""

    start: int
    end: int
    key: Key


class _Phrase(NamedTuple, Generic[Key]):
    rest: tuple[frozenset[str], ...]  # the forms of each word after the first
    key: Key


class Vocabulary(Generic[Key]):
    """Terms that can be found in texts. Abbreviations are found as they are written, other words in any case."""

    def __init__(self, terms: Iterable[tuple[Key, str]]) -> None:
        self._phrases: dict[str, list[_Phrase[Key]]] = {}
        for key, term in terms:
            words = _TOKEN.findall(term)
            if words:
                self._add(key, [*map(first_word_forms, words[:-1]), last_word_forms(words[-1])])
        for phrases in self._phrases.values():
            phrases.sort(key=lambda phrase: -len(phrase.rest))

    def _add(self, key: Key, forms: list[frozenset[str]]) -> None:
        for form in forms[0]:
            self._phrases.setdefault(form, []).append(_Phrase(tuple(forms[1:]), key))

    def find(self, text: str) -> Iterator[Found[Key]]:
        """The terms of a text in order, the longest at each place, none inside another."""
        tokens = [_Token(found.start(), found.end(), _readings(found[0])) for found in _TOKEN.finditer(text)]
        place = 0
        while place < len(tokens):
            phrase = self._phrase_at(tokens, place)
            if phrase is None:
                place += 1
                continue
            last = place + len(phrase.rest)
            yield Found(tokens[place].start, tokens[last].end, phrase.key)
            place = last + 1

    def _phrase_at(self, tokens: "list[_Token]", place: int) -> _Phrase[Key] | None:
        for reading in tokens[place].readings:
            for phrase in self._phrases.get(reading, ()):
                following = tokens[place + 1 : place + 1 + len(phrase.rest)]
                if len(following) == len(phrase.rest) and all(
                    not forms.isdisjoint(token.readings)
                    for forms, token in zip(phrase.rest, following, strict=True)
                ):
                    return phrase
        return None


class _Token(NamedTuple):
    start: int
    end: int
    readings: tuple[str, ...]


def _readings(word: str) -> tuple[str, ...]:
    """What a word may stand for: as written, in small letters, last the part before a hyphen."""
    before = word.partition("-")[0]
    return tuple(dict.fromkeys((word, word.casefold(), before, before.casefold())))


def is_abbreviation(word: str) -> bool:
    """Whether a word is written with capitals inside: IVO, SoL, DOS-lagen."""
    return sum(letter.isupper() for letter in word) > 1


def last_word_forms(word: str) -> frozenset[str]:
    """A noun in its ordinary forms; some are no words, which does no harm."""
    if is_abbreviation(word):
        return frozenset(word + end for end in _ABBREVIATION_ENDS)
    word = word.casefold()
    forms = {word + end for end in _NOUN_ENDS}
    if word.endswith("a"):
        forms = {word, word + "n", word[:-1] + "or", word[:-1] + "orna"}
    elif word.endswith("e"):
        forms |= {word[:-1] + "na", word[:-1] + "ar", word[:-1] + "arna"}
    elif word.endswith("an"):
        forms = {word, word[:-2] + "ningar", word[:-2] + "ningarna"}
    return frozenset(forms | {form + "s" for form in forms})


def first_word_forms(word: str) -> frozenset[str]:
    """A word that stands before the noun, mostly an adjective, in its ordinary forms."""
    if is_abbreviation(word):
        return frozenset({word})
    word = word.casefold()
    forms = {word, word + "a", word + "t"}
    if word.endswith("t"):
        forms |= {word[:-1] + "a", word[:-1]}
    if word.endswith("en"):
        forms |= {word[:-2] + "na", word[:-1] + "t"}
    return frozenset(forms)
