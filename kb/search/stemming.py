"""The Swedish stemmer: Snowball, the -et/-an/-en step that it lacks, and words that change their vowel.

Module-level and lazy, so that nothing of it ends up in a pickled schema. A stem is a key, not a word.
"""

import re
import threading
from functools import lru_cache
from typing import Any

# Plurals with a changed vowel, also at the end of compounds (huvudstäder, ledamöter, ungdomsböcker).
_VOWEL_PLURALS = {
    "händer": "hand",
    "länder": "land",
    "stränder": "strand",
    "tänder": "tand",
    "städer": "stad",
    "nätter": "natt",
    "böcker": "bok",
    "rötter": "rot",
    "fötter": "fot",
    "ledamöter": "ledamot",
    "söner": "son",
    "bröder": "bror",
    "döttrar": "dotter",
    "mödrar": "mor",
    "fäder": "far",
}
# Strong verbs: base and the forms that neither Snowball nor the rules below bring there.
_STRONG = {
    "avlid": "avlida avlider avled avlidit avliden avlidna avlidne",
    "bit": "bita biter bet bitit biten bitna",
    "brinn": "brinna brinner brann brunnit",
    "bryt": "bryta bryter bröt brutit bruten brutet brutna bryts",
    "dra": "dra drar drog dragit dragen draget dragna dras",
    "död": "dö dör dog dött döende",
    "fall": "falla faller föll fallit",
    "finn": "finna finner fann funnit",
    "försvinn": "försvinna försvinner försvann försvunnit försvunnen försvunnet försvunna",
    "ge": "ge ger gav gett givit ges",
    "grip": "gripa griper grep gripit gripen gripna grips",
    "gå": "gå går gick gått gående",
    "gör": "göra gör gjorde gjort gjord gjorda görs",
    "håll": "hålla håller höll hållit hålls hölls hållen hållet hållna",
    "kom": "komma kommer kom kommit",
    "lig": "ligga ligger låg legat",
    "ljug": "ljuga ljuger ljög ljugit",
    "lägg": "lägga lägger lade lagt lagd läggs",
    "lyd": "lyda lyder lydde löd lytt",
    "se": "se ser såg sett sedd sedda",
    "sitt": "sitta sitter suttit",
    "skjut": "skjuta skjuter sköt skjutit skjuten skjutna",
    "skri": "skrika skriker skrek skrikit",
    "skriv": "skriva skriver skrev skrivit skriven skrivet skrivna skrivs",
    "slå": "slå slår slog slagit slagen slaget slagna slås",
    "smyg": "smyga smyger smög smugit",
    "sprid": "sprida sprider spred spridit spritt spridd spridda sprids",
    "spring": "springa springer sprang sprungit",
    "stick": "sticka sticker stack stuckit stucken stuckna",
    "stig": "stiga stiger steg stigit",
    "stjäl": "stjäla stjäl stal stulit stulen stulna",
    "stå": "stå står stod stått",
    "sätt": "sätta sätter satte satt satta satts sätts",
    "säg": "säga säger sade sagt sagd sägs",
    "ta": "ta tar tog tagit tagen taget tagna tagande tagandet tas",
    "vik": "vika viker vek vikit",
    "vinn": "vinna vinner vann vunnit",
    "vrid": "vrida vrider vred vridit",
    "välj": "välja väljer valde valt valts",
}
_IRREGULAR = {form: base for base, forms in _STRONG.items() for form in forms.split()} | {
    "år": "år",
    "året": "år",
    "åren": "år",
    "årets": "år",
    "vapnet": "vap",
    "vapnen": "vap",
    "vapnets": "vap",
    "tecknet": "teck",
    "tecknen": "teck",
    "vattnet": "vatt",
    "män": "man",
    "männen": "man",
    "männens": "man",
    "ansvar": "ansvar",
    "ansvars": "ansvar",
    "nummer": "num",
    "numret": "num",
    "numren": "num",
    "förälder": "föräldr",
    "föräldern": "föräldr",
    "förälderns": "föräldr",
}
_PREFIXES = (
    *("omhänder", "under", "över", "genom", "fram", "till", "från", "upp", "bort", "ner", "ned"),
    *("för", "med", "åter", "mot", "ut", "in", "an", "av", "om", "på", "be"),
)
_MAN = re.compile(r"^(.{2,})(?:man|män)(?:nen|s|nens|na)?$")
_PLURAL = re.compile(rf"^(.*?)({'|'.join(_VOWEL_PLURALS)})(?:na|nas|s)?$")
_DEFINITE = re.compile(r"^(.{3,})(?:et|en|an)s?$")
_PARTICIPLE = re.compile(r"(?<=äl|ör|öm|öj|öv|äv)[dt]$|(?<=äng|öjn)[dt]$")
_FOLDED_PARTICIPLE = re.compile(r"(?<=al|or|om|oj|ov|av)[dt]$|(?<=ang)[dt]$")
_UNSTRESSED = re.compile(r"(?<=[bdfgkpv])eln?$")
_VOWEL = re.compile("[aeiouyåäöé]")
_local = threading.local()


def _snowball() -> Any:
    """One stemmer a thread: it keeps the word it works on in itself."""
    stemmer = getattr(_local, "stemmer", None)
    if stemmer is None:
        import snowballstemmer

        stemmer = _local.stemmer = snowballstemmer.stemmer("swedish")
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
    for form in (word, word.removesuffix("s")):
        if form in _IRREGULAR:
            return _IRREGULAR[form]
    for pattern, replacement in ((_MAN, "man"), (_PLURAL, None)):
        match = pattern.match(word)
        if match:
            return match[1] + (replacement or _VOWEL_PLURALS[match[2]])
    for prefix in _PREFIXES:
        rest = word.removeprefix(prefix)
        if rest != word and len(rest) > 1 and (rest in _IRREGULAR or rest.removesuffix("s") in _IRREGULAR):
            return prefix + (_IRREGULAR.get(rest) or _IRREGULAR[rest.removesuffix("s")])
    return None


def _regular(word: str) -> str:
    current: str = _snowball().stemWord(word)
    while True:
        match = _DEFINITE.match(current)
        shorter = match[1] if match and _VOWEL.search(match[1]) else current
        if shorter.endswith(("mm", "nn")):
            shorter = shorter[:-1]
        shorter = _PARTICIPLE.sub("", shorter) if len(shorter) > 3 else shorter
        shorter = _UNSTRESSED.sub("l", shorter)
        shorter = shorter.removesuffix("ning") if shorter.endswith("mälning") else shorter
        if shorter == current:
            return current
        current = shorter


def folded_stems(stemmed: str) -> tuple[str, ...]:
    """What a stem typed without å, ä and ö may be in the folded field (uthangd → uthang)."""
    shorter = _FOLDED_PARTICIPLE.sub("", stemmed) if len(stemmed) > 3 else stemmed
    return (stemmed,) if shorter == stemmed else (stemmed, shorter)


def irregular_forms(stemmed: str) -> tuple[str, ...]:
    """The words that have this stem without looking like it (skriv → skrev, man → män)."""
    return _forms().get(stemmed, ())


@lru_cache(maxsize=1)
def _forms() -> dict[str, tuple[str, ...]]:
    forms: dict[str, list[str]] = {}
    for form, base in {**_IRREGULAR, **_VOWEL_PLURALS}.items():
        if not form.startswith(base):
            forms.setdefault(base, []).append(form)
    return {base: tuple(found) for base, found in forms.items()}
