"""Requests per second and times of the pages beside a bare Flask page, under the same gunicorn, in one run."""

import argparse
import json
import os
import random
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench.client import Result, load  # noqa: E402

QUERIES = (
    "hot mot medarbetare",
    "våld på boende",
    "lex sarah rapport",
    "desinformation om socialtjänsten",
    "uthängd på nätet",
    "vem anmäler till IVO",
    "dödsfall",
    "polisanmälan",
    "krisstöd efter händelsen",
    "presskonferens",
    "hembesök",
    "filmad",
)
ROUNDS = 3
WARM_UP = 1.0


@dataclass
class Page:
    """A page to measure."""

    name: str
    port: int
    group: int
    paths: list[str]
    encoding: str = ""


@dataclass
class Measured:
    """The best round of a page, and the server's CPU time for an answer."""

    result: Result
    cpu_ms: float


def main() -> None:
    """Prepare, serve, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=1000, help="published items (default 1000)")
    parser.add_argument("--seconds", type=float, default=4, help="seconds for a page and round (default 4)")
    parser.add_argument("--connections", type=int, default=8, help="connections at the same time (default 8)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="radrum-bench-") as folder:
        articles = prepare(Path(folder), options.items)
        with serving("bench.bare:app", folder) as bare, serving("wsgi:app", folder) as site:
            pages = pages_of(bare, site, articles)
            measured = measure(pages, options.connections, options.seconds)
    show(measured, options)


def prepare(instance: Path, items: int) -> list[str]:
    """An instance with the shipped texts and as many made-up ones as are missing; some addresses of articles."""
    os.environ |= {"RADRUM_INSTANCE": str(instance), "RADRUM_LOG_LEVEL": "ERROR"}
    from sqlalchemy import func, select

    from kb import create_app
    from kb.accounts.viewer import SYSTEM
    from kb.library.core.models.items import Article, ContentItem
    from kb.library.intake import loading
    from kb.library.intake.starter import STARTER, load_starter

    app = create_app()
    database = app.extensions["database"]
    print("Loading texts …", file=sys.stderr)
    load_starter(database)
    with database.reading() as session:
        missing = items - (session.scalar(select(func.count()).select_from(ContentItem)) or 0)
    records = instance / "made-up.jsonl"
    records.write_text("".join(made_up(STARTER / "vagledning", missing)), encoding="utf-8")
    if missing > 0:
        loading.load(database, records, publish=True, by=SYSTEM)
    app.extensions["search"].indexer.repair(wait=60)
    with database.reading() as session:
        found = session.scalars(select(Article).where(Article.status == "publicerad").order_by(Article.id))
        paths = [f"/vagledning/{article.slug}" for article in found]
    database.dispose()
    return paths[:20]


def made_up(folder: Path, count: int) -> Iterator[str]:
    """Records put together from the sentences of the shipped texts, the same every time."""
    chance = random.Random(1)
    text = " ".join(
        path.read_text(encoding="utf-8").split("---", 2)[-1] for path in sorted(folder.glob("*.md"))
    )
    sentences = [
        part.strip(" #*->\n") for part in text.replace("\n", " ").split(". ") if 30 < len(part) < 300
    ]
    for number in range(count):
        body = "".join(f"<p>{'. '.join(chance.sample(sentences, 6))}.</p>" for _ in range(6))
        record = {
            "slug": f"prov-{number}",
            "title": chance.choice(sentences)[:80],
            "summary": chance.choice(sentences)[:250],
            "body": body,
            "topics": [chance.choice(["hot", "vald", "desinformation", "lex-sarah", "kriskommunikation"])],
            "phases": [chance.choice(["fore", "under", "efter"])],
            "kind": "vagledning",
        }
        yield json.dumps(record, ensure_ascii=False) + "\n"


@contextmanager
def serving(application: str, instance: str, *options: str) -> Iterator[tuple[int, int]]:
    """Serve an application with gunicorn.conf.py and `options`; gives the port and the master's process id."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = [sys.executable, "-m", "gunicorn", *options, "--bind", f"127.0.0.1:{port}", application]
    environment = {**os.environ, "RADRUM_INSTANCE": instance, "RADRUM_LOG_LEVEL": "ERROR"}
    master = subprocess.Popen(command, cwd=ROOT, env=environment)
    try:
        wait_for(port)
        yield port, master.pid
    finally:
        master.terminate()
        master.wait()


def wait_for(port: int) -> None:
    """Wait until there is an answer."""
    for _ in range(300):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5).read()
            return
        except OSError:
            time.sleep(0.1)
    raise SystemExit("the server does not answer")


def pages_of(bare: tuple[int, int], site: tuple[int, int], articles: list[str]) -> list[Page]:
    """What is measured; the yardstick first."""
    found = [f"/sok?q={quote(query)}" for query in QUERIES]
    return [
        Page("bare Flask page", *bare, ["/"]),
        Page("start", *site, ["/"]),
        Page("article", *site, articles),
        Page("article, brotli", *site, articles, "br"),
        Page("search", *site, found),
        Page("search, brotli", *site, found, "br"),
    ]


def measure(pages: list[Page], connections: int, seconds: float) -> dict[str, Measured]:
    """Several rounds over all pages, so that what else the machine does strikes all alike; the best of each."""
    best: dict[str, Measured] = {}
    for page in pages:
        load(page.port, page.paths, connections=connections, seconds=WARM_UP, encoding=page.encoding)
    for turn in range(ROUNDS):
        print(f"Round {turn + 1} of {ROUNDS} …", file=sys.stderr)
        for page in pages:
            before = cpu_seconds(page.group)
            found = load(
                page.port, page.paths, connections=connections, seconds=seconds, encoding=page.encoding
            )
            spent = (cpu_seconds(page.group) - before) / len(found.times) * 1000
            if page.name not in best or found.rate > best[page.name].result.rate:
                best[page.name] = Measured(found, spent)
    return best


def cpu_seconds(master: int) -> float:
    """The CPU time that the workers of a server have used (Linux)."""
    children = Path(f"/proc/{master}/task/{master}/children").read_text(encoding="ascii").split()
    ticks = 0
    for child in children:
        fields = Path(f"/proc/{child}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def show(measured: dict[str, Measured], options: argparse.Namespace) -> None:
    """The table, and the measures we hold ourselves to."""
    bare = measured["bare Flask page"]
    print(
        f"{options.items} items, {options.connections} connections, best of {ROUNDS} rounds of {options.seconds:g} s"
    )
    print(
        f"{'page':<18}{'req/s':>9}{'p50 ms':>9}{'p95 ms':>9}{'kB':>7}{'CPU ms':>9}{'rate/bare':>11}{'CPU/bare':>10}"
    )
    for name, found in measured.items():
        result = found.result
        print(
            f"{name:<18}{result.rate:>9.0f}{result.percentile(0.5):>9.1f}{result.percentile(0.95):>9.1f}"
            f"{result.size / 1000:>7.1f}{found.cpu_ms:>9.2f}{result.rate / bare.result.rate:>11.2f}"
            f"{found.cpu_ms / bare.cpu_ms:>10.1f}"
            + (f"   {result.failures} failures" if result.failures else "")
        )
    article = measured["article"].result.rate / bare.result.rate
    search = measured["search"].cpu_ms / bare.cpu_ms
    verdict(f"article: {article:.2f} of the bare page's rate", "at least 0.15, aim 0.30", article >= 0.15)
    verdict(f"search: {search:.1f} times the bare page's CPU", "at most 25, with 1,000 items", search <= 25)


def verdict(words: str, measure: str, holds: bool) -> None:
    """One measure and whether it holds."""
    print(f"{'holds' if holds else 'FAILS'}  {words} ({measure})")


if __name__ == "__main__":
    main()
