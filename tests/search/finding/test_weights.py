"""Every number that finding is tuned by stands in one table."""

import ast

import pytest

from kb.search.finding import weights
from tests.structure.source import files, name_of, text_of

# 0 and 1 are no choices; 2 stands for pairs and halves, -1 for the last one.
PLAIN = {0, 1, 2, -1}
MODULES = [path for path in files("kb/search/finding", ".py") if path.name != "weights.py"]
# What is no weight: letters that a rule of spelling speaks of, bytes that a value takes in memory, a page of hits.
OTHERS = {
    "closeness.py": {120, 200},
    "query.py": {4, 3},
    "ranking.py": {8},
    "settled.py": {31},
    "searching.py": {20},
    "snippets.py": {3, 4, 6},
    "correction.py": {3},
}


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_no_module_of_finding_has_a_number_of_its_own(path):
    numbers = {
        node.value
        for node in ast.walk(ast.parse(text_of(path)))
        if isinstance(node, ast.Constant) and type(node.value) in (int, float)
    }

    assert numbers - PLAIN - OTHERS.get(path.name, set()) == set()


def test_the_table_gives_every_weight_by_its_name():
    table = weights.table()

    assert table["PART"] == weights.PART
    assert table["COVERAGE"] == weights.COVERAGE
    assert all(isinstance(value, int | float | dict) for value in table.values())


@pytest.mark.parametrize("name", weights.table())
def test_every_weight_is_used(name):
    used = "".join(text_of(path) for path in files("kb/search", ".py") if path.name != "weights.py")

    assert f"weights.{name}" in used or f"import {name}" in used
