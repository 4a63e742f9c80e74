"""Words that are stored have a name: nobody compares them with, or sets them to, a bare string."""

import ast
import re

import pytest

from kb.accounts.roles import Role
from kb.library.content.document import Basis, Channel, Deadline, Kind, Mode, Phase, Visibility
from kb.library.core.workflow import State, Status, Verdict, Way
from kb.runs.operations import StepState
from tests.structure.source import files, name_of, text_of

STORED = {
    "basis",
    "channel",
    "deadline_sort",
    "kind",
    "mode",
    "origin",
    "outcome",
    "phase",
    "purpose",
    "role",
    "state",
    "status",
    "verdict",
    "visibility",
    "way",
    "workflow",
}
# Where these names are something else: kinds of tokens and blocks, what machines read, what loading did.
OTHERS = {
    "kb/text/sanitize.py",
    "kb/text/comparing/diff.py",
    "kb/ops/views.py",
    "kb/library/intake/loading.py",
}
# Kinds of a flashed message, and what somebody said of a page.
OTHER_TEMPLATES = {
    "templates/layouts/_receipts.html",
    "templates/accounts/_receipts.html",
    "templates/components/feedback.html",
}


def name(node):
    """The last name of an expression; empty for other expressions."""
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def is_bare(node):
    """Whether an expression is a string that is not empty, or holds one."""
    if isinstance(node, ast.Tuple | ast.Set | ast.List):
        return any(is_bare(part) for part in node.elts)
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value != ""


def bare_words(tree):
    """The lines where a stored word is compared with a bare string, set to one or given as one."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare):
            sides = [node.left, *node.comparators]
            if any(name(side) in STORED for side in sides) and any(is_bare(side) for side in sides):
                yield node.lineno
        if isinstance(node, ast.keyword) and node.arg in STORED and is_bare(node.value):
            yield node.value.lineno
        if isinstance(node, ast.Assign):
            for target in node.targets:
                pairs = (
                    zip(target.elts, node.value.elts, strict=False)
                    if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple)
                    else [(target, node.value)]
                )
                yield from (
                    node.lineno
                    for one, value in pairs
                    if isinstance(one, ast.Attribute) and one.attr in STORED and is_bare(value)
                )


def test_no_code_writes_a_stored_word_out():
    found = [
        f"{name_of(path)}:{line}"
        for path in files("kb", ".py")
        if name_of(path) not in OTHERS
        for line in bare_words(ast.parse(text_of(path)))
    ]

    assert found == []


def test_no_template_writes_a_stored_word_out():
    pattern = re.compile(rf"\b({'|'.join(sorted(STORED))}) (==|!=|in) [('\[]")
    found = [
        name_of(path)
        for path in files("templates", ".html")
        if name_of(path) not in OTHER_TEMPLATES and pattern.search(text_of(path))
    ]

    assert found == []


@pytest.mark.parametrize(
    "words", [Kind, Phase, Visibility, Mode, Deadline, Basis, Channel, Status, State, Verdict, Way]
)
def test_every_stored_word_has_a_label_and_is_its_own_value(words):
    assert all(word.label for word in words)
    assert [words(word.value) for word in words] == list(words)
    assert all(word == word.value and str(word) == word.value for word in words)
    assert words.names() == {word: word.label for word in words}


def test_the_words_in_the_database_are_the_ones_of_the_last_release():
    """They stand in revisions, backups and other instances: a change of one needs a migration."""
    assert {
        words.__name__: [word.value for word in words]
        for words in (Role, Kind, Phase, Visibility, Status, State, Verdict, Way, StepState)
    } == {
        "Role": ["lasare", "medarbetare", "krisledare", "redaktor", "granskare", "administrator"],
        "Kind": ["vagledning", "berattelse", "checklista", "mall", "pastaende"],
        "Phase": ["fore", "under", "efter"],
        "Visibility": ["oppen", "intern", "enhet"],
        "Status": ["utkast", "publicerad", "borttagen"],
        "State": ["vila", "utkast", "granskning", "andring", "godkand"],
        "Verdict": ["godkand", "andring"],
        "Way": ["redaktion", "inlasning", "aterstallning"],
        "StepState": ["open", "done", "skipped"],
    }
