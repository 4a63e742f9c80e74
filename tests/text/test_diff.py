"""The word diff between two versions."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.hostile_texts import LARGE
from kb.text.comparing.diff import DiffBlock, Gap, diff_blocks, fold
from tests.work import calls_of


def paragraphs(*texts: str) -> list[tuple[str, str]]:
    return [("Stycke", text) for text in texts]


def new_text(block: DiffBlock) -> str:
    return "".join(text for op, text in block.parts if op != "del")


def old_text(block: DiffBlock) -> str:
    return "".join(text for op, text in block.parts if op != "add")


def test_equal_versions_are_the_same():
    assert diff_blocks(paragraphs("a", "b"), paragraphs("a", "b")) == [
        DiffBlock("Stycke", "same", (("same", "a"),)),
        DiffBlock("Stycke", "same", (("same", "b"),)),
    ]


def test_one_changed_word_is_marked_and_nothing_else():
    (block,) = diff_blocks(
        paragraphs("Anmäl till nämnden inom tre dagar."), paragraphs("Anmäl till nämnden inom fem dagar.")
    )

    assert block.kind == "changed"
    assert block.parts == (
        ("same", "Anmäl till nämnden inom "),
        ("del", "tre "),
        ("add", "fem "),
        ("same", "dagar."),
    )


def test_spaces_stay_where_they_are_read():
    (block,) = diff_blocks(paragraphs("Ring genast polisen om något."), paragraphs("Ring genast."))

    assert new_text(block) == "Ring genast."
    assert old_text(block) == "Ring genast polisen om något."


def test_added_and_removed_blocks_stand_in_reading_order():
    kinds = [
        (block.kind, block.parts[0][1])
        for block in diff_blocks(paragraphs("ett", "två", "tre"), paragraphs("ett", "tre", "fyra"))
    ]

    assert kinds == [("same", "ett"), ("removed", "två"), ("same", "tre"), ("added", "fyra")]


def test_blocks_that_are_alike_are_compared_also_past_a_new_block():
    old = paragraphs("Ring 112 om faran är akut.", "Säkra den utsatta och övriga.")
    new = paragraphs("Helt ny rad här.", "Ring 112 om faran är nära.", "Säkra den utsatta och alla övriga.")

    assert [block.kind for block in diff_blocks(old, new)] == ["added", "changed", "changed"]


def test_a_rewritten_block_is_removed_and_added():
    kinds = [block.kind for block in diff_blocks(paragraphs("helt andra ord"), paragraphs("inget är likt"))]

    assert kinds == ["removed", "added"]


def test_blocks_of_different_kinds_are_never_compared():
    kinds = [block.kind for block in diff_blocks([("Rubrik", "a b c")], [("Stycke", "a b c")])]

    assert kinds == ["removed", "added"]


def test_scattered_words_are_read_as_one_phrase():
    (block,) = diff_blocks(
        paragraphs("Vi ses i morgon och pratar om hur det gick för alla."),
        paragraphs("Vi hörs i kväll och pratar om hur det gick för alla."),
    )

    assert block.parts == (
        ("same", "Vi "),
        ("del", "ses i morgon "),
        ("add", "hörs i kväll "),
        ("same", "och pratar om hur det gick för alla."),
    )


@pytest.mark.parametrize(("old", "new"), [([], []), ([], paragraphs("a")), (paragraphs("a"), [])])
def test_empty_versions_can_be_compared(old, new):
    assert len(diff_blocks(old, new)) == len(old) + len(new)


def test_runs_of_equal_blocks_are_folded_away_from_changes():
    old = paragraphs(*"abcdefgh")
    folded = fold(diff_blocks(old, [*old[:4], ("Stycke", "nytt"), *old[4:]]))

    assert [len(part.blocks) if isinstance(part, Gap) else part.kind for part in folded] == [
        3,
        "same",
        "added",
        "same",
        3,
    ]


def test_short_runs_are_not_folded():
    old = paragraphs("a", "b", "c")

    assert not [part for part in fold(diff_blocks(old, [*old, ("Stycke", "d")])) if isinstance(part, Gap)]


_TEXTS = st.lists(st.sampled_from(["a", "b,", "c.", "å", "\n", " ", "d-e", "(f)"]), max_size=14).map(" ".join)
_BLOCKS = st.lists(st.tuples(st.sampled_from(["Stycke", "Punkt"]), _TEXTS), max_size=6)


@settings(max_examples=150, deadline=None)
@given(_BLOCKS, _BLOCKS)
def test_both_versions_can_be_read_in_the_result(old, new):
    result = diff_blocks(old, new)

    assert "".join(map(new_text, result)) == "".join(text for _, text in new)
    assert "".join("".join(map(old_text, result)).split()) == "".join(
        "".join(text for _, text in old).split()
    )


@pytest.mark.parametrize("name", LARGE)
def test_large_texts_are_compared_with_bounded_work(name):
    old, new = (paragraphs(*texts) for texts in LARGE[name])
    result = []

    # At most 2.5 million; without the budget of the comparison the worst of them takes hundreds of millions.
    assert calls_of(lambda: result.extend(diff_blocks(old, new))) < 4_000_000
    assert "".join(map(new_text, result)) == "".join(text for _, text in new)
