"""Four threads search over HTTP while an editor publishes and withdraws: no error, and nothing withdrawn after 2 s.

.venv/bin/python bench/search_load.py [--requests 5000]
"""

import argparse
import os
import sys
import tempfile
import threading
import time
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench import corpus  # noqa: E402
from bench.filling import document_of, make_filled  # noqa: E402
from bench.load import serving  # noqa: E402

THREADS = 4
PATIENCE = 2.0


@dataclass
class Seen:
    """What happened: requests, errors, and pages that still showed what was withdrawn too long ago."""

    requests: int = 0
    errors: list[str] = field(default_factory=list)
    stale: list[str] = field(default_factory=list)
    withdrawn_at: dict[str, float] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)


def main() -> None:
    """Fill, serve with two workers, search and save, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--items", type=int, default=500, help="published texts (default 500)")
    parser.add_argument("--requests", type=int, default=5000, help="requests in all (default 5000)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="radrum-bench-") as folder:
        app = make_filled(Path(folder), corpus.texts(options.items))
        seen, began = Seen(), time.monotonic()
        with serving("wsgi:app", folder) as (port, _master):
            saves = run(app, port, options.requests, seen)
        spent = time.monotonic() - began
    print(
        f"{options.items} items, {os.cpu_count()} cores: {seen.requests} searches and {saves} saves in {spent:.0f} s"
    )
    print(f"errors: {len(seen.errors)} {'holds' if not seen.errors else 'FAILS'} {seen.errors[:3]}")
    print(
        f"withdrawn texts shown after {PATIENCE:g} s: {len(seen.stale)} {'holds' if not seen.stale else 'FAILS'}"
    )
    sys.exit(1 if seen.errors or seen.stale else 0)


def run(app: Any, port: int, wanted: int, seen: Seen) -> int:
    """Search from some threads until enough was asked, and save meanwhile; how often something was saved."""
    threads = [
        threading.Thread(target=search, args=(port, wanted, seen, number)) for number in range(THREADS)
    ]
    for thread in threads:
        thread.start()
    texts, saves = list(corpus.texts(20)), 0
    while any(thread.is_alive() for thread in threads):
        text = texts[saves // 2 % len(texts)]
        save(app, text, saves, seen)
        saves += 1
        time.sleep(0.05)
    for thread in threads:
        thread.join()
    return saves


def search(port: int, wanted: int, seen: Seen, number: int) -> None:
    """Ask for a word that only the editor's texts hold, in turn with others."""
    queries = corpus.queries(40, seed=number + 2)
    while True:
        with seen.lock:
            if seen.requests >= wanted:
                return
            seen.requests += 1
            turn = seen.requests
        query = "redaktörsprovet" if turn % 2 else queries[turn % len(queries)]
        asked_at = time.monotonic()
        try:
            with urllib.request.urlopen(
                f"http://127.0.0.1:{port}/sok?q={quote(query)}", timeout=30
            ) as answer:
                page = answer.read().decode()
        except OSError as error:
            seen.errors.append(f"{query}: {error}")
            continue
        with seen.lock:
            gone = [slug for slug, at in seen.withdrawn_at.items() if asked_at > at + PATIENCE]
        seen.stale += [slug for slug in gone if f'/{slug}"' in page]


def save(app: Any, text: corpus.Text, turn: int, seen: Seen) -> None:
    """Publish a text of the editor's, or withdraw the one before."""
    from dataclasses import replace

    from kb.accounts.viewer import SYSTEM
    from kb.library.core.queries.reading import get_item_by_slug
    from kb.library.services import drafts, publication, revisions

    database = app.extensions["database"]
    if turn % 2 == 0:
        document = replace(document_of(text), kind="vagledning", body=f"<p>redaktörsprovet</p>{text.html}")
        with database.transaction() as session:
            item = drafts.new_item(session, document, f"redaktorsprov-{turn}")
            revision = revisions.add_revision(session, item, document, by=SYSTEM, reason="Mätning")
            publication.put_public(session, item, revision, by=SYSTEM, way="mätning")
        return
    slug = f"redaktorsprov-{turn - 1}"
    with database.transaction() as session:
        published = get_item_by_slug(session, slug)
        assert published is not None, slug
        publication.withdraw(session, published, by=SYSTEM, reason="Mätning.", replacement=None)
    with seen.lock:
        seen.withdrawn_at[slug] = time.monotonic()


if __name__ == "__main__":
    main()
