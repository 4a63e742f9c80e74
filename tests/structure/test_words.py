"""docs/words.md: every name of the code stands where it is said to."""

import ast
import re

from tests.structure.source import ROOT, text_of

ROW = re.compile(r"^\| .+? \| `(\w+)` \| `([\w/.]+)` \|", re.MULTILINE)
ROWS = ROW.findall(text_of(ROOT / "docs" / "words.md"))


def defined(place):
    """The names of a module's classes and functions."""
    tree = ast.parse((ROOT / place).read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.ClassDef | ast.FunctionDef)}


def test_every_name_is_where_it_is_said_to_be():
    assert len(ROWS) > 40
    assert [(name, place) for name, place in ROWS if name not in defined(place)] == []


def test_every_kind_of_text_has_its_word():
    from kb.library.content.document import KIND_NAMES

    text = text_of(ROOT / "docs" / "words.md").casefold()
    assert [name for name in KIND_NAMES.values() if name.casefold() not in text] == []
