"""The virtual environment: it fits the pins, whatever was interrupted."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tools.children import end_with_parent
from tools.places import PYTHON, ROOT, VENV, fail, say

RUN_PINS = ROOT / "requirements.txt"
DEV_PINS = ROOT / "requirements-dev.txt"
RUN_STAMP = VENV / "radrum-run.stamp"
DEV_STAMP = VENV / "radrum-dev.stamp"
DEV_BEGUN = VENV / "radrum-dev.begun"
FORK = ROOT / ".venv.whoosh3"
FORK_PINS = ROOT / "requirements-whoosh3.txt"


def prepare(*, dev: bool = False) -> None:
    """Make the virtual environment fit the pins, or leave with a message. Interrupted work is done anew."""
    with building_lock():
        wanted, dev_wanted = digest(RUN_PINS), digest(RUN_PINS, DEV_PINS)
        stale = read(RUN_STAMP) != wanted
        if dev and read(DEV_STAMP) != dev_wanted:
            stale = stale or DEV_STAMP.exists() or DEV_BEGUN.exists()
        if stale:
            build()
            install(RUN_PINS)
            write(RUN_STAMP, wanted)
        if dev and read(DEV_STAMP) != dev_wanted:
            write(DEV_BEGUN, "")
            install(DEV_PINS)
            write(DEV_STAMP, dev_wanted)
            DEV_BEGUN.unlink()


def digest(*pins: Path) -> str:
    """What an environment is valid for: this Python, this place, these pins."""
    total = hashlib.sha256(f"{sys.version} {sys.base_prefix} {VENV}".encode())
    for path in pins:
        total.update(path.read_bytes())
    return total.hexdigest()


def build() -> None:
    """An empty environment in the place of whatever stood there."""
    try:
        import ensurepip  # noqa: F401
        import venv
    except ImportError:
        sys.exit(fail("Python saknar venv. Installera paketet python3-venv och kör kommandot igen."))
    say("Skapar en virtuell miljö i .venv …")
    remove(VENV)
    try:
        venv.create(VENV, with_pip=True, symlinks=True)
    except subprocess.CalledProcessError:
        sys.exit(
            fail("Det gick inte att skapa miljön. Installera paketet python3-venv och kör kommandot igen.")
        )


def remove(path: Path) -> None:
    """Take away a folder, or a link or file of that name."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    elif path.is_symlink() or path.exists():
        path.unlink()


def install(pins: Path, *options: str | Path) -> None:
    """Install exactly the pins."""
    say(f"Installerar det som står i {pins.name} …")
    pip: list[str | Path] = [
        PYTHON,
        "-m",
        "pip",
        "install",
        "--disable-pip-version-check",
        "--no-input",
        "--requirement",
        pins,
    ]
    if subprocess.run([*pip, *options], preexec_fn=end_with_parent).returncode:
        sys.exit(fail("Installationen blev inte klar. Kontrollera nätet och kör samma kommando igen."))


def with_fork(variables: dict[str, str]) -> dict[str, str]:
    """The variables that put the fork of Whoosh before Whoosh itself; it is installed when it is not there."""
    stamp, wanted = FORK / "radrum.stamp", digest(FORK_PINS)
    with building_lock():
        if read(stamp) != wanted:
            remove(FORK)
            install(FORK_PINS, "--no-deps", "--target", FORK)
            write(stamp, wanted)
    return {**variables, "PYTHONPATH": str(FORK), "RADRUM_TEST_WHOOSH3": "1"}


def read(path: Path) -> str | None:
    """The text of a stamp, or None."""
    return path.read_text() if path.is_file() else None


def write(path: Path, text: str) -> None:
    """Write a stamp whole or not at all."""
    fresh = path.with_suffix(".new")
    fresh.write_text(text)
    fresh.replace(path)


@contextlib.contextmanager
def building_lock() -> Iterator[None]:
    """One at a time builds the environment; the folder itself is the lock."""
    import fcntl

    descriptor = os.open(ROOT, os.O_RDONLY)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            say("Väntar på att en annan dev.py ska bli klar med miljön …")
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
