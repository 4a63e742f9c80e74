"""A running checklist over HTTP beside a bare Flask page, each under gunicorn with one worker: CPU of the worker.

.venv/bin/python bench/run_page.py [--instance FOLDER]

Measured are the page, a question with nothing new, a question after each change (as another viewer asks it), a tick.
All take turns, so that what else the machine does strikes all.
"""

import argparse
import http.client
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench.load import cpu_seconds, serving  # noqa: E402

ROUNDS = 5
TIMES = 60
ONE = ("--workers", "1")
MOST = {"page": 15.0, "nothing new": 3.0}  # times the bare page
PACKED = {"Accept_Encoding": "br"}
CHECKLIST = "akut-hot-mot-medarbetare"


class Browser:
    """A signed-in person: keeps the cookies and the token of the last page."""

    def __init__(self, port: int) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        self.cookies: dict[str, str] = {}
        self.token = ""

    def ask(
        self, path: str, form: Mapping[str, str] | None = None, /, **headers: str
    ) -> tuple[http.client.HTTPResponse, bytes]:
        """Fetch, or send a form; follows no redirect."""
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        headers |= {
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "Accept": "text/html",
        }
        body = None
        if form is not None:
            body = urlencode({"csrf_token": self.token, **form})
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        method = "GET" if form is None else "POST"
        try:
            self.connection.request(method, path, body, headers)
            answer = self.connection.getresponse()
        except (http.client.RemoteDisconnected, ConnectionError):  # an idle connection is closed
            self.connection.close()
            self.connection.request(method, path, body, headers)
            answer = self.connection.getresponse()
        content = answer.read()
        for given in answer.headers.get_all("Set-Cookie", []):
            name, _, value = given.split(";")[0].partition("=")
            self.cookies[name] = value
        if found := re.search(rb'name="csrf_token"[^>]*value="([^"]+)"', content):
            self.token = found[1].decode()
        return answer, content

    def sign_in(self, email: str, password: str) -> None:
        """Sign in with the form."""
        self.ask("/logga-in")
        answer, _ = self.ask("/logga-in", {"email": email, "password": password})
        assert answer.status == 303, answer.status

    def start(self) -> str:
        """Start the checklist; its path."""
        answer, page = self.ask(f"/genomforanden/nytt?checklista={CHECKLIST}")
        hidden = dict(re.findall(r'name="(enhet|checklista|client_id)"[^>]*value="([^"]+)"', page.decode()))
        answer, _ = self.ask("/genomforanden", {"slag": "ovning", "checklista": CHECKLIST, **hidden})
        assert answer.status == 303, answer.status
        return answer.headers["Location"]


def main() -> None:
    """Fill, serve, take turns, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument(
        "--instance", type=Path, help="an instance with demo accounts, used again in the next run"
    )
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="radrum-bench-") as temporary, ExitStack() as served:
        folder = options.instance or Path(temporary)
        accounts = prepare(folder)
        bare = served.enter_context(serving("bench.bare:app", temporary, *ONE))
        site = served.enter_context(serving("wsgi:app", str(folder), *ONE))
        figures, size = measure(bare, site, accounts)
    bare_ms = figures.pop("bare")
    print(f"{os.cpu_count()} cores, one worker, median of {ROUNDS} rounds")
    print(f"bare page {bare_ms:.2f} ms of CPU; the page of the run is {size / 1024:.0f} kB over the wire")
    for name, spent in figures.items():
        most = MOST.get(name)
        holds = (
            "" if most is None else f" {'holds' if spent / bare_ms <= most else 'FAILS'} (at most {most:g})"
        )
        print(f"{name:12} {spent:6.2f} ms, {spent / bare_ms:5.1f} ×{holds}")


def prepare(folder: Path) -> dict[str, str]:
    """Shipped texts and demo accounts; e-mail → password."""
    kept = folder / "accounts.txt"
    if not kept.exists():
        command = [sys.executable, "-m", "flask", "--app", "wsgi", "ops", "start", "--demo"]
        environment = {**os.environ, "RADRUM_INSTANCE": str(folder), "RADRUM_LOG_LEVEL": "ERROR"}
        words = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
        kept.write_text(words.stdout, encoding="utf-8")
    return dict(re.findall(r"([a-z]+@demo\.example) +(\S+)", kept.read_text(encoding="utf-8")))


def measure(
    bare: tuple[int, int], site: tuple[int, int], accounts: dict[str, str]
) -> tuple[dict[str, float], int]:
    """Milliseconds of CPU by what is asked, and the bytes of the page."""
    plain, staff, leader = Browser(bare[0]), Browser(site[0]), Browser(site[0])
    for browser, role in ((staff, "medarbetare"), (leader, "krisledare")):
        browser.sign_in(f"{role}@demo.example", accounts[f"{role}@demo.example"])
    path = staff.start()
    size = len(leader.ask(path, **PACKED)[1])
    steps = re.findall(r'id="bock-([^"]+)"', staff.ask(path)[1].decode())

    def look(times: int) -> None:
        tag = leader.ask(f"{path}/fragment")[0].headers["ETag"]
        for _ in range(times):
            leader.ask(f"{path}/fragment", If_None_Match=tag, **PACKED)

    def tick(state: str, viewers: int) -> None:
        for step in steps[:20]:
            staff.ask(f"{path}/steg/{step}/lage", {"lage": state}, X_Fragment="ja", **PACKED)
            for _ in range(viewers):
                leader.ask(f"{path}/fragment", **PACKED)

    rounds = []
    for _ in range(ROUNDS):
        alone, one, two = (
            (spent(site, tick, "klart", viewers) + spent(site, tick, "oppet", viewers)) / 2 / 20
            for viewers in range(3)
        )
        found = {
            "bare": spent(bare, repeat, lambda: plain.ask("/"), 5 * TIMES) / 5 / TIMES,
            "page": spent(site, repeat, lambda: leader.ask(path, **PACKED), TIMES) / TIMES,
            "nothing new": spent(site, look, TIMES) / TIMES,
            "tick": alone,
            "first to see": one - alone,
            "next to see": two - one,
        }
        rounds.append(found)
    return {name: median(found[name] for found in rounds) for name in rounds[0]}, size


def repeat(work: Callable[[], object], times: int) -> None:
    """Do it so many times."""
    for _ in range(times):
        work()


def spent(server: tuple[int, int], work: Callable[..., None], *arguments: object) -> float:
    """The worker's CPU time for it, in milliseconds."""
    before = cpu_seconds(server[1])
    work(*arguments)
    return (cpu_seconds(server[1]) - before) * 1000


if __name__ == "__main__":
    main()
