"""Templates: each is a page on a layout, a fragment, a component or a mail; nothing inline, nothing unclean."""

import re

from tests.structure.source import ROOT, files, name_of, text_of

TEMPLATES = files("templates", ".html")
PAGES = [
    path
    for path in TEMPLATES
    if path.parent.name not in {"components", "layouts"} and not path.name.startswith("_")
]
LAYOUTS = [path for path in TEMPLATES if path.parent.name == "layouts" and not path.name.startswith("_")]


def names(paths):
    """Paths inside the project."""
    return [name_of(path) for path in paths]


def test_every_page_extends_a_layout():
    assert names(path for path in PAGES if '{% extends "layouts/' not in text_of(path)) == []


def test_every_page_has_a_title():
    assert names(path for path in PAGES if not re.search(r"\{% block title -?%\}", text_of(path))) == []


def test_every_component_holds_the_macro_of_its_name():
    components = [path for path in TEMPLATES if path.parent.name == "components"]

    assert names(path for path in components if f"macro {path.stem}(" not in text_of(path)) == []


def test_no_template_imports_what_it_does_not_use():
    unused = []
    for path in TEMPLATES:
        for imported in re.findall(
            r"\{%-? from \"[^\"]+\" import ([^%]+?)(?: with context)? -?%\}", text_of(path)
        ):
            for name in (part.split(" as ")[-1].strip() for part in imported.split(",")):
                if len(re.findall(rf"\b{name}\b", text_of(path).replace(f'/{name}.html"', ""))) < 2:
                    unused.append(f"{name_of(path)}: {name}")

    assert unused == []


def test_nothing_is_inline():
    inline = re.compile(r"<style|\sstyle=|\son[a-z]+=|javascript:|<script(?![^>]*\ssrc=)", re.IGNORECASE)

    assert names(path for path in TEMPLATES if inline.search(text_of(path))) == []


def test_no_template_declares_text_safe():
    assert (
        names(path for path in TEMPLATES if re.search(r"\|\s*safe\b|autoescape false", text_of(path))) == []
    )


def test_every_form_that_changes_something_is_protected_or_marked():
    """A POST form carries a token, or is one of the anonymous ones that are checked by origin."""
    bare = []
    for path in TEMPLATES:
        for form in re.findall(
            r"<form\b[^>]*method=\"post\".*?</form>", text_of(path), re.DOTALL | re.IGNORECASE
        ):
            if not re.search(r"hidden_tag|csrf_token|/utseende|csrf\(", with_included(form)):
                bare.append(name_of(path))

    assert bare == []


def with_included(text):
    """A piece of a template and the fragments that it includes."""
    included = re.findall(r"\{% include \"([^\"]+)\"", text)
    return text + "".join(text_of(ROOT / "templates" / name) for name in included)
