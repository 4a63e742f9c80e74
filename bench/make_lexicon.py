"""Makes `kb/language/data/parts.txt`, what compounds are made of, from the word list of the package hunspell-sv.

Run it when the stemmer or the package changes: `python -m bench.make_lexicon <sv_SE.dic>`. It learns from the list:
a form that begins several words whose rest is a word too, inflected in the same way, is a first part.
"""

import sys
from collections import Counter
from collections.abc import Set
from pathlib import Path
from typing import NamedTuple

from kb.language.compounds import FILE, MOST_OFTEN
from kb.language.stemming import stem

NOT_GRAMMAR = set("XYUZv!fsuytxzghiwrkjTe)75")
FIRST, LAST, INSIDE = "X", "Y", "Z"  # flags of the list: may begin a compound, may end one, is no word alone
PRODUCTIVE = 2  # so many words must begin with it
SURE = 4  # … and so many when a word is inflected in another way than its last part
# Of the parts of three letters only those that mean what they say.
_FIRST_OF_THREE = """
    akt arm art arv bad bak ban bar ben bil blå bok bro bud bår båt dag dam dom död eko eld fel fot fri får gas gud
    gul hat hav hem hiv hot hud hus hög idé jul kod kol kår kök köp kör lag lik liv lån lås låt lön löp mat mur mål
    mun nät nöd ord oro ort ost ras res rot rum råd rån rök röd rör sak sex sju sjö snö sol syn sår tak tal tid tim tåg
    typ ung val väg vän vår våg ägg ö
"""
_LAST_OF_THREE = """
    akt app arm art arv bad bas ben bil bok bot bro bud båt dag dal dam del dåd död eld fas fel fil fot fri gas
    hat hem hot hus idé kod kår kök köp lag lek liv lån lås län lön lös mat mål nät ord oro ost rad ras rum råd rån
    rök rör sak sal sex sjö son spå syn sår tak tal tid tåg typ val väg vän våg vård yta bön dos duk bår gap hål
    hår mur mun nöd sol sot sås
"""
# These bind to what follows (av-slag, sam-tal), and the others only look like a part.
_NOT_FIRST = """
    an av be bort efter eller emot fram från för före genom hop igen in inne inom innan med mellan miss mot ned
    ner när om ont på runt sam samman sär till tills under upp uppe ur ut utan ute utom van vid vidare vider
    väder väl åter över oför obe orätt utan varan särs förs någon samb miss rapp tvär sälls besk kontr buds kons
    tåla gran kandi ideo tran väns fört feno frams egens tvek plane garde dikta dens parke prog kvote para regle
    mono radi reds mara vets signa maske särk åters marke vand skild logis mikro komp logo baks föro förny frig
    hovr hyre måls pors förr este kali fixe lege trum synt gest sorte serve bedr oför avse anto patho mani pann
    rids runs gens övers övert överv tills förut fins lanse date samt kara kate vari trans kombi gene frust
    inneh tillr genoms unders redo göte lege syssel upprätt ifråga sann upps efters neds mots omför träs best
    sammans ande löse salu kontra
"""


# Endings, not words.
_NOT_LAST = """
    aktig ande ansen arna artad avel dom else ende erna erier het heten heter inna isering iska ligare ling logi
    ning ningen ningar ringar ringen sammare skap skapet skt tion typi visa vis ärlig aste erat andet nings ista
    istisk grafi graf fon ting ring rings ligen lighet bart bara samhet massa mässa krati mani meter gram ment
    ment ator enhet arkiv ans ant ens ent ell ering erings iell iv itet ur tur ställ stan barhet mera katta
    sling slingar brytar ligast ligare vändig fällig omliggande
"""

# Words of the field that the list lacks, or has only in other words: how they begin a compound, and what may end one.
FIELD_FIRSTS = {
    "el": "el",
    "it": "it",
    "inrymnings": "inrymning",
    "påverkans": "påverkan",
    "smädes": "smädelse",
    "sms": "sms",
    "suicid": "suicid",
    "trauma": "trauma",
    "visselblåsar": "visselblåsare",
    "yx": "yxa",
}
# Compounds that say something else than their parts: they stay whole, and begin and end others as one word.
_ONE_WORD = """
    arbetsgivare arbetstagare domstol fullmakt handledning handläggning handläggare hovrätt huvudman
    kammarrätt läkemedel landsting medborgare missbruk målsägande självmord verkställa verkställande
    verkställighet plattform rådgivning rättegång skadestånd skrivbord språkrör tingsrätt trovärdig våldtäkt
    vårdslös yttrande högskola jordbruk grundskola utrymning måltid hotfull förhållningssätt
    tillvägagångssätt näringsliv riksdag landskap bakgrund folkhälsa
"""
FIELD_LASTS = frozenset({"havare", "ordförande", "utövare", "verkare"})
# The list inflects their compounds in other ways (sjukanmäld, näthatad): grammar does not show them.
ALWAYS_LAST = ("anmäl", "hat")

FIRST_OF_THREE, LAST_OF_THREE, NOT_FIRST, NOT_LAST, ONE_WORD = (
    frozenset(words.split()) for words in (_FIRST_OF_THREE, _LAST_OF_THREE, _NOT_FIRST, _NOT_LAST, _ONE_WORD)
)


def main(path: Path) -> None:
    """Read the list, learn the parts, write the file."""
    words = read(path)
    learnt = compounds_of(words)
    firsts = firsts_of(words, learnt)
    compound = learnt.compound | {
        word for word in words if any(word.rpartition(end)[0] in firsts for end in ALWAYS_LAST)
    }
    bases = {first: base(first, words) for first in firsts} | FIELD_FIRSTS
    *lasts, others = lasts_of(words, learnt, compound)
    ends = set().union(*lasts)
    lasts.append(others | {stem(name) for name in names(path) if looks_compound(name, bases.keys(), ends)})
    sections = [LAST_OF_THREE, *lasts]
    lines = [
        sorted(f"{first} {origin} {often_as(learnt.begins[first])}" for first, origin in bases.items()),
        *map(sorted, sections),
    ]
    FILE.write_text("\n\n".join("\n".join(section) for section in lines) + "\n", encoding="utf-8")
    counts = "+".join(str(len(stems)) for stems in lasts)
    print(f"{len(firsts)} first parts, {counts} last parts, {FILE.stat().st_size} bytes")


class Learnt(NamedTuple):
    """How many compounds each first part begins and each stem ends, and which words are compounds."""

    begins: Counter[str]
    ends: Counter[str]
    compound: set[str]


def lasts_of(words: dict[str, set[str]], learnt: Learnt, compound: set[str]) -> tuple[set[str], ...]:
    """The stems that often end compounds, those that may, and those of other words that are none.

    A word whose shortest relative is a compound is one itself: sjukvårdare beside sjukvård.
    """
    related = relatives_of(words)
    field = set(map(stem, FIELD_LASTS))
    may = {stem(word) for word, flags in words.items() if LAST in flags and is_last(word)} | field
    often = {key for key, count in learnt.ends.items() if count >= SURE} | field
    simple = simple_of(related, compound)
    simple -= {key for key in simple if is_derived(related[key][0], may, often, learnt)}
    simple |= field | set(map(stem, ONE_WORD))
    usual = simple & (may | often) - NOT_LAST
    classes: list[set[str]] = [set() for _ in range(MOST_OFTEN + 1)]
    for key in usual:
        classes[often_as(learnt.ends[key])].add(key)
    return *reversed(classes), simple - usual


def relatives_of(words: dict[str, set[str]]) -> dict[str, list[str]]:
    """Stem → the words that have it, the shortest first; without forms that are no words alone."""
    related: dict[str, list[str]] = {}
    for word in sorted((word for word, flags in words.items() if INSIDE not in flags), key=len):
        related.setdefault(stem(word), []).append(word)
    return related


def simple_of(related: dict[str, list[str]], compound: set[str]) -> set[str]:
    """The stems whose shortest word is no compound."""
    return {
        key
        for key, (shortest, *others) in related.items()
        if shortest not in compound and any(map(is_last, (shortest, *others)))
    }


def often_as(count: int) -> int:
    """How often a part comes, in doublings: 0 for once, 1 from two, 2 from four."""
    return min(max(count.bit_length() - 1, 0), MOST_OFTEN)


def is_derived(word: str, ends: set[str], often: set[str], learnt: Learnt) -> bool:
    """Whether a word is a sure first part and a word that comes last, though the list inflects it otherwise.

    The last is to come last often, unless a linking s or a word of the field stands before it.
    """
    if len(word) <= 6 or word in ONE_WORD:
        return False
    seams = ((word[:place], word[place:]) for place in range(2, len(word) - 2))
    return any(
        is_sure(first, learnt)
        and is_last(last)
        and stem(last) in ends
        and (stem(last) in often or is_linked(first, last, learnt))
        for first, last in seams
    )


def is_sure(first: str, learnt: Learnt) -> bool:
    """Whether a first part is one without doubt."""
    return first in FIELD_FIRSTS or (learnt.begins[first] >= SURE and is_first(first))


def is_linked(first: str, last: str, learnt: Learnt) -> bool:
    """Whether a word of the field or a linking s says that what follows is a last part, however rare."""
    if first in FIELD_FIRSTS:
        return True
    return first[-1] == "s" and len(last) > 5 and learnt.begins[first[:-1]] < learnt.begins[first]


def compounds_of(words: dict[str, set[str]]) -> Learnt:
    """What the list itself says of compounds: a first part and a word that is inflected like the whole."""
    begins: Counter[str] = Counter()
    ends: Counter[str] = Counter()
    compound: set[str] = set()
    for word in words.keys() - ONE_WORD:
        for first, last in halves(word, words):
            begins[first] += 1
            ends[stem(last)] += 1
            compound.add(word)
    sure = {first for first, count in begins.items() if count >= SURE and is_first(first)}
    compound |= {
        word for word in words.keys() - ONE_WORD if len(word) > 6 and in_two_long_parts(word, sure, words)
    }
    return Learnt(begins, ends, compound)


def firsts_of(words: dict[str, set[str]], learnt: Learnt) -> set[str]:
    """The first parts that are productive or that the list calls such, and no compounds themselves."""
    begins, compound = learnt.begins, learnt.compound
    firsts = {
        first
        for first, count in begins.items()
        if count >= PRODUCTIVE and is_first(first) and base(first, words) not in compound
    }
    firsts = {first for first in firsts if first in words or begins[f"{first}s"] <= begins[first]}
    return firsts | flagged_firsts(words, compound)


def flagged_firsts(words: dict[str, set[str]], compound: set[str]) -> set[str]:
    """The words that the list says begin compounds, and that are none."""
    return {
        word
        for word, flags in words.items()
        if FIRST in flags and len(word) > 3 and is_first(word) and base(word, words) not in compound
    }


def in_two_long_parts(word: str, sure: set[str], words: dict[str, set[str]]) -> bool:
    """Whether a word is a compound though it is not inflected like its last part."""
    places = range(3, len(word) - 3)
    return any(word[:place] in sure and word[place:] in words and is_last(word[place:]) for place in places)


def read(path: Path) -> dict[str, set[str]]:
    """Word → its flags for grammar; without forbidden words and those without inflection."""
    found: dict[str, set[str]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        word, _, flags = line.strip().partition("/")
        if (
            len(word) > 2
            and word.isalpha()
            and word.islower()
            and "%" not in flags
            and not set(flags) <= {"X", "Y"}
        ):
            found.setdefault(word, set()).update(flags)
    return found


def names(path: Path) -> set[str]:
    """The short names of the list, in lower case: Barbro and Stockholm are not taken apart, Vasagatan may be."""
    entries = (line.strip().partition("/")[0] for line in path.read_text(encoding="utf-8").splitlines())
    return {name.lower() for name in entries if name.istitle() and name.isalpha() and 4 < len(name) < 10}


def looks_compound(name: str, firsts: Set[str], ends: Set[str]) -> bool:
    """Whether a name would be taken apart."""
    return any(name[:place] in firsts and stem(name[place:]) in ends for place in range(2, len(name) - 2))


def halves(word: str, words: dict[str, set[str]]) -> list[tuple[str, str]]:
    """The ways to take a word apart into a first part and a word that is inflected like the whole."""
    grammar = words[word] - NOT_GRAMMAR
    found = []
    for place in range(3, len(word) - 2):
        first, last = word[:place], word[place:]
        other = words.get(last, set()) - NOT_GRAMMAR
        same = len(grammar & other)
        alike = same and same >= min(len(grammar), len(other)) - 1
        if alike and is_last(last) and is_first(first) and base(first, words):
            found.append((first, last))
    return found


def base(first: str, words: dict[str, set[str]]) -> str:
    """The word that a first part comes from; empty without one."""
    options = [first]
    if first.endswith("s"):
        options += [first[:-1], first[:-1] + "e", first[:-1] + "a"]
    options += [first + "a", first + "e"]
    if first[-1] in "oue":
        options += [first[:-1] + "a", first[:-1]]
    if first.endswith("es"):
        options += [first[:-2], first[:-2] + "a"]
    if first.endswith("el"):
        options.append(first[:-2] + "la")
    if first.endswith("er"):
        options.append(first[:-2] + "ra")
    return next((option for option in options if option in words and len(option) > 2), "")


def is_first(part: str) -> bool:
    """Whether a string may begin a compound."""
    if len(part) == 3:
        return part in FIRST_OF_THREE
    return part not in NOT_FIRST


def is_last(part: str) -> bool:
    """Whether a word may end a compound."""
    return part in LAST_OF_THREE if len(part) == 3 else part not in NOT_LAST


if __name__ == "__main__":
    main(Path(sys.argv[1]))
