"""Two documents beside each other: the blocks that differ, and what only the HTML tells."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from kb.library.content.blocks import document_blocks
from kb.library.content.document import Document
from kb.library.content.fields import Field, table
from kb.text.comparing.diff import DiffBlock, Gap, Op, diff_blocks, fold
from kb.text.comparing.marked import explicit, is_unseen
from kb.text.wording import counted

_OPS = {"same": "same", "add": "ins", "del": "del"}


def compare(
    old: Document | None, new: Document, *, topics: Mapping[str, str], units: Mapping[str, str]
) -> list[dict[str, Any]]:
    """Two versions as the `diff` component wants them: changed blocks, and how much between them is alike."""
    before = document_blocks(old, topics, units) if old is not None else []
    found = diff_blocks(before, document_blocks(new, topics, units))
    rows: list[dict[str, Any]] = []
    for block in fold([*found, *(_structure(old, new) if old is not None else ())]):
        if isinstance(block, Gap):
            rows.append({"gap": f"{counted(len(block.blocks), 'stycke', 'stycken')} lika"})
        else:
            rows.append({"label": block.label, "parts": [(_OPS[op], text) for op, text in _seen(block)]})
    return rows


def _structure(old: Document, new: Document) -> Iterator[DiffBlock]:
    """What differs in a field and in nothing that it says: a paragraph for a part, words that look like two facts."""
    blank = Document(kind=new.kind, title="")
    for field in table(Document):
        before, after = getattr(old, field.name), getattr(new, field.name)
        if before == after:
            continue
        one, other = (replace(blank, **{field.name: value}) for value in (before, after))
        if document_blocks(one) == document_blocks(other):
            parts: tuple[tuple[Op, str], ...] = (("del", _raw(one, field)), ("add", _raw(other, field)))
            yield DiffBlock(f"{field.single}, uppbyggnad", "changed", parts)


def _raw(document: Document, field: Field) -> str:
    value = document.to_dict().get(field.name, "")
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _seen(block: DiffBlock) -> list[tuple[str, str]]:
    """The parts of a block; where nothing but what cannot be seen differs, that is named."""
    changes = [text for op, text in block.parts if op != "same"]
    is_alike = len(block.parts) == len(changes) == 2 and len({_bare(text) for text in changes}) == 1
    all_unseen = is_alike or all(map(is_unseen, changes))

    def shown(text: str) -> str:
        return _named(text) if all_unseen or (is_unseen(text) and text.strip(" ")) else text

    return [(op, text if op == "same" else shown(text)) for op, text in block.parts]


def _named(text: str) -> str:
    return explicit(text) if text.strip(" ") else "‹mellanslag›"


def _bare(text: str) -> str:
    return "".join(sign for sign in text if not is_unseen(sign))


def changed_words(rows: Iterable[Mapping[str, Any]]) -> str:
    """ "3 stycken ändrade."."""
    number = sum(1 for row in rows if any(op != "same" for op, _text in row.get("parts", ())))
    return f"{counted(number, 'stycke ändrat', 'stycken ändrade')}." if number else "Ingen skillnad."
