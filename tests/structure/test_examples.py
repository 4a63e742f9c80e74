"""What the documentation shows can be done: commands run, and example files are read without a fault."""

import re
import shlex

import click
import pytest

from kb.library.content.fields import TABLES
from kb.library.intake import schema, yamltext
from kb.library.intake.parsing import parse_record
from tests.structure.source import ROOT, files, name_of, text_of

FORMAT = text_of(ROOT / "docs" / "content-format.md")
BLOCKS = re.findall(r"```yaml\n(.*?)```", FORMAT, re.DOTALL)
SHARED, ACTIONS, STORY, LIST, TEMPLATE, CLAIM = BLOCKS
OWN = {
    "vagledning": ACTIONS,
    "berattelse": STORY,
    "checklista": LIST,
    "mall": TEMPLATE,
    "pastaende": CLAIM,
}
COMMAND = re.compile(r"(?:bin/flask|dev\.py flask|`flask)(?: --app wsgi)? ((?!-)(?:[a-z-]+ )?[a-z-]+[^`\n]*)")
SHOWN = [
    (name_of(path), found[1].strip())
    for path in [*files("docs", ".md"), ROOT / "README.md", ROOT / "CONTRIBUTING.md"]
    for found in COMMAND.finditer(text_of(path))
]


@pytest.mark.parametrize("kind", OWN)
def test_an_example_file_is_read(kind):
    shared = yamltext.read(SHARED.replace("https://…", "https://www.riksdagen.se/aml"))[0]
    data = {**shared, **yamltext.read(OWN[kind])[0], "kind": kind}

    read, faults = schema.check(data)

    assert faults == []
    slug, document = parse_record(read, topics={"hot": "Hot"})
    assert (slug, document.kind) == ("nar-en-medarbetare-hotas", kind)


@pytest.mark.parametrize("cls", TABLES, ids=lambda cls: cls.__name__)
def test_the_examples_name_every_field(cls):
    named = set(re.findall(r"\b([a-z_]+):", "".join(BLOCKS)))

    assert {field.name for field in TABLES[cls]} - named == set()


def test_the_examples_of_commands_are_found():
    assert len({words for _, words in SHOWN}) >= 8


@pytest.mark.parametrize(("place", "words"), SHOWN, ids=[f"{place} {words}" for place, words in SHOWN])
def test_a_command_that_is_shown_is_one(app, place, words):
    command: click.Command = app.cli
    rest = shlex.split(words)
    while isinstance(command, click.Group) and rest:
        command = command.commands[rest.pop(0)]

    options = {option for parameter in command.params for option in parameter.opts}
    assert {word for word in rest if word.startswith("--")} <= options | {"--help"}


@pytest.mark.parametrize("words", sorted({words for _, words in SHOWN if '"text"' in words}))
def test_a_command_that_only_shows_something_runs(app, words):
    assert app.test_cli_runner().invoke(args=shlex.split(words)).exit_code == 0
