"""Correcting words that found nothing, against the words of the index that the reader may see."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from kb.language.analysis import term_of
from kb.language.compounds import is_known, split, with_accent, with_marks
from kb.language.digits import LONGEST_NUMBER
from kb.language.misspelling import distance, sounds
from kb.language.words import fold
from kb.search.engine.snapshot import Leaf, Snapshot
from kb.search.finding import weights
from kb.search.finding.query import Query, Wanted, parse
from kb.search.finding.ranking import Filters, visible_mask
from kb.search.finding.scoring import best_of

_WORD = re.compile(r"[^\W_]+")
_LETTERS = {"a": "åäàá", "o": "öø", "e": "éè", "u": "ü"}


def corrected(snapshot: Snapshot, query: Query, filters: Filters) -> str:
    """The query with what was probably meant for the words that nothing answers; empty when there is none."""
    masks = [leaf.live & visible_mask(leaf, filters.seen) for leaf in snapshot.leaves]
    quoted = {word for phrase in query.phrases for word in phrase}
    unknown = (
        wanted.word
        for wanted in query.wanted
        if wanted.word not in quoted and not answers(snapshot, wanted, masks)
    )
    meant = {word: _meant(snapshot, word, masks) for word in islice(unknown, weights.MOST_CORRECTED)}
    if not any(meant.values()):
        return ""
    return _WORD.sub(lambda match: meant.get(match[0].lower()) or match[0], query.text)


def answers(snapshot: Snapshot, wanted: Wanted, masks: Sequence[int]) -> bool:
    """Whether a visible document holds the word in any form."""
    return any(best_of(leaf, wanted).mask & mask for leaf, mask in zip(snapshot.leaves, masks, strict=True))


def _meant(snapshot: Snapshot, word: str, masks: Sequence[int]) -> str:
    """A word with one error less, else with its marks, else its two words, else with several errors less."""
    if word.isdecimal():
        return near_number(snapshot, word, masks)
    if with_accent(word):  # a word of the language, whether the library holds it or not
        return ""
    errors, near = nearest(snapshot, word, masks)
    if near and errors < 2:
        return near
    return _marked(snapshot, word, masks) or taken_apart(snapshot, word, masks) or near


def _marked(snapshot: Snapshot, word: str, masks: Sequence[int]) -> str:
    """A compound that was typed without å, ä and ö, when something answers it as it is written."""
    written = with_marks(word)
    wanted = parse(written).wanted if written and written != word else ()
    return written if wanted and all(answers(snapshot, one, masks) for one in wanted) else ""


def taken_apart(snapshot: Snapshot, word: str, masks: Sequence[int]) -> str:
    """A compound of two words that both stand in the index (lvukampanjen → lvu kampanjen); empty when it is none.

    Those that the list of parts knows are looked for apart anyway.
    """
    if not word.isalpha() or len(word) > weights.LONGEST_WORD or split(word):
        return ""
    for seam in range(len(word) - weights.SHORTEST_WORD, weights.SHORTEST_WORD - 2, -1):
        first, second = word[:seam], word[seam:]
        if _is_there(snapshot, second, masks):
            for start in (first, first.removesuffix("s")):
                if _is_there(snapshot, start, masks):
                    return f"{start} {second}"
    return ""


def _is_there(snapshot: Snapshot, word: str, masks: Sequence[int]) -> bool:
    """Whether a visible document holds a word, in any inflection."""
    term = term_of(word)
    return len(word) >= weights.SHORTEST_WORD - 1 and any(
        leaf.mask("stem", term) & mask for leaf, mask in zip(snapshot.leaves, masks, strict=True)
    )


def nearest(snapshot: Snapshot, word: str, masks: Sequence[int]) -> tuple[float, str]:
    """The visible word of the index that is nearest to a misspelt one, and the errors; empty when none is near."""
    if not errors_allowed(word) or not word.isalpha():
        return 0.0, ""
    is_right = is_known(word)
    allowed = _errors_in(word, is_right=is_right)
    near = {one for leaf in snapshot.leaves for one in _near(leaf, word, allowed)}
    if is_right:
        near = _sounding_alike(near, word)
    counted = (
        (errors, -_count(snapshot, text, masks), text)
        for errors, text in sorted(near)[: weights.MOST_CANDIDATES]
    )
    errors, _, text = min((one for one in counted if one[1]), default=(0.0, 0, ""))
    return errors, text


def _sounding_alike(near: Iterable[tuple[float, str]], word: str) -> set[tuple[float, str]]:
    """Those that sound as the word does: a word of the language is corrected to no other (packet, paket)."""
    return {(errors, text) for errors, text in near if sounds(text) == sounds(word)}


def _errors_in(word: str, *, is_right: bool) -> int:
    """How many errors may be looked for: fewer in a word of the language, or in what looks like a compound.

    With none, words that differ by their marks alone are still found (hemvärd, hemvård).
    """
    if is_right or split(word):
        return 1 if is_right or len(word) >= weights.SURE else 0
    return errors_allowed(word)


def near_number(snapshot: Snapshot, number: str, masks: Sequence[int]) -> str:
    """The one telephone number of the index with two digits wrong at most (0201206060, 0201200606); else empty."""
    if not weights.SHORTEST_NUMBER <= len(number) <= LONGEST_NUMBER:
        return ""
    found = {
        term
        for leaf, mask in zip(snapshot.leaves, masks, strict=True)
        for term in leaf.terms("stem", number[:2])
        if term.isdecimal() and len(term) == len(number) and leaf.mask("stem", term) & mask
        if distance(number, term, weights.WRONG_DIGITS) <= weights.WRONG_DIGITS
    }
    return found.pop() if len(found) == 1 else ""


def errors_allowed(word: str) -> int:
    """One error from four letters, two from six, three from thirteen."""
    if len(word) > weights.LONGEST_WORD:
        return 0
    return max((errors for letters, errors in weights.ERRORS.items() if letters <= len(word)), default=0)


def _near(leaf: Leaf, word: str, allowed: int) -> list[tuple[float, str]]:
    """(errors, word) for the terms that are near enough; with another first letter only when no other is."""
    folded = fold(word)
    firsts = _LETTERS.get(folded[0], "") + folded[0]
    same = (text for first in firsts for text in leaf.terms("raw", first))
    found = list(_compare(same, word, folded, allowed))
    if found:
        return found
    others = _begin_alike(leaf.terms("raw", ""), folded, allowed)
    return [(errors + weights.FIRST_LETTER, text) for errors, text in _compare(others, word, folded, allowed)]


def _begin_alike(terms: Iterable[str], folded: str, allowed: int) -> list[str]:
    """Those where only the first letter differs, is missing, is too many or comes second."""
    shortest, longest = len(folded) - allowed, len(folded) + allowed
    first, second = folded[:2], folded[1:3]
    return [
        text
        for text in terms
        if shortest <= len(text) <= longest
        and (text[1:3] == second or text[:2] == second or text[1:3] == first)
    ]


def _compare(terms: Iterable[str], word: str, folded: str, allowed: int) -> Iterator[tuple[float, str]]:
    length = len(word)
    for text in terms:
        if -allowed <= len(text) - length <= allowed and text.isalpha():
            plain = fold(text)
            errors = distance(folded, plain, allowed)
            if errors <= allowed:
                yield errors + (weights.MARKS if plain == folded and text != word else 0), text


def _count(snapshot: Snapshot, word: str, masks: Sequence[int]) -> int:
    """How many visible documents hold a word as it is written."""
    return sum(
        (leaf.mask("raw", word) & mask).bit_count() for leaf, mask in zip(snapshot.leaves, masks, strict=True)
    )
