"""How large things are, how many stand in one place, and that no two import each other."""

import ast
import io
import tokenize
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import grimp
import pytest
from radon.complexity import cc_visit

from tests.structure.source import ROOT, files, name_of, text_of

OURS = ("kb", "tools", "bench")
LONGEST_MODULE, MOST_MODULES = 400, 16
LONGEST_FUNCTION, USUAL_FUNCTION, MOST_PARAMETERS = 40, 15, 5
MOST_BRANCHES = 10
FLAT = {"kb/__init__.py: create_app"}  # a list, no logic
# What is still over a limit, and by how much at most: each list may only become shorter.
LONG_MODULES: dict[str, int] = {}
LARGE_FOLDERS: dict[str, int] = {}
LONG_FUNCTIONS: dict[str, int] = {}
PARAMETERS: dict[str, int] = {}
BRANCHES: dict[str, int] = {}
Function = ast.FunctionDef | ast.AsyncFunctionDef


def modules(*folders: str) -> list[Path]:
    """The Python files in folders, and dev.py."""
    return [path for folder in folders for path in files(folder, ".py")] + [ROOT / "dev.py"]


def functions(*folders: str) -> Iterator[tuple[str, Function]]:
    """Every function with the place that it stands in."""
    for path in modules(*folders):
        for node in ast.walk(ast.parse(text_of(path))):
            if isinstance(node, Function):
                yield f"{name_of(path)}: {node.name}", node


def length(function: Function) -> int:
    """Its lines, decorators not counted."""
    return (function.end_lineno or 0) - function.lineno + 1


def over(found: dict[str, int], limit: int, still: dict[str, int]) -> dict[str, int]:
    """What is larger than its limit."""
    return {place: size for place, size in found.items() if size > still.get(place, limit)}


def test_no_module_is_too_long():
    lengths = {name_of(path): len(text_of(path).splitlines()) for path in modules(*OURS, "tests")}

    assert over(lengths, LONGEST_MODULE, LONG_MODULES) == {}


def test_no_folder_holds_too_many_modules():
    held = Counter(path.parent for path in files("kb", ".py") if path.name != "__init__.py")
    named = {name_of(folder): count for folder, count in held.items()}

    assert over(named, MOST_MODULES, LARGE_FOLDERS) == {}


def test_no_function_is_too_long():
    lengths = {place: length(function) for place, function in functions(*OURS) if place not in FLAT}

    assert over(lengths, LONGEST_FUNCTION, LONG_FUNCTIONS) == {}


def test_nine_functions_of_ten_are_short():
    lengths = sorted(length(function) for _, function in functions("kb", "tools"))

    assert lengths[len(lengths) * 9 // 10] <= USUAL_FUNCTION


def test_many_parameters_are_named():
    counted = {
        place: len(
            [one for one in function.args.posonlyargs + function.args.args if one.arg not in {"self", "cls"}]
        )
        for place, function in functions(*OURS)
    }

    assert over(counted, MOST_PARAMETERS, PARAMETERS) == {}


def test_no_function_branches_too_much():
    """Counted with comprehensions, conditions in one line and boolean operators, which ruff's C901 leaves out."""
    found = {}
    for path in modules(*OURS):
        for block in cc_visit(text_of(path)):
            for one in getattr(block, "methods", [block]):
                found[f"{name_of(path)}: {one.name}"] = one.complexity

    assert over(found, MOST_BRANCHES, BRANCHES) == {}


@pytest.fixture(scope="module")
def arrows():
    """Which module imports which, everywhere in it."""
    graph = grimp.build_graph("kb", cache_dir=None)
    return {name: graph.find_modules_directly_imported_by(name) for name in graph.modules}


def test_no_modules_import_each_other(arrows):
    left = dict(arrows)
    while gone := {name for name, targets in left.items() if not targets & left.keys()}:
        left = {name: targets for name, targets in left.items() if name not in gone}
    while gone := set(left) - {target for targets in left.values() for target in targets}:
        left = {name: targets for name, targets in left.items() if name not in gone}

    assert sorted(left) == []


def code_lines(path: Path) -> int:
    """Lines with code on them: neither empty, nor a comment, nor a docstring."""
    text, kept = text_of(path), set()
    silent = {
        tokenize.COMMENT,
        tokenize.NL,
        tokenize.NEWLINE,
        tokenize.INDENT,
        tokenize.DEDENT,
        tokenize.ENDMARKER,
    }
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type not in silent:
            kept |= set(range(token.start[0], token.end[0] + 1))
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, Function | ast.ClassDef | ast.Module) and ast.get_docstring(node) is not None:
            kept -= set(range(node.body[0].lineno, (node.body[0].end_lineno or 0) + 1))
    return len(kept)


def test_there_is_nearly_as_much_test_as_code():
    code, tests = (sum(map(code_lines, files(folder, ".py"))) for folder in ("kb", "tests"))

    assert tests >= 0.8 * code
