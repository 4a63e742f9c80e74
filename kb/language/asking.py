"""What a query asks for beside a subject: what a word means, which number to ring. Pure.

"vad betyder avvikelse" asks for the meaning of *avvikelse*; "nr till polisen" for a number of *polisen*; "vem ringer
man" for any number. The words that only ask are taken away, what is left is the subject.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, filterfalse, pairwise

from kb.language.compounds import is_known
from kb.language.misspelling import distance
from kb.language.words import fold, normalise, query_words

LONGEST = 10  # words: a longer query tells of something
_SHORTEST_SLIP = 6  # letters of a word that may have one wrong


def _listed(words: str) -> frozenset[str]:
    return frozenset(words.split())


_MEANING = _listed(
    """
    def definition definitionen definitioner definiera definieras definierat betyder betyda betydde betydelse betydelsen
    innebär innebära innebörd innebörden förklaring förklaringen förklara förkortning förkortningen ordförklaring menas
    """
)
_WHAT = _listed("vad va vafan hva")
_IS = _listed("är e ä ere äre")
_BESIDE_TERM = _listed(
    """
    vad va är e ä en ett med ordet begreppet termen begrepp uttrycket egentligen det den de då för av i om nu ens så
    jag kan du snälla står på svenska
    """
)
_NUMBER = _listed(
    """
    nummer numret numren numrena nr nmr telefonnummer telefonnumret telefonnumren telnr telnummer tfn tel tele telefon
    telefonen mobilnummer mobilnumret ringa ringer ring rings ringas
    """
)
_NUMBER_ENDS = ("telefonnummer", "nummer", "numret", "telefonen", "telefon")
_BESIDE_NUMBER = _listed(
    """
    till för ska skall ska jag ja man vi du vem vilken vilket vilka vart var hur en ett den det är e vad va har de dom
    på få får fås kan måste behöver bör borde nu då om i när här vill the o och eller slår snabbt direkt viktigt viktiga
    viktig åt hos som ni er sin sitt
    """
)


@dataclass(frozen=True)
class Question:
    """A query as a question: its words, what of them is a subject, and whether a meaning or a number is asked for.

    `named` are the words without the small ones around them: what a name is compared with.
    """

    text: str
    words: tuple[str, ...]
    named: tuple[str, ...]
    wants_meaning: bool = False
    wants_number: bool = False
    subject: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing is asked."""
        return not self.words


def read_question(text: str) -> Question:
    """The question in a query; an empty one for a query that tells something.

    >>> read_question("vad betyder avvikelse?").subject, read_question("nr till polisen").subject
    (('avvikelse',), ('polisen',))
    """
    lowered = normalise(text).lower()
    words = tuple(query_words(lowered))
    if not words or len(words) > LONGEST:
        return Question(lowered, (), ())
    named = _trimmed(words)
    if _asks_what_it_is(words) or any(map(_is_of_meaning, words)):
        subject = _trimmed(list(filterfalse(_is_of_meaning, words)))
        return Question(lowered, words, named, wants_meaning=True, subject=subject)
    apart = tuple(chain.from_iterable(map(_without_number, words)))
    if apart != words:
        subject = tuple(filterfalse(_BESIDE_NUMBER.__contains__, apart))
        return Question(lowered, words, named, wants_number=True, subject=subject)
    return Question(lowered, words, named, subject=named)


def _is_of_meaning(word: str) -> bool:
    return _is_one_of(word, _MEANING)


def _asks_what_it_is(words: Sequence[str]) -> bool:
    """Whether it begins as "vad är", or ends so ("lex sarah vad är det")."""
    return any(first in _WHAT and second in _IS for first, second in pairwise(words)) and (
        words[0] in _WHAT or words[-1] in _BESIDE_TERM
    )


def _trimmed(words: Sequence[str]) -> tuple[str, ...]:
    """The words without the small ones at both ends; all of them when nothing else is left."""
    start, end = 0, len(words)
    while start < end and words[start] in _BESIDE_TERM:
        start += 1
    while end > start and words[end - 1] in _BESIDE_TERM:
        end -= 1
    return tuple(words[start:end])


def _without_number(word: str) -> tuple[str, ...]:
    """What a word says besides that it asks for a number: polisnummer → polis, telefonnummer → nothing."""
    if _is_one_of(word, _NUMBER):
        return ()
    for end in _NUMBER_ENDS:
        first = word.removesuffix(end)
        if first != word and len(first) > 2 and is_known(first):
            return (first,)
    return (word,)


@lru_cache(maxsize=8_192)
def _is_one_of(word: str, words: frozenset[str]) -> bool:
    """Whether a word is one of these, also typed without marks or with one letter wrong."""
    if word in words:
        return True
    plain = _folded(words)
    if word.isascii() and word in plain:
        return True
    if len(word) < _SHORTEST_SLIP or is_known(word):
        return False
    typed = fold(word)
    return any(one[0] == typed[0] and len(one) > 6 and distance(typed, one, 1) <= 1 for one in plain)


@lru_cache(maxsize=8)
def _folded(words: frozenset[str]) -> frozenset[str]:
    return frozenset(map(fold, words))
