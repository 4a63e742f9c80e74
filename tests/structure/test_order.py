"""No list goes by the order that a database gives to words: names are sorted by their stored key."""

import ast

import pytest

from tests.structure.source import ROOT, name_of, text_of, tracked

WORDS = {
    "title",
    "name",
    "label",
    "term",
    "typed",
    "target",
    "statute",
    "section",
    "query",
    "slug",
    "email",
    "summary",
}
# Where the order only has to be the same each time, and nobody reads it.
UNSEEN = {("kb/search/tuning/counting.py", "query"), ("kb/search/tuning/asked.py", "query")}
FILES = [path for path in tracked() if path.suffix == ".py" and path.is_relative_to(ROOT / "kb")]


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_no_query_orders_by_a_raw_name(path):
    calls = [
        node
        for node in ast.walk(ast.parse(text_of(path)))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "order_by"
    ]
    named = {
        inner.attr
        for call in calls
        for argument in call.args
        for inner in ast.walk(argument)
        if isinstance(inner, ast.Attribute) and isinstance(inner.value, ast.Name)
    }

    assert {(name_of(path), name) for name in named & WORDS} <= UNSEEN
