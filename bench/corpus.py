"""A made-up Swedish corpus, the same for the same seed: inflected words and compounds, drawn as often as words are.

The words are our own; a text of 200–1,500 words takes some from the few that its subject is made of and the rest by
Zipf's law, in sentences and paragraphs. The texts mean nothing: they are for measuring time, never quality.
"""

import itertools
import random
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

SHORTEST, LONGEST = 200, 1500
KINDS = ("vagledning", "berattelse", "checklista")
PHASES = ("fore", "under", "efter")
TOPICS = ("hot", "vald", "desinformation", "lex-sarah", "kriskommunikation")
AUDIENCES = ("medarbetare", "chef", "ledning", "hr", "kommunikator")
SUBJECT_SHARE = 0.12  # of the words of a text come from its subject …
SUBJECT_WORDS = 30  # … which has so many words

# Small words, the most frequent first.
SMALL = """
    och i att det som en på är av för med till den har de inte om ett han men var jag sig från vi så kan när år under
    också efter eller nu sin där vid mot ska skulle kommer ut får finns vara hade alla andra mycket än här då sedan
    över bara in blir upp även vad få två vill ha många hur mer går sina genom nya hon detta några man måste utan
    nog någon ur mellan innan både dessa hos därför vilka redan annan ofta alltid aldrig igen direkt snart kanske
"""
# Nouns by how they are inflected: the endings of singular, definite, plural, definite plural.
NOUNS = {
    ("a", "an", "or", "orna"): """
        flick kvinn människ skol list lamp gat klock våg grupp mapp fråg rut klass mass trapp väsk jack ros tavl krock
        sid rubrik spalt kol lärarinn kass stug
    """,
    ("", "en", "ar", "arna"): """
        anmälning utredning bedömning handling bevakning övning samling träning utbildning planering samordning dag
        uppföljning rapportering granskning placering ersättning upplysning väg bil sal gång stol kropp arm ring bank
        tidning mening myndighet trygghet verksamhet möjlighet skyldighet rättighet enhet sårbarhet hund båt park
        vägg sjukdom ungdom domstol ordning avdelning förening utryckning spärr larmning dörr grind förutsättning
    """,
    ("", "en", "er", "erna"): """
        person situation information organisation kommunikation reaktion funktion rapport telefon kommun blankett
        process rutin kontakt resurs region advokat familj patient kurator journalist incident åtgärd instruktion
        relation tjänst period metod attityd insats transport lokal plats biljett skrift bild film reception risk
        institution kontroll station butik praktik match text avgift instans polis konsult kontrollant inspektör
    """,
    ("e", "en", "ar", "arna"): """
        pojk fiend timm hag gubb bjälk hjält
    """,
    ("are", "aren", "are", "arna"): """
        handlägg bruk medarbet arbetsgiv läk rådgiv utred besök forsk förmedl väkt samordn uppdragsgiv skriv sköt
        åklag dom ställföreträd vård trän led äg bevak förhandl ansök åskåd lyssn spel mål gransk hjälp köp sälj
    """,
    ("", "et", "", "en"): """
        hot våld barn stöd beslut skydd larm protokoll samtal brev rum hus team uppdrag ansvar avtal behov krav brott
        inlägg budskap tillstånd förslag program ombud fel svar råd kort bord tak språk namn system dokument intyg
        papper fall upplägg underlag tillägg avslag undantag anslag överfall bakhåll språng kontor intryck förhör lås
        golv nätverk hem sjukhus band mål ljud ljus
    """,
    ("e", "et", "en", "ena"): """
        möt ärend yttrand boend arbet meddeland beteend lidand märk missförhålland uttaland läg förhålland vittn
        erkännand bemötand omhändertagand ställningstagand avgörand minn ämn sammanträd åtagand utlåtand förtroend
        samtyck löft rykt samarbet förarbet efterarbet
    """,
}
# Verbs by how they are inflected: infinitive, present, past, supine, passive.
VERBS = {
    ("a", "ar", "ade", "at", "as"): """
        kall larm hot rapporter dokumenter kontakt bevak planer samordn evakuer öv prat fråg svar stann not arkiver
        kontroller behandl ordn avlast bearbet fördel ändr ångr utvärder publicer del hanter orienter prioriter
        motiver resoner lugn vakt vård öppn påbörj debatter organiser registrer sorter analyser placer informer
        polisanmäl misshandl trakasser film saml spar gransk avslut påverk städ
    """,
    ("a", "er", "de", "t", "s"): """
        följ händ ställ gräv använd glöm stäng lev inled upplev beställ fyll avgör utred förebygg bygg tillhör
    """,
    ("a", "er", "te", "t", "s"): """
        hjälp möt besök sök skärp märk tänk åk läs sänk förstärk släpp lös ryck upptäck klipp väx styrk köp rök tryck
    """,
}
# Adjectives: base, neuter, plural.
ADJECTIVES = """
    akut allvarlig ansvarig viktig ordentlig tydlig säker trygg rädd orolig lugn skriftlig muntlig möjlig nödvändig
    snabb långsam noggrann enskild gemensam lokal regional nationell digital psykisk fysisk social ekonomisk juridisk
    kommunal statlig privat offentlig hemlig känslig sårbar utsatt stark svag stor hög låg varm kall ny sen tidig
    ung vuxen trött hotfull våldsam farlig ofarlig skyldig rättslig medicinsk anonym
"""
QUESTIONS = (
    "vad gör jag när {0} {1}",
    "hur ska vi {1} vid {0}",
    "vem har ansvar för {0} efter {2}",
    "måste chefen {1} om {0} påverkar {2}",
)


@dataclass(frozen=True)
class Text:
    """A made-up text with what it is sorted by."""

    number: int
    title: str
    summary: str
    body: tuple[str, ...]
    kind: str
    phase: str
    topic: str
    audience: str

    @property
    def slug(self) -> str:
        """The slug."""
        return f"prov-{self.number}"

    @property
    def html(self) -> str:
        """The body as an editor would have written it."""
        return "".join(f"<p>{paragraph}</p>" for paragraph in self.body)

    @property
    def plain(self) -> str:
        """The body as plain text."""
        return "\n".join(self.body)


@dataclass(frozen=True)
class Lexicon:
    """All forms with running sums of how often each is drawn, and the lemmas (tuples of forms)."""

    forms: tuple[str, ...]
    sums: tuple[float, ...]
    nouns: tuple[tuple[str, ...], ...]
    verbs: tuple[tuple[str, ...], ...]
    compounds: tuple[tuple[str, ...], ...]


def texts(count: int, seed: int = 1) -> Iterator[Text]:
    """`count` texts; the first n are the same whatever the count."""
    for number in range(count):
        yield _text(number, _chance(seed, number))


def queries(count: int = 60, seed: int = 1) -> list[str]:
    """Mixed queries over the corpus: as people type them, in turn of ten kinds."""
    chance = random.Random(seed)
    makers = itertools.cycle(_QUERY_MAKERS)
    return [next(makers)(chance) for _ in range(count)]


def _chance(seed: int, number: int) -> random.Random:
    return random.Random(seed * 1_000_003 + number)


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    """The words of the corpus."""
    chance = random.Random(7)
    nouns = [forms for endings, stems in NOUNS.items() for forms in _inflected(stems, endings)]
    verbs = [forms for endings, stems in VERBS.items() for forms in _inflected(stems, endings)]
    adjectives = [(word, _neuter(word), f"{word}a") for word in _stems(ADJECTIVES)]
    compounds = _compounds(nouns, chance, 9000)
    content = [*nouns, *verbs, *adjectives]
    chance.shuffle(content)
    lemmas = [(word,) for word in SMALL.split()] + content + compounds
    forms: list[str] = []
    sums: list[float] = []
    total = 0.0
    for rank, lemma in enumerate(lemmas, 1):
        for place, form in enumerate(lemma, 1):
            total += 1 / (rank + 2.7) / place
            forms.append(form)
            sums.append(total)
    return Lexicon(tuple(forms), tuple(sums), tuple(nouns), tuple(verbs), tuple(compounds))


def _stems(words: str) -> list[str]:
    return list(dict.fromkeys(words.split()))


def _inflected(words: str, endings: tuple[str, ...]) -> list[tuple[str, ...]]:
    return [tuple(dict.fromkeys(stem + ending for ending in endings)) for stem in _stems(words)]


def _neuter(word: str) -> str:
    return word if word.endswith("t") else f"{word}t"


def _compounds(nouns: list[tuple[str, ...]], chance: random.Random, count: int) -> list[tuple[str, ...]]:
    """Compounds of two nouns and some of three, each inflected as its last part is."""
    found: dict[str, tuple[str, ...]] = {}
    short = [forms for forms in nouns if len(forms[0]) < 11]
    while len(found) < count:
        first, last = _joint(chance.choice(short)[0]), chance.choice(short)
        if chance.random() < 0.12:
            first += _joint(chance.choice(short)[0])
        found.setdefault(first + last[0], tuple(first + form for form in last))
    return list(found.values())


def _joint(word: str) -> str:
    """The word as the first part of a compound: arbete → arbets, flicka → flick, anmälning → anmälnings."""
    if word.endswith(("ing", "het", "ion", "ande", "ende")):
        return f"{word}s"
    if word.endswith(("e", "a")):
        return f"{word[:-1]}s" if word.endswith("te") else word[:-1]
    return word


def _text(number: int, chance: random.Random) -> Text:
    words = lexicon()
    lemmas = chance.choices(words.nouns + words.verbs, k=SUBJECT_WORDS // 2)
    lemmas += chance.choices(words.compounds[:3000], k=SUBJECT_WORDS // 2)
    subject = [form for lemma in lemmas for form in lemma]
    length = chance.randint(SHORTEST, LONGEST)
    drawn = chance.choices(words.forms, cum_weights=words.sums, k=length)
    for place in chance.sample(range(length), int(length * SUBJECT_SHARE)):
        drawn[place] = chance.choice(subject)
    title = [chance.choice(lemmas)[0], chance.choice(SMALL.split()), chance.choice(lemmas)[-1]]
    return Text(
        number=number,
        title=" ".join(title).capitalize(),
        summary=_sentence([*chance.choices(subject, k=7), *drawn[:7]])[:280],
        body=tuple(_paragraphs(drawn, chance)),
        kind=chance.choice(KINDS),
        phase=chance.choice(PHASES),
        topic=chance.choice(TOPICS),
        audience=chance.choice(AUDIENCES),
    )


def _paragraphs(words: list[str], chance: random.Random) -> Iterator[str]:
    rest = iter(words)
    while sentences := [
        _sentence(part)
        for _ in range(chance.randint(3, 6))
        if (part := list(itertools.islice(rest, chance.randint(6, 18))))
    ]:
        yield " ".join(sentences)


def _sentence(words: list[str]) -> str:
    """Words with a capital at the start, a comma here and there and a full stop."""
    if len(words) > 9:
        words = [*words[:5], f"{words[5]},", *words[6:]]
    return f"{' '.join(words).capitalize()}."


# Queries


def _exact(chance: random.Random) -> str:
    """Words as they stand in a title."""
    return _sample(chance).title.lower()


def _inflection(chance: random.Random) -> str:
    return f"{_noun(chance, -1)} {_noun(chance, 1)}"


def _compound(chance: random.Random) -> str:
    return chance.choice(lexicon().compounds[:3000])[0]


def _apart(chance: random.Random) -> str:
    return f"{_noun(chance)} {_noun(chance, -1)} {_verb(chance)}"


def _plain(chance: random.Random) -> str:
    """Without å, ä and ö."""
    return f"{_noun(chance)} {_noun(chance)} {_noun(chance)}".translate(str.maketrans("åäö", "aao"))


def _misspelt(chance: random.Random) -> str:
    word = _compound(chance)
    place = chance.randrange(2, len(word) - 1)
    return word[:place] + word[place + 1 :]


def _question(chance: random.Random) -> str:
    words = (_noun(chance, 1), _verb(chance), _noun(chance, -1))
    return chance.choice(QUESTIONS).format(*words) + "?"


def _phrase(chance: random.Random) -> str:
    words = _sample(chance).body[0].split()
    return f'"{words[6]} {words[7]}"'.replace(",", "").replace(".", "")


def _hint(chance: random.Random) -> str:
    return f"checklista {chance.choice(('före', 'under', 'efter'))} {_noun(chance)}"


def _common(chance: random.Random) -> str:
    """One of the most frequent words of content."""
    return chance.choice(["hot", "våld", "barn", "beslut", "kommunen", "information"])


_QUERY_MAKERS = (
    *(_exact, _inflection, _compound, _apart, _plain, _misspelt, _question, _phrase, _hint, _common),
)


def _sample(chance: random.Random) -> Text:
    number = chance.randrange(1000)
    return _text(number, _chance(1, number))


def _noun(chance: random.Random, form: int = 0) -> str:
    return chance.choice(lexicon().nouns)[form]


def _verb(chance: random.Random, form: int = 0) -> str:
    return chance.choice(lexicon().verbs)[form]
