"""Documentation that fails the build when it lags."""

import re
from dataclasses import fields

import click
import pytest

from kb.accounts.permissions import is_allowed, known
from kb.accounts.roles import ROLE_NAMES, Role
from kb.accounts.viewer import ANONYMOUS, Viewer
from kb.config import PREFIX, Settings
from tests.structure.source import ROOT, files, name_of, text_of

SETTINGS = text_of(ROOT / "docs" / "settings.md")
OPERATIONS = text_of(ROOT / "docs" / "operations.md")
PERMISSIONS = text_of(ROOT / "docs" / "permissions.md")
AT_THE_TOP = ("dev.py", "wsgi.py", "gunicorn.conf.py")
FLASKS_OWN = {"run", "shell", "routes"}


def rows(text):
    """The rows of all tables, as lists of words."""
    lines = [line for line in text.splitlines() if line.startswith("| `")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def commands(group, before=()):
    """Every command below a group, as words."""
    for name, command in group.commands.items():
        words = (*before, name)
        if isinstance(command, click.Group):
            yield from commands(command, words)
        else:
            yield words


def test_every_setting_is_described():
    described = {row[0].strip("`") for row in rows(SETTINGS)}

    assert {PREFIX + field.name.upper() for field in fields(Settings)} <= described


def test_no_setting_is_described_that_is_not_there():
    used = "".join(text_of(path) for folder in ("tools", "tests", "kb") for path in files(folder, ".py"))
    known_names = {PREFIX + field.name.upper() for field in fields(Settings)}

    for row in rows(SETTINGS):
        name = row[0].strip("`")
        assert name in known_names or name in used


def test_every_command_is_described(app):
    described = {
        small_words(row[0]) for row in rows(OPERATIONS.split("\n## Commands\n")[1].split("\n## ")[0])
    }

    assert described == {" ".join(words) for words in commands(app.cli) if words[0] not in FLASKS_OWN}


def small_words(cell):
    """A command without its arguments, which are written in capitals."""
    return " ".join(word for word in cell.strip("`").split() if word.islower())


@pytest.mark.usefixtures("app")
def test_every_command_has_a_swedish_help_text(app):
    bare = [
        " ".join(words)
        for words in commands(app.cli)
        if words[0] not in FLASKS_OWN and not help_of(app, words)
    ]

    assert bare == []


def help_of(app, words):
    """The help text of a command."""
    command = app.cli
    for word in words:
        command = command.commands[word]
    return command.help


def test_the_table_of_permissions_says_what_the_code_says(app):
    viewers = [ANONYMOUS] + [Viewer(user_id=1, roles={1: frozenset({role})}) for role in Role]
    expected = {
        name: ["●" if is_allowed(viewer, name) else "–" for viewer in viewers] for name in sorted(known())
    }

    assert {row[0].strip("`"): row[1:-1] for row in rows(PERMISSIONS)} == expected


def test_the_table_of_permissions_names_the_roles_in_order():
    head = next(line for line in PERMISSIONS.splitlines() if line.startswith("| permission"))

    assert [cell.strip() for cell in head.strip("|").split("|")][2:-1] == [ROLE_NAMES[role] for role in Role]


def test_links_in_the_documentation_lead_somewhere():
    dead = [
        f"{name_of(path)}: {target}"
        for path in [*files("docs", ".md"), ROOT / "README.md"]
        for target in re.findall(r"\]\((?!https?:|#|/)([^)#]+)", text_of(path) if path.is_file() else "")
        if not (path.parent / target).exists()
    ]

    assert dead == []


@pytest.mark.parametrize(
    "page", [path for path in files("docs", ".md") if path.parent.name == "docs"], ids=name_of
)
def test_a_page_names_modules_that_are_there(page):
    there = [
        name_of(path) for folder in ("kb", "tests", "bench", "tools", "migrations") for path in files(folder)
    ]
    named = re.findall(r"`([\w./-]+\.py)`", text_of(page))

    assert [
        name for name in named if not any(f"/{path}".endswith(f"/{name}") for path in [*there, *AT_THE_TOP])
    ] == []
