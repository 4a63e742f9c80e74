"""Each node follows the database by itself: after any end, of whatever history."""

from datetime import timedelta
from functools import partial

import pytest
import time_machine
from sqlalchemy import delete, func, select

from kb import clock
from kb.db import Database
from kb.errors import NotFound
from kb.jobs import services as jobs
from kb.jobs.models import Job
from kb.jobs.outbox import enqueue
from kb.library.core.models.items import ContentItem
from kb.machines import ask_clock, moment
from kb.search.engine import changes, nodes
from kb.search.engine import manifest as manifests
from kb.search.engine.indexer import ELSEWHERE, Indexer
from kb.search.engine.store import Store
from kb.search.models import SearchChange, SearchNode, SearchSetting
from tests.conftest import SERVER
from tests.search.fleet import found, node, publish, rebuilt, withdraw
from tests.search.test_index import rewrite


def test_what_is_published_and_withdrawn_on_one_node_is_so_on_the_other(database, here, there):
    item = publish(database, "nodlarm")
    assert found(there) == set()

    there.drain()
    assert found(there) == found(here) == {"nodlarm"}
    withdraw(database, item)
    there.drain()

    assert there.check().agrees
    assert here.check().agrees


def test_a_new_node_builds_its_own(database, here, tmp_path):
    publish(database, "nodlarm")

    fresh = node(here, tmp_path / "fresh")
    fresh.tick()

    assert found(fresh) == {"nodlarm"}
    assert fresh.store.manifest().place == here.store.manifest().place
    assert fresh.check().agrees


def test_a_database_that_was_put_back_is_known_though_it_went_on_since(database, here, there):
    """As with a copy of the database's own files: the same numbers, other changes."""
    gone = publish(database, "forsta", title="Nödlarm ett")
    there.drain()
    with database.transaction() as session:
        session.execute(delete(SearchChange).where(SearchChange.item_id == gone))
        number = session.get_one(SearchSetting, changes.NUMBER)
        number.value -= 1
        session.get_one(ContentItem, gone).status = "borttagen"
    publish(database, "andra", title="Nödlarm två")
    assert there.check().damage == ELSEWHERE

    there.tick()
    here.tick()

    assert found(there) == found(here) == {"andra"}
    assert rebuilt(database)[-2:] == [ELSEWHERE, ELSEWHERE]


def test_a_revision_whose_number_was_given_once_more_is_another_version(database, here):
    item = publish(database, "nodlarm")
    with database.transaction() as session:
        session.get_one(ContentItem, item).published_at -= timedelta(seconds=1)

    assert here.check().stale == [item]


@pytest.mark.parametrize("ahead", [1, 1000])
def test_a_place_ahead_of_the_sequence_is_of_another_history(database, here, there, ahead):
    publish(database, "nodlarm")
    there.drain()
    place = there.store.manifest().place
    move(there, number=place.number + ahead)

    there.tick()

    assert there.store.manifest().place == place
    assert rebuilt(database)[-1] == ELSEWHERE


def move(indexer, **values):
    """Give an index another place."""
    place = {**vars(indexer.store.manifest().place), **values}
    rewrite(indexer.store.root / manifests.NAME, place=place)


def test_the_database_of_another_installation_is_known(database, here, there):
    publish(database, "nodlarm")
    there.drain()
    move(there, history=1)

    there.tick()

    assert rebuilt(database)[-1] == ELSEWHERE
    assert there.check().agrees


def test_an_index_of_an_earlier_version_has_no_place_and_is_compared(database, here, there):
    publish(database, "nodlarm")
    rewrite(there.store.root / manifests.NAME, place=None)
    before = rebuilt(database)

    there.tick()

    assert found(there) == {"nodlarm"}
    with database.reading() as session:
        assert there.store.manifest().place == changes.newest(session)
    assert rebuilt(database) == before


def test_a_restored_backup_is_followed_by_every_node(live_app, database, here, there, tmp_path):
    run = live_app.test_cli_runner().invoke
    publish(database, "fore")
    assert run(args=["ops", "backup", str(tmp_path / "b.zip")]).exit_code == 0
    publish(database, "efter")
    there.drain()
    assert found(there) == {"fore", "efter"}

    assert run(args=["ops", "restore", str(tmp_path / "b.zip"), "--force"]).exit_code == 0
    publish(database, "nyast")
    there.tick()

    assert found(there) == found(here) == {"fore", "nyast"}
    assert there.check().agrees
    with database.reading() as session:
        assert set(session.scalars(select(SearchNode.id))) == {here.node.id, there.node.id}


@pytest.mark.parametrize("step", ["write_segments", "_seal", "_sweep"])
def test_a_node_that_ends_in_the_middle_of_a_commit_goes_on_where_it_was(
    database, here, there, monkeypatch, step
):
    """The place and the documents are in one file: it has both or neither."""
    publish(database, "nodlarm")
    before = there.store.manifest().place
    owner = "kb.search.engine.store" if step == "write_segments" else "kb.search.engine.store.Store"
    monkeypatch.setattr(f"{owner}.{step}", partial(end, step))
    with pytest.raises(KeyboardInterrupt):
        there.drain()
    monkeypatch.undo()
    again = Indexer(database, Store(there.store.root.parent))

    assert again.store.manifest().place == before
    again.tick()

    assert found(again) == {"nodlarm"}
    assert again.check().agrees


def end(_step, *_args, **_options):
    raise KeyboardInterrupt


def test_nodes_tell_where_they_are_and_are_forgotten(database, here, there):
    publish(database, "nodlarm")
    with database.reading() as session:
        told = {one.id: one for one in nodes.list_nodes(session, here.node)}
    assert told[there.node.id].number == told[here.node.id].number - 1
    assert told[there.node.id].waits_since is not None
    assert not told[there.node.id].is_late, "for a moment only"

    with database.transaction() as session:
        nodes.forget(session, there.node.id)
        with pytest.raises(NotFound):
            nodes.forget(session, "0123456789abcdef")

    with database.reading() as session:
        assert [one.id for one in nodes.list_nodes(session, here.node)] == [here.node.id]
    there.drain()
    with database.reading() as session:
        assert len(nodes.list_nodes(session, here.node)) == 2, "it is there after all"


def test_a_node_that_does_not_follow_is_late(database, here, there):
    publish(database, "nodlarm")
    with database.transaction() as session:
        for change in session.scalars(select(SearchChange)):
            change.at -= timedelta(minutes=3)
        session.get(SearchNode, there.node.id).seen_at = moment(session)

    with database.reading() as session:
        late = {one.id for one in nodes.list_nodes(session, here.node) if one.is_late}

    assert late == {there.node.id}


def test_the_name_of_a_node_is_made_once_and_mended(tmp_path):
    first = nodes.Node(tmp_path).id

    assert first == nodes.Node(tmp_path).id
    (tmp_path / nodes.NAME).write_bytes(b"\xff half")
    assert nodes.Node(tmp_path).id != first
    (tmp_path / nodes.NAME).write_text("")
    assert nodes.Node(tmp_path).id is not None
    assert nodes.Node(tmp_path / "nowhere").id is None


@pytest.mark.skipif(not SERVER, reason="one machine has one clock")
@pytest.mark.parametrize("wrong", [timedelta(days=-2), timedelta(days=2)], ids=["behind", "ahead"])
def test_a_node_whose_clock_is_wrong_takes_no_job_twice_and_follows(
    live_app, database, here, tmp_path, wrong
):
    with database.transaction() as session:
        session.execute(delete(Job))
        enqueue(session, "accounts.send_password_link", {"email": "anna@kommun.example"})
    with database.transaction() as session:
        assert jobs.lease(session, "default") is not None
    other = Database(live_app.config["SETTINGS"].database_url)
    live_app.extensions["jobs"].serve(other)
    (tmp_path / "there").mkdir()
    there = Indexer(other, Store(tmp_path / "there"))

    there_now = partial(time_machine.travel, clock.now() + wrong)
    with there_now():
        ask_clock(other)
        with other.transaction() as session:
            assert jobs.lease(session, "default") is None
        there.tick()
        publish(other, "dar")
    here.drain()
    publish(database, "har")
    with there_now():
        there.drain()

    assert found(here) == found(there) == {"dar", "har"}
    with database.reading() as session:
        assert abs(session.get(SearchNode, there.node.id).seen_at - moment(session)) < timedelta(hours=1)
        assert session.scalar(select(func.count()).select_from(SearchChange)) == 2
    other.dispose()
