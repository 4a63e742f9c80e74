"""Whether every shipped item is found: by its title, and by three ways in which somebody would ask for it.

`python -m bench.find_items` loads the shipped content into a folder that is removed, tells how long that took, and
searches as the page does for somebody who has not signed in. It ends with 1 when less than 90 % of the titles or of the
other ways give the item among the first three hits. The ways are those of find_items.yaml, which were looked at when
search and texts were made better; `--fresh` takes those of find_items_fresh.yaml, which were not, and shows no misses.
"""

import argparse
import logging
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import yaml
from flask import Flask
from sqlalchemy import select

from kb import create_app
from kb.accounts.viewer import ANONYMOUS
from kb.library.core.models.items import ContentItem, Revision
from kb.library.intake.loading import no_progress
from kb.ops.preparing import ensure_starter
from kb.search.finding.searching import SearchRequest
from kb.search.results import search
from kb.web.commands import progress_bar

ROOT = Path(__file__).resolve().parent
KNOWN, FRESH = ROOT / "find_items.yaml", ROOT / "find_items_fresh.yaml"
WANTED = 0.9
LOADING = 20.0  # seconds
FIRST = 3
TITLE = "title"
Find = Callable[[str], list[str]]


@dataclass(frozen=True)
class Asked:
    """A query for an item, and what came first. `way`: `title`, or the number of the query."""

    kind: str
    slug: str
    way: str
    query: str
    found: Sequence[str]

    @property
    def is_found(self) -> bool:
        """Whether the item stands among the first hits."""
        return self.slug in self.found[:FIRST]


def main() -> None:
    """Print the time of loading, the shares and (for the ways that may be looked at) the misses."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--fresh", action="store_true", help="ask in the ways that nobody tuned to")
    is_fresh = parser.parse_args().fresh
    with tempfile.TemporaryDirectory() as folder, instance(Path(folder)) as app:
        with progress_bar("Loading") as show:
            seconds, processor = load(app, show)
        asked = ask(app, FRESH if is_fresh else KNOWN)
    spent = f"{seconds:.1f} s, {processor:.1f} s of CPU"
    print(f"\nloaded and indexed in {spent}, {verdict(seconds <= LOADING)} (at most {LOADING:g} s)")
    titles, ways = parts_of(asked)
    show_kinds(asked)
    if not is_fresh:
        show_misses(asked)
    print(f"\ntitles      {share(titles):6.1%}  {verdict(share(titles) >= WANTED)} (at least {WANTED:.0%})")
    print(f"three ways  {share(ways):6.1%}  {verdict(share(ways) >= WANTED)} (at least {WANTED:.0%})")
    sys.exit(min(share(titles), share(ways)) < WANTED)


def queries_of(file: Path) -> dict[str, dict[str, list[str]]]:
    """Kind → slug → its three queries."""
    found: dict[str, dict[str, list[str]]] = yaml.safe_load(file.read_text(encoding="utf-8"))
    return found


@contextmanager
def instance(folder: Path) -> Iterator[Flask]:
    """An empty application of its own."""
    logging.disable(logging.INFO)
    app = create_app(instance=folder, database_url=f"sqlite:///{folder / 'bench.sqlite3'}", log_level="ERROR")
    try:
        yield app
    finally:
        app.extensions["database"].dispose()
        logging.disable(logging.NOTSET)


def load(app: Flask, progress: Callable[[int, int], None] = no_progress) -> tuple[float, float]:
    """Load the shipped content as the first start does, until all of it can be found; seconds, and seconds of CPU."""
    began, processor = time.perf_counter(), time.process_time()
    report = ensure_starter(app.extensions["database"], app.config["SETTINGS"].instance, progress)
    assert report is not None
    assert not report.failed, report.failed
    app.extensions["search"].indexer.repair()
    return time.perf_counter() - began, time.process_time() - processor


def ask(app: Flask, file: Path = KNOWN) -> list[Asked]:
    """Ask for every published item. Raises `LookupError` when an item has no queries or a query no item."""
    find, published, queries = finder(app), titles_of(app), queries_of(file)
    expected = {slug for group in queries.values() for slug in group}
    if published.keys() ^ expected:
        raise LookupError(f"Not the same in {file.name}: {sorted(published.keys() ^ expected)}")
    return [
        Asked(kind, slug, way, query, find(query))
        for kind, group in queries.items()
        for slug, three in group.items()
        for way, query in [(TITLE, published[slug]), *zip("123", three, strict=True)]
    ]


def finder(app: Flask) -> Find:
    """The slugs of the first hits, searched as the page does."""
    database, indexer = app.extensions["database"], app.extensions["search"].indexer

    def find(query: str) -> list[str]:
        with database.reading() as session:
            found = search(indexer, session, ANONYMOUS, SearchRequest(query, per_page=10))
        return [hit.slug for hit in found.hits]

    return find


def titles_of(app: Flask) -> dict[str, str]:
    """Slug → title of what is published."""
    published = select(ContentItem.slug, ContentItem.title).join(
        Revision, Revision.id == ContentItem.published_revision_id
    )
    with app.extensions["database"].reading() as session:
        return {row.slug: row.title for row in session.execute(published)}


def parts_of(asked: Sequence[Asked]) -> tuple[list[Asked], list[Asked]]:
    """What was asked by title, and in other ways."""
    return [one for one in asked if one.way == TITLE], [one for one in asked if one.way != TITLE]


def share(asked: Sequence[Asked]) -> float:
    """How much of it was found."""
    return sum(one.is_found for one in asked) / len(asked)


def show_kinds(asked: Sequence[Asked]) -> None:
    """Print a line for each kind: items, shares of titles and of the three ways, items that all three ways find."""
    print(f"\n{'kind':<14}{'items':>6}{'titles':>9}{'three ways':>12}{'all three':>11}")
    for kind in dict.fromkeys(one.kind for one in asked):
        _show_kind(kind, [one for one in asked if one.kind == kind])
    _show_kind("all", asked)


def _show_kind(name: str, asked: Sequence[Asked]) -> None:
    titles, ways = parts_of(asked)
    missed = {one.slug for one in ways if not one.is_found}
    whole = 1 - len(missed) / len(titles)
    print(f"{name:<14}{len(titles):>6}{share(titles):>9.1%}{share(ways):>12.1%}{whole:>11.1%}")


def show_misses(asked: Sequence[Asked]) -> None:
    """Print what was not among the first hits, its place if it came later, and what came instead."""
    by_item: dict[str, list[Asked]] = {}
    for one in asked:
        if not one.is_found:
            by_item.setdefault(one.slug, []).append(one)
    print("\nnot among the first three (place; query; what came first)")
    for slug, missed in by_item.items():
        print(slug)
        for one in missed:
            place = one.found.index(slug) + 1 if slug in one.found else "–"
            print(f"  {place:>2}  {one.query}: {', '.join(one.found[:FIRST]) or 'nothing'}")


def verdict(holds: bool) -> str:
    """The word for a measure."""
    return "holds" if holds else "FAILS"


if __name__ == "__main__":
    main()
