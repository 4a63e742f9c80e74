"""Correcting words that found nothing, against the words that the reader may see and the other words of the query."""

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import NamedTuple

from kb.language.analysis import term_of
from kb.language.compounds import is_known, lexicon, part_stems, split, with_accent, with_marks
from kb.language.digits import LONGEST_NUMBER
from kb.language.misspelling import distance, heard, misspelling, one_error_from, sounds
from kb.language.stemming import root, stem
from kb.language.words import fold
from kb.search.engine.snapshot import Snapshot
from kb.search.finding import weights
from kb.search.finding.candidates import near_among, near_forms, near_with_another_first, near_words
from kb.search.finding.query import Query, Wanted, parse
from kb.search.finding.ranking import Filters, visible_masks
from kb.search.finding.scoring import docs_of, docs_with_phrase, holds_any
from kb.search.finding.synonyms import NONE, Synonyms
from kb.search.finding.wordlists import KIND_HINTS, PHASE_HINTS, STOP_WORDS

HINTS = frozenset(chain(PHASE_HINTS, KIND_HINTS)) - frozenset(map(fold, chain(PHASE_HINTS, KIND_HINTS)))
_WORD = re.compile(r"[^\W_]+")


class Proposal(NamedTuple):
    """A word that may have been meant: how wrong the typed one is as it, less what the other words say for it."""

    errors: float
    rareness: float
    text: str


class Around(NamedTuple):
    """The words of a query beside one of its words, and all others."""

    before: str
    after: str
    others: tuple[str, ...]


ALONE = Around("", "", ())


@dataclass(frozen=True)
class Library:
    """What the reader may see of the index, and the synonyms."""

    snapshot: Snapshot
    masks: Sequence[int]
    synonyms: Synonyms

    def holds(self, wanted: Wanted) -> bool:
        """Whether a visible document holds the word itself, or a synonym of it: not only what it may be made of."""
        made_of = {root(term_of(wanted.word)), *part_stems(wanted.word)}
        forms = tuple(
            form
            for form in wanted.forms
            if form.is_itself or form.instead or not (form.groups or form.term in made_of)
        )
        return self.answers(replace(wanted, forms=forms))

    def answers(self, wanted: Wanted) -> bool:
        """Whether a visible document holds the word in any form."""
        return any(
            holds_any(leaf, wanted.forms, mask)
            for leaf, mask in zip(self.snapshot.leaves, self.masks, strict=True)
        )

    def answers_text(self, text: str) -> bool:
        """Whether visible documents hold each word of a text in any form, synonyms too."""
        wanted = parse(text, self.synonyms).wanted
        return text in HINTS or (bool(wanted) and all(map(self.answers, wanted)))

    def holders(self, field: str, term: str) -> list[int]:
        """The visible documents that hold a term, by leaf."""
        return [
            leaf.mask(field, term) & mask for leaf, mask in zip(self.snapshot.leaves, self.masks, strict=True)
        ]

    def count(self, field: str, term: str) -> int:
        """How many visible documents hold a term."""
        return sum(mask.bit_count() for mask in self.holders(field, term))

    def is_written(self, word: str) -> int:
        """How many visible documents hold a word as it is written, labels too."""
        return self.count("raw", word) + self.count("label", word)


def corrected(snapshot: Snapshot, query: Query, filters: Filters, synonyms: Synonyms = NONE) -> str:
    """The query with what was probably meant for the words that nothing answers; empty when there is none."""
    library = Library(snapshot, visible_masks(snapshot, filters.seen), synonyms)
    quoted = query.quoted
    unknown = [wanted for wanted in query.wanted if wanted.word not in quoted and not library.holds(wanted)]
    meant = _all_meant(library, query, unknown[: weights.MOST_CORRECTED])
    if not any(meant.values()):
        return ""
    return _WORD.sub(lambda match: meant.get(match[0].lower()) or match[0], query.text)


def _all_meant(library: Library, query: Query, unknown: Sequence[Wanted]) -> dict[str, str]:
    """Word → what it was probably meant as, each beside the others as they were meant."""
    meant: dict[str, str] = {}
    typed = _WORD.findall(query.text.lower())
    for wanted in unknown:
        find = _meant_alike if library.answers(wanted) else _meant
        meant[wanted.word] = find(library, wanted.word, _around(typed, wanted.word, meant))
    return meant


def _around(typed: Sequence[str], word: str, meant: dict[str, str]) -> Around:
    """What stands beside a word, as it was meant; small words say nothing."""
    if word not in typed:
        return ALONE
    words = [meant.get(one) or one for one in typed]
    place = typed.index(word)
    near = ["", *words, ""][place : place + 3]
    before, _, after = ("" if one in STOP_WORDS else one for one in near)
    others = tuple(one for one in words if one not in STOP_WORDS and one != word)
    return Around(before, after, others)


def _meant(library: Library, word: str, around: Around) -> str:
    """A word with one error less, else with its marks, else its two words, else with several errors less."""
    if word.isdecimal():
        return near_number(library, word)
    if with_accent(word):  # a word of the language, whether the library holds it or not
        return ""
    near = nearest(library, word, around)
    if near and near.errors < weights.SLIGHT:
        return near.text
    return (
        _marked(library, word)
        or taken_apart(library, word)
        or (near.text if near else _with_right_part(library, word))
    )


def _meant_alike(library: Library, word: str, around: Around) -> str:
    """Of a word whose parts alone are there: one that sounds the same and stands in the texts itself."""
    if is_known(word):
        return ""
    near = nearest(library, word, around)
    return near.text if near and heard(near.text) == heard(word) and library.is_written(near.text) else ""


def _marked(library: Library, word: str) -> str:
    """A compound that was typed without å, ä and ö, when something answers it as it is written."""
    written = with_marks(word)
    return written if written and written != word and library.answers_text(written) else ""


def taken_apart(library: Library, word: str) -> str:
    """A compound of two words that both stand in the index (lvukampanjen → lvu kampanjen); empty when it is none.

    Those that the list of parts knows are looked for apart anyway.
    """
    if not word.isalpha() or len(word) > weights.LONGEST_WORD or split(word):
        return ""
    for seam in range(len(word) - weights.SHORTEST_WORD, weights.SHORTEST_WORD - 2, -1):
        first, second = word[:seam], word[seam:]
        if _is_there(library, second):
            for start in (first.removesuffix("s"), first):
                if _is_there(library, start) and _is_written_so(library, start):
                    return f"{start} {second}"
    return ""


def _is_written_so(library: Library, word: str) -> bool:
    """Whether texts or compounds have the word in this form."""
    return word in lexicon().firsts or library.is_written(word) > 0


def _with_right_part(library: Library, word: str) -> str:
    """A compound that the library has not, with an error in one of its two parts: with both right, or its last part."""
    if not word.isalpha() or len(word) > weights.LONGEST_WORD:
        return ""
    shortest = weights.SHORTEST_PART
    for seam in range(weights.SHORTEST_WORD - 1, len(word) - shortest + 1):
        right = _with_right_last(library, word[:seam], word[seam:])
        if not right and seam >= shortest:
            right = _with_right_first(library, word[:seam], word[seam:])
        if right:
            return right
    return ""


def _with_right_last(library: Library, first: str, last: str) -> str:
    """A compound with its last part right, when its first part is one of compounds."""
    right = _nearly(library, last) if first in lexicon().firsts and not is_known(last) else ""
    return first + right if right and library.answers_text(first + right) else right


def _with_right_first(library: Library, first: str, last: str) -> str:
    """The two parts of a compound, the first one right, when its last part is there."""
    if is_known(first) or not _is_there(library, last):
        return ""
    right = _nearly(library, first) or _nearly(library, first.removesuffix("s"))
    return f"{right} {last}" if right else ""


def _nearly(library: Library, word: str) -> str:
    """The word that one was meant as, with one error at most."""
    near = nearest(library, word, ALONE)
    return near.text if near and near.errors <= 1 else ""


def _is_there(library: Library, word: str) -> bool:
    """Whether a visible document holds a word, in any inflection."""
    return len(word) >= weights.SHORTEST_WORD - 1 and any(library.holders("stem", term_of(word)))


def nearest(library: Library, word: str, around: Around) -> Proposal | None:
    """The visible word that a misspelt one was most likely meant as, beside the other words; None when none is near."""
    allowed = errors_allowed(word)
    if not allowed or not word.isalpha():
        return None
    limit = allowed + 1 if around.others else allowed
    leaves = library.snapshot.leaves
    near = dict.fromkeys(chain(*(near_forms(leaf, word, limit) for leaf in leaves)), weights.OTHER_FORM)
    near |= dict.fromkeys(near_among(HINTS | library.synonyms.typed, word, allowed), 0.0)
    near |= dict.fromkeys(chain(*(near_words(leaf, word, limit) for leaf in leaves)), 0.0)
    best = _best(library, word, around, near)
    if best is None or best.errors > weights.SLIGHT:
        near = dict.fromkeys(chain(*(near_with_another_first(leaf, word, allowed) for leaf in leaves)), 0.0)
        best = min(filter(None, (best, _best(library, word, around, near))), default=None)
    return best


def errors_allowed(word: str) -> int:
    """One error from four letters, two from six, three from thirteen."""
    if len(word) > weights.LONGEST_WORD:
        return 0
    return max((errors for letters, errors in weights.ERRORS.items() if letters <= len(word)), default=0)


def _best(library: Library, word: str, around: Around, near: Mapping[str, float]) -> Proposal | None:
    """The likeliest of the words that are near: the least wrong ones are looked at, with what the others say for them.

    `near` says what each costs besides its errors.
    """
    inside, enough = _errors_in(word), _enough_for(word)
    proposals: list[Proposal] = []
    for cost, text in sorted((_errors(word, text) + more, text) for text, more in near.items()):
        if len(proposals) == weights.MOST_CANDIDATES:
            break
        errors = cost - near[text]
        if (errors > inside and not _sound_alike(word, text)) or not library.answers_text(text):
            continue
        support = _support(library, text, around)
        if enough(text, errors, support):
            proposals.append(Proposal(cost - support, -library.is_written(text), text))
    return min(proposals, default=None)


def _enough_for(word: str) -> Callable[[str, float, float], bool]:
    """Whether a word may be taken for a text with so many errors, when the other words say so much for that.

    A word of the language needs them: it is hardly misspelt (packet alone, misstänkt packet).
    """
    plain, allowed = fold(word), errors_allowed(word)
    is_right = is_known(word)
    most = 0.0 if is_right else _nearest_of_language(word) + weights.MARKS

    def is_enough(text: str, errors: float, support: float) -> bool:
        if is_right:
            return support >= weights.IN_TITLE
        is_near = errors <= most and distance(plain, fold(text), allowed) <= allowed
        return is_near or support >= weights.BESIDE

    return is_enough


def _sound_alike(word: str, text: str) -> bool:
    """Whether two words differ only by how a sound is written (packet, paket), or by their marks."""
    return sounds(text) == sounds(word) or heard(text) == heard(word) or fold(text) == fold(word)


def _errors(word: str, text: str) -> float:
    """How wrong a word is as another; a wrong first letter that sounds otherwise costs more, wrong marks a little."""
    errors = misspelling(word, text)
    if fold(heard(word))[:1] != fold(heard(text))[:1]:
        errors += weights.FIRST_LETTER
    return errors or weights.MARKS


def _errors_in(word: str) -> float:
    """How many errors may be looked for: fewer in a word of the language, or in what looks like a compound.

    With none, words that sound alike or differ by their marks alone are still found (hemvärd, hemvård).
    """
    if is_known(word):
        return 0
    if split(word):
        return 1 if len(word) >= weights.SURE else 0
    return errors_allowed(word) + 1


def _nearest_of_language(word: str) -> float:
    """How wrong the word is as another one of the language: what is nearer to that is not bent into another."""
    stemmed = stem(word)
    lasts = lexicon().lasts
    near = (one for one in one_error_from(stemmed) if one in lasts)
    return min((_errors(stemmed, one) for one in near), default=math.inf)


def _support(library: Library, text: str, around: Around) -> float:
    """How much the other words of the query say for a word: most when it stands beside one of them in a text."""
    pairs = [pair for pair in ((around.before, text), (text, around.after)) if all(pair)]
    if any(_stand_together(library, pair) for pair in pairs):
        return weights.BESIDE
    term, others = term_of(text), [term_of(one) for one in around.others]
    if any(_meet(library, "asked", term, other) for other in others):
        return weights.IN_TITLE
    return weights.IN_TEXT if any(_meet(library, "stem", term, other) for other in others) else 0.0


def _meet(library: Library, field: str, one: str, other: str) -> bool:
    """Whether a visible document holds both terms."""
    return any(
        first & second
        for first, second in zip(library.holders(field, one), library.holders(field, other), strict=True)
    )


def _stand_together(library: Library, pair: tuple[str, str]) -> bool:
    """Whether the words stand one after the other in a visible document."""
    holders = [library.holders("raw", word) for word in pair]
    return any(
        docs_with_phrase(leaf, pair, docs_of(first & second))
        for leaf, first, second in zip(library.snapshot.leaves, *holders, strict=True)
        if first & second
    )


def near_number(library: Library, number: str) -> str:
    """The one telephone number of the index with two digits wrong at most (0201206060, 0201200606); else empty."""
    if not weights.SHORTEST_NUMBER <= len(number) <= LONGEST_NUMBER:
        return ""
    near = {
        (distance(number, term, weights.WRONG_DIGITS), -len(term), term)
        for term in _numbers(library, number[:2])
        if abs(len(term) - len(number)) <= 1
    }
    best = min(near, default=None)
    if best is None or best[0] > weights.WRONG_DIGITS:
        return ""
    return best[-1] if sum(one[:2] == best[:2] for one in near) == 1 else ""


def _numbers(library: Library, start: str) -> set[str]:
    """The visible numbers that begin so."""
    terms = {term for leaf in library.snapshot.leaves for term in leaf.terms("stem", start)}
    return {term for term in filter(str.isdecimal, terms) if any(library.holders("stem", term))}
