"""The memory of gunicorn with four workers after 960 search pages: what each takes of its own and its share (PSS).

.venv/bin/python bench/search_memory.py [--items 2000 10000] [--keep FOLDER]
"""

import argparse
import os
import sys
import tempfile
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import quote

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench import corpus  # noqa: E402
from bench.load import serving  # noqa: E402
from bench.search_page import instance  # noqa: E402

WORKERS, ROUNDS, AT_ONCE = 4, 16, 8


def main() -> None:
    """Serve each size, ask, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--items", type=int, nargs="+", default=[2000, 10_000], help="published texts")
    parser.add_argument("--keep", type=Path, help="a folder for the instances, used again in the next run")
    options = parser.parse_args()
    os.environ["MALLOC_ARENA_MAX"] = "2"  # as docs/operations.md says
    with tempfile.TemporaryDirectory(prefix="radrum-bench-") as temporary:
        for items in options.items:
            folder = instance(options.keep or Path(temporary), items)
            with serving("wsgi:app", str(folder), "--workers", str(WORKERS)) as (port, master):
                ask_all(port)
                taken = [pss_mb(process) for process in (master, *children(master))]
            print(f"{items:6} texts: {sum(taken):.0f} MB in all; the master and each: {taken}")


def ask_all(port: int) -> None:
    """Ask for all pages, some at a time."""

    def ask(query: str) -> None:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/sok?q={quote(query)}", timeout=60) as answer:
            answer.read()

    with ThreadPoolExecutor(AT_ONCE) as threads:
        list(threads.map(ask, corpus.queries() * ROUNDS))


def children(master: int) -> list[int]:
    """The workers."""
    return list(map(int, Path(f"/proc/{master}/task/{master}/children").read_text().split()))


def pss_mb(process: int) -> int:
    """What a process takes, of what it shares its share."""
    lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) // 1024


if __name__ == "__main__":
    main()
