"""Lists stand in Swedish order on every database: å, ä, ö last, case, accents and quotes aside, numbers by value."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from kb.accounts.models import Unit, User
from kb.accounts.queries import list_units
from kb.accounts.roles import Role
from kb.accounts.viewer import SYSTEM
from kb.db import Base
from kb.library.core.models.items import ContentItem, Revision
from kb.library.core.models.lists import GlossaryTerm
from kb.library.core.models.topics import Topic
from kb.library.core.queries.topics import topic_names
from kb.library.editing import keeping
from kb.library.intake.loading import load
from kb.library.services import revisions
from kb.text.order import SORT_KEY_MAX, sort_key, swedish_key
from tests.cases import CASES
from tests.factories import make_document, make_draft, make_item, make_unit, make_user
from tests.forms import page_of

TITLES = [
    "”Zoo” i vecka 10",
    "Övrigt",
    "ärende 10",
    "Ärende 9",
    "åska",
    "Ålder",
    "zebra",
    "Éclair",
    "Abc",
    "112",
]


def in_order(titles):
    """The titles as a Swedish dictionary has them."""
    return sorted(titles, key=swedish_key)


def titles_on(client, path, among):
    """The titles in the order of a list, over all its pages."""
    found: list[str] = []
    number = 1
    while number < 20:
        page = page_of(client.get(f"{path}{'&' if '?' in path else '?'}sida={number}"))
        texts = [link.get_text(" ", strip=True) for link in page.find("main").find_all("a")]
        new = [title for text in texts for title in among if text == title or text.startswith(f"{title} ")]
        if not new or new[0] in found:
            return found
        found += new
        number += 1
    return found


@pytest.mark.parametrize(("name", "path"), [("order-1", "/vagledning"), ("order-2", "/checklistor")])
def test_the_cases_stand_in_their_right_order(client, session, app, sign_in, tmp_path, name, path):
    (tmp_path / "a.jsonl").write_bytes((CASES / f"order/{name}.jsonl").read_bytes())
    right = (CASES / f"order/{name}.right.txt").read_text(encoding="utf-8").splitlines()
    load(app.extensions["database"], tmp_path, publish=True, by=SYSTEM)
    editor = sign_in(make_user(session, Role.EDITOR))

    assert titles_on(client, path, right) == right
    assert titles_on(editor, "/redaktion/innehall", right) == right


def test_the_list_of_all_content_goes_by_the_title_that_it_shows(session, sign_in):
    for title in TITLES:
        make_item(session, make_document(title=title))
    make_draft(session, make_document(title="Ängen"))
    renamed = make_item(session, make_document(title="Aaa"))
    revisions.add_revision(session, renamed, make_document(title="Åaa"), by=SYSTEM, reason="x")
    renamed.workflow = "utkast"
    editor = sign_in(make_user(session, Role.EDITOR))

    shown = [*TITLES, "Ängen", "Åaa"]

    assert titles_on(editor, "/redaktion/innehall", shown) == in_order(shown)
    assert titles_on(editor, "/redaktion/innehall?ordning=andrad", shown)[0] == "Åaa"


def test_units_people_and_topics_stand_in_order(session):
    names = [f"{word} enheten" for word in TITLES]
    for name in names:
        make_unit(session, name)
        keeping.save_topic(session, None, name=name, intro="", by=SYSTEM)
    session.query(Topic).update({Topic.position: 1})
    session.flush()

    assert [unit.name for unit in list_units(session) if unit.name in names] == in_order(names)
    assert [name for name in topic_names(session).values() if name in names] == in_order(names)


def test_people_stand_in_order(session, sign_in):
    for name in ("Örjan", "åke", "Ärla", "Zita", "Émile", "Fia"):
        make_user(session, Role.READER, name=f"{name} Ek")
    admin = sign_in(make_user(session, Role.ADMIN, name="Aaron"))

    page = page_of(admin.get("/administration/anvandare")).get_text(" ")

    places = [page.index(f"{name} Ek") for name in ("Émile", "Fia", "Zita", "åke", "Ärla", "Örjan")]
    assert places == sorted(places)


@pytest.mark.parametrize("table", ["content_item", "revision", "topic", "unit", "user", "glossary_term"])
def test_every_list_that_the_database_sorts_has_a_key(table):
    assert "sort_key" in Base.metadata.tables[table].columns


def test_keys_follow_their_names(session):
    item = make_item(session, make_document(title="Örn"))
    item.title = "Ål 9"
    unit, user = make_unit(session, "Åsa"), make_user(session, name="Ä B")
    term = GlossaryTerm(term="Öl", definition="x", synonyms=[])
    session.add(term)
    session.flush()

    tables: Any = ((ContentItem, item), (Unit, unit), (User, user), (GlossaryTerm, term))
    for table, key in tables:
        name = getattr(key, "title", None) or getattr(key, "name", None) or key.term
        assert session.scalar(select(table.sort_key).where(table.id == key.id)) == sort_key(name)
    assert session.scalar(select(Revision.sort_key).where(Revision.item_id == item.id)) == sort_key("Örn")


@settings(max_examples=40, deadline=None)
@given(st.lists(st.text(min_size=1, max_size=30), min_size=2, max_size=8))
def test_the_database_sorts_as_python_does(sorting_session, texts):
    ids: dict[int, str] = {}
    for text in texts:
        topic = Topic(slug=f"t{len(ids)}-{id(texts)}", name=text[:80].replace("\x00", ""))
        sorting_session.add(topic)
        sorting_session.flush()
        ids[topic.id] = topic.name
    query = select(Topic.id).where(Topic.id.in_(ids)).order_by(Topic.sort_key, Topic.id)

    found = [ids[number] for number in sorting_session.scalars(query)]
    for number in ids:
        sorting_session.delete(sorting_session.get(Topic, number))
    sorting_session.flush()

    assert found == sorted(ids.values(), key=sort_key)
    assert all(key.isascii() and len(key) <= SORT_KEY_MAX for key in map(sort_key, texts))


@pytest.fixture(scope="module")
def sorting_session(shared_app):
    """One session for many examples; nothing is kept."""
    with shared_app.extensions["database"].reading() as session:
        yield session
        session.rollback()


def test_the_loaded_order_files_are_whole():
    for name in ("order-1", "order-2"):
        lines = (CASES / f"order/{name}.jsonl").read_text(encoding="utf-8").splitlines()
        right = (CASES / f"order/{name}.right.txt").read_text(encoding="utf-8").splitlines()
        assert sorted(json.loads(line)["title"] for line in lines) == sorted(right)
