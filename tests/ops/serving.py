"""The real servers on an instance of their own, and a small browser for them."""

import http.client
import os
import re
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlencode

from tests.postgresql import free_port

ROOT = Path(__file__).resolve().parent.parent.parent
CASES = ROOT / "tests" / "data" / "cases" / "ops"
REFUSALS = (OSError, http.client.HTTPException)


def command(variables, *words, umask=-1):
    """The outcome of a command in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", *words],
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", **variables},
        capture_output=True,
        text=True,
        umask=umask,
    )


class Servers:
    """gunicorn and the worker, in one process group that can be killed as a whole."""

    def __init__(self, instance, database_url, log=None):
        self.port = free_port()
        self.log = log or instance / "servers.log"
        self.options = []
        kept = {name: value for name, value in os.environ.items() if not name.startswith("RADRUM_")}
        self._environment = kept | {
            "RADRUM_INSTANCE": str(instance),
            "RADRUM_DATABASE_URL": database_url,
            "RADRUM_LOG_LEVEL": "WARNING",
            "FLASK_APP": "wsgi",
        }
        self._group = None
        self._children = []

    def start(self):
        """Start both; returns at once."""
        web = self._spawn(["gunicorn", "--bind", f"127.0.0.1:{self.port}", *self.options, "wsgi:app"], 0)
        self._group = web.pid
        self._children = [web, self._spawn(["flask", "jobs", "work"], web.pid)]

    def _spawn(self, command, group):
        with self.log.open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", *command],
                cwd=ROOT,
                env=self._environment,
                stdout=log,
                stderr=log,
                process_group=group,
            )

    def wait_until_ready(self, longest=60):
        """Wait for the first answer; how long it took."""
        began = time.monotonic()
        while time.monotonic() - began < longest:
            if any(child.poll() is not None for child in self._children):
                break
            with suppress(*REFUSALS):
                if Browser(self.port).get("/halsa")[0] == 200:
                    return time.monotonic() - began
            time.sleep(0.05)
        raise AssertionError(f"no answer:\n{self.log.read_text()[-4000:]}")

    def are_alive(self):
        """Whether both go on."""
        return all(child.poll() is None for child in self._children)

    def kill(self):
        """End everything in the middle of what it does."""
        self._signal(signal.SIGKILL)

    def stop(self):
        """End everything in order."""
        self._signal(signal.SIGTERM)

    def _signal(self, number):
        if self._group is not None:
            with suppress(ProcessLookupError):
                os.killpg(self._group, number)
            for child in self._children:
                child.wait(30)
            self._group = None


class Browser:
    """Asks for pages and sends forms, with cookies and the token of forms; follows nothing."""

    def __init__(self, port):
        self._port = port
        self._cookies = {}
        self._token = ""

    def get(self, path):
        """Status and text of a page."""
        return self._ask("GET", path, None)

    def post(self, path, **fields):
        """Status and text of the answer to a form."""
        return self._ask("POST", path, urlencode({"csrf_token": self._token, **fields}))

    def sign_in(self, email, password):
        """Enter, and keep a token for the forms to come."""
        self.get("/logga-in")
        assert self.post("/logga-in", email=email, password=password)[0] == 303
        self.get("/konto")

    def _ask(self, method, path, body):
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=20)
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            text = response.read().decode()
        finally:
            connection.close()
        for cookie in response.headers.get_all("Set-Cookie") or []:
            name, _, value = cookie.partition(";")[0].partition("=")
            self._cookies[name] = value
        if found := re.search(r'name="csrf_token"[^>]*value="([^"]+)"', text):
            self._token = found[1]
        return response.status, text
