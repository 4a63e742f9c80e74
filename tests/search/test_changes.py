"""The sequence of changes: in the order of the commits, none missed, kept as long as somebody needs it."""

import random
import threading
from datetime import timedelta

from sqlalchemy import delete, select

from kb import clock
from kb.jobs.models import Job
from kb.search.engine import changes
from kb.search.engine.indexer import BATCH
from kb.search.models import SearchChange, SearchNode, SearchSetting
from tests.factories import make_document, make_item
from tests.search.fleet import forget_old, found, publish, rebuilt, withdraw
from tests.search.samples import waiting


def follow(database, place, items):
    """What a reader does: add what it sees after its place; its new place."""
    with database.reading() as session:
        step = changes.step_after(session, place, 1000)
    if step is None:
        return place
    items |= step.items
    return step.place


def test_nothing_is_missed_when_an_earlier_change_is_committed_later(database):
    """With numbers of a sequence the second transaction would be seen first, and the first one never."""
    items: set[int] = set()
    with database.reading() as session:
        place = changes.newest(session)
    with database.transaction() as first:
        changes.note(first, 1)
        second = threading.Thread(target=note_each, args=(database, [2]))
        second.start()
        second.join(0.3)
        place = follow(database, place, items)
    second.join()

    place = follow(database, place, items)

    assert items == {1, 2}
    with database.reading() as session:
        assert place == changes.newest(session)


def note_each(database, numbers, chance=None):
    """Write down changes, each in a transaction; some are taken back. What was committed."""
    committed = []
    for number in numbers:
        try:
            with database.transaction() as session:
                changes.note(session, number)
                if chance is not None and chance.random() < 0.3:
                    raise RuntimeError
        except RuntimeError:
            continue
        committed.append(number)
    return committed


def test_a_reader_sees_all_that_many_writers_commit_and_nothing_else(database):
    seed = random.randrange(10**6)
    committed: list[int] = []
    items: set[int] = set()
    with database.reading() as session:
        place = changes.newest(session)

    def write(number):
        numbers = range(number * 1000, number * 1000 + 15)
        committed.extend(note_each(database, numbers, random.Random(seed + number)))

    threads = [threading.Thread(target=write, args=(number,)) for number in range(1, 5)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        place = follow(database, place, items)
    place = follow(database, place, items)

    assert items == set(committed), f"seed {seed}"
    with database.reading() as session:
        numbers = session.scalars(select(SearchChange.id).order_by(SearchChange.id)).all()
    assert numbers == list(range(1, len(committed) + 1))


def test_what_is_taken_back_is_no_change(database):
    with database.reading() as session:
        before = changes.newest(session)

    assert note_each(database, range(20), random.Random(1)) != list(range(20))
    with database.reading() as session:
        assert changes.newest(session).number - before.number == len(changes_of(session))


def changes_of(session):
    """All changes that are written down."""
    return session.scalars(select(SearchChange)).all()


def test_a_slow_node_that_is_there_keeps_what_it_needs(database, here, there):
    for number in range(5):
        publish(database, f"nodlarm-{number}")
    before = rebuilt(database)

    forget_old(database)

    with database.reading() as session:
        assert len(waiting(there, session)) == 5
    there.drain()
    forget_old(database)
    with database.reading() as session:
        assert len(session.scalars(select(SearchChange)).all()) == 1, "the newest stays"
    publish(database, "nodlarm-6")
    there.drain()
    assert len(found(there)) == 6
    assert rebuilt(database) == before


def test_what_is_older_than_a_week_is_forgotten_though_somebody_needs_it(database, here, there):
    publish(database, "nodlarm-1")
    with database.transaction() as session:
        for change in session.scalars(select(SearchChange)):
            change.at -= timedelta(days=8)
    publish(database, "nodlarm-2")

    forget_old(database)
    there.tick()

    assert found(there) == {"nodlarm-1", "nodlarm-2"}
    assert there.check().agrees


def test_a_node_that_was_away_for_long_compares_and_is_not_built_anew(database, here, there):
    first = publish(database, "nodlarm-1")
    there.drain()
    with database.transaction() as session:
        session.get(SearchNode, there.node.id).seen_at -= timedelta(days=8)
    withdraw(database, first)
    publish(database, "nodlarm-2")
    forget_old(database)
    with database.reading() as session:
        assert len(session.scalars(select(SearchChange)).all()) == 1
    before = rebuilt(database)

    there.tick()

    assert found(there) == {"nodlarm-2"}
    assert there.check().agrees
    assert rebuilt(database) == before
    with database.reading() as session:
        assert there.store.manifest().place == changes.newest(session)


def test_jobs_that_an_earlier_version_left_become_changes_of_all_nodes(database, here, there):
    with database.transaction() as session:
        item = make_item(session, make_document(title="Nödlarm"), slug="nodlarm").id
        session.execute(delete(SearchChange).where(SearchChange.item_id == item))
        session.get_one(SearchSetting, changes.NUMBER).value -= 1
        session.add(old_job(item))
    assert found(here) == set()

    there.tick()
    here.tick()

    assert found(here) == found(there) == {"nodlarm"}
    with database.reading() as session:
        assert session.scalars(select(Job).where(Job.queue == changes.QUEUE)).all() == []


def old_job(item):
    """What an earlier version asked for."""
    now = clock.now()
    name = "search.index_item"
    return Job(queue=changes.QUEUE, name=name, payload={"item": item}, created_at=now, run_at=now)


def test_more_changes_than_are_applied_at_a_time_are_all_applied(database, here, there):
    item = publish(database, "nodlarm")
    with database.transaction() as session:
        for number in range(BATCH + 5):
            changes.note(session, 10**6 + number)
        changes.note(session, item)

    there.drain()

    with database.reading() as session:
        assert waiting(there, session) == []
    assert there.check().agrees
