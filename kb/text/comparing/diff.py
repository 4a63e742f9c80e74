"""What changed between two versions, word by word inside blocks that belong together."""

import re
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal, NamedTuple

Op = Literal["same", "add", "del"]
Kind = Literal["same", "changed", "added", "removed"]

_TOKEN = re.compile(r"(?:‹[^‹›]*›|\w+(?:[-’':]\w+)*|[^\w\s])\s*|\s+")
_WORD = re.compile(r"\w+")
_SENTENCE = re.compile(r"[^.!?\n]*[.!?\n]*\s*")
_ALIKE = 0.35
# A matcher can look at every pair of equal items once for each match it finds: 8 million such steps take
# about 0.3 s. One call may do as many at worst; all calls of a comparison share the budget of what they did.
_MOST_STEPS = 8_000_000
_BUDGET = 4_000_000
_MOST_PAIRS = 130_000
_SHORT = 3  # unchanged runs of so few characters between two changes are read as changed

_Opcode = tuple[str, int, int, int, int]


class Block(NamedTuple):
    """A part of a text. `label` is shown; blocks are compared within one `key` (the label, where nothing is said).

    What stands after a "|" in a key is the kind of the block: another kind is a change of the same block.
    """

    label: str
    text: str
    key: str = ""

    @property
    def identity(self) -> tuple[str, str]:
        """Equal for blocks that say the same in the same place."""
        return self.key or self.label, self.text

    @property
    def place(self) -> str:
        """Where it may be compared with another."""
        return (self.key or self.label).split("|")[0]


@dataclass(frozen=True, slots=True)
class DiffBlock:
    """One block of the comparison; `parts` in reading order, joined without "del" they give the new text."""

    label: str
    kind: Kind
    parts: tuple[tuple[Op, str], ...]


@dataclass(frozen=True, slots=True)
class Gap:
    """A run of unchanged blocks that can be folded away."""

    blocks: tuple[DiffBlock, ...]


def diff_blocks(old: Sequence[tuple[str, ...]], new: Sequence[tuple[str, ...]]) -> list[DiffBlock]:
    """The blocks (label, text and perhaps key) of both versions in reading order.

    Very long or repetitive texts are compared more coarsely, so that the time stays bounded.
    """
    return list(_Comparison().blocks([Block(*block) for block in old], [Block(*block) for block in new]))


def fold(blocks: Iterable[DiffBlock], context: int = 1, least: int = 3) -> list[DiffBlock | Gap]:
    """The same list with runs of at least `least` unchanged blocks as gaps, `context` kept around changes."""
    shown = list(blocks)
    near = {
        place + step
        for place, block in enumerate(shown)
        if block.kind != "same"
        for step in range(-context, context + 1)
    }
    folded: list[DiffBlock | Gap] = []
    run: list[DiffBlock] = []
    for place, block in enumerate(shown):
        if place in near:
            folded += _gap(run, least)
            run = []
            folded.append(block)
        else:
            run.append(block)
    return folded + _gap(run, least)


def _gap(run: list[DiffBlock], least: int) -> list[DiffBlock | Gap]:
    return [Gap(tuple(run))] if len(run) >= least else list(run)


class _Comparison:
    """One comparison and what is left of its budget."""

    def __init__(self) -> None:
        self.budget = _BUDGET
        self.pairs = _MOST_PAIRS

    def blocks(self, old: Sequence[Block], new: Sequence[Block]) -> Iterator[DiffBlock]:
        identities = [block.identity for block in old], [block.identity for block in new]
        for tag, i1, i2, j1, j2 in self._opcodes(*identities):
            if tag == "equal":
                yield from (_whole(block, "same", "same") for block in new[j1:j2])
                continue
            for before, after in self._paired(old[i1:i2], new[j1:j2]):
                yield self._block(before, after)

    def _paired(
        self, old: Sequence[Block], new: Sequence[Block]
    ) -> Iterator[tuple[Block | None, Block | None]]:
        """Old and new blocks side by side, in reading order; those that are alike share a place."""
        i = j = 0
        for next_i, next_j in [*self._alike(old, new), (len(old), len(new))]:
            yield from ((block, None) for block in old[i:next_i])
            yield from ((None, block) for block in new[j:next_j])
            if next_i < len(old) and next_j < len(new):
                yield old[next_i], new[next_j]
            i, j = next_i + 1, next_j + 1

    def _alike(self, old: Sequence[Block], new: Sequence[Block]) -> list[tuple[int, int]]:
        words_old, words_new = [_vocabulary(block) for block in old], [_vocabulary(block) for block in new]
        self.pairs -= len(old) * len(new)
        if self.pairs < 0:
            side_by_side = enumerate(zip(words_old, words_new, strict=False))
            return [(place, place) for place, (a, b) in side_by_side if _likeness(a, b)]
        return _best_pairs([[_likeness(a, b) for b in words_new] for a in words_old])

    def _block(self, before: Block | None, after: Block | None) -> DiffBlock:
        if after is None:
            return _whole(before or Block("", ""), "removed", "del")
        if before is None:
            return _whole(after, "added", "add")
        parts = [*_kinds(before, after), *_parts(_smoothed(list(self._words(before.text, after.text))))]
        if all(op == "same" for op, _text in parts):  # only spaces differ
            parts = [("del", before.text), ("add", after.text)]
        return DiffBlock(after.label, "changed", tuple(parts))

    def _words(self, old: str, new: str) -> Iterator["_Run"]:
        before, after = _TOKEN.findall(old), _TOKEN.findall(new)
        if self._fits(before, after):
            yield from self._runs(before, after)
            return
        before, after = _SENTENCE.findall(old), _SENTENCE.findall(new)
        for run in self._runs(before, after):
            words = _TOKEN.findall(run.removed), _TOKEN.findall(run.added)
            yield from self._runs(*words) if run.removed and run.added and self._fits(*words) else [run]

    def _runs(self, before: list[str], after: list[str]) -> Iterator["_Run"]:
        space_old = space_new = ""  # that followed the last unchanged word in one version only
        for tag, i1, i2, j1, j2 in self._opcodes([t.strip() for t in before], [t.strip() for t in after]):
            removed, added = space_old + "".join(before[i1:i2]), space_new + "".join(after[j1:j2])
            space_old = space_new = ""
            if tag != "equal":
                yield _Run(removed=removed, added=added)
                continue
            if bool(_space_after(removed)) != bool(_space_after(added)) and i2 < len(before):
                space_old, space_new = _space_after(removed), _space_after(added)
                added = added.rstrip()
            yield _Run(same=added)
        if space_new:
            yield _Run(same=space_new)

    def _fits(self, old: Sequence[Hashable], new: Sequence[Hashable]) -> bool:
        return _steps(old, new) * min(len(old), len(new)) <= _MOST_STEPS and self.budget > 0

    def _opcodes(self, old: Sequence[Hashable], new: Sequence[Hashable]) -> list[_Opcode]:
        """What `difflib` says about the middle parts, or that all of it is replaced where that takes long."""
        start, end = _common(old, new)
        middle_old, middle_new = old[start : len(old) - end], new[start : len(new) - end]
        if self._fits(middle_old, middle_new):
            inner = SequenceMatcher(None, middle_old, middle_new, autojunk=False).get_opcodes()
            self.budget -= _steps(middle_old, middle_new) * (1 + len(inner) // 2)
        else:
            inner = [("replace", 0, len(middle_old), 0, len(middle_new))]
        moved = [(tag, i1 + start, i2 + start, j1 + start, j2 + start) for tag, i1, i2, j1, j2 in inner]
        first = [("equal", 0, start, 0, start)] if start else []
        last = [("equal", len(old) - end, len(old), len(new) - end, len(new))] if end else []
        return [*first, *moved, *last]


@dataclass(frozen=True, slots=True)
class _Run:
    same: str = ""
    removed: str = ""
    added: str = ""


def _kinds(before: Block, after: Block) -> Iterator[tuple[Op, str]]:
    """The kinds of a block that is of another kind now: "punktlista", "numrerad lista"."""
    old, new = ((block.key or block.label).partition("|")[2] or "stycke" for block in (before, after))
    if old != new:
        yield "del", f"‹{old}› "
        yield "add", f"‹{new}› "


def _space_after(text: str) -> str:
    return text[len(text.rstrip()) :]


def _whole(block: Block, kind: Kind, op: Op) -> DiffBlock:
    return DiffBlock(block.label, kind, ((op, block.text),))


def _common(old: Sequence[Hashable], new: Sequence[Hashable]) -> tuple[int, int]:
    """How many items are equal at the start, and then at the end."""
    most = min(len(old), len(new))
    start = next((place for place in range(most) if old[place] != new[place]), most)
    most -= start
    end = next((place for place in range(most) if old[-1 - place] != new[-1 - place]), most)
    return start, end


def _steps(old: Sequence[Hashable], new: Sequence[Hashable]) -> int:
    counts = Counter(new)
    return len(old) + len(new) + sum(counts[item] for item in old)


def _best_pairs(score: list[list[float]]) -> list[tuple[int, int]]:
    """The pairs of places, both rising, that are most alike together; `score[i][j]` is 0 for strangers."""
    rows, columns = len(score), len(score[0]) if score else 0
    best = [[0.0] * (columns + 1) for _ in range(rows + 1)]
    for i in reversed(range(rows)):
        for j in reversed(range(columns)):
            together = best[i + 1][j + 1] + score[i][j]
            best[i][j] = max(best[i + 1][j], best[i][j + 1], together)
    pairs = []
    i = j = 0
    while i < rows and j < columns:
        if best[i][j] == best[i + 1][j]:
            i += 1
        elif best[i][j] == best[i][j + 1]:
            j += 1
        else:
            pairs.append((i, j))
            i, j = i + 1, j + 1
    return pairs


def _vocabulary(block: Block) -> tuple[str, frozenset[str]]:
    return block.place, frozenset(_WORD.findall(block.text.lower()))


def _likeness(one: tuple[str, frozenset[str]], other: tuple[str, frozenset[str]]) -> float:
    """How much two blocks have in common; 0 where they are of different kinds or too unlike."""
    if one[0] != other[0]:
        return 0.0
    ratio = 2 * len(one[1] & other[1]) / ((len(one[1]) + len(other[1])) or 1)
    return ratio if ratio >= _ALIKE else 0.0


def _smoothed(runs: list[_Run]) -> list[_Run]:
    """Short unchanged runs between two changes join them: whole phrases read better than scattered words."""
    smoothed: list[_Run] = []
    for place, run in enumerate(runs):
        follows_change = bool(smoothed) and not smoothed[-1].same
        if follows_change and (not run.same or _is_slight(runs, place)):
            last = smoothed[-1]
            removed, added = run.removed or run.same, run.added or run.same
            smoothed[-1] = _Run(removed=last.removed + removed, added=last.added + added)
        else:
            smoothed.append(run)
    return smoothed


def _is_slight(runs: list[_Run], place: int) -> bool:
    """Whether an unchanged run is short, and followed by a change."""
    is_short = 0 < len(runs[place].same.strip()) <= _SHORT
    return is_short and place + 1 < len(runs) and not runs[place + 1].same


def _parts(runs: Iterable[_Run]) -> Iterator[tuple[Op, str]]:
    for run in runs:
        if run.same:
            yield "same", run.same
        if run.removed:
            yield "del", run.removed
        if run.added:
            yield "add", run.added
