"""From what somebody typed to what is looked for. No text of a user ever reaches Whoosh's query parser."""

import re
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import chain, pairwise

from kb.language.analysis import FOLDED_PART, term_of
from kb.language.compounds import ways_apart, with_accent
from kb.language.digits import LONGEST_NUMBER
from kb.language.marks import stays_as_written
from kb.language.sections import take_sections
from kb.language.stemming import folded_stems, root, stem
from kb.language.words import fold, normalise, read_tokens, read_words
from kb.search.finding import weights
from kb.search.finding.reading import circumstances, hinting_words, is_told, join_numbers, read_query
from kb.search.finding.synonyms import NONE, Synonyms, Target
from kb.search.finding.wordlists import (
    ACUTE_WORDS,
    ALSO_KIND,
    ALSO_PHASE,
    KIND_HINTS,
    PHASE_HINTS,
    SMALL_AS_WRITTEN,
    STOP_WORDS,
)

_PHRASE = re.compile(r'["“”„«»]([^"“”„«»]*)["“”„«»]')
_QUOTES = re.compile(r'["“”„«»]')
_SPACE = re.compile(r"\s+")
_LETTERED = re.compile(r"(\d{1,3})([a-z])")


@dataclass(frozen=True)
class Form:
    """One way to find a word: a term in a field, or all of several `groups` of forms; `weight` is what that is worth.

    `is_itself`: the word as it was meant, in any inflection; not so a part, a synonym or a root. `instead`: what it is
    a form of, when that is a synonym of the word. `phrase`: words that stand there as they are written, one after the
    other. `least`: what it must be worth in a text, before its own weight.
    """

    field: str
    term: str
    weight: float
    groups: tuple[tuple["Form", ...], ...] = ()
    is_itself: bool = True
    instead: str = ""
    phrase: tuple[str, ...] = ()
    least: float = 0.0


@dataclass(frozen=True)
class Wanted:
    """A word of the query with all its forms, the best first. `share`: of what it says, as a circumstance less."""

    word: str
    forms: tuple[Form, ...]
    share: float = 1.0


@dataclass(frozen=True)
class Query:
    """A query as it is understood. `hints` name phases and kinds that rank higher; they are not required.

    `terms` are those of all its words, the small ones too. A hit holds each `required` word in some form. `meant` is
    what it stands for when no text holds any of its words.
    """

    text: str
    wanted: tuple[Wanted, ...] = ()
    phrases: tuple[tuple[str, ...], ...] = ()
    phase_hints: frozenset[str] = frozenset()
    kind_hints: frozenset[str] = frozenset()
    terms: frozenset[str] = frozenset()
    is_acute: bool = False
    was_cut: bool = False
    required: frozenset[str] = frozenset()
    meant: str = ""

    @property
    def quoted(self) -> frozenset[str]:
        """The words that are to stand as they are typed."""
        return frozenset(chain(*self.phrases))

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to look for."""
        return not (self.wanted or self.phase_hints or self.kind_hints)


def parse(text: str, synonyms: Synonyms = NONE) -> Query:
    """Understand a query, as far as MAX_CHARACTERS and MAX_WORDS: phrases in quotes, hints, words with their forms."""
    shown, was_cut = shortened(text)
    phrases = tuple(filter(None, (tuple(read_words(match[1])) for match in _PHRASE.finditer(shown))))
    plain, sections = take_sections(_QUOTES.sub(" ", shown))
    quoted = frozenset(chain(*phrases))
    words, groups = join_numbers(read_query(plain, quoted))
    was_cut = was_cut or len(words) > weights.MAX_WORDS
    words = words[: weights.MAX_WORDS]
    hinting = list(hinting_words(words, quoted))
    content = _content(words, quoted, hinting)
    beside = circumstances(words, content)
    forms = _forms(words, content, has_marks=not "".join(words).isascii())
    said = [*words, *sections]
    instead: list[str] = []
    for start, end, targets in synonyms.find(said, [*content, *sections]):
        _add(forms, said[start:end], list(chain(*map(_synonym, targets))))
        instead += chain(*(target.words for target in targets))
    for word in groups.keys() & forms.keys():
        forms[word] += _by_groups(groups[word])
    return Query(
        text=shown,
        wanted=(
            *map(_section, sections),
            *(
                Wanted(word, tuple(forms[word]), weights.CIRCUMSTANCE if word in beside else 1.0)
                for word in content
            ),
        ),
        phrases=phrases,
        phase_hints=_named(hinting, PHASE_HINTS) | _named(content, ALSO_PHASE),
        kind_hints=_named(hinting, KIND_HINTS) | _named(content, {} if is_told(words) else ALSO_KIND),
        terms=frozenset(map(term_of, words)),
        is_acute=not _acute_stems().isdisjoint(map(stem, [*words, *instead])),
        was_cut=was_cut,
    )


def normal_query(text: str) -> str:
    """A query as it is counted and matched: its words in small letters.

    >>> normal_query(' Vad säger  "AFS 2023:2"? ')
    'vad säger afs 2023:2'
    """
    return " ".join(read_tokens(normalise(text)))


def shortened(text: str) -> tuple[str, bool]:
    """The query as it is shown, and whether something was cut off."""
    read = text[: 4 * weights.MAX_CHARACTERS]  # spaces and invisible characters do not count
    whole = _SPACE.sub(" ", normalise(read)).strip()
    shown = whole[: weights.MAX_CHARACTERS].rstrip()
    return shown, len(whole) > weights.MAX_CHARACTERS or len(text) > len(read)


def _named(words: Iterable[str], hints: Mapping[str, str]) -> frozenset[str]:
    """The phases or kinds that some words hint at."""
    return frozenset(hints[word] for word in words if word in hints)


def _content(words: Sequence[str], quoted: Set[str], hinting: Sequence[str]) -> list[str]:
    """The words that are looked for, each once: small words only when there are no others, and no hints."""
    others = [word for word in words if word not in hinting]
    small = STOP_WORDS if "".join(words).isascii() else SMALL_AS_WRITTEN
    content = [word for word in others if word in quoted or word not in small]
    return list(dict.fromkeys(content if content or hinting else others))


def _section(section: str) -> Wanted:
    numbers = tuple(_either(number) for number in section.split(":"))
    return Wanted(
        section, (Form("stem", section, 1.0), Form("", section, weights.LOOSE, numbers, is_itself=False))
    )


def _forms(words: Sequence[str], content: Sequence[str], *, has_marks: bool) -> dict[str, list[Form]]:
    """Word → its forms, by itself and with its neighbours."""
    found = {word: _own_forms(word, has_marks) for word in content}
    for first, second in pairwise(words):
        if _may_be_one(first, second) and {first, second} & found.keys():
            _add(found, (first, second), _joined(first, second, has_marks))
    return found


def _add(found: Mapping[str, list[Form]], words: Iterable[str], forms: Sequence[Form]) -> None:
    """Give more forms to those of the words that are looked for."""
    for word in words:
        if word in found:
            found[word].extend(forms)


def _may_be_one(first: str, second: str) -> bool:
    """Whether two neighbours may be one word that was written apart."""
    return first.isalpha() and second.isalpha() and first != second


def _by_groups(groups: Sequence[str]) -> tuple[Form, ...]:
    """How a number may be found that was typed in groups: some of them together, all of them, one of them."""
    count = len(groups)
    spans = [
        (start, end) for start in range(count) for end in range(start + 2, count + 1) if end - start < count
    ]
    some = tuple(
        Form("stem", "".join(groups[start:end]), weights.PART, is_itself=False) for start, end in spans
    )
    every = Form(
        "", " ".join(groups), weights.APART, tuple(_either(group) for group in groups), is_itself=False
    )
    whole = "".join(groups)
    is_short = len(whole) < weights.SHORTEST_NUMBER  # of a telephone number one group says nothing
    single = tuple(
        Form("stem", group, weights.ONE_GROUP, is_itself=False)
        for group in groups
        if is_short and len(group) > 2
    )
    return (*some, every, *single)


def _own_forms(word: str, has_marks: bool) -> list[Form]:
    accented = with_accent(word)
    if (
        accented and len(stem(word)) < len(word) - 2
    ):  # cut to a stem of something else: kommitte is not kommit
        return _own_forms(accented, has_marks)
    forms = _any_form(word)
    if word.isascii() and (accented or not stays_as_written(word)):
        weight = weights.FOLDED_BESIDE_MARKS if has_marks else weights.FOLDED
        for key, share in folded_stems(word).items():
            worth = weight * share
            forms += [
                Form("folded", key, worth),
                Form("part", FOLDED_PART + key, worth * weights.PART, is_itself=False),
            ]
    return forms


def _any_form(word: str) -> list[Form]:
    """A word that is written right: inflected, as a part of a compound, its groups, its root, all of its parts."""
    term = term_of(word)
    forms = [Form("stem", term, 1.0), Form("part", term, weights.PART, is_itself=False)]
    parts = read_words(word)
    if len(parts) > 1:
        groups = tuple(_either(part) for part in parts)
        forms.append(Form("", " ".join(parts), weights.APART, groups, is_itself=False))
        forms += _number("".join(parts))
    forms += _lettered(word)
    verb = root(term)
    if verb:
        forms.append(Form("stem", verb, weights.ROOT, is_itself=False))
    return forms + _apart(word, weights.APART)


def _lettered(word: str) -> list[Form]:
    """A number with a letter, which texts write apart: 24 b § for 24b."""
    lettered = _LETTERED.fullmatch(word)
    if not lettered:
        return []
    number = (Form("stem", lettered[1], 1.0),)
    return [Form("", word, 1.0, (number,), phrase=lettered.groups())]


def _number(digits: str) -> list[Form]:
    """A number that was typed with points between its groups: 020.120.06.06, 12.345."""
    return [Form("stem", digits, 1.0)] if digits.isdecimal() and len(digits) <= LONGEST_NUMBER else []


def _apart(word: str, weight: float) -> list[Form]:
    """The parts of a compound, all of them in the document."""
    return [
        Form("", " ".join(way), weight, tuple(_either(part) for part in way), is_itself=False)
        for way in ways_apart(word)
    ]


def _either(term: str) -> tuple[Form, ...]:
    forms = Form("stem", term, 1.0), Form("part", term, weights.PART, is_itself=False)
    verb = root(term)
    return (*forms, Form("stem", verb, weights.ROOT, is_itself=False)) if verb else forms


def _together(first: str, second: str) -> list[str]:
    """The terms of two words written as one; none that is cut to the first: "hon andas" is not found by "hon"."""
    starts = [first] if first[-1] == "s" else [first, f"{first}s"]
    if first[-1] in "ae" and len(first) > 3:
        starts += [first[:-1], f"{first[:-1]}s"]
    found = ((start, term_of(start + second)) for start in starts)
    return list(dict.fromkeys(term for start, term in found if len(term) > len(start)))


def _joined(first: str, second: str, has_marks: bool) -> list[Form]:
    """How two neighbours are written together: sekretess prövning, polis anmälan, arbete miljö, flicka grupp."""
    terms = _together(first, second)
    forms = [Form("stem", term, weights.JOINED) for term in terms]
    forms += [Form("part", term, weights.JOINED * weights.PART, is_itself=False) for term in terms]
    if (first + second).isascii():
        weight = weights.FOLDED_BESIDE_MARKS if has_marks else weights.FOLDED
        forms += [Form("folded", term, weight) for term in terms]
    return forms


def _synonym(target: Target) -> list[Form]:
    """What a synonym stands for, found as if it were typed: a word, several that must all be there, or a phrase."""
    words, instead = target.words, " ".join(target.phrase or target.words)
    if target.phrase:
        groups = tuple((Form("stem", term_of(word), 1.0),) for word in words)
        forms = [Form("", instead, 1.0, groups, phrase=target.phrase)]
    elif len(words) == 1:
        forms = _any_form(words[0])
    else:
        forms = [Form("", instead, 1.0, tuple(_either(term_of(word)) for word in words))]
        if len(words) == 2 and _may_be_one(*words):
            forms += _joined(*words, has_marks=True)
    return [
        replace(form, weight=form.weight * weights.SYNONYM, is_itself=False, instead=instead)
        for form in forms
    ]


@lru_cache(maxsize=1)
def _acute_stems() -> frozenset[str]:
    stems = {stem(word) for word in ACUTE_WORDS.split()}
    return frozenset(stems | {fold(stemmed) for stemmed in stems if len(stemmed) > 3})
