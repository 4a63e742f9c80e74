"""Every number that finding is tuned by stands in one table."""

import ast

import pytest

from kb.language.analysis import term_of
from kb.search.engine.schema import PARTS
from kb.search.finding import weights
from kb.search.finding.correction import corrected
from kb.search.finding.query import parse
from kb.search.finding.ranking import Filters
from kb.search.finding.synonyms import make_synonyms
from kb.search.tuning.shipped import shipped_rows
from tests.search.samples import build, make_indexable, seen_in
from tests.structure.source import ROOT, files, name_of, text_of

# 0 and 1 are no choices; 2 stands for pairs and halves, -1 for the last one.
PLAIN = {0, 1, 2, -1}
MODULES = [path for path in files("kb/search/finding", ".py") if path.name != "weights.py"]
# What is no weight: letters that a rule of spelling speaks of, bytes that a value takes in memory, a page of hits, how
# documents are looked through.
OTHERS: dict[str, set[float]] = {
    "candidates.py": {3, 46, 100},
    "query.py": {4, 3},
    "ranking.py": {8, 58},
    "rarity.py": {0.5, 1e-9},
    "scoring.py": {4, 6, 24, 52, 98},
    "searching.py": {20, 31},
    "snippets.py": {3, 4, 6},
    "correction.py": {3},
    "passages.py": {4},
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


DOCUMENTATION = " ".join(text_of(ROOT / "docs" / "search.md").split())


def said(number):
    """A number as the documentation writes it."""
    return f"{number:g}".removeprefix("0")


@pytest.mark.parametrize(
    "sentence",
    [
        f"At most {weights.MAX_CHARACTERS} characters and {weights.MAX_WORDS} words.",
        f"typed without å, ä, ö {said(weights.FOLDED)}",
        f"(*kriskommunikation*) {said(weights.JOINED)}, as a part of a compound {said(weights.PART)}",
        f"(*drev* → *personfixering*) {said(weights.SYNONYM)}",
        f"as the verb behind a noun in -ning {said(weights.ROOT)}",
        f"as all the parts of the compound that it is itself {said(weights.APART)}",
        f"title {said(PARTS['title'][0])}, summary and labels {said(PARTS['labels'][0])}, "
        f"text {said(PARTS['body'][0])}",
        f"count {said(weights.LONG_WORD)} times",
        f"as if they stood among {weights.OTHER_TEXTS} others",
        f"at least {weights.SUBJECT:g} times as common here",
        f"{said(weights.COVERAGE[1])} of one or two words, {said(weights.COVERAGE[3])} of three, "
        f"{said(weights.COVERAGE_LONG)} of a long question",
        f"{said(weights.COVERAGE_ABOUT)} of what the known words say",
        f"gets {said(weights.PHASE_BONUS)} times its score, and {said(weights.ONLY_PHASE_BONUS)} times that",
        f"Of the {weights.NEAR_TOP} best hits",
        f"at most {said(1 + weights.NEAR_BONUS)} times their score",
        f"up to {weights.ACUTE_MOST} checklists",
        f"at least {said(weights.ACUTE_SHARE)} of the best hit",
    ],
)
def test_the_documentation_says_what_the_table_says(sentence):
    assert sentence in DOCUMENTATION


def test_the_query_that_the_documentation_follows_is_understood_as_it_says():
    rows = ((row.typed, row.target) for row in shipped_rows())
    query = parse("kris kommunikation efter drev", make_synonyms(rows))

    forms = {wanted.word: {(form.term, form.weight) for form in wanted.forms} for wanted in query.wanted}
    assert list(forms) == ["kris", "kommunikation", "drev"]
    assert query.phase_hints == {"efter"}
    assert query.is_acute
    assert (term_of("kriskommunikation"), weights.JOINED) in forms["kris"] & forms["kommunikation"]
    assert (term_of("personfixering"), weights.SYNONYM) in forms["drev"]


def test_the_misspelling_that_the_documentation_names_is_corrected(store):
    build(store, make_indexable(text="Om kommunikation."))
    snapshot = store.snapshot()

    assert corrected(snapshot, parse("komunikation"), Filters(seen_in(snapshot), {})) == "kommunikation"
