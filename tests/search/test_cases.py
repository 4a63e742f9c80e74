"""Queries and compounds that once failed, with what finds them: `tests/data/cases/search`."""

import csv
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from kb.search.engine.store import Store
from tests.search.samples import build, found, make_indexable

CASES = Path(__file__).resolve().parent.parent / "data" / "cases" / "search"


def rows(name: str) -> Iterator[dict[str, str]]:
    with (CASES / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)


QUERIES = [
    (row["query"], row["slug"])
    for name in ("digits-1", "digits-2", "digits-3", "accents-1", "accents-2")
    for row in rows(f"{name}.tsv")
]
COMPOUNDS = [(row["compound"], row["found by"], row["not found by"]) for row in rows("compounds.tsv")]


@pytest.fixture(scope="module")
def texts(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """An index of the texts that the queries ask for."""
    store = Store(tmp_path_factory.mktemp("texts"))
    lines = (CASES / "texts.jsonl").read_text(encoding="utf-8").splitlines()
    items = [json.loads(line) for line in lines]
    build(
        store,
        *(
            make_indexable(slug=i["slug"], title=i["title"], summary=i["summary"], text=i["body"])
            for i in items
        ),
    )
    return store


@pytest.mark.parametrize(("query", "slug"), QUERIES)
def test_numbers_without_spaces_and_words_without_accents_find_the_text(texts, query, slug):
    assert found(texts, query)[:1] == [slug]


@pytest.mark.parametrize(("compound", "by", "not_by"), COMPOUNDS, ids=[one[0] for one in COMPOUNDS])
def test_a_compound_is_found_by_its_parts_and_by_nothing_else(store, compound, by, not_by):
    build(store, make_indexable(slug="text", text=compound))

    assert {word: found(store, word) for word in by.split(", ")} == {
        word: ["text"] for word in by.split(", ")
    }
    assert [word for word in not_by.split(", ") if word != "-" and found(store, word)] == []
