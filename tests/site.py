"""A real server on a folder of its own: gunicorn with two workers and the worker process, as in `dev.py run`."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
READY = 60


class Site:
    """A served installation; `accounts` maps a role's address to its password (with demo accounts)."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.accounts: dict[str, str] = {}
        self.processes: list[subprocess.Popen[bytes]] = []

    @property
    def environ(self) -> dict[str, str]:
        """The environment of its processes."""
        own = {
            "RADRUM_INSTANCE": str(self.folder),
            "RADRUM_BASE_URL": self.url,
            "RADRUM_LOG_LEVEL": "WARNING",
        }
        kept = {k: v for k, v in os.environ.items() if not k.startswith("RADRUM_")}
        return {**kept, **own, "PYTHONWARNINGS": "ignore"}

    def flask(self, *arguments: str) -> str:
        """Run a command; what it printed on stdout."""
        command = [sys.executable, "-m", "flask", "--app", "wsgi", *arguments]
        result = subprocess.run(command, cwd=ROOT, env=self.environ, capture_output=True, text=True)
        if result.returncode:
            raise AssertionError(f"{arguments}: {result.stderr}")
        return result.stdout

    def prepare(self) -> None:
        """Starter content, index, demo accounts."""
        words = self.flask("ops", "start", "--demo")
        self.accounts = dict(re.findall(r"([a-z]+)@demo\.example +(\S+)", words))

    def start(self) -> None:
        """Start the server and wait for its first answer."""
        gunicorn = ["gunicorn", "-c", "gunicorn.conf.py", "-b", f"127.0.0.1:{self.port}", "wsgi:app"]
        with (self.folder / "server.log").open("ab") as log:
            for command in (gunicorn, ["flask", "--app", "wsgi", "jobs", "work"]):
                self.processes.append(
                    subprocess.Popen(
                        [sys.executable, "-m", *command],
                        cwd=ROOT,
                        env=self.environ,
                        stdout=subprocess.DEVNULL,
                        stderr=log,
                        start_new_session=True,
                    )
                )
        wait_for(f"{self.url}/halsa/redo")

    def stop(self, number: int = signal.SIGTERM) -> None:
        """End all processes; with SIGKILL at once and without goodbye."""
        for process in self.processes:
            try:
                os.killpg(process.pid, number)
            except ProcessLookupError:
                pass
        for process in self.processes:
            process.wait(timeout=30)
        self.processes.clear()


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
    return port


def wait_for(address: str, seconds: float = READY) -> None:
    """Wait until `address` answers 200."""
    end = time.monotonic() + seconds
    while True:
        try:
            with urllib.request.urlopen(address, timeout=5) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            pass
        if time.monotonic() > end:
            raise AssertionError(f"{address} does not answer")
        time.sleep(0.05)
