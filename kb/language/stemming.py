"""The Swedish stemmer: Snowball, the -et/-an/-en step that it lacks, and words that change their vowel.

Module-level and lazy, so that nothing of it ends up in a pickled schema. A stem is a key, not a word.
"""

import re
import threading
from functools import lru_cache
from typing import Any

from kb.language.irregular import IRREGULAR, PREFIXED, PREFIXES, VOWEL_PLURALS

_MAN = re.compile(r"^(.+[^m])(?:man|män)(?:nen|s|nens|na)?$")
_PLURALS = tuple(VOWEL_PLURALS)
_PARTICIPLES = tuple(
    before + end for before in ["äl", "ör", "öm", "öj", "öv", "äv", "äng", "öjn"] for end in "dt"
)  # följd, hört: the last letter goes
_FOLDED_PARTICIPLE = re.compile(r"(?<=al|or|om|oj|ov|av)[dt]$|(?<=ang)[dt]$")
# Without one of these ends Snowball changes nothing: asking it is most of the work. The same goes for our own steps.
_SNOWBALL_ENDINGS = (
    *("a", "e", "s", "ad", "ed", "ar", "er", "or", "at", "et", "en", "enn", "ern", "ig", "fullt"),
    *("dd", "gd", "nd", "dt", "gt", "kt", "tt", "nn", "ast", "öst"),
)
_DEFINITE_ENDINGS = ("et", "en", "an", "ets", "ens", "ans")
_OWN_ENDINGS = "dghlmnrst"
# What Snowball leaves → what it must stand behind to be taken away, so long as three letters are left.
_LEFT_OVER = {
    "s": "ar er or at dt it het lse gi ti mi",  # gångars, filmats, enhets, energis
    "n": "or jö é el varo logi rafi nomi rapi atri stri sofi rati anti pati enti g t v",  # datorn, miljön, psykologin
    "r": "b d g k p t v",  # systrar
    "um": "i",  # gymnasium
    "and": "",  # förhållandet
    "d": "ll tal älj ölj kän",  # ställde, betald, följde, kände
    "t": "ll al el il yl iv bar sar ker der är p älj ölj sök läs lås ryk änk kän",  # normalt, aktivt, köpt, sökt
    "it": "d t n v",  # förbjudit
    "h": "g m n r",  # säkerhets
}
_CUTS = {before + end: len(end) for end, befores in _LEFT_OVER.items() for before in befores.split() or [""]}
_CUTS["rorn"] = 0  # as it is: the letters before -orn are no word
_CUT_LENGTHS = sorted({len(ending) for ending in _CUTS}, reverse=True)
_LEFT_OVER_ENDS = "dhmnrst"
_UNSTRESSED = tuple(f"{letter}el" for letter in "bdfgkpv")
_VOWELS = "aeiouyåäöé"
_VOWEL = re.compile(f"[{_VOWELS}]")
_NO_VERB = ("tidning", "våning", "spänning", "drottning", "hedning", "ättling")
_PLAIN = str.maketrans("åäö", "aao")
SHORTENED = 0.5  # a folded participle that lost its ending: uthangd → uthang, but vald → val too
# kommitté, kommittén, idéer, caféet typed without the accent: Snowball takes the e away, the stem of é keeps it.
STRESSED_E = re.compile(r"^([a-z]+?e)(?:n|ns|t|ts|et|ets|er|ers|erna|ernas)?$")
_local = threading.local()


def _snowball() -> Any:
    """One stemmer a thread: it keeps the word it works on in itself."""
    stemmer = getattr(_local, "stemmer", None)
    if stemmer is None:
        import snowballstemmer

        stemmer = _local.stemmer = snowballstemmer.stemmer("swedish")  # in C where there is PyStemmer
        stemmer.maxCacheSize = 0  # `stem` keeps its words, once for all threads
    return stemmer


@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """The stem of one lower-case, normalised word; what holds a digit stays as it is.

    >>> stem("våldet"), stem("tjänstemännen"), stem("checklistorna"), stem("14-14")
    ('våld', 'tjänsteman', 'checklist', '14-14')
    """
    if len(word) > 40 or not word.isalpha():
        return word
    found = _irregular(word)
    if found:
        return found
    if len(word) < 4:
        return word
    return _regular(word)


def _irregular(word: str) -> str | None:
    for form in (word, word[:-1]) if word[-1] == "s" else (word,):
        found = IRREGULAR.get(form) or PREFIXED.get(form)
        if found:
            return found
    if "män" in word or "man" in word:
        match = _MAN.match(word)
        if match:
            return match[1] + "man"
    return None if word.isascii() else _vowel_plural(word)


def _vowel_plural(word: str) -> str | None:
    """What a plural with a changed vowel is one of, also in a compound: ledamöternas → ledamot."""
    form = word.removesuffix("s").removesuffix("na")
    if not form.endswith(_PLURALS):
        return None
    plural = next(plural for plural in _PLURALS if form.endswith(plural))
    return form.removesuffix(plural) + VOWEL_PLURALS[plural]


def _regular(word: str) -> str:
    """Snowball and our own steps in turn until nothing changes, so that every form ends at the same place."""
    current = word
    while len(current) > 3:
        shorter = _snowball().stemWord(current) if current.endswith(_SNOWBALL_ENDINGS) else current
        shorter = _own_steps(shorter) if shorter[-1] in _OWN_ENDINGS else shorter
        if shorter in IRREGULAR:
            return IRREGULAR[shorter]
        if shorter == current:
            break
        current = shorter
    return current


def _own_steps(word: str) -> str:
    word = _without_article(word)
    if word.endswith(("mm", "nn")):
        word = word[:-1]
    if len(word) > 3 and word.endswith(_PARTICIPLES):
        word = word[:-1]
    if word.endswith(("el", "eln")):
        word = _without_unstressed(word)
    if len(word) > 4 and word[-1] in _LEFT_OVER_ENDS:
        word = _without_left_over(word)
    return word.removesuffix("ning") if word.endswith("mälning") else word


def _without_article(word: str) -> str:
    """A word without -et, -en or -an, when three letters and a vowel are left."""
    if word.endswith(_DEFINITE_ENDINGS):
        left = word[: -3 if word[-1] == "s" else -2]
        if len(left) > 2 and _VOWEL.search(left):
            return left
    return word


def _without_unstressed(word: str) -> str:
    """A word with its last syllable as it is before an ending: segel → segl, as in segla."""
    form = word.removesuffix("n")
    return f"{form[:-2]}l" if form.endswith(_UNSTRESSED) else word


def _without_left_over(word: str) -> str:
    """A word without what Snowball leaves of its endings."""
    for length in _CUT_LENGTHS:
        cut = _CUTS.get(word[-length:])
        if cut is not None:
            return word[:-cut] if 0 < cut <= len(word) - 3 else word
    return word


def root(stemmed: str) -> str:
    """The stem of the verb behind a noun in -ning (utredning → utred); empty without one.

    >>> root("utredning"), root("rapportering"), root("handling"), root("tidning")
    ('utred', 'rapport', 'handl', '')
    """
    if len(stemmed) < 7 or not stemmed.endswith("ing") or stemmed.endswith(_NO_VERB):
        return ""
    verb = stemmed[:-4] if stemmed.endswith("ning") and stemmed[-5:-4] not in _VOWELS else stemmed[:-3]
    return stem(verb + "a")


def folded_stems(word: str) -> dict[str, float]:
    """What a word typed without å, ä and ö may be in the folded field, and how much that is to be trusted.

    >>> folded_stems("krisstod"), folded_stems("uthangd"), folded_stems("buffen")
    ({'krisstod': 1.0}, {'uthang': 1.0}, {'buff': 1.0, 'buffe': 1.0})
    """
    found: dict[str, float] = {}
    stressed = STRESSED_E.match(word)
    for key in (
        _folded_irregular(word),
        folded_stem(word),
        stressed[1] if stressed else "",
    ):
        if key:
            found[key] = 1.0
    for key in tuple(found):
        shorter = _FOLDED_PARTICIPLE.sub("", key) if len(key) > 3 else key
        found.setdefault(shorter, SHORTENED)
    return found


def folded_stem(plain: str) -> str:
    """The stem of a word without its marks, cut as if it were a word of its own: where "muller" meets Müller.

    >>> folded_stem("muller"), folded_stem("bjorn")
    ('mull', 'bjor')
    """
    return _regular(plain) if len(plain) > 3 and plain.isalpha() else plain


def _folded_irregular(word: str) -> str:
    table, prefixes = _folded_tables()
    if word in table:
        return table[word]
    for _, plain in prefixes:
        if word.startswith(plain) and word[len(plain) :] in table and len(word) > len(plain) + 2:
            return plain + table[word[len(plain) :]]
    return ""


@lru_cache(maxsize=1)
def _folded_tables() -> tuple[dict[str, str], tuple[tuple[str, str], ...]]:
    """The irregular words that have marks, without them."""
    table = {
        form.translate(_PLAIN): base.translate(_PLAIN)
        for form, base in IRREGULAR.items()
        if not form.isascii()
    }
    return table, tuple((prefix, prefix.translate(_PLAIN)) for prefix in PREFIXES)


def irregular_forms(stemmed: str) -> tuple[str, ...]:
    """The words that have this stem without looking like it (skriv → skrev, man → män)."""
    return _forms().get(stemmed, ())


@lru_cache(maxsize=1)
def _forms() -> dict[str, tuple[str, ...]]:
    forms: dict[str, list[str]] = {}
    for form, base in {**IRREGULAR, **VOWEL_PLURALS}.items():
        if not form.startswith(base):
            forms.setdefault(base, []).append(form)
    return {base: tuple(found) for base, found in forms.items()}
