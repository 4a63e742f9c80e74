"""One cache, `kb.cache`; beside it only `functools.lru_cache` over pure functions of constant data."""

import ast

import pytest

from tests.structure.source import files, name_of, text_of

FILES = files("kb", ".py")
CHANGING = {"session", "viewer", "connection", "database", "app", "by", "self"}
REGISTERS = {"_REGISTER", "GROUPS", "PREDICATES"}  # filled while the program is loaded, never after


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_what_is_kept_lies_in_the_one_cache(path):
    tree = ast.parse(text_of(path))
    ordered = any(isinstance(node, ast.alias) and node.name == "OrderedDict" for node in ast.walk(tree))
    empty = {
        target.id
        for node in tree.body
        if isinstance(node, ast.Assign | ast.AnnAssign)
        and isinstance(node.value, ast.Dict | ast.List)
        and not (node.value.keys if isinstance(node.value, ast.Dict) else node.value.elts)
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        if isinstance(target, ast.Name)
    }

    assert not ordered or name_of(path) == "kb/cache.py"
    assert empty <= REGISTERS


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_only_functions_of_constant_data_are_kept_for_good(path):
    for node in ast.walk(ast.parse(text_of(path))):
        if isinstance(node, ast.FunctionDef) and {"cache", "lru_cache"} & set(
            map(decorator, node.decorator_list)
        ):
            arguments = node.args.posonlyargs + node.args.args + node.args.kwonlyargs

            assert not {argument.arg for argument in arguments} & CHANGING


def decorator(node):
    """The name of a decorator, with or without arguments."""
    node = node.func if isinstance(node, ast.Call) else node
    return getattr(node, "id", getattr(node, "attr", ""))
