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
