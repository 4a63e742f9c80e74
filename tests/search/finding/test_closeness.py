"""A phrase that holds the query as it was asked counts more than its words apart."""

from tests.search.samples import build, found, make_indexable


def test_a_label_that_holds_the_whole_question_comes_first(store):
    build(
        store,
        make_indexable(slug="isar", title="Text ett", labels=("vem leder mötet", "när ringer jag chefen")),
        make_indexable(slug="ihop", title="Text två", labels=("vem ringer chefen", "hur leder jag mötet")),
    )

    assert found(store, "vem ringer chefen?") == ["ihop", "isar"]
    assert found(store, "när ringer jag chefen?") == ["isar", "ihop"]


def test_small_words_count_within_a_phrase(store):
    build(
        store,
        make_indexable(slug="sen", title="Text ett", labels=("vad gör vi efter larmet", "larmet")),
        make_indexable(slug="forst", title="Text två", labels=("vad säger vi före larmet", "larmet")),
    )

    assert found(store, "vad säger vi om larmet")[0] == "forst"
    assert found(store, "vad gör vi om larmet")[0] == "sen"


def test_a_single_word_is_left_alone(store):
    build(
        store,
        make_indexable(slug="bara", title="Larm"),
        make_indexable(slug="fler", title="Larm och larm i hemmet"),
    )

    assert set(found(store, "larm")) == {"bara", "fler"}


def test_a_label_that_the_query_holds_counts_whatever_else_is_told(store):
    build(
        store,
        make_indexable(slug="isar", title="Text ett", labels=("kastade brev", "stolar saknas")),
        make_indexable(slug="ihop", title="Text två", labels=("kastade stolar", "brev saknas")),
        *(make_indexable(slug=f"annan-{number}", title="Text tre") for number in range(100)),
    )

    assert found(store, "hon kom hem till oss, kastade stolar mot fönstret och skrek")[0] == "ihop"
    assert found(store, "han kom hem till oss, kastade våra brev i elden och skrek")[0] == "isar"


def test_a_label_of_one_word_is_no_phrase(store):
    build(
        store,
        make_indexable(slug="ord", title="Text ett", labels=("stolar", "kastade")),
        make_indexable(slug="fras", title="Text två", labels=("han kastade stolar i köket", "han satt")),
    )

    assert found(store, "han kastade stolar på oss")[0] == "fras"
