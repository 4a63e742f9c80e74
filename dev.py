#!/usr/bin/env python3
"""Set-up, start, tests and checks: needs nothing but Python 3.11 with venv. `python3 dev.py` says how."""

from __future__ import annotations

import contextlib
import ctypes
import hashlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / "bin"
PYTHON = BIN / "python"
RUN_PINS = ROOT / "requirements.txt"
DEV_PINS = ROOT / "requirements-dev.txt"
RUN_STAMP = VENV / "radrum-run.stamp"
DEV_STAMP = VENV / "radrum-dev.stamp"
DEV_BEGUN = VENV / "radrum-dev.begun"
FORK = ROOT / ".venv.whoosh3"
FORK_PINS = ROOT / "requirements-whoosh3.txt"
OLDEST = (3, 11)
FOR_TESTS = ("RADRUM_CI", "RADRUM_SHARED")
PATIENCE = 15
READY = 60
HELP = """Rådrum

  python3 dev.py run [--demo]       startar Rådrum på http://127.0.0.1:8000 (annan port: PORT=8001)
  python3 dev.py test [...]         kör testerna; det som följer går vidare till pytest
  python3 dev.py test --postgresql  kör testerna utan webbläsare mot en tillfällig PostgreSQL
  python3 dev.py test --whoosh3     kör sökningens tester med efterföljaren whoosh3 i stället för whoosh
  python3 dev.py check              kontrollerar format, kod, typer, importer och mallar
  python3 dev.py setup              installerar det som behövs och slutar
  python3 dev.py flask ...          kör ett av programmets kommandon, till exempel ops backup FIL
"""
CHECKS = (
    ("format", ["ruff", "format", "--check", "."]),
    ("kod", ["ruff", "check", "."]),
    ("typer", ["mypy"]),
    ("importer", ["lint-imports"]),
    ("mallar", ["djlint", "templates", "--lint", "--quiet"]),
)


def main(arguments: list[str]) -> int:
    """Do what the first word says; the exit status."""
    if sys.version_info < OLDEST:
        return fail(
            f"Rådrum behöver Python 3.11 eller nyare. Det här är {sys.version_info[0]}.{sys.version_info[1]}."
        )
    commands = {"run": run, "test": test, "check": check, "setup": setup, "flask": flask}
    word, rest = (arguments[0], arguments[1:]) if arguments else ("", [])
    if word not in commands:
        print(HELP)
        return 0 if word in ("", "help", "-h", "--help") else 2
    os.chdir(ROOT)
    return commands[word](rest)


def fail(message: str) -> int:
    """Say what is wrong; the exit status of a refusal."""
    print(message, file=sys.stderr)
    return 1


def say(message: str) -> None:
    """Tell what goes on."""
    print(message, flush=True)


# The environment


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
    pip = [PYTHON, "-m", "pip", "install", "--disable-pip-version-check", "--no-input", "--requirement", pins]
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


# Commands


def setup(_arguments: list[str]) -> int:
    """Install everything."""
    prepare(dev=True)
    say("Allt är installerat.")
    return 0


def flask(arguments: list[str]) -> int:
    """Hand over to the environment's flask."""
    prepare()
    os.execve(PYTHON, [str(PYTHON), "-m", "flask", *arguments], environment())  # noqa: S606


def check(_arguments: list[str]) -> int:
    """Run every check; the exit status tells whether all passed."""
    prepare(dev=True)
    failed = [name for name, command in CHECKS if not passes(name, command)]
    say(f"Underkänt: {', '.join(failed)}." if failed else "Alla kontroller är godkända.")
    return 1 if failed else 0


def passes(name: str, command: list[str]) -> bool:
    """Run one check and show what it says when it fails."""
    found = subprocess.run([BIN / command[0], *command[1:]], capture_output=True, text=True)
    say(f"{'✗' if found.returncode else '✓'} {name} ({command[0]})")
    if found.returncode:
        say(found.stdout + found.stderr)
    return found.returncode == 0


def test(arguments: list[str]) -> int:
    """Run the tests: all of them on two cores, or what the arguments say."""
    prepare(dev=True)
    kept = {k: v for k, v in os.environ.items() if not k.startswith("RADRUM_") or k in FOR_TESTS}
    if "--whoosh3" in arguments:
        arguments = [argument for argument in arguments if argument != "--whoosh3"]
        return pytest([*(arguments or ["-n", "2"]), "tests/search"], with_fork(kept))
    if "--postgresql" not in arguments:
        return pytest(arguments or ["-n", "2"], kept)
    from tests.postgresql import Missing, cluster

    arguments = [argument for argument in arguments if argument != "--postgresql"]
    try:
        with cluster() as url:
            return pytest(
                ["-m", "not browser", *(arguments or ["-n", "2"])], {**kept, "RADRUM_TEST_DATABASE_URL": url}
            )
    except Missing as missing:
        return fail(str(missing))


def pytest(arguments: list[str], variables: dict[str, str]) -> int:
    """Run pytest in the environment; its exit status."""
    with interruptible():
        return subprocess.run([PYTHON, "-m", "pytest", *arguments], env=variables).returncode


@contextlib.contextmanager
def interruptible() -> Iterator[None]:
    """Ctrl-C reaches the child, which ends in its own way; we wait for it."""
    before = signal.signal(signal.SIGINT, lambda *_: None)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


# Serving


def run(arguments: list[str]) -> int:
    """Prepare the data, then serve and work until one of the two ends or somebody says stop."""
    unknown = [argument for argument in arguments if argument != "--demo"]
    if unknown:
        return fail(f"Okänt tillägg: {' '.join(unknown)}. Det enda som finns är --demo.")
    port = os.environ.get("PORT", "8000")
    if not port.isdecimal() or not 0 < int(port) < 65536:
        return fail(f"PORT ska vara ett tal mellan 1 och 65535, inte ”{port}”.")
    if not is_allowed(int(port)):
        return fail(
            f"Du har inte rätt att använda port {port}: portar under 1024 kräver särskilda rättigheter. "
            "Välj en annan, till exempel: PORT=8001 python3 dev.py run"
        )
    if not becomes_free(int(port)):
        return fail(f"Port {port} används redan. Välj en annan, till exempel: PORT=8001 python3 dev.py run")
    prepare()
    variables = environment(port)
    stop: list[int] = []
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda number, _frame: stop.append(number))
    preparing = start(["flask", "ops", "start", *arguments], variables)
    if not was_prepared() and (wait(preparing, stop) or stop):
        return 0 if stop else preparing.returncode
    return serve(int(port), variables, preparing, stop)


def was_prepared() -> bool:
    """Whether this instance has been served before: then pages can be shown while it is prepared again."""
    return (instance() / "starter.digest").is_file()


def wait(child: subprocess.Popen[bytes], stop: list[int]) -> int:
    """Wait for a child, or end it when somebody says stop; its exit status."""
    while child.poll() is None and not stop:
        time.sleep(0.05)
    end([child])
    return child.returncode


def environment(port: str = "8000") -> dict[str, str]:
    """The variables of our children."""
    variables = {**os.environ, "FLASK_APP": "wsgi", "PYTHONUNBUFFERED": "1"}
    if port != "8000" and "RADRUM_BASE_URL" not in variables and not names_base_url():
        variables["RADRUM_BASE_URL"] = f"http://127.0.0.1:{port}"
    return variables


def names_base_url() -> bool:
    """Whether config.toml says where readers find the site."""
    import tomllib

    try:
        return "base_url" in tomllib.loads((instance() / "config.toml").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False


def instance() -> Path:
    """The folder with the data."""
    return Path(os.environ.get("RADRUM_INSTANCE") or ROOT / "instance")


def is_free(port: int) -> bool:
    """Whether nobody listens on the port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def is_allowed(port: int) -> bool:
    """Whether this user may listen on the port."""
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except PermissionError:
            return False
        except OSError:
            pass
    return True


def becomes_free(port: int) -> bool:
    """Whether the port is free, now or soon: a server that was just killed lets go of it in a moment."""
    deadline = time.monotonic() + 5
    while not is_free(port):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.2)
    return True


def serve(port: int, variables: dict[str, str], preparing: subprocess.Popen[bytes], stop: list[int]) -> int:
    """The web server and then the worker, side by side; when one ends, all end."""
    children = {"Webbservern": start(["gunicorn", "--bind", f"127.0.0.1:{port}", "wsgi:app"], variables)}
    try:
        if status := watch(children, lambda: bool(stop) or preparing.poll() is not None or answers(port)):
            return status
        if wait(preparing, stop) and not stop:
            if not was_prepared() or "--demo" in preparing.args:
                return preparing.returncode
            say("Förberedelsen blev inte klar. Rådrum fortsätter med det som finns.")
        if status := watch(children, lambda: bool(stop) or answers(port), READY):
            return status
        if not stop:
            say(f"Rådrum är igång på http://127.0.0.1:{port}. Avsluta med Ctrl-C.")
            children["Bakgrundsjobben"] = start(["flask", "jobs", "work"], variables)
        status = watch(
            children, lambda: bool(stop), revive={"Bakgrundsjobben": (["flask", "jobs", "work"], variables)}
        )
        say("\nAvslutar …")
        return status
    finally:
        end([*children.values(), preparing])


def start(command: list[str], variables: dict[str, str]) -> subprocess.Popen[bytes]:
    """A child that ends when we do, however we end."""
    return subprocess.Popen([PYTHON, "-m", *command], env=variables, preexec_fn=end_with_parent)


def end_with_parent() -> None:
    """Ask the kernel to end this child with its parent (Linux only)."""
    if LIBC is not None:
        LIBC.prctl(1, signal.SIGTERM)


LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


def watch(
    children: dict[str, subprocess.Popen[bytes]],
    done: Callable[[], bool],
    longest: float = 0,
    revive: dict[str, tuple[list[str], dict[str, str]]] | None = None,
) -> int:
    """Wait until `done()`, at most `longest` seconds; the exit status.

    A child that ends by itself ends it all, except those in `revive` (command and variables): they are started again.
    """
    began = time.monotonic()
    while not done():
        for name, child in children.items():
            if child.poll() is None:
                continue
            if name not in (revive or {}):
                return fail(f"{name} slutade oväntat (status {child.returncode}). Avslutar.")
            say(f"{name} slutade oväntat (status {child.returncode}) och startas igen.")
            time.sleep(1)
            children[name] = start(*revive[name])
        if longest and time.monotonic() - began > longest:
            return fail("Webbservern svarar inte. Avslutar.")
        time.sleep(0.1)
    return 0


def answers(port: int) -> bool:
    """Whether the server gives an answer."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/halsa", timeout=5) as answer:
            return answer.status == 200
    except (urllib.error.URLError, OSError):
        return False


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


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
