"""docs/house.md: its drawings are the house that stands."""

import re
import tomllib

from kb import CAPABILITIES
from kb.search.engine.changes import QUEUE
from tests.structure.source import ROOT, files, imports, name_of, text_of

HOUSE = text_of(ROOT / "docs" / "house.md")
PATHS = {"publish": (11, 5), "search": (10, 4)}  # at most so many modules, in so many folders


def drawing(name):
    """The lines of a drawing."""
    return re.search(rf"<!-- {name} -->\n```\n(.*?)```", HOUSE, re.DOTALL)[1].splitlines()


def module_of(line):
    """The module that a line of a path names, as it is imported."""
    return re.search(r"(kb/[\w/]+)\.py", line)[1].replace("/", ".")


def file_of(module):
    """Where a module stands."""
    return ROOT / (module.replace(".", "/") + ".py")


def test_every_room_is_drawn_and_every_drawn_room_is_there():
    drawn = [line.split()[0].rstrip("/") for line in drawing("rooms")]

    assert sorted(drawn) == sorted({name_of(path.parent) for path in files("kb", ".py")})


def test_the_layers_are_those_that_are_held():
    contracts = tomllib.loads(text_of(ROOT / "pyproject.toml"))["tool"]["importlinter"]["contracts"]

    assert drawing("layers") == contracts[0]["layers"]
    inside = {
        contract["containers"][0].removeprefix("kb."): contract["layers"]
        for contract in contracts
        if contract["type"] == "layers" and contract["containers"][0].count(".") == 1
    }
    assert set(inside) >= set(CAPABILITIES)
    for name, layers in inside.items():
        said = re.search(rf"^- {name}: (.+(?:\n  .+)*)$", HOUSE, re.MULTILINE)
        assert said, f"the layers of {name} are not drawn"
        assert re.findall(r"`([^`]+)`", said[1]) == layers
    layered = [contract for contract in contracts if contract["type"] == "layers"]
    assert [contract["name"] for contract in layered if not contract.get("exhaustive")] == []


def untrue(lines):
    """The lines whose module is not imported by the one above that they are indented under."""
    above: list[str] = []
    for line in lines:
        del above[(len(line) - len(line.lstrip())) // 2 :]
        if above and module_of(line) not in imports(file_of(above[-1])):
            yield line
        above.append(module_of(line))


def test_publishing_reaches_the_index_as_drawn():
    lines = drawing("path publish")
    seam = next(number for number, line in enumerate(lines) if line.startswith("⇢"))
    name = re.search(r"kb/(\S+)\.py .* asks for (\"[a-z_.]+\")", "\n".join(lines[:seam]))

    assert [*untrue(lines[:seam]), *untrue(lines[seam:])] == []
    assert f"enqueue(session, {name[2]}" in text_of(ROOT / "kb" / f"{name[1]}.py")
    assert f"outbox.drain({name[2]}" in text_of(file_of(module_of(lines[seam])))
    assert QUEUE == "search"


def test_the_search_page_reaches_the_hits_as_drawn():
    assert list(untrue(drawing("path search"))) == []


def test_the_paths_are_short():
    for name, (modules, folders) in PATHS.items():
        found = [module_of(line) for line in drawing(f"path {name}")]
        assert len(found) == len(set(found)) <= modules
        assert len({module.rpartition(".")[0] for module in found}) <= folders
        assert [module for module in found if not file_of(module).is_file()] == []


def test_what_it_names_is_there():
    named = set(re.findall(r"`((?:kb|tests|docs|static|templates|tools|migrations)/[\w/.]+)`", HOUSE))

    assert [path for path in sorted(named) if not (ROOT / path).exists()] == []
