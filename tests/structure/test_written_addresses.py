"""Addresses are asked for by the name of the page; only where a page is made does its address stand written out."""

import ast
import re

from tests.structure.source import files, name_of, text_of

ADDRESS = re.compile(r"/[a-zåäö#?]")
# Jinja's own "/" stands between spaces; an address begins a string or an attribute.
IN_TEMPLATES = re.compile(
    r"""(?:(?:href|action|src|formaction)="|(?<=[(\[,:=~ ])')(/[a-zåäö#?][^"']*|/)['"]"""
)
COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)
CODE = ("kb/library", "kb/search")
PAGES = ("templates/library", "templates/search")
# Where the parts of addresses are what the code is about.
ALLOWED = {
    "kb/library/core/integrity.py": "names texts of a database that no application has opened",
    "kb/library/blueprint.py": "the beginning that the routes of the desk share",
}
ROUTES = {"route", "get", "post"}
CLOSE_TO_PAGES = {
    "views",
    "presenting",
    "models",
    "queries",
    "services",
    "letters",
    "forms",
    "blueprint",
    "start",
}


def is_meant(path):
    """Views, what presents, models and queries, in files or folders of that name; library and search nearly whole."""
    parts = set(re.split(r"[/.]", name_of(path)))
    whole = name_of(path).startswith(
        ("kb/library/reading/", "kb/library/editing/", "kb/library/core/", "kb/search/")
    )
    return whole or bool(parts & CLOSE_TO_PAGES)


def written_addresses(path):
    """The strings of a Python file that begin as an address, except routes and documentation."""
    tree = ast.parse(text_of(path))
    passed = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
        for decorator in node.decorator_list
        if isinstance(decorator, ast.Call) and getattr(decorator.func, "attr", "") in ROUTES
        for inner in ast.walk(decorator)
    }
    passed |= {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    passed |= {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.keyword) and node.arg == "url_prefix"
    }
    built = [node.values for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) and node.values]
    passed |= {id(part) for parts in built for part in parts[1:]}  # later parts do not begin it
    begun = {id(parts[0]) for parts in built}  # f"/{folder}"
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and id(node) not in passed
        and (ADDRESS.match(node.value) or (id(node) in begun and node.value.startswith("/")))
    ]


def test_code_writes_out_no_address():
    found = {
        name_of(path): words
        for folder in CODE
        for path in files(folder, ".py")
        if is_meant(path) and (words := written_addresses(path))
    }

    assert {name: words for name, words in found.items() if name not in ALLOWED} == {}
    assert set(found) >= set(ALLOWED), "remove from ALLOWED what no longer writes one out"


def test_templates_write_out_no_address():
    found = {
        name_of(path): words
        for folder in PAGES
        for path in files(folder, ".html", ".xml", ".txt")
        if (words := IN_TEMPLATES.findall(COMMENT.sub("", text_of(path))))
    }

    assert found == {}
