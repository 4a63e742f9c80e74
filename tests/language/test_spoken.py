import pytest

from kb.language.spoken import WRITTEN, without_clitics, written


@pytest.mark.parametrize(("spoken", "as_written"), sorted(WRITTEN.items()))
def test_what_is_written_is_not_spoken_itself(spoken, as_written):
    assert spoken != as_written
    assert written([as_written]) == [as_written]


@pytest.mark.parametrize(
    "supine",
    ["blivit", "fallit", "hållit", "stulit", "tagit", "gripit", "försvunnit", "tillit", "profit", "kredit"],
)
def test_a_supine_is_no_spoken_adjective(supine):
    assert written([supine]) == [supine]


@pytest.mark.parametrize(
    "spoken", ["farlit", "allvarlit", "möjlit", "tydlit", "personlit", "hemlit", "viktit", "jobbit"]
)
def test_an_adjective_gets_its_g_back(spoken):
    assert written([spoken]) == [f"{spoken[:-1]}gt"]


@pytest.mark.parametrize(
    ("typed", "left"),
    [
        ("ha'n", "ha"),
        ("ska' vi", "ska vi"),
        ("PM’et", "PM"),
        ("O'Neill", "O'Neill"),
        ("'hot'", "'hot"),
        ("nu ta't lugnt", "nu ta't lugnt".replace("'t", "")),
    ],
)
def test_what_is_hung_on_a_word_goes(typed, left):
    assert without_clitics(typed) == left
