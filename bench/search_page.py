"""The whole search page over HTTP beside a bare Flask page, each under gunicorn with one worker: CPU of the worker.

.venv/bin/python bench/search_page.py [--items 2000]
"""

import argparse
import os
import socket
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from urllib.parse import quote

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench import corpus  # noqa: E402
from bench.filling import fill, make_app  # noqa: E402
from bench.load import cpu_seconds, wait_for  # noqa: E402

ROUNDS = 5
MOST = 25.0


def main() -> None:
    """Fill, serve both, take turns, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--items", type=int, default=2000, help="published texts (default 2000)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="radrum-bench-") as folder:
        app = make_app(Path(folder))
        fill(app, corpus.texts(options.items))
        app.extensions["search"].indexer.rebuild("Mätning.", wait=60)
        app.extensions["database"].dispose()
        paths = [f"/sok?q={quote(query)}" for query in corpus.queries()]
        with one_worker("bench.bare:app", folder) as bare, one_worker("wsgi:app", folder) as site:
            ask(bare, ["/"] * 60)
            ask(site, paths)
            rounds = [(ask(bare, ["/"] * 300), ask(site, paths)) for _ in range(ROUNDS)]
    bare_ms, site_ms = (median(times) for times in zip(*rounds, strict=True))
    ratio = site_ms / bare_ms
    print(
        f"{options.items} items, {os.cpu_count()} cores, 60 mixed queries, one worker, median of {ROUNDS} rounds"
    )
    print(f"bare page {bare_ms:.2f} ms, search page {site_ms:.2f} ms of CPU")
    print(
        f"search page beside bare page: {ratio:.1f} × {'holds' if ratio <= MOST else 'FAILS'} (at most {MOST:g})"
    )


@contextmanager
def one_worker(application: str, instance: str) -> Iterator[tuple[int, int]]:
    """Serve with one worker; gives the port and the master's process id."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = ["-m", "gunicorn", "--workers", "1", "--bind", f"127.0.0.1:{port}", application]
    environment = {**os.environ, "RADRUM_INSTANCE": instance, "RADRUM_LOG_LEVEL": "ERROR"}
    master = subprocess.Popen([sys.executable, *command], cwd=ROOT, env=environment)
    try:
        wait_for(port)
        yield port, master.pid
    finally:
        master.terminate()
        master.wait()


def ask(server: tuple[int, int], paths: list[str]) -> float:
    """The worker's CPU time for each answer, in milliseconds."""
    port, master = server
    before = cpu_seconds(master)
    for path in paths:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=30) as answer:
            answer.read()
    return (cpu_seconds(master) - before) / len(paths) * 1000


if __name__ == "__main__":
    main()
