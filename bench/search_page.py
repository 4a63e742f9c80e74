"""The whole search page over HTTP beside a bare Flask page, each under gunicorn with one worker: CPU of the worker.

.venv/bin/python bench/search_page.py [--items 2000 10000] [--keep FOLDER]

All sizes are served at once and take turns with the bare page, so that what else the machine does strikes all.
"""

import argparse
import os
import sys
import tempfile
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from urllib.parse import quote

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench import corpus  # noqa: E402
from bench.filling import make_filled  # noqa: E402
from bench.load import cpu_seconds, serving  # noqa: E402

ROUNDS = 5
ONE = ("--workers", "1")
MOST = {2000: 20.0, 10_000: 30.0}  # times the bare page, with so many texts


def main() -> None:
    """Fill, serve all, take turns, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--items", type=int, nargs="+", default=sorted(MOST), help="published texts")
    parser.add_argument("--keep", type=Path, help="a folder for the instances, used again in the next run")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="radrum-bench-") as temporary:
        folders = [instance(options.keep or Path(temporary), items) for items in options.items]
        bare_ms, *site_ms = measure(temporary, folders)
    print(f"{os.cpu_count()} cores, 60 mixed queries, one worker, median of {ROUNDS} rounds")
    print(f"bare page {bare_ms:.2f} ms of CPU")
    for items, spent in zip(options.items, site_ms, strict=True):
        ratio, most = spent / bare_ms, MOST.get(items, max(MOST.values()))
        holds = "holds" if ratio <= most else "FAILS"
        print(f"{items:6} texts: search page {spent:.2f} ms, {ratio:.1f} × {holds} (at most {most:g})")


def measure(temporary: str, folders: Sequence[Path]) -> Iterator[float]:
    """The CPU time of the bare page, then of the search page of each instance (ms)."""
    paths = [f"/sok?q={quote(query)}" for query in corpus.queries()]
    with ExitStack() as served:
        bare = served.enter_context(serving("bench.bare:app", temporary, *ONE))
        sites = [served.enter_context(serving("wsgi:app", str(folder), *ONE)) for folder in folders]
        ask(bare, ["/"] * 60)
        for site in sites:
            ask(site, paths)
        rounds = [[ask(bare, ["/"] * 300), *(ask(site, paths) for site in sites)] for _ in range(ROUNDS)]
    return map(median, zip(*rounds, strict=True))


def instance(folder: Path, items: int) -> Path:
    """An instance with so many texts, as it is kept from before or made now."""
    place = folder / str(items)
    if not place.exists():
        place.mkdir(parents=True)
        make_filled(place, corpus.texts(items)).extensions["database"].dispose()
    return place


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
