"""From publishing to findable, and healing while the site serves."""

import errno
import shutil
import threading

import pytest
from sqlalchemy import select, text

from kb import clock
from kb.accounts.viewer import ANONYMOUS, SYSTEM
from kb.audit.models import AuditEvent
from kb.db import Database
from kb.jobs.models import Job
from kb.jobs.outbox import MALFORMED, UNKNOWN, enqueue
from kb.jobs.queries import list_jobs
from kb.library.core.models.items import ContentItem
from kb.library.services import publication
from kb.search.engine import manifest as manifests
from kb.search.engine.changes import QUEUE
from kb.search.engine.indexer import Healing, Indexer
from kb.search.engine.store import Store
from kb.search.finding.searching import SearchRequest
from kb.search.results import search
from tests.factories import make_document, make_item
from tests.search.samples import waiting
from tests.search.test_index import HOWS, KINDS, file_of, spoil


def slugs(indexer, session, text, viewer=ANONYMOUS):
    return [hit.slug for hit in search(indexer, session, viewer, SearchRequest(text)).hits]


def test_publishing_makes_findable_and_withdrawing_takes_away(live_app):
    database, indexer = live_app.extensions["database"], live_app.extensions["search"].indexer
    with database.transaction() as session:
        item_id = make_item(session, make_document(title="Nödlarm på kontoret"), slug="nodlarm").id
    with database.reading() as session:
        assert slugs(indexer, session, "nödlarmet") == ["nodlarm"]

    with database.transaction() as session:
        publication.withdraw(
            session,
            session.get(ContentItem, item_id),
            by=SYSTEM,
            reason="Gäller inte.",
            replacement=None,
        )

    with database.reading() as session:
        assert slugs(indexer, session, "nödlarmet") == []
        assert waiting(indexer, session) == []
    assert indexer.check().agrees


def test_what_is_rolled_back_never_reaches_the_index(live_app):
    database, indexer = live_app.extensions["database"], live_app.extensions["search"].indexer
    indexer.repair()

    with pytest.raises(RuntimeError):
        publish_and_fail(database)

    assert indexer.check().agrees


def publish_and_fail(database):
    with database.transaction() as session:
        make_item(session, make_document(title="Nödlarm"))
        raise RuntimeError


def test_a_withdrawn_item_is_hidden_even_before_the_index_knows(indexer, session, publish):
    item = publish(title="Nödlarm", slug="nodlarm")
    item.status = "borttagen"
    session.commit()

    result = search(indexer, session, ANONYMOUS, SearchRequest("nödlarm"))

    assert (result.hits, result.total) == ([], 0)


def test_draining_twice_does_no_harm(indexer, session, publish):
    item = publish(title="Nödlarm", slug="nodlarm")
    for _ in range(2):
        enqueue(session, "search.index_item", {"item": item.id})
    session.commit()

    indexer.drain()
    indexer.drain()

    assert slugs(indexer, session, "nödlarm") == ["nodlarm"]
    assert indexer.check().agrees


def store_raw(session, payload, name="search.index_item"):
    """A job that `enqueue` would refuse, as an older version or a fault may have left it."""
    job = Job(queue=QUEUE, name=name, payload=payload, created_at=clock.now(), run_at=clock.now())
    session.add(job)
    session.flush()
    return job


@pytest.mark.parametrize("payload", [{}, {"item": "x"}, {"item": None}, [1], None], ids=repr)
def test_an_index_job_that_makes_no_sense_is_set_aside_and_keeps_nothing_up(
    indexer, session, publish, payload
):
    publish(title="Brandväst")
    spoilt = store_raw(session, payload)
    publish(title="Nödlarm", slug="nodlarm")
    indexer.tick()

    session.expire_all()
    assert [(job.id, job.last_error) for job in list_jobs(session)] == [(spoilt.id, MALFORMED)]
    assert slugs(indexer, session, "nödlarm") == ["nodlarm"]


def test_a_payload_that_is_no_json_keeps_nothing_up(indexer, session, publish):
    if session.get_bind().dialect.name != "sqlite":
        pytest.skip("this database checks JSON itself")
    spoilt = store_raw(session, {})
    session.execute(text("UPDATE job SET payload = '{' WHERE id = :id"), {"id": spoilt.id})
    publish(title="Nödlarm", slug="nodlarm")
    indexer.tick()

    session.expire_all()
    assert [job.last_error for job in list_jobs(session, set_aside_only=True)] == [MALFORMED]
    assert session.scalar(text("SELECT payload FROM job")) == "{"
    assert slugs(indexer, session, "nödlarm") == ["nodlarm"]


def test_a_job_of_another_name_in_the_queue_is_set_aside(indexer, session, publish):
    store_raw(session, {"item": 1}, name="search.prova")
    publish()
    indexer.tick()

    session.expire_all()
    assert [job.last_error for job in list_jobs(session)] == [UNKNOWN]


def test_an_item_that_is_gone_leaves_nothing_to_do(indexer, session, publish):
    publish(title="Nödlarm")
    enqueue(session, "search.index_item", {"item": 10**9})
    session.commit()

    indexer.drain()

    assert list_jobs(session) == []
    assert indexer.check().agrees


def test_a_job_waits_while_another_process_writes(indexer, session, publish):
    publish(title="Brandväst")
    with indexer.store.lock():
        publish(title="Nödlarm", slug="nodlarm")
        assert slugs(indexer, session, "nödlarm") == []

    indexer.tick()

    assert slugs(indexer, session, "nödlarm") == ["nodlarm"]


def test_a_full_disk_keeps_the_job_and_heals_later(indexer, session, publish, monkeypatch):
    publish(title="Brandväst", slug="vast")
    real = Store.apply

    def full(*_args, **_options):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Store, "apply", full)
    publish(title="Nödlarm", slug="nodlarm")
    assert slugs(indexer, session, "brandväst") == ["vast"]
    assert len(waiting(indexer, session)) == 1

    monkeypatch.setattr(Store, "apply", real)
    indexer._pause_until = 0
    indexer.tick()

    assert slugs(indexer, session, "nödlarm") == ["nodlarm"]


def test_a_commit_that_whoosh_trips_over_leads_to_a_rebuild(indexer, session, publish, monkeypatch):
    publish(title="Brandväst", slug="vast")

    def trip(*_args, **_options):
        raise KeyError("inside Whoosh")

    monkeypatch.setattr(Store, "apply", trip)
    publish(title="Nödlarm", slug="nodlarm")

    assert slugs(indexer, session, "nödlarm") == ["nodlarm"]


@pytest.mark.parametrize("how", HOWS)
@pytest.mark.parametrize("kind", KINDS)
def test_damage_is_healed_by_the_next_reader_or_the_worker(indexer, session, publish, kind, how):
    publish(title="Nödlarm", slug="nodlarm")
    spoil(file_of(indexer.store, kind), how)
    again = Indexer(indexer.database, Store(indexer.store.root.parent))

    assert slugs(again, session, "nödlarm") == ["nodlarm"]
    indexer.tick()
    assert indexer.check().agrees


@pytest.mark.parametrize(
    "what", ["folder", "generation", "everything garbage", "foreign", "a file in its place"]
)
def test_an_index_that_is_gone_is_built_anew(indexer, session, publish, what):
    publish(title="Nödlarm", slug="nodlarm")
    root, folder = indexer.store.root, indexer.store.root / indexer.store.manifest().folder
    if what == "folder":
        shutil.rmtree(root)
    elif what == "generation":
        shutil.rmtree(folder)
    elif what == "everything garbage":
        for path in [*folder.iterdir(), root / manifests.NAME]:
            path.write_bytes(b"\x00garbage" * 99)
    elif what == "foreign":
        (root / manifests.NAME).write_text('{"maker": "other"}')
    else:
        shutil.rmtree(folder)
        folder.write_text("not a folder")

    indexer.tick()

    assert slugs(indexer, session, "nödlarm") == ["nodlarm"]
    assert indexer.check().agrees


def test_without_a_place_to_write_search_is_away_but_nothing_breaks(indexer, session, publish, tmp_path):
    publish(title="Nödlarm")
    (tmp_path / "file").write_text("in the way")
    again = Indexer(indexer.database, Store(tmp_path / "file"))  # a folder cannot be made below a file

    assert search(again, session, ANONYMOUS, SearchRequest("nödlarm")).is_unavailable
    again.tick()

    (tmp_path / "file").unlink()
    (tmp_path / "file").mkdir()
    again._pause_until = 0
    assert not search(again, session, ANONYMOUS, SearchRequest("nödlarm")).is_unavailable


def test_a_file_in_the_place_of_the_index_is_no_hindrance(indexer, session, publish):
    publish(title="Nödlarm")
    shutil.rmtree(indexer.store.root)
    indexer.store.root.write_text("in the way")
    again = Indexer(indexer.database, Store(indexer.store.root.parent))

    assert not search(again, session, ANONYMOUS, SearchRequest("nödlarm")).is_unavailable


def test_a_thread_heals_while_the_request_goes_on(live_app):
    database = live_app.extensions["database"]
    with database.transaction() as session:
        make_item(session, make_document(title="Nödlarm"), slug="nodlarm")
    store = live_app.extensions["search"].indexer.store
    shutil.rmtree(store.root)
    indexer = Indexer(database, Store(store.root.parent), Healing.THREAD)

    with database.reading() as session:
        assert search(indexer, session, ANONYMOUS, SearchRequest("nödlarm")).is_unavailable
        assert indexer._thread is not None
        indexer._thread.join(20)
        assert slugs(indexer, session, "nödlarm") == ["nodlarm"]


def test_differences_are_found_and_repaired(indexer, session, publish):
    gone, changed = publish(title="Borta"), publish(title="Ändrad")
    missing = make_item(session, make_document(title="Saknad"))
    gone.status = "borttagen"
    changed.slug = "ny-adress"
    session.commit()

    report = indexer.check()
    assert (report.missing, report.stale, report.surplus) == ([missing.id], [changed.id], [gone.id])
    indexer.repair()

    assert indexer.check().agrees


def test_a_rebuild_is_recorded(indexer, session, publish):
    publish()

    assert indexer.rebuild("Prov.") == indexer.check().published

    event = session.scalars(select(AuditEvent).where(AuditEvent.name == "search.rebuilt")).all()[-1]
    assert (event.actor, event.data["reason"]) == ("system", "Prov.")


def test_a_rebuild_yields_to_who_writes_already(indexer, publish):
    publish()
    with indexer.store.lock():
        assert indexer.rebuild("Prov.") is None


def test_deleted_documents_are_swept_out(indexer, session, publish):
    item = publish(title="Nödlarm")
    for _ in range(30):
        with indexer.store.lock():
            indexer._apply([item.id], services_items(session, item.id))

    indexer.tick()

    assert indexer.store.manifest().deleted == 0
    assert indexer.check().agrees


def services_items(session, item_id):
    from kb.library.core.indexable import get_indexable

    return get_indexable(session, [item_id])


def test_many_threads_publish_and_all_is_found(live_app):
    database, indexer = live_app.extensions["database"], live_app.extensions["search"].indexer
    indexer.repair()
    errors: list[Exception] = []

    def publish_some(name: str) -> None:
        try:
            for number in range(4):
                with database.transaction() as session:
                    make_item(
                        session, make_document(title=f"Nödlarm {name}"), slug=f"nodlarm-{name}-{number}"
                    )
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=publish_some, args=(name,)) for name in "abc"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    indexer.tick()

    assert errors == []
    with database.reading() as session:
        assert len(slugs(indexer, session, "nödlarm")) == 12
    assert indexer.check().agrees


def test_the_database_that_is_away_does_not_stop_the_worker(tmp_path):
    indexer = Indexer(Database(f"sqlite:///{tmp_path}/no/such/folder.sqlite3"), Store(tmp_path))

    indexer.tick()
    indexer.drain()
