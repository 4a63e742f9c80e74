"""No capability writes out another's endpoint, permission or template; what all share is listed in one place."""

import ast
import re

import pytest

from kb import CAPABILITIES
from kb.accounts.permissions import known
from kb.web.landmarks import Landmark
from tests.structure.source import files, name_of, text_of

# First parts of names by the capability that has them; pages of kb.web are everybody's, accounts has those of mail.
BLUEPRINTS = {"lists": "library", "web": "", "admin": "accounts", "mail": "accounts"}
NAME = re.compile(r"['\"]([a-z]+\.[a-z_]+)['\"]")
TEMPLATE = re.compile(r"['\"]([a-z]+)/[a-z_]+\.(?:html|txt|xml)['\"]")
SHARED_FOLDERS = {"components", "layouts"}


def owner(path, folder):
    """The capability that a file belongs to."""
    return name_of(path).removeprefix(f"{folder}/").split("/")[0].removesuffix(".py")


def strings_of(path):
    """The strings of a Python file that are no documentation."""
    tree = ast.parse(text_of(path))
    told = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told
    ]


def capability_of(word):
    """Whose endpoint or permission a name is."""
    prefix = word.split(".")[0]
    return BLUEPRINTS.get(prefix, prefix)


@pytest.fixture
def foreign(app):
    """`foreign(word, capability)`: whether it is an endpoint or a permission that the capability may not write out."""
    named = (set(app.view_functions) - set(map(str, Landmark))) | set(known())

    def is_foreign(word, capability):
        return word in named and capability_of(word) not in ("", capability)

    return is_foreign


def test_no_code_writes_out_a_page_or_permission_of_another_capability(foreign):
    found = [
        f"{name_of(path)}: {word}"
        for capability in CAPABILITIES
        for path in files(f"kb/{capability}", ".py")
        for word in strings_of(path)
        if foreign(word, capability)
    ]

    assert found == []


def test_no_template_writes_out_a_page_or_permission_of_another_capability(foreign):
    found = [
        f"{name_of(path)}: {word}"
        for path in files("templates", ".html", ".txt", ".xml")
        for word in NAME.findall(text_of(path))
        if foreign(word, owner(path, "templates"))
    ]

    assert found == []


def test_no_capability_draws_the_templates_of_another():
    found = [
        f"{name_of(path)}: {folder}"
        for kind, root in ((".py", "kb"), (".html", "templates"))
        for path in files(root, kind)
        if owner(path, root) in CAPABILITIES
        for folder in TEMPLATE.findall(text_of(path))
        if folder in CAPABILITIES and folder != owner(path, root)
    ]

    assert found == []


def test_every_landmark_is_a_page(app):
    assert [landmark.name for landmark in Landmark if landmark.value not in app.view_functions] == []


def test_every_landmark_is_led_to_by_others_than_the_capability_that_has_it():
    used = {
        (str(landmark), owner(path, root))
        for root, kinds in (("kb", (".py",)), ("templates", (".html", ".txt", ".xml")))
        for path in files(root, *kinds)
        for text in [text_of(path)]
        for landmark in Landmark
        if re.search(rf"Landmark\.{landmark.name}\b|'{re.escape(landmark)}'", text)
    }

    assert [
        mark.name for mark in Landmark if {who for name, who in used if name == mark} <= {capability_of(mark)}
    ] == []
