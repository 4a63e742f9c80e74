"""A throw-away PostgreSQL cluster for the tests: on loopback, in a temporary folder, gone afterwards.

Standard library only: `python3 dev.py test --postgresql` uses it before anything is installed. The address is in
`RADRUM_TEST_DATABASE_URL`; it names a database that may be used and beside which others may be made.
"""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

USER = "postgres"
SETTINGS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=200")


class Missing(Exception):
    """PostgreSQL, or the right to run it, is not there."""


@contextmanager
def cluster() -> Iterator[str]:
    """Start a cluster and give its address; stop and remove it at the end."""
    programs = find_programs()
    with tempfile.TemporaryDirectory(prefix="radrum-pg-") as temporary:
        folder = Path(temporary)
        if os.geteuid() == 0:
            account = pwd.getpwnam(USER)
            os.chown(folder, account.pw_uid, account.pw_gid)
        data, log, port = folder / "data", folder / "log", free_port()
        _run(
            programs / "initdb",
            "-D",
            data,
            "-U",
            USER,
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
            "--no-sync",
        )
        options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= "
        options += " ".join(f"-c {setting}" for setting in SETTINGS)
        try:
            _run(programs / "pg_ctl", "-D", data, "-l", log, "-o", options, "-w", "start")
            yield f"postgresql://{USER}@127.0.0.1:{port}/{USER}"
        finally:
            _run(programs / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop", check=False)


def find_programs() -> Path:
    """The folder with initdb and pg_ctl. Raises `Missing`."""
    candidates = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=_version, reverse=True)
    if shutil.which("pg_config"):
        named = subprocess.run(
            ["pg_config", "--bindir"], capture_output=True, text=True, check=True
        ).stdout.strip()
        candidates.insert(0, Path(named))
    if shutil.which("initdb"):
        candidates.append(Path(str(shutil.which("initdb"))).parent)
    for folder in candidates:
        if (folder / "initdb").exists() and (folder / "pg_ctl").exists():
            return folder
    raise Missing("PostgreSQL saknas. Installera paketet postgresql och kör kommandot igen.")


def _version(folder: Path) -> tuple[int, ...]:
    return tuple(int(part) for part in folder.parent.name.split(".") if part.isdecimal())


def free_port() -> int:
    """A port on loopback that nobody uses just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _run(program: Path, *arguments: str | Path, check: bool = True) -> None:
    """Run a program of PostgreSQL; initdb and the server refuse root, so then as the user postgres."""
    command = [str(program), *map(str, arguments)]
    as_user: Any = {"user": USER, "group": USER, "extra_groups": []} if os.geteuid() == 0 else {}
    found = subprocess.run(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd="/", **as_user
    )
    if check and found.returncode:
        raise Missing(f"{program.name} misslyckades:\n{found.stdout}")
