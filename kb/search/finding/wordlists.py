"""Lists of words that a query is read with: small words, words for phase and kind, words of acute danger."""

# Taken out of a query only, and only while a word of content remains. Folded forms stand here too (pa, nar, gor).
_SMALL = """
    alla allt annan annat andra att av bara behöver behöva behövs bli blir blivit både bör ca de dem den denna deras
    dess dessa det detta dig din dina ditt du då där därför efter eftersom ej eller en enligt er era ert ett
    finns fram från får fick få för före förra genom ger ge gjorde gjort gå går gör göra ha hade han hans har hennes
    hon honom hur här i igen in ingen inget inga inne inom inte ja jag ju kan kanske kom komma kommer kommit kunde
    kunna man med medan mellan men mer mig min mina mitt mot mycket måste nej ni nog nu någon något några när nära
    och också om oss på redan samma sedan ser ses sig sin sina sitt ska skall skulle som så sådan sådana sånt
    såsom ta tar till tills tog under utan vad var vara varför varit varje vart vem vems vi vid vidare vilka vilken
    vilket vill vår våra vårt än är även år åt över bra hjälp tycker vet veta sätt saker sak
    direkt hända händer hänt tänk tänka tänker ens ju väl ska bäst
"""

# Spoken small words, and others that a query has beside its subject.
# Then adverbs of place and particles, and verbs of so general a sense that they carry no subject.
_SPOKEN_SMALL = """
    dom va vart ba bah å ä e o d n t u s m sen typ sade säger någonting någonstans någonsin ingenting ingenstans
    alltså ändå dessutom hos själv själva båda ifall
    hen hens blev denne detsamma ibland sådant exempelvis henne
    ut ur upp uppe ner nere ned bort borta dit förbi igenom tillbaka iväg därifrån härifrån därinne härinne
    försöker försökte börjar började börjat sitter satt står stod ligger verkar verkade brukar brukade tänker tänkte
    tror trodde håller höll hållit låter känner kände känns kändes fortsätter fortsatte
    at on of to and or is has have can
"""

# Chatter: what never says what is looked for. It goes before anything else is read from a query, so that it changes
# nothing of it, not the order of hits either. By kinds: days, months, greetings and thanks, intensifiers and fillers,
# oaths, haste; small words of English, Finnish and Somali (none that is a Swedish word or a name of something).
_CHATTER = """
    idag igår imorgon imorse ikväll inatt förrgår iförrgår övermorgon iövermorgon härom häromdagen
    måndag tisdag onsdag torsdag fredag lördag söndag måndagen tisdagen onsdagen torsdagen fredagen lördagen söndagen
    måndags tisdags onsdags torsdags fredags lördags söndags måndagar tisdagar onsdagar torsdagar fredagar lördagar
    söndagar klockan kl
    hej hejsan hallå tjena tjenare tja hejdå tack tackar tacksam snälla ursäkta förlåt mvh hälsningar
    alltså asså liksom typ ba bah ju faktiskt egentligen verkligen jätte jättemycket väldigt otroligt extremt
    ganska ungefär precis tyvärr tydligen plötsligt absolut mycket öh eh äh hm hmm mm öhm aa aha jaha jodå
    nja nä nää näe
    oj aj usch herregud jösses gud fan faan jävla jävlar jävligt jävel helvete satan tusan sjutton lol wtf
    snabbt snabb snabbast fort bråttom asap
    please pls plz help thanks thank hello hi the my mine me your our his their its was were am been with from
    what where when why how who which there this that these those they we you he she would could should does did
    doing having need needs want wants someone somebody something anyone now today yesterday tomorrow
    urgent urgently quickly
    workplace työpaikalla työpaikallani työpaikallamme töissä työssä shaqada
    minun minua minut minulle minulla hän mitä miten missä milloin kuka mikä olen olla tänään kiitos apua
    iyo waxaan waa fadlan maxaa sidee caawi caawimaad caawimo mahadsanid
    shukran
"""
_MONTHS = """
    januari februari mars april maj juni juli augusti september oktober november december
"""


def _fold(word: str) -> str:
    return word.translate(str.maketrans("åäö", "aao"))


def _read(words: str) -> frozenset[str]:
    """The words of a list, each also without its marks."""
    return frozenset(form for word in words.split() for form in (word, _fold(word)))


MONTHS: frozenset[str] = frozenset(_MONTHS.split())
CHATTER: frozenset[str] = _read(_CHATTER) | MONTHS
SMALL_AS_WRITTEN: frozenset[str] = frozenset(f"{_SMALL} {_SPOKEN_SMALL} {_CHATTER} {_MONTHS}".split())
STOP_WORDS: frozenset[str] = _read(_SMALL) | _read(_SPOKEN_SMALL) | CHATTER

# Words that name a phase or a kind: hints for the ranking, never expanded, never required.
PHASE_HINTS: dict[str, str] = {
    "före": "fore",
    "fore": "fore",
    "innan": "fore",
    "under": "under",
    "nu": "under",
    "efter": "efter",
    "efteråt": "efter",
    "efterat": "efter",
}
KIND_HINTS: dict[str, str] = {
    **dict.fromkeys(("checklista", "checklistan", "checklistor", "checklistorna"), "checklista"),
    **dict.fromkeys(
        ("vägledning", "vägledningen", "vägledningar", "vagledning", "vagledningar"), "vagledning"
    ),
    **dict.fromkeys(("berättelse", "berättelsen", "berättelser", "berattelse", "berattelser"), "berattelse"),
    **dict.fromkeys(("fallberättelse", "fallberättelser", "fallberattelse", "fallberattelser"), "berattelse"),
    **dict.fromkeys(("mall", "mallen", "mallar", "mallarna", "meddelandemall", "meddelandemallar"), "mall"),
    **dict.fromkeys(
        ("påstående", "påståendet", "påståenden", "påståendena", "pastaende", "pastaendet", "pastaenden"),
        "pastaende",
    ),
}
KIND_HINTS |= dict.fromkeys(
    ("lathund", "lathunden", "lathundar", "åtgärdslista", "atgardslista"), "checklista"
)
KIND_HINTS |= dict.fromkeys(
    ("guide", "guiden", "guider", "handledning", "stödmaterial", "artikel"), "vagledning"
)
KIND_HINTS |= dict.fromkeys(
    ("exempel", "exemplet", "case", "fallbeskrivning", "fallbeskrivningar"), "berattelse"
)
# Words of content that hint at the same time: they are looked for like any other word.
ALSO_PHASE: dict[str, str] = {
    **dict.fromkeys(
        ("förebygga", "forebygga", "förbereda", "forbereda", "förberedelse", "förberedelser"), "fore"
    ),
    **dict.fromkeys(("akut", "akuta", "pågår", "pagar", "pågående", "pagaende"), "under"),
    **dict.fromkeys(("efterarbete", "återgång", "atergang", "uppföljning", "uppfoljning"), "efter"),
}

ALSO_KIND: dict[str, str] = {
    **dict.fromkeys(("rutin", "rutiner", "steg"), "checklista"),
    **dict.fromkeys(("råd", "rad"), "vagledning"),
    **dict.fromkeys(
        ("mejl", "mejlet", "mail", "mailet", "pressmeddelande", "pressrelease", "formulering"), "mall"
    ),
    **dict.fromkeys(("inlägg", "inlägget", "facebookinlägg", "talepunkt", "talepunkter", "stödord"), "mall"),
    **dict.fromkeys(("fall", "erfarenhet", "erfarenheter"), "berattelse"),
}

# With one of these stems in the query up to three acute checklists come first.
ACUTE_WORDS = """
    akut akuta anfall anfallen attack attackerad avliden bevakad bomb bombhot bombhotet brand brinner dödsfall
    dödshot dödshotad död dött filmad filmar filmas filmade försvunnen gisslan hot hota hotad hotade hotar hotas hotet
    hotfull hotfullt knivhot kniv larm larma misshandel misshandlad nu pågår pågående självmord skadad skadade
    skjutning skjuter slagen slog slår slagsmål suicid telefonhot trakasserad trakasserier upplopp utbrott uthängd
    uthängning uthängda vapen våld våldet våldsam våldsamt överfall överfallen drev näthat desinformation läckt
"""

# What stands behind these is where it happens or with whom, not what it is about …
PLACES = _read("i på vid hos under från utanför bakom framför bredvid")
# … with one of these between or none.
BEFORE_NOUNS = _read(
    "en ett den det de vår vårt våra min mitt mina din ditt dina sin sitt sina hans hennes deras ert"
)
# "efter" behind the beginning of such a verb, or before such a person, is no time.
AFTER_VERBS = (
    "följ",
    "folj",
    "leta",
    "lever",
    "sök",
    "sok",
    "fråga",
    "fraga",
    "jaga",
    "spring",
    "sprang",
    "ropa",
)
PERSONS = _read("mig dig sig oss er honom henne dem dom")
# Who tells something; and what is said by somebody who wants a text to be read or written.
TELLERS = _read("jag ja han hon hen dom")
WISHES = _read("skriva skriver skriv formulera formulerar behöver vill söker letar finns mall exempel text")
