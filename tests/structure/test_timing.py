"""No test asserts on how long something takes: that is for `bench/`. What a test waits for has ten times the time."""

import ast

from tests.structure.source import files, name_of, text_of

STOPWATCHES = {"perf_counter", "perf_counter_ns", "process_time", "process_time_ns", "thread_time", "timeit"}


def test_no_test_measures_time():
    used = [
        f"{name_of(path)}:{node.lineno}"
        for path in files("tests", ".py")
        for node in ast.walk(ast.parse(text_of(path)))
        if (isinstance(node, ast.Attribute) and node.attr in STOPWATCHES)
        or (isinstance(node, ast.alias) and node.name in STOPWATCHES)
    ]

    assert used == []
