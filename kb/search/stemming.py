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
    "dra": "dra drar drog dragit dragna dras",
    "död": "dö dör dog dött döende",
    "fall": "falla faller föll fallit",
    "finn": "finna finner fann funnit",
    "försvinn": "försvinna försvinner försvann försvunnit försvunnen försvunnet försvunna",
    "ge": "ge ger gav gett givit ges",
    "grip": "gripa griper grep gripit gripen gripna grips",
    "gå": "gå går gick gått gående",
    "gör": "göra gör gjorde gjort gjord gjorda görs",
    "håll": "hålla håller höll hållit hålls hölls hållen hållet hållna",
    "köp": "köpa köper köpte köptes köpt köpts köpta",
    "läs": "läsa läser läste lästes läst lästs lästa",
    "lös": "lösa löser löste löstes löst lösts lösta",
    "sök": "söka söker sökte söktes sökt sökts sökta",
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
    "slå": "slå slår slog slagit slagna slås",
    "smyg": "smyga smyger smög smugit",
    "sprid": "sprida sprider spred spridit spritt spridd spridda sprids",
    "spring": "springa springer sprang sprungit",
    "stick": "sticka sticker stack stuckit stucken stuckna",
    "stig": "stiga stiger steg stigit",
    "strid": "strida strider stred stridit",
    "sov": "sova sover sov sovit",
    "svik": "svika sviker svek svikit",
    "svär": "svära svär svor svurit",
    "tig": "tiga tiger teg tigit",
    "tving": "tvinga tvingar tvingade tvungit tvungen tvunget tvungna",
    "rid": "rida rider red ridit",
    "flyg": "flyga flyger flög flugit",
    "flyt": "flyta flyter flöt flutit",
    "frys": "frysa fryser frös frusit",
    "gråt": "gråta gråter grät gråtit",
    "hugg": "hugga hugger högg huggit huggs höggs",
    "knyt": "knyta knyter knöt knutit",
    "lid": "lida lider led lidit",
    "låt": "låta låter lät låtit låts",
    "njut": "njuta njuter njöt njutit",
    "riv": "riva river rev rivit",
    "sjung": "sjunga sjunger sjöng sjungit",
    "skilj": "skilja skiljer skilde skilt skild skilda skiljs",
    "skär": "skära skär skar skurit skuren",
    "slit": "slita sliter slet slitit",
    "tryck": "trycka trycker tryckte tryckt",
    "vet": "veta vet visste vetat",
    "ät": "äta äter åt ätit",
    "driv": "driva driver drivit driven drivna drivs",
    "bind": "binda binder bundit bunden bundna",
    "bjud": "bjuda bjuder bjöd bjudit bjuden bjudna bjuds",
    "bär": "bära bär bar burit buren burna",
    "drick": "dricka dricker drack druckit",
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
    "oron": "oro",
    "hänt": "händ",
    "hänts": "händ",
    "använt": "använd",
    "använts": "använd",
    "nummer": "num",
    "numret": "num",
    "numren": "num",
    **dict.fromkeys(
        ["förälder", "föräldern", "förälderns", "föräldrar", "föräldrarna", "föräldrarnas", "föräldra"],
        "föräld",
    ),
    **dict.fromkeys(["mötte", "möttes", "mött", "mötts"], "möt"),
    **dict.fromkeys(["stödja", "stödjer", "stödjande", "stödde", "stöddes", "stött"], "stöd"),
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
# Without one of these ends Snowball changes nothing: asking it is most of the work.
_SNOWBALL_ENDING = re.compile(r"(?:[aes]|[ae]d|[aeo]r|[ae]t|e[nr]n?|ig|els|[dgn]d|[dgkt]t|nn|[aö]st|fullt)$")
_OWN_ENDINGS = "dghlmnrst"
# What Snowball leaves, taken away where the word before it is long enough.
_LEFT_OVER = re.compile(
    r"""(?<=[aeo]r)s$ | (?<=[adi]t)s$ | (?<=het|lse)s$ | (?<=[gtm]i)s$      # gångars, filmats, enhets, energis
      | (?<=[^r]or)n$ | (?<=jö)n$ | (?<=é)n$ | (?<=el)n$ | (?<=varo)n$       # datorn, miljön, kommittén, frånvaron
      | (?<=(?:log|raf|nom|rap|atr|str|sof|rat|ant|pat|ent)i)n$              # psykologin, terapin, demokratin
      | (?<=[bdgkptv])r$ | (?<=[gtv])n$ | (?<=i)um$                          # systrar, givna, gymnasium
      | (?<=...)and$ | (?<=ll)[dt]$ | (?<=[aeiy]l)t$ | (?<=tal)d$            # förhållandet, ställde, normalt, betald
      | (?<=iv)t$ | (?<=[bs]ar)t$ | (?<=[kd]er)t$ | (?<=är)t$ | (?<=p)t$     # aktivt, underbart, säkert, köpt
      | (?<=[äö]lj)[dt]$ | (?<=sök|läs|lås|ryk|änk)t$ | (?<=kän)[dt]$        # följde, läste, kände
      | (?<=[dtnv])it$ | (?<=[gmnr])h$                                       # förbjudit, säkerhets
    """,
    re.VERBOSE,
)
_UNSTRESSED = re.compile(r"(?<=[bdfgkpv])eln?$")
_VOWELS = "aeiouyåäöé"
_VOWEL = re.compile(f"[{_VOWELS}]")
_NO_VERB = ("tidning", "våning", "spänning", "drottning", "hedning", "ättling")
_PLAIN = str.maketrans("åäö", "aao")
SHORTENED = 0.5  # a folded participle that lost its ending: uthangd → uthang, but vald → val too
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
    """Snowball and our own steps in turn until nothing changes, so that every form ends at the same place."""
    current = word
    while len(current) > 3:
        shorter = _snowball().stemWord(current) if _SNOWBALL_ENDING.search(current) else current
        shorter = _own_steps(shorter) if shorter[-1] in _OWN_ENDINGS else shorter
        if shorter in _IRREGULAR:
            return _IRREGULAR[shorter]
        if shorter == current:
            break
        current = shorter
    return current


def _own_steps(word: str) -> str:
    match = _DEFINITE.match(word)
    if match and _VOWEL.search(match[1]):
        word = match[1]
    if word.endswith(("mm", "nn")):
        word = word[:-1]
    if len(word) > 3:
        word = _PARTICIPLE.sub("", word)
    word = _UNSTRESSED.sub("l", word)
    if len(word) > 4:
        word = _LEFT_OVER.sub("", word)
    return word.removesuffix("ning") if word.endswith("mälning") else word


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

    >>> folded_stems("krisstod"), folded_stems("pagaende"), folded_stems("uthangd")
    ({'krisstod': 1.0}, {'paga': 1.0, 'pagaend': 1.0}, {'uthangd': 1.0, 'uthang': 0.5})
    """
    found: dict[str, float] = {}
    for key in (_folded_irregular(word), _regular(word) if len(word) > 3 and word.isalpha() else word):
        if key:
            found[key] = 1.0
    for key in tuple(found):
        shorter = _FOLDED_PARTICIPLE.sub("", key) if len(key) > 3 else key
        found.setdefault(shorter, SHORTENED)
    return found


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
        for form, base in _IRREGULAR.items()
        if not form.isascii()
    }
    return table, tuple((prefix, prefix.translate(_PLAIN)) for prefix in _PREFIXES)


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
