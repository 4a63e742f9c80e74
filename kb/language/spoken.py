"""Spoken and shortened Swedish as it is typed: each such word as the written word that it is. Pure functions.

Only what can be nothing else stands here. What is a written word as well (dom, va, ba, sen) is left as it is: a query
passes over it as a small word.
"""

import re
from collections.abc import Iterable, Set
from functools import lru_cache

from kb.language.compounds import is_known

_TABLE = """
    mej:mig dej:dig sej:sig hanses:hans hanns:hans våran:vår vårat:vårt eran:er erat:ert
    nån:någon nåt:något nåra:några nånting:någonting nåting:någonting nåntin:någonting nåns:någons
    nånstans:någonstans nånsin:någonsin nångång:någonsin
    ngn:någon ngt:något ngra:några ngns:någons ngnstans:någonstans ngnting:någonting
    sån:sådan sånt:sådant såna:sådana sånna:sådana såndär:sådan såntdär:sådant sånadär:sådana
    inge:inget int:inte ingenstanns:ingenstans oxå:också ochså:också oså:också asså:alltså asåå:alltså
    iaf:ändå iallafall:ändå iofs:faktiskt dvs:alltså tex:exempelvis
    skaru:ska sku:skulle hadde:hade ble:blev blitt:blivit blidde:blev
    jör:gör jorde:gjorde jort:gjort jöra:göra säjer:säger sejer:säger säj:säg säja:säga säjs:sägs
    fö:för föri:för mä:med äru:är ere:är dä:det årn:honom
    vaffö:varför vafför:varför vaför:varför varfö:varför hurdå:hur vadå:vad vaddå:vad
    mkt:mycket mycke:mycket myke:mycket lixom:liksom lissom:liksom kanse:kanske kansk:kanske
    imårn:imorgon imorn:imorgon imoron:imorgon imorron:imorgon ikveld:ikväll ikvell:ikväll
    tebaks:tillbaka tebax:tillbaka tebaka:tillbaka tillbaks:tillbaka aldri:aldrig alldri:aldrig
    morsan:mamman morsa:mamma farsan:pappan farsa:pappa syrran:systern brorsan:brodern polarn:kompisen
    socan:socialen arbetskompis:arbetskamrat jobbarkompis:arbetskamrat jobbkompis:arbetskamrat
    färdi:färdig vikti:viktig farli:farlig roli:rolig tråki:tråkig konsti:konstig jobbi:jobbig allvarli:allvarlig
    viktit:viktigt jobbit:jobbigt konstit:konstigt tråkit:tråkigt riktit:riktigt nödvändit:nödvändigt
    kraftit:kraftigt färdit:färdigt försiktit:försiktigt oförsiktit:oförsiktigt lessamt:ledsamt lessen:ledsen
    la:lade sa:sade
"""
WRITTEN: dict[str, str] = dict(pair.split(":") for pair in _TABLE.split())

# Supines that end as the spoken form of an adjective does (farlit, möjlit).
_SUPINES = ("fallit", "hållit", "stulit")
# What is said of a day and written in one word or in two: one word, so that it is known as one.
_DAYS = frozenset({"dag", "går", "morgon", "morron", "morse", "kväll", "natt", "förrgår", "övermorgon"})
# A short pronoun after an apostrophe (ha'n, ta't, IVO's), and one that ends a word (ska', va').
_CLITIC = re.compile(r"(?<=\w)['’´`](?:na|ren|n|t|s|u|et|en|a|m|d|re|ll|ve)?(?!\w)", re.IGNORECASE)


def without_clitics(text: str) -> str:
    """The text without what is hung on a word behind an apostrophe.

    >>> without_clitics("han ska' ha'n, sa IVO's chef")
    'han ska ha, sa IVO chef'
    """
    return _CLITIC.sub("", text)


def written(words: Iterable[str], keep: Set[str] = frozenset()) -> list[str]:
    """Lower-case words as they are written, but for those to `keep`; two that name a day as one.

    >>> written(["nån", "hotade", "mej", "i", "går", "de", "va", "farlit"])
    ['någon', 'hotade', 'mig', 'igår', 'de', 'va', 'farligt']
    """
    found: list[str] = []
    for word in words:
        if word in keep:
            found.append(word)
        elif word in _DAYS and found and found[-1] == "i":
            found[-1] = f"i{word}"
        else:
            found.append(_written(word))
    return found


@lru_cache(maxsize=4096)
def _written(word: str) -> str:
    if word in WRITTEN:
        return WRITTEN[word]
    if word.endswith("lit") and len(word) > 4 and not word.endswith(_SUPINES) and is_known(word[:-2] + "ig"):
        return f"{word[:-2]}igt"
    return word
