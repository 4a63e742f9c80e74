"""The shipped content, loaded and indexed once for all processes of a run; who needs it takes a copy."""

import functools
import os
import shutil
from pathlib import Path

import pytest
from flask import Flask

from bench.find_items import load
from kb.library.intake.linting.entries import Entry
from kb.library.intake.linting.shipped import shipped_entries
from kb.locks import file_lock
from tests.conftest import build_app


def shipped_app(factory: pytest.TempPathFactory) -> Flask:
    """An application of its own with the shipped content, as its first start would leave it. The caller disposes."""
    folder = factory.mktemp("shipped") / "instance"
    shutil.copytree(_made_once(factory), folder)
    return _app(folder)


@functools.cache
def entries() -> list[Entry]:
    """The shipped texts as they are read from their files."""
    return shipped_entries()


def copy_shipped(factory: pytest.TempPathFactory, folder: Path) -> None:
    """Put the files of such an instance into an empty folder."""
    shutil.copytree(_made_once(factory), folder, dirs_exist_ok=True)


def _made_once(factory: pytest.TempPathFactory) -> Path:
    """The folder of the instance that is copied: SQLite whatever the tests run on, and closed."""
    base = factory.getbasetemp()
    root = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    folder, done = root / "shipped-content", root / "shipped-content.done"
    with file_lock(root / "shipped-content.lock"):
        if not done.exists():
            shutil.rmtree(folder, ignore_errors=True)  # left by a process that was ended
            folder.mkdir()
            app = _app(folder)
            load(app)
            app.extensions["database"].dispose()
            done.touch()
    return folder


def _app(folder: Path) -> Flask:
    return build_app(folder, database_url=f"sqlite:///{folder / 'radrum.sqlite3'}")
