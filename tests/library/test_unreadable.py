"""What is stored and cannot be read costs its own page a clear message, never a list; the check names it."""

import pytest
from sqlalchemy import text

from kb.accounts.roles import Role
from kb.accounts.viewer import SYSTEM
from kb.library.core.indexable import list_indexable, list_stamps
from kb.library.core.integrity import unreadable_revisions
from kb.library.core.models.items import Revision
from kb.library.core.models.stored import DOCUMENTS
from tests.addresses import path_of
from tests.factories import make_document, make_draft, make_item, make_user
from tests.forms import page_of, typed_in
from tests.library.drafts import save

DAMAGES = {
    "cut": '{"kind": "vagledning", "tit',
    "list": "[1, 2]",
    "null": "null",
    "other shape": '{"kind": "vagledning", "title": "T", "actions": "Ring"}',
    "another kind": '{"kind": "mall", "title": "T", "text": "Hej", "channel": "internt"}',
    "unknown kind": '{"kind": "roman", "title": "T"}',
    "unknown phase": '{"kind": "vagledning", "title": "T", "phases": ["sedan"]}',
    "no day": '{"kind": "vagledning", "title": "T", "checked_on": "i går"}',
    "no day to come": '{"kind": "vagledning", "title": "T", "valid_from": "2026-02-30"}',
    "half a character": '{"kind": "vagledning", "title": "T", "body": "<p>\\ud800</p>"}',
    "half a word": '{"kind": "vagledning", "title": "T", "labels": ["\\udfff"]}',
}
LISTS = [
    "/",
    "/vagledning",
    "/mallar",
    "/nu",
    "/nu/hot",
    "/amnen/hot",
    "/andrat",
    "/andrat.atom",
    "/sok?q=text",
    "/ordlista",
]
DESK = ["/redaktion", "/redaktion/innehall", "/redaktion/innehall?ord=text"]


@pytest.fixture
def damage(session):
    """`damage(revision, how)` writes over what is stored, past the application."""

    def run(revision: Revision, how: str) -> None:
        row = {"value": DAMAGES[how], "id": revision.id}
        session.execute(text("UPDATE revision SET document = :value WHERE id = :id"), row)
        session.commit()
        DOCUMENTS.clear()

    return run


@pytest.fixture
def desk(session, sign_in):
    """Somebody who writes and reviews."""
    return sign_in(make_user(session, Role.EDITOR, Role.REVIEWER))


def on_sqlite(session, how):
    """PostgreSQL refuses what is no JSON itself."""
    return (
        how not in {"cut", "half a character", "half a word"} or session.get_bind().dialect.name == "sqlite"
    )


@pytest.mark.parametrize("how", DAMAGES)
def test_a_damaged_revision_costs_its_own_page_only(session, desk, client, damage, how):
    if not on_sqlite(session, how):
        pytest.skip("the database itself refuses it")
    item, other = make_item(session), make_item(session, make_document("mall"))
    damage(item.published_revision, how)

    for address in (*LISTS, *DESK, path_of(other)):
        assert (address, desk.get(address).status_code) == (address, 200)
    page = client.get(path_of(item))
    assert page.status_code == 409
    assert "Revision 1" in page.text
    assert "går inte att läsa" in page.text


@pytest.mark.parametrize("page", ["", "/forhandsvisning"])
def test_an_editor_gets_the_way_to_the_history_and_an_older_version_back(session, desk, damage, page):
    item = make_draft(session)
    save(session, item, SYSTEM, title="En ny titel")
    damage(item.latest_revision, "other shape")
    path = f"/redaktion/{item.kind}/{item.public_id}"

    answer = desk.get(path + page)
    history = desk.get(f"{path}/historik")
    assert (answer.status_code, history.status_code) == (409, 200)
    assert f'href="{path}/historik"' in answer.text
    assert "Går inte att läsa" in history.text

    assert desk.get(f"/redaktion/granska/{item.public_id}").status_code == 409
    sent = {"nummer": "1", "base": str(item.latest_revision_id)}
    assert desk.post(f"{path}/aterstallning", data=sent).status_code == 303
    assert desk.get(path).status_code == 200


def test_search_indexes_the_rest_and_what_is_known_of_it(session, damage):
    item, other = make_item(session), make_item(session)
    damage(item.published_revision, "list")

    found = {one.item_id: one for one in list_indexable(session)}

    assert set(found) == {item.id, other.id} == set(list_stamps(session))
    assert (found[item.id].title, found[item.id].text) == (item.title, "")


def test_every_revision_that_cannot_be_read_is_named(session, damage):
    item = make_item(session, slug="en-text")
    save(session, item, SYSTEM, title="Ny")
    damage(item.published_revision, "other shape")

    [found] = unreadable_revisions(session.connection())

    assert found.startswith("revision 1 av /vagledning/en-text går inte att läsa")


def test_a_revision_of_another_kind_than_its_text_is_named(session):
    item = make_item(session, slug="en-text")
    item.published_revision.document = make_document("mall").to_dict()
    session.flush()

    [found] = unreadable_revisions(session.connection())

    assert "another kind" in found


def test_the_lint_of_what_is_published_goes_on(app, session, damage):
    damage(make_item(session, slug="en-text").published_revision, "null")

    result = app.test_cli_runner().invoke(args=["library", "lint", "--database"])

    assert "fel /vagledning/en-text:revision" in result.stdout


def test_a_checklist_without_section_headings_is_written_listed_and_followed(session, desk):
    address = "/redaktion/ny?typ=checklista"
    values = {
        "title": "Utan rubrik", "sections-0-title": "", "sections-0-steps-0-text": "Ring 112.",
        "sections-0-steps-0-deadline_sort": "ingen", "sections-0-pause": "", "visibility": "oppen",
        "mode": "las-och-gor", "basis": "", "unit": "", "review_interval_months": "12",
    }  # fmt: skip
    path = desk.post(address, data=values).location

    for page in (path, f"{path}/historik", f"{path}/forhandsvisning", *DESK):
        assert (page, desk.get(page).status_code) == (page, 200)


@pytest.mark.parametrize("length", [80, 81, 5000])
def test_no_form_makes_a_step_id_that_cannot_be_loaded(session, desk, length):
    item = make_draft(session, make_document("checklista"))
    session.commit()
    path = f"/redaktion/checklista/{item.public_id}"
    typed = typed_in(page_of(desk.get(path)), **{"sections-0-steps-0-id": "a" * length})

    assert desk.post(path, data=typed).status_code == 303

    session.expire_all()
    ids = [step.id for step in item.latest_revision.content.steps()]
    assert all(len(step_id) <= 80 for step_id in ids)
    assert ("a" * 80 in ids) == (length == 80)


@pytest.mark.parametrize(("length", "status"), [(80, 303), (81, 422)])
def test_no_address_brings_a_step_that_cannot_be_loaded(session, desk, length, status):
    make_item(session, make_document("checklista"), slug="en-lista")
    item = make_draft(session, make_document("berattelse"))
    session.commit()
    path = f"/redaktion/berattelse/{item.public_id}"
    lesson = {"lessons-0-text": "Öva.", "lessons-0-item": f"/checklistor/en-lista#steg-{'a' * length}"}
    typed = typed_in(page_of(desk.get(path)), **lesson, **{"lessons-0-step": ""})

    assert desk.post(path, data=typed).status_code == status
