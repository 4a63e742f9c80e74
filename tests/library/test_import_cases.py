"""Files are read as a person means them, or refused with file, line, name and what to write."""

import json
import os
import shutil
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from kb.library.content.document import Document, Step
from kb.library.content.fields import Type, table
from kb.library.core.models.items import ContentItem
from kb.library.intake import schema, yamltext
from kb.library.intake.records import read_records
from tests.cases import CASES

IMPORT = CASES / "import"
ORDINARY = "nfd-1.md"


@pytest.fixture
def give(app, session, tmp_path):
    """Load and check cases in a folder of their own; gives what was said by both, and the stored text if it is one."""

    def run(*names, publish=True):
        for name in names:
            source = next(path for path in (IMPORT / name, CASES / "unicode" / name) if path.exists())
            if source.is_dir():
                shutil.copytree(source, tmp_path / "in", dirs_exist_ok=True)
            else:
                (tmp_path / "in").mkdir(exist_ok=True)
                shutil.copy(source, tmp_path / "in" / name)
        runner = app.test_cli_runner()
        load = runner.invoke(
            args=["library", "load", str(tmp_path / "in"), *(["--publish"] if publish else [])]
        )
        lint = runner.invoke(args=["library", "lint", str(tmp_path / "in")])
        session.expire_all()
        return load, lint, session.scalars(select(ContentItem).order_by(ContentItem.id)).all()

    return run


def the_document(items):
    """The content of the only text."""
    assert len(items) == 1
    return items[0].published_revision.content


@pytest.mark.parametrize(
    ("case", "read", "expected"),
    [
        ("clock-1.yaml", lambda d: d.sections[0].steps[0].deadline, "12:30"),
        ("clock-2.md", lambda d: d.actions[0].detail, "9:45"),
        ("digits-1.yaml", lambda d: d.sections[0].steps[0].minutes, 10),
        ("digits-2.md", lambda d: d.actions[0].detail, "3.10"),
        ("digits-3.yaml", lambda d: (d.year, d.municipality, d.setting), ("1_999", "0180", "1e3")),
        ("yes-no-1.md", lambda d: d.labels, ("no", "on", "off", "yes")),
        ("yes-no-2.md", lambda d: d.title, "No"),
        ("yes-no-3.md", lambda d: d.owner, "no"),
        ("flag-1.yaml", lambda d: d.sections[0].steps[0].critical, True),
        ("flag-2.md", lambda d: d.actions[0].verify, True),
    ],
)
def test_values_are_read_as_they_are_written(give, case, read, expected):
    load, _lint, items = give(case)

    assert load.exit_code == 0, load.output
    assert read(the_document(items)) == expected


@pytest.mark.parametrize(
    ("case", "line", "words"),
    [
        ("unknown-key-1.yaml", 18, ["sections.1.steps.ring.deadlin", "Menade du deadline?"]),
        ("unknown-key-2.yaml", 18, ["sections.1.steps.ring.kritisk", "Menade du critical?"]),
        ("unknown-key-3.md", 12, ["sammanfattning", "Menade du summary?", "detalj", "Menade du detail?"]),
        ("key-twice-1.yaml", 13, ["title står två gånger, på rad 2 och rad 13"]),
        ("key-twice-2.yaml", 19, ["deadline står två gånger, på rad 18 och rad 19"]),
    ],
)
def test_a_name_that_cannot_be_meant_is_refused_with_its_place_and_what_to_write(give, case, line, words):
    load, lint, items = give(case)

    assert load.exit_code == lint.exit_code == 1
    assert items == []
    for result in (load, lint):
        assert f"{case}:{line}:" in result.output
        assert [word for word in words if word not in result.output] == []


@pytest.mark.parametrize("case", ["encoding-1.md", "encoding-2.md"])
def test_another_encoding_is_refused_in_swedish_with_what_to_do(give, case):
    load, lint, items = give(case)

    assert items == []
    for result in (load, lint):
        assert result.exit_code == 1
        assert case in result.output
        assert "välj Spara som, och UTF-8 som kodning" in result.output
        assert "codec" not in result.output
        assert "decode" not in result.output


@pytest.mark.parametrize(
    ("case", "names"),
    [
        ("same-address-1", ["Larmrutin.md", "larmrutin.md"]),
        ("same-address-2", ["soder/plan.md", "norr/plan.md"]),
    ],
)
def test_files_with_one_address_are_both_refused_and_named(give, case, names):
    load, lint, items = give(case)

    assert items == []
    for result in (load, lint):
        assert result.exit_code == 1
        lines = [line for line in result.output.splitlines() if "har också" in line]
        assert len(lines) == 2
        assert all(name in line for line in lines for name in names)


@pytest.mark.parametrize(("case", "slug"), [("ENDING-1.MD", "ending-1"), ("Ending-2.Yaml", "ending-2")])
def test_endings_are_read_in_any_case(give, case, slug):
    load, _lint, items = give(case, ORDINARY)

    assert load.exit_code == 0, load.output
    assert {item.slug for item in items} == {slug, "nfd-1"}


def test_a_file_that_is_not_read_is_named(app, tmp_path):
    shutil.copy(CASES / "unicode" / ORDINARY, tmp_path / ORDINARY)
    (tmp_path / "rutin.docx").write_bytes(b"PK")
    (tmp_path / ".dold").write_text("x")

    result = app.test_cli_runner().invoke(args=["library", "load", str(tmp_path)])

    assert result.exit_code == 0
    assert "rutin.docx: Filen är inte läst." in result.output
    assert ".dold" not in result.output


def test_what_does_not_come_along_is_said_by_load_and_lint(app, tmp_path):
    text = (CASES / "unicode" / ORDINARY).read_text()
    (tmp_path / "a.md").write_text(f"{text}\n![Karta över gården](https://x.se/a.png)\n")
    runner = app.test_cli_runner()

    load = runner.invoke(args=["library", "load", str(tmp_path)])
    lint = runner.invoke(args=["library", "lint", str(tmp_path)])

    assert load.exit_code == 0
    assert "body: Bilden ”Karta över gården”" in load.output
    assert "body Bilden ”Karta över gården”" in lint.output


# The schema


FLAGS = {
    "ja": True,
    "Ja": True,
    "sant": True,
    "TRUE": True,
    "yes": True,
    "nej": False,
    "falskt": False,
    "false": False,
}


@pytest.mark.parametrize("word", FLAGS)
def test_yes_and_no_are_read_in_both_languages(word):
    data, faults = schema.check({"sections": [{"title": "a", "steps": [{"text": "b", "critical": word}]}]})

    assert faults == []
    assert data["sections"][0]["steps"][0]["critical"] is FLAGS[word]


@pytest.mark.parametrize(
    ("data", "place", "words"),
    [
        (
            {"sections": [{"steps": [{"id": "a", "critical": "kanske"}]}]},
            "sections.1.steps.a.critical",
            "true eller",
        ),
        (
            {"sections": [{"steps": [{"id": "a", "minutes": "tio"}]}]},
            "sections.1.steps.a.minutes",
            "Skriv bara siffror",
        ),
        ({"review_interval_months": "12.5"}, "review_interval_months", "1–60"),
        ({"title": ["a"]}, "title", "inte en lista"),
        ({"title": {"a": "b"}}, "title", "citattecken"),
        ({"owner": False}, "owner", "citattecken"),
        ({"labels": [{"Obs": "a"}]}, "labels.1", "citattecken"),
        ({"actions": [{"do": "a", "gör": "b"}]}, "actions.1.gör", "Menade du do?"),
        ({"xyz": "1"}, "xyz", "Det som går att skriva här: kind, title"),
        ({"ämne": "hot"}, "ämne", "Menade du topics?"),
    ],
)
def test_what_cannot_be_read_says_where_it_stands_and_what_to_write(data, place, words):
    _read, faults = schema.check(data)

    assert [schema.place(fault.path, data) for fault in faults] == [place]
    assert words in faults[0].message


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(table(Document) + table(Step)), st.text("abå 01:.-_#'\"{}[]&*!%@~?|>nofyes", min_size=1)
)
def test_texts_of_yaml_are_never_turned_into_something_else(field, text):
    """Whatever stands there: text stays text, a number or a flag is one or is refused."""
    source = f"{field.name}: {json.dumps(text)}"
    found, _lines = yamltext.read(source)

    data, faults = schema.check(
        {"sections": [{"title": "a", "steps": [found]}]} if field in table(Step) else found
    )

    value = data["sections"][0]["steps"][0] if field in table(Step) else data
    if field.type in (Type.LINE, Type.BLOCK, Type.RICH, Type.DATE, Type.CHOICE):
        assert (value[field.name], faults) == (text, [])
    if field.type is Type.FLAG:
        assert faults or isinstance(value[field.name], bool)
    if field.type is Type.NUMBER:
        assert faults or isinstance(value[field.name], int)


@pytest.mark.parametrize(
    "plain", ["12:30", "010", "3.10", "1_999", "1e3", "no", "On", "2026-11-21", "0x1F", ".5", "1:2:3"]
)
def test_a_plain_value_is_the_text_that_stands_there(plain):
    assert yamltext.read(f"a: {plain}\nb: [{plain}]")[0] == {"a": plain, "b": [plain]}


@pytest.mark.parametrize("text", ["a: ~", "a:", "a: null"])
def test_nothing_is_nothing(text):
    assert yamltext.read(text)[0] == {"a": None}


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("a: b: c", 1, "kolon"),
        ("a: 1\n\tb: 2", 2, "mellanslag, inte tabb"),
        ("a: 1\n---\nb: 2", 2, "ta bort raden"),
        ("a: &x [*x]", 1, "hänvisar till sig själv"),
        ("a: !ruby/object x", 1, "går inte att använda"),
        ("[a]: b", 1, "ett namn"),
    ],
)
def test_what_is_no_yaml_is_refused_with_its_line(tmp_path, text, line, words):
    (tmp_path / "a.yaml").write_text(text)

    record = read_records(tmp_path)[0]

    assert record.data is None
    assert words in record.error
    assert record.place.endswith(f":{line}")


def test_aliases_upon_aliases_do_not_fill_the_memory(tmp_path):
    levels = "\n".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12))
    (tmp_path / "a.yaml").write_text(f"a0: &a0 [x, x]\n{levels}\n")

    assert read_records(tmp_path)[0].data is None


def test_programs_may_write_names_of_their_own_but_not_in_a_step(tmp_path):
    record = {"title": "a", "kind": "vagledning", "url": "https://a.se"}
    step = {"title": "b", "kind": "checklista", "sections": [{"steps": [{"text": "c", "kritisk": True}]}]}
    (tmp_path / "a.jsonl").write_text(
        json.dumps(record) + "\n" + json.dumps(step) + "\n" + '{"title": "c", "title": "d"}'
    )

    first, second, third = read_records(tmp_path)

    assert first.data == {"title": "a", "kind": "vagledning"}
    assert "url är inget namn" in first.said[0]
    assert second.data is None
    assert second.field == "sections.1.steps.1.kritisk"
    assert third.error == "title står två gånger. Ta bort det ena."


DEEP = 20_000  # without a bound libyaml's composer runs out of stack and ends the process


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.yaml", "a: " + "[" * DEEP),
        ("a.yaml", "a: " + "{a: " * 2000 + "1" + "}" * 2000),
        ("a.yaml", "- " * DEEP + "x"),
        ("a.md", "---\na: " + "[" * DEEP + "\n---\nText"),
        ("a.jsonl", '{"title": "t", "slug": ' + "[" * 900 + "]" * 900 + "}"),
        ("a.jsonl", '{"title": "t", "topic": ' + "[" * 900 + "]" * 900 + "}"),
        ("a.jsonl", "[" * DEEP),
    ],
)
def test_what_is_nested_too_deep_is_refused_by_load_and_lint(app, tmp_path, name, text):
    (tmp_path / name).write_text(text)

    runner = app.test_cli_runner()
    found = [runner.invoke(args=["library", act, str(tmp_path)]) for act in ("load", "lint")]

    assert [result.exit_code for result in found] == [1, 1]
    assert all(isinstance(result.exception, SystemExit) for result in found)


def test_records_without_title_are_told_so_and_not_that_they_share_an_address(app, tmp_path):
    (tmp_path / "a.jsonl").write_text('{"kind": "mall", "text": "a"}\n{"kind": "mall", "text": "b"}')

    result = app.test_cli_runner().invoke(args=["library", "load", str(tmp_path)])

    assert result.output.count("Titel saknas.") == 2


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999"])
def test_what_is_no_number_is_no_text_either(tmp_path, number):
    (tmp_path / "a.jsonl").write_text(f'{{"kind": "mall", "title": {number}}}')

    assert "inget tal" in read_records(tmp_path)[0].error


@pytest.mark.parametrize("name", [b"rad\nbyte.md", b"l\xe5tin.md", "a\u030a.md".encode()])
def test_the_name_of_a_file_becomes_a_source_that_can_be_read_and_edited(app, session, tmp_path, name):
    text = "---\nslug: en-text\ntitle: T\nsummary: S\nkind: vagledning\n---\nText\n"
    (tmp_path / os.fsdecode(name)).write_text(text)

    result = app.test_cli_runner().invoke(args=["library", "load", str(tmp_path)])

    assert result.exit_code == 0
    [source] = session.scalars(select(ContentItem)).one().latest_revision.content.sources
    assert "\n" not in source.title
    assert source.title == unicodedata.normalize("NFC", source.title).encode().decode()
