"""The whole search page over HTTP beside a bare Flask page, each under gunicorn with one worker: CPU of the worker.

.venv/bin/python bench/search_page.py [--items 2000]
"""

import argparse
import os
import sys
import tempfile
import urllib.request
from pathlib import Path
from statistics import median
from urllib.parse import quote

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench import corpus  # noqa: E402
from bench.filling import make_filled  # noqa: E402
from bench.load import cpu_seconds, serving  # noqa: E402

ROUNDS = 5
MOST = 25.0


def main() -> None:
    """Fill, serve both, take turns, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--items", type=int, default=2000, help="published texts (default 2000)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="radrum-bench-") as folder:
        app = make_filled(Path(folder), corpus.texts(options.items))
        app.extensions["database"].dispose()
        paths = [f"/sok?q={quote(query)}" for query in corpus.queries()]
        one = ("--workers", "1")
        with serving("bench.bare:app", folder, *one) as bare, serving("wsgi:app", folder, *one) as site:
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
