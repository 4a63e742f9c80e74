"""Counting what people look for: by week, never who; never what points out a person; never in the way."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from kb import clock
from kb.search.finding.query import normal_query
from kb.search.models import IgnoredQuery, SearchCount
from kb.search.tuning import asked, counting
from kb.search.tuning.counting import Counter, countable, forget_old, store, week_of
from tests.addresses import path_of

SECRET = [
    "850101-1236",
    "hot 19850101 1236",
    "ring 070-123 45 67",
    "0701 234567",
    "anna@kommun.se",
    "4711 07 05 51 23",
]


@pytest.fixture
def counter(app, indexer):
    """The application's counter, with an index of its own for the test."""
    return app.extensions["search"].counter


def rows(session):
    """What is stored: query → searches, those without hits, clicks."""
    session.commit()
    found = session.scalars(select(SearchCount)).all()
    stored = {row.query: (row.times, row.without_hits, row.clicks) for row in found}
    session.commit()  # so that what is stored after this is not inside what this session read
    return stored


@pytest.mark.parametrize(
    ("typed", "normal"),
    [
        ("  Hot  MOT personal?! ", "hot mot personal"),
        ('"lex Sarah"', "lex sarah"),
        ("AFS 2023:2, 27 kap. 5 §", "afs 2023:2 27 kap 5 §"),
        ("va\u0308ld", "väld"),
        ("?*", ""),
    ],
)
def test_queries_that_say_the_same_are_counted_as_one(typed, normal):
    assert normal_query(typed) == normal


@pytest.mark.parametrize("text", [*SECRET, "x", "", "ord " * 40])
def test_what_points_out_a_person_or_tells_a_story_is_not_counted(text):
    assert countable(text) == ""


@pytest.mark.parametrize("text", ["112", "ring 114 14", "AFS 2023:2", "27 kap. 5 §", "1177"])
def test_short_numbers_and_sections_are_counted(text):
    assert countable(text)


def test_searches_and_clicks_are_stored_by_query_and_week(counter, session):
    for has_hits in (True, True, False):
        counter.note_search("Nödlarm", has_hits=has_hits)
    counter.note_click("nödlarm")
    assert rows(session) == {}

    counter.flush()
    counter.note_search("nödlarm?", has_hits=True)
    counter.flush()

    assert rows(session) == {"nödlarm": (4, 1, 1)}
    assert session.scalars(select(SearchCount.week_on)).one() == week_of(clock.today())


def test_a_week_begins_on_monday():
    assert week_of(date(2026, 11, 22)) == date(2026, 11, 16)
    assert week_of(date(2027, 1, 1)) == date(2026, 12, 28)


def test_memory_is_bounded(counter, monkeypatch):
    monkeypatch.setattr(counting, "MOST_WAITING", 3)
    for number in range(10):
        counter.note_search(f"ord{number}", has_hits=True)

    assert len(counter._waiting) == 3


def test_the_table_is_bounded(session, monkeypatch):
    monkeypatch.setattr(counting, "MOST_A_WEEK", 2)
    week = week_of(clock.today())
    for number in range(4):
        store(
            session,
            {(week, f"ord{number}"): counting.Tally(times=1), (week, "ord0"): counting.Tally(times=1)},
        )

    kept = {row.query: row.times for row in session.scalars(select(SearchCount))}
    assert kept == {"ord0": 4, "ord1": 1}


def test_a_full_disk_is_survived_and_tried_again(app, monkeypatch, caplog):
    counter = Counter(app.extensions["database"])
    counter.note_search("hemlig fråga", has_hits=True)
    full = OperationalError("INSERT", {"query": "hemlig fråga"}, Exception("database or disk is full"))

    with monkeypatch.context() as patch:
        patch.setattr(counting, "store", lambda *_: (_ for _ in ()).throw(full))
        counter.flush()
    assert len(counter._waiting) == 1
    assert "hemlig" not in caplog.text

    counter.flush()
    assert not counter._waiting


def test_what_can_never_be_stored_is_let_go(app, monkeypatch):
    counter = Counter(app.extensions["database"])
    monkeypatch.setattr(counting, "store", lambda *_: (_ for _ in ()).throw(OSError("gone")))
    counter.note_search("hot", has_hits=True)

    for _attempt in range(counting.TRIES):
        counter.flush()

    assert not counter._waiting


def test_a_process_that_serves_stores_by_itself(live_app, monkeypatch):
    monkeypatch.setattr(counting, "EVERY", 0.01)
    database = live_app.extensions["database"]
    counter = Counter(database, in_background=True)
    for number in range(counting.BATCH):
        counter.note_search(f"ord{number % 7}", has_hits=True)

    counter._thread.join(0.5)  # it goes on for ever: this is a pause
    counter.flush()
    with database.reading() as session:
        assert sum(session.scalars(select(SearchCount.times))) == counting.BATCH


def test_counts_are_removed_after_twelve_months(session):
    today = week_of(clock.today())
    for weeks in (0, 51, 54):
        session.add(SearchCount(week_on=today - timedelta(weeks=weeks), query="hot", times=1))
    session.flush()

    forget_old(session)

    assert len(session.scalars(select(SearchCount)).all()) == 2


def test_the_page_counts_a_search_but_not_its_pages_and_filters(client, publish, counter, session):
    publish(title="Nödlarm")
    for path in (
        "/sok?q=nödlarm",
        "/sok?q=nödlarm&sida=2",
        "/sok?q=nödlarm&skede=fore",
        "/sok?q=",
        "/sok?q=zeppelinare",
    ):
        client.get(path)
    client.head("/sok?q=nödlarm")
    counter.flush()

    assert rows(session) == {"nödlarm": (1, 0, 0), "zeppelinare": (1, 1, 0)}


@pytest.mark.parametrize("text", SECRET)
def test_queries_that_point_out_a_person_reach_neither_table_nor_log(
    client, publish, counter, session, caplog, text
):
    item = publish(title="Nödlarm")
    with caplog.at_level("DEBUG"):
        client.get("/sok", query_string={"q": text})
        client.get(path_of(item), headers={"Referer": f"http://localhost/sok?q={text}"})
        counter.flush()

    assert rows(session) == {}
    assert text not in caplog.text


@pytest.mark.parametrize(
    ("referrer", "clicks"),
    [
        ("http://localhost/sok?q=N%C3%B6dlarm&skede=fore", 1),
        ("http://localhost/sok", 0),
        ("http://localhost/vagledning?q=n%C3%B6dlarm", 0),
        ("https://elak.example/sok?q=n%C3%B6dlarm", 0),
        ("http://[", 0),
        (None, 0),
    ],
    ids=["from hits", "no query", "another page", "another site", "broken", "none"],
)
def test_a_click_is_a_text_opened_from_hits(client, publish, counter, session, referrer, clicks):
    item = publish(title="Nödlarm")
    response = client.get(path_of(item), headers={"Referer": referrer} if referrer else {})
    counter.flush()

    assert sum(row[2] for row in rows(session).values()) == clicks
    assert "Set-Cookie" not in response.headers


def test_lists_for_editors(session):
    this = week_of(clock.today())
    for weeks, query, numbers in [
        (0, "hot", (5, 0, 1)),
        (3, "hot", (2, 0, 0)),
        (0, "zeppelinare", (3, 3, 0)),
        (0, "dold", (9, 9, 0)),
        (20, "gammal", (9, 0, 0)),
    ]:
        times, without_hits, clicks = numbers
        session.add(
            SearchCount(
                week_on=this - timedelta(weeks=weeks),
                query=query,
                times=times,
                without_hits=without_hits,
                clicks=clicks,
            )
        )
    session.add(IgnoredQuery(query="dold"))
    session.flush()

    lists = asked.get_lists(session, 12)
    assert [(row.query, row.times) for row in lists.frequent] == [("hot", 7), ("zeppelinare", 3)]
    assert [row.query for row in lists.without_hits] == ["zeppelinare"]
    assert [(row.query, row.without_click) for row in lists.without_click] == [("hot", 6)]
    assert [row.times for row in asked.get_lists(session, 1).frequent] == [5, 3]
    assert asked.list_frequent(session) == ["hot"]
    listed = asked.list_weeks(session)
    assert len(listed) == 12
    assert (listed[0].times, listed[0].without_hits, listed[0].without_click) == (17, 12, 4)
    assert listed[3].times == 2
