"""Places in statutes, in the ways in which people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.library.reading.citing import place_of, read_citation, statute_names

WRITTEN = {
    "27 kap. 1 § SoL": ("27:1", "sol"),
    "27 kap 1 § sol": ("27:1", "sol"),
    "27 kap 1 sol": ("27:1", "sol"),
    "SoL 27 kap 1": ("27:1", "sol"),
    "SoL 27 kap. 1 §": ("27:1", "sol"),
    "sol 27kap1§": ("27:1", "sol"),
    "sol kap 27 § 1": ("27:1", "sol"),
    "sol kap 27 1": ("27:1", "sol"),
    "1 § 27 kap sol": ("27:1", "sol"),
    "kapitel 27 paragraf 1 sol": ("27:1", "sol"),
    "27 kapitlet 1 paragrafen socialtjänstlagen": ("27:1", "socialtjänstlagen"),
    "27 kap 1 i sol": ("27:1", "sol"),
    "enligt 27 kap 1 § i socialtjänstlagen": ("27:1", "socialtjänstlagen"),
    "vad säger 27 kap. 1 § SoL": ("27:1", "sol"),
    "OSL 26:1": ("26:1", "osl"),
    "26:1 OSL": ("26:1", "osl"),
    "AML 6:6a": ("6:6a", "aml"),
    "aml 6:6 a": ("6:6a", "aml"),
    "6:6 a §": ("6:6a", ""),
    "10 kap. 18 a § OSL": ("10:18a", "osl"),
    "LSS 24b": ("24b", "lss"),
    "lss 24 b": ("24b", "lss"),
    "24 b § LSS": ("24b", "lss"),
    "24b§ lss": ("24b", "lss"),
    "§ 24 b LSS": ("24b", "lss"),
    "10 § förvaltningslagen": ("10", "förvaltningslagen"),
    "BrB 17 kap": ("17:", "brb"),
    "kap 17 BrB": ("17:", "brb"),
    "17 kap. brottsbalken": ("17:", "brottsbalken"),
    "gdpr artikel 33": ("a33", "gdpr"),
    "art. 33.1 gdpr": ("a33", "gdpr"),
    "SFB 42:10": ("42:10", "sfb"),
}
NO_PLACE = ["", "hot", "sol", "lagrum", "2025:400", "AFS 2023:2", "§", "kap", "artikel"]


@pytest.mark.parametrize(("typed", "expected"), WRITTEN.items())
def test_a_place_is_read_however_it_is_written(typed, expected):
    citation = read_citation(typed)

    assert citation is not None
    assert (citation.place, " ".join(citation.statute)) == expected


@pytest.mark.parametrize("typed", NO_PLACE)
def test_what_names_no_place_is_none(typed):
    assert read_citation(typed) is None


@pytest.mark.parametrize(
    ("section", "place"),
    [
        ("27 kap. 1 §", "27:1"),
        ("10 kap. 15 a §", "10:15a"),
        ("24 b §", "24b"),
        ("24 i §", "24i"),
        ("16 §", "16"),
        ("artikel 33", "a33"),
        ("bilagan", ""),
    ],
)
def test_a_stored_section_has_the_place_that_people_name(section, place):
    assert place_of(section) == place


@pytest.mark.parametrize(
    ("statute", "short", "names"),
    [
        ("Brottsbalk (1962:700)", "BrB", {"BrB", "Brottsbalk", "1962:700"}),
        (
            "Offentlighets- och sekretesslag (2009:400)",
            "OSL",
            {"OSL", "Offentlighets- och sekretesslag", "sekretesslag", "2009:400"},
        ),
        (
            "Lag (1988:688) om kontaktförbud",
            "KFL",
            {"KFL", "1988:688", "kontaktförbudslag", "lag om kontaktförbud"},
        ),
        ("Egna reglementet", "", {"Egna reglementet", "reglementet"}),
    ],
)
def test_a_statute_is_known_by_several_names(statute, short, names):
    assert set(statute_names(statute, short)) == names


@given(st.integers(1, 199), st.integers(1, 199), st.sampled_from(["", "a", "b", "g"]))
def test_all_ways_of_writing_mean_the_same(chapter, number, letter):
    ways = (
        f"{chapter} kap. {number} {letter} § SoL".replace("  ", " "),
        f"SoL {chapter}:{number}{letter}",
        f"sol {chapter} kap {number}{letter}",
        f"sol kap {chapter} § {number}{letter}",
    )

    found = {read_citation(way) for way in ways}

    assert len(found) == 1
    assert found.pop().place == f"{chapter}:{number}{letter}"


@given(st.text(alphabet="0123456789 §:.kapartikelsolåi", max_size=60))
def test_any_text_is_read_without_error(text):
    found = read_citation(text)

    assert found is None or found.place
