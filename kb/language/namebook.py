"""Things by their names, found however the name is typed: inflected, apart, without marks, with a slip. Pure."""

from collections.abc import Hashable, Iterable, Sequence
from itertools import islice, product
from typing import Generic, TypeVar

from rapidfuzz import process
from rapidfuzz.distance import OSA

from kb.language.analysis import term_of
from kb.language.compounds import is_known
from kb.language.stemming import folded_stems
from kb.language.words import fold, normalise, query_words

T = TypeVar("T", bound=Hashable)
MOST_WORDS = 6  # of a name that is looked for
MOST_READINGS = 32  # of what was typed without marks
SLIPS = {5: 1, 8: 2}  # letters, without spaces → wrong ones


class NameBook(Generic[T]):
    """Values by their names. It is never changed after it was made."""

    def __init__(self, names: Iterable[tuple[str, T]]) -> None:
        self._exact: dict[str, dict[T, None]] = {}
        self._folded: dict[str, dict[T, None]] = {}
        self._spelt: dict[str, dict[T, None]] = {}
        self._words: set[str] = set()
        for name, value in names:
            words = query_words(normalise(name).lower())
            key = _key(words)
            for found, own in ((self._exact, key), (self._folded, fold(key)), (self._spelt, _plain(words))):
                found.setdefault(own, {})[value] = None
            self._words.update(words)
        self._spellings = list(self._spelt)

    def find(self, words: Sequence[str]) -> list[T]:
        """The values with just this name; with a slip less when there is none."""
        if not words or len(words) > MOST_WORDS:
            return []
        found = self._exact.get(_key(words))
        if found is None and "".join(words).isascii():
            found = next((self._folded[key] for key in _readings(words) if key in self._folded), None)
        if found is None:
            found = self._spelt.get(self._nearest(words))
        return list(found or ())

    def _nearest(self, words: Sequence[str]) -> str:
        """The one name that differs by a slip; none when each word is one of the language, or two are as near."""
        typed = _plain(words)
        errors = slips_allowed(typed)
        if not errors or all(map(self._is_right, words)):
            return ""
        found = process.extract(
            typed, self._spellings, scorer=OSA.distance, score_cutoff=errors, limit=2, processor=None
        )
        near = [(count, name) for name, count, _place in found if name[:1] == typed[:1]]
        is_clear = len({count for count, _name in near}) == len(near)
        return near[0][1] if near and is_clear else ""

    def _is_right(self, word: str) -> bool:
        return word in self._words or is_known(word)


def slips_allowed(typed: str) -> int:
    """How many letters may be wrong in what was typed."""
    return max((count for letters, count in SLIPS.items() if letters <= len(typed)), default=0)


def _key(words: Sequence[str]) -> str:
    """The stems together: "ord listan" and "ordlista" are one."""
    return "".join(map(term_of, words))


def _plain(words: Sequence[str]) -> str:
    return fold("".join(words))


def _readings(words: Sequence[str]) -> Iterable[str]:
    """What words typed without marks may be, stems together."""
    ways = [(term_of(word), *folded_stems(word)) for word in words]
    return islice(map("".join, product(*ways)), MOST_READINGS)
