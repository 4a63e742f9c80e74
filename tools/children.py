"""Child processes: they end when we do, however we end."""

from __future__ import annotations

import contextlib
import ctypes
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

from tools.places import PYTHON, fail, say

PATIENCE = 15
LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


def start(command: list[str], variables: dict[str, str]) -> subprocess.Popen[bytes]:
    """A child that ends when we do, however we end."""
    return subprocess.Popen([PYTHON, "-m", *command], env=variables, preexec_fn=end_with_parent)


def end_with_parent() -> None:
    """Ask the kernel to end this child with its parent (Linux only)."""
    if LIBC is not None:
        LIBC.prctl(1, signal.SIGTERM)


def wait(child: subprocess.Popen[bytes], stop: list[int]) -> int:
    """Wait for a child, or end it when somebody says stop; its exit status."""
    while child.poll() is None and not stop:
        time.sleep(0.05)
    end([child])
    return child.returncode


def watch(
    children: dict[str, subprocess.Popen[bytes]],
    done: Callable[[], bool],
    longest: float = 0,
    revive: Mapping[str, tuple[list[str], dict[str, str]]] = MappingProxyType({}),
) -> int:
    """Wait until `done()`, at most `longest` seconds; the exit status.

    A child that ends by itself ends it all, except those in `revive` (command and variables): they are started again.
    """
    began = time.monotonic()
    while not done():
        for name, child in children.items():
            if child.poll() is None:
                continue
            if name not in revive:
                return fail(f"{name} slutade oväntat (status {child.returncode}). Avslutar.")
            say(f"{name} slutade oväntat (status {child.returncode}) och startas igen.")
            time.sleep(1)
            children[name] = start(*revive[name])
        if longest and time.monotonic() - began > longest:
            return fail("Webbservern svarar inte. Avslutar.")
        time.sleep(0.1)
    return 0


def end(children: list[subprocess.Popen[bytes]]) -> None:
    """Ask the children to end, and make them when they do not."""
    for child in children:
        if child.poll() is None:
            child.terminate()
    deadline = time.monotonic() + PATIENCE
    for child in children:
        try:
            child.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


@contextlib.contextmanager
def interruptible() -> Iterator[None]:
    """Ctrl-C reaches the child, which ends in its own way; we wait for it."""
    before = signal.signal(signal.SIGINT, lambda *_: None)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
