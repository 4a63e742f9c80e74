"""Addresses are asked for by the name of the page; only where a page is made does its address stand written out."""

import ast
import re

import pytest

from tests.structure.source import files, name_of, text_of

ADDRESS = re.compile(r"/(?:[a-zåäö#]|\?\w)")
# Jinja's own "/" stands between spaces; an address begins a string or an attribute, or goes on after an expression.
IN_TEMPLATES = re.compile(
    r"""(?:(?:href|action|src|formaction|data-url)="|(?<=[(\[,:=~ ])')(/[a-zåäö#?][^"']*|/)['"]"""
    r"""|(?:href|action|src|formaction|data-url)="[^"]*\}\}([/?][^"]*)\""""
    r"""|~\s*'([/?][a-zåäö][^']*)'"""
)
COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)
# Where the parts of addresses are what the code is about.
ALLOWED = {
    "kb/library/blueprint.py": "the beginning that the routes of a text at the desk share",
    "kb/library/content/deadlinks.py": "finds addresses in what is stored",
    "kb/library/core/integrity.py": "names texts of a database that no application has opened",
    "kb/mail/models.py": "finds one-time links in mails that are stored, to hide them",
    "kb/serving.py": "is asked before there is an application: the one address that always comes in",
    "kb/text/incoming/wrapped.py": "the addresses of other sites, which wrap links",
    "kb/text/profile.py": "which pictures a stored text may show",
}
ROUTES = {"route", "get", "post"}


def routes_of(tree):
    """All that stands in the decorators that make routes."""
    return [
        inner
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
        for decorator in node.decorator_list
        if isinstance(decorator, ast.Call) and getattr(decorator.func, "attr", "") in ROUTES
        for inner in ast.walk(decorator)
    ]


def values_for_routes(tree, routes):
    """The values of names that stand in routes and nowhere else."""
    in_routes = {id(node) for node in routes}
    loaded = [n for n in ast.walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)]
    elsewhere = {node.id for node in loaded if id(node) not in in_routes}
    only = {node.id for node in loaded} - elsewhere
    return [
        node.value
        for node in tree.body
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and node.targets[0].id in only
    ]


def passed_in(tree):
    """Strings that may begin with a slash: routes, the addresses of blueprints, documentation."""
    routes = routes_of(tree)
    passed = [*routes, *values_for_routes(tree, routes)]
    passed += [
        n.value for n in ast.walk(tree) if isinstance(n, ast.Expr) and isinstance(n.value, ast.Constant)
    ]
    passed += [n.value for n in ast.walk(tree) if isinstance(n, ast.keyword) and n.arg == "url_prefix"]
    return {id(node) for node in passed}


def start_pages(tree):
    """A bare "/" that somebody is sent to: returned, in the place of another address, or the aim of a redirect."""
    for node in ast.walk(tree):
        if isinstance(node, ast.BoolOp):
            yield from map(id, node.values)
        elif isinstance(node, ast.Return):
            yield id(node.value)
        elif isinstance(node, ast.Call) and getattr(node.func, "id", "") == "redirect":
            yield from map(id, node.args)


def written_addresses(source):
    """The strings of Python code that are an address or the end of one, except routes and documentation."""
    tree = ast.parse(source)
    passed, leading = passed_in(tree), set(start_pages(tree))
    begun = {id(node.values[0]) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) and node.values}
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and id(node) not in passed
        and (
            ADDRESS.match(node.value)
            or (id(node) in begun and node.value.startswith("/"))
            or (id(node) in leading and node.value == "/")
        )
    ]


def written_in_template(text):
    """The addresses in a template, and the ends of addresses after an expression."""
    return ["".join(parts) for parts in IN_TEMPLATES.findall(COMMENT.sub("", text))]


def test_code_writes_out_no_address():
    found = {
        name_of(path): words for path in files("kb", ".py") if (words := written_addresses(text_of(path)))
    }

    assert {name: words for name, words in found.items() if name not in ALLOWED} == {}
    assert set(found) >= set(ALLOWED), "remove from ALLOWED what no longer writes one out"


def test_templates_write_out_no_address():
    found = {
        name_of(path): words
        for path in files("templates", ".html", ".xml", ".txt")
        if (words := written_in_template(text_of(path)))
    }

    assert found == {}


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ('url = f"/konto/{name}"', ["/konto/"]),
        ('url = f"{base}/konto/{name}"', ["/konto/"]),
        ('url = base + "/konto"', ["/konto"]),
        ('url = own_path(value) or "/"', ["/"]),
        ('redirect("/", 303)', ["/"]),
        ('LIST = "/konto"\n@bp.get(LIST)\ndef show(): redirect(LIST)', ["/konto"]),
        ('LIST = "/konto"\n@bp.get(f"{LIST}/<id>")\ndef show(): pass', []),
        ('path.split("/")', []),
        ('url = f"{path}?{query}"', []),
    ],
)
def test_what_is_an_address_in_code(code, words):
    assert written_addresses(code) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('<a href="/konto">', ["/konto"]),
        ('<a href="/">', ["/"]),
        ('<a href="{{ row.url }}/historik">', ["/historik"]),
        ("<a href=\"{{ url_for('x') }}?q={{ q }}\">", ["?q={{ q }}"]),
        ("{{ link_row('Namn', url ~ '?q=' ~ q) }}", ["?q="]),
        ('<a href="#{{ id }}">{{ a / b }}', []),
        ("<a href=\"{{ url_for('x', q=q) }}#{{ id }}\">", []),
    ],
)
def test_what_is_an_address_in_a_template(text, words):
    assert written_in_template(text) == words
