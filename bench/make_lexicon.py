"""Makes `kb/language/data/parts.txt`, what compounds are made of, from the word list of the package hunspell-sv.

Run it when the stemmer or the package changes: `python -m bench.make_lexicon <sv_SE.dic>`. It learns from the list:
a form that begins several words whose rest is a word too, inflected in the same way, is a first part.
"""

import sys
from collections import Counter
from pathlib import Path

from kb.language.compounds import FILE
from kb.language.stemming import stem

NOT_GRAMMAR = set("XYUZv!fsuytxzghiwrkjTe)75")
PRODUCTIVE = 2  # so many words must begin with it
SURE = 4  # … and so many when a word is inflected in another way than its last part
# Of the parts of three letters only those that mean what they say.
_FIRST_OF_THREE = """
    akt arm art arv bad ban bar ben bil blå bok bro bud bår båt dag dam dom död eko eld fel fot fri får gas gud
    gul hat hav hem hiv hot hud hus hög idé jul kod kol kår kök köp kör lag lik liv lån lås låt lön mat mur mål
    mun nät nöd ord oro ort ost ras res rot rum råd rån rök röd rör sak sex sju sjö sol syn sår tak tal tid tim tåg
    typ ung val väg vän vår våg ägg ö
"""
_LAST_OF_THREE = """
    akt app arm art arv bad bas ben bil bok bot bro bud båt dag dal dam del dåd död eld fas fel fil fot fri gas
    hat hem hot hus idé kod kår kök köp lag lek liv lån lås län lön mat mål nät ord oro ost rad ras rum råd rån
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
    rids runs gens psyk övers övert överv tills förut fins lanse date samt kara kate vari trans kombi gene frust
    inneh tillr genoms unders redo göte lege syssel upprätt ifråga sann upps efters neds mots omför träs best
    sammans
"""


# Endings, not words.
_NOT_LAST = """
    aktig ande ansen arna artad avel dom else ende erna erier het heten heter inna isering iska ligare ling logi
    ning ningen ningar ringar ringen sammare skap skapet skt tion typi visa vis ärlig aste erat andet nings ista
    istisk grafi graf fon ting ring rings ligen lighet bart bara samhet massa mässa krati mani meter gram ment
    ment ator enhet arkiv ans ant ens ent ell ering erings iell iv itet ur tur ställ stan barhet mera katta
    sling slingar brytar
"""

# Words of the field that the list lacks, or has only in other words: how they begin a compound, and what may end one.
FIELD_FIRSTS = {
    "inrymnings": "inrymning",
    "påverkans": "påverkan",
    "smädes": "smädelse",
    "trauma": "trauma",
}
FIELD_LASTS = frozenset({"ordförande"})
# The list inflects their compounds in other ways (sjukanmäld, näthatad): grammar does not show them.
ALWAYS_LAST = ("anmäl", "hat")

FIRST_OF_THREE, LAST_OF_THREE, NOT_FIRST, NOT_LAST = (
    frozenset(words.split()) for words in (_FIRST_OF_THREE, _LAST_OF_THREE, _NOT_FIRST, _NOT_LAST)
)


def main(path: Path) -> None:
    """Read the list, learn the parts, write the file."""
    words = read(path)
    productive, compound = compounds_of(words)
    firsts = firsts_of(words, productive, compound)
    compound |= {word for word in words if any(word.rpartition(end)[0] in firsts for end in ALWAYS_LAST)}
    lasts = {stem(word) for word in words if word not in compound and is_last(word)} | set(
        map(stem, FIELD_LASTS)
    )
    bases = {first: base(first, words) for first in firsts} | FIELD_FIRSTS
    lines = sorted(f"{first} {origin}" for first, origin in bases.items())
    FILE.write_text("\n".join(lines) + "\n\n" + "\n".join(sorted(lasts)) + "\n", encoding="utf-8")
    print(f"{len(firsts)} first parts, {len(lasts)} last parts, {FILE.stat().st_size} bytes")


def compounds_of(words: dict[str, set[str]]) -> tuple[Counter[str], set[str]]:
    """How many compounds each first part begins, and the compounds."""
    productive: Counter[str] = Counter()
    compound: set[str] = set()
    for word in words:
        for first, _last in halves(word, words):
            productive[first] += 1
            compound.add(word)
    sure = {first for first, count in productive.items() if count >= SURE and is_first(first)}
    return productive, compound | {
        word for word in words if len(word) > 6 and in_two_long_parts(word, sure, words)
    }


def firsts_of(words: dict[str, set[str]], productive: Counter[str], compound: set[str]) -> set[str]:
    """The first parts that are productive, and no compounds themselves."""
    firsts = {
        first
        for first, count in productive.items()
        if count >= PRODUCTIVE and is_first(first) and base(first, words) not in compound
    }
    return {first for first in firsts if first in words or productive[f"{first}s"] <= productive[first]}


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
