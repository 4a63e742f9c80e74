import pytest
import snowballstemmer
from snowballstemmer.swedish_stemmer import SwedishStemmer

from kb.language.analysis import term_of
from kb.language.compounds import lexicon
from kb.language.stemming import folded_stems, root, stem
from kb.language.words import fold

ONE_STEM = """
    hot hotet hoten hotar hotad hotade hota
    våld våldet våldets
    barn barnet barnen barns barnets
    stöd stödet
    möte mötet möten mötena
    beslut beslutet besluten beslutets
    ärende ärendet ärenden ärendena
    checklista checklistan checklistor checklistorna
    anmälan anmälningar anmälningarna anmäla anmäler anmälde anmält anmäld anmälda
    man mannen män männen
    mamma mamman mammans mammor mammorna
    gumma gumman gummor
    tjänsteman tjänstemän tjänstemannen tjänstemännen tjänstemans
    hand händer händerna
    natt nätter
    stad städer staden
    ledamot ledamöter ledamöterna ledamoten
    medarbetare medarbetaren medarbetarna
    boende boendet boenden boendena
    polis polisen poliser poliserna
    hem hemmet hemmen
    rum rummet rummen
    dödsfall dödsfallet dödsfallen
    år året åren
    skriva skriver skrev skrivit skrivs
    bryta bröt brutit
    slå slår slog slagit
    sprida sprids spred spridit spritt
    utsatt utsatta utsätta
    uthängd uthängda
    omhändertog omhändertagen omhändertagande omhänderta
    anhöll anhållen anhölls
    plan planen planer planerna
    enhet enheten enheter enheterna
    vapen vapnet vapnen
    regel regler regeln reglerna
    förälder föräldrar föräldern föräldrarna
    nummer numret
    ansvar ansvaret ansvarig ansvariga
    dör dog dött död döda döden
    filma filmar filmad filmas filmade filmat
    bok boken böcker
    program programmet programmen
    larm larmet larmen
    media medier medierna
"""
TWO_STEMS = [
    ("hot", "hotell"),
    ("våld", "vald"),
    ("far", "får"),
    ("barn", "bar"),
    ("vård", "våld"),
    ("plan", "plats"),
]


@pytest.mark.parametrize(
    "forms", [line.split() for line in ONE_STEM.strip().splitlines()], ids=lambda forms: forms[0]
)
def test_all_forms_of_a_word_meet(forms):
    assert len({stem(form) for form in forms}) == 1


@pytest.mark.parametrize(("one", "other"), TWO_STEMS)
def test_different_words_do_not_meet(one, other):
    assert stem(one) != stem(other)


@pytest.mark.parametrize("word", ["", "a", "i", "14", "2023:2", "x" * 500, "112", "ö", "nnn", "et"])
def test_odd_words_are_left_in_peace(word):
    assert stem(word)[:1] == word[:1]


@pytest.mark.parametrize(
    "forms",
    """
    dator datorn datorer datorernas
    miljö miljön miljöer miljöns
    kommitté kommittén kommittéer
    psykologi psykologin
    resultat resultatet resultaten
    plats platsen platser platserna
    kontor kontoret kontoren
    månad månaden månader
    enskild enskilde enskilda
    möta möter mötte mött möte
    stödja stöder stödde stöd
    följa följer följde följt
    ställa ställer ställde ställt
    köpa köper köpte köpt
    strida stred stridit
    tiga teg tigit
    förbjuda förbjöd förbjudit
    """.strip().splitlines(),
)
def test_more_forms_of_a_word_meet(forms):
    assert len({stem(form) for form in forms.split()}) == 1


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("pagaende", "pågående"),
        ("krisstod", "krisstöd"),
        ("dodsfall", "dödsfallet"),
        ("gatt", "gått"),
    ],
)
def test_a_word_without_marks_meets_the_folded_stem(typed, written):
    assert fold(term_of(written)) in folded_stems(typed)


@pytest.mark.parametrize(
    ("noun", "verb"),
    [("utredning", "utreda"), ("rapportering", "rapportera"), ("övningar", "öva"), ("handling", "handla")],
)
def test_a_noun_in_ning_leads_to_its_verb(noun, verb):
    assert root(stem(noun)) in ("", stem(verb))


def test_snowball_in_c_and_in_python_agree():
    endings = (
        "",
        "s",
        "en",
        "et",
        "a",
        "ar",
        "arna",
        "erna",
        "ande",
        "het",
        "lig",
        "fullt",
        "ast",
        "öst",
        "are",
    )
    words = [word + ending for word in sorted(lexicon().lasts)[::60] for ending in endings]

    assert list(map(snowballstemmer.stemmer("swedish").stemWord, words)) == list(
        map(SwedishStemmer().stemWord, words)
    )
