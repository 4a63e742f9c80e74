"""What is kept between requests: data only, for the same rights, until anything changes."""

from collections.abc import Iterable, Mapping
from functools import partial

from sqlalchemy import event, select

from kb.accounts.roles import Role
from kb.accounts.viewer import ANONYMOUS, SYSTEM
from kb.cache import SHARED
from kb.library.content.document import Kind
from kb.library.core.models.items import ContentItem
from kb.library.core.models.stored import DOCUMENTS
from kb.library.core.shelf import kept, read_stamp
from kb.library.editing import keeping
from kb.library.services import publication, revisions
from kb.search.finding.searching import read_state, settled, touch
from tests.addresses import path_of
from tests.factories import make_document, make_item, make_user, viewer_of


def test_a_value_is_built_once_until_the_library_changes(session):
    built = []
    make_item(session)

    for _ in range(2):
        kept(session, ANONYMOUS, "prov", lambda: built.append(1))
    assert len(built) == 1

    make_item(session)
    kept(session, ANONYMOUS, "prov", lambda: built.append(1))
    assert len(built) == 2


def test_people_with_other_rights_get_values_of_their_own(session):
    make_item(session)
    member = viewer_of(session, make_user(session, Role.READER))

    values = [
        kept(session, viewer, "prov", partial(str, name))
        for viewer, name in ((ANONYMOUS, "a"), (member, "b"))
    ]

    assert values == ["a", "b"]


def test_a_reader_with_an_old_snapshot_keeps_nothing_for_those_who_come_later(live_app):
    database = live_app.extensions["database"]
    with database.transaction() as session:
        item_id = make_item(session).id
    title = select(ContentItem.status).where(ContentItem.id == item_id)

    with database.reading() as early, database.reading() as late:
        early.scalar(select(ContentItem.id).limit(1))
        with database.transaction() as session:
            publication.withdraw(
                session, session.get_one(ContentItem, item_id), reason="x", replacement=None, by=SYSTEM
            )
        seen = [kept(one, ANONYMOUS, "status", partial(one.scalar, title)) for one in (early, late)]

    assert seen == ["publicerad", "borttagen"]


def test_what_editors_settled_for_search_is_of_the_snapshot_too(live_app):
    database = live_app.extensions["database"]
    with database.transaction() as session:
        touch(session)

    with database.reading() as early, database.reading() as late:
        first = read_state(early)
        with database.transaction() as session:
            touch(session)
        seen = [settled(one, "prov", read_state(one), read_state) for one in (early, late, early)]

    assert seen[0] == seen[2] == first != seen[1]


def test_only_plain_data_is_kept(client, session):
    """An object of the database would be read from another session's thread, and hold what is gone."""
    items = [make_item(session, make_document(kind=kind)) for kind in Kind]
    session.commit()

    for path in (
        "/",
        "/nu",
        "/nu/hot",
        "/nu/annat",
        "/efter/hot",
        "/sok?q=text",
        *(path_of(item) for item in items),
    ):
        assert client.get(path).status_code == 200

    found = [*SHARED.values(), *DOCUMENTS.values()]
    assert len(found) > len(items)
    assert [
        thing for value in found for thing in _inside(value) if hasattr(thing, "_sa_instance_state")
    ] == []


def _inside(value):
    """The value and all that it holds."""
    yield value
    if isinstance(value, str | bytes):
        return
    if isinstance(value, Mapping):
        parts = [*value.keys(), *value.values()]
    elif isinstance(value, Iterable):
        parts = list(value)
    else:
        parts = list(getattr(value, "__dict__", {}).values())
    for part in parts:
        yield from _inside(part)


def test_a_change_shows_at_once(client, session):
    item = make_item(session, make_document(title="Första lydelsen"))
    session.commit()
    assert "Första lydelsen" in client.get(path_of(item)).text

    revision = revisions.add_revision(
        session, item, make_document(title="Andra lydelsen"), by=SYSTEM, reason="x"
    )
    publication.put_public(session, item, revision, by=SYSTEM, way="inläsning")
    session.commit()

    assert "Andra lydelsen" in client.get(path_of(item)).text
    assert "Andra lydelsen" in client.get("/").text


def test_a_renamed_topic_shows_at_once(client, session):
    item = make_item(session)
    session.commit()
    client.get(path_of(item))

    keeping.save_topic(session, "hot", name="Hot och hat", intro="", by=SYSTEM)
    session.commit()

    assert "Hot och hat" in client.get(path_of(item)).text


def test_a_reader_asks_once_how_new_the_library_is(live_app):
    database = live_app.extensions["database"]
    with database.transaction() as session:
        make_item(session)

    asked = []
    listener = (database.engine, "before_cursor_execute", lambda *parts: asked.append(parts[2]))
    event.listen(*listener)
    try:
        with database.reading() as early:
            before = {read_stamp(early) for _ in range(3)}
            once = len([statement for statement in asked if "library_state" in statement])
            with database.transaction() as session:
                make_item(session)
            before.add(read_stamp(early))
            early.rollback()
            after = read_stamp(early)
    finally:
        event.remove(*listener)

    assert once == 1
    assert len(before) == 1  # it is of one moment
    assert after not in before


def test_a_writer_asks_anew_after_each_change(live_app):
    with live_app.extensions["database"].transaction() as session:
        make_item(session)
        before = read_stamp(session)
        make_item(session)
        session.flush()
        assert read_stamp(session) != before
