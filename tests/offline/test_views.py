"""What phones are told to keep: open texts for everybody, runs for those who see them, never more than is allowed."""

import json
import re
from dataclasses import replace

import pytest

from kb.accounts.roles import Role
from kb.accounts.viewer import SYSTEM
from kb.library.services.publication import withdraw
from kb.runs.operations import StepState
from kb.runs.services.changing import Sent
from kb.runs.services.operating import set_step_state
from tests.factories import make_document, make_item, make_sections, make_unit, make_user
from tests.runs.shown import end
from tests.shipped_content import shipped_app


def kept(browser, which="oppet"):
    """Address → row of a list."""
    return {row["url"]: row for row in browser.get(f"/utan-nat/{which}.json").json["pages"]}


@pytest.fixture
def allow(app, monkeypatch):
    """`allow("oppet")`: what may lie on phones."""

    def set_phone(value):
        monkeypatch.setitem(app.config, "SETTINGS", replace(app.config["SETTINGS"], phone=value))

    return set_phone


def acute(visibility="oppen", **values):
    """An acute checklist whose first step leads to a guidance."""
    first, *rest = make_sections()
    step = replace(first.steps[0], guidance=values.pop("guidance", ""))
    sections = (replace(first, steps=(step, *first.steps[1:])), *rest)
    return make_document("checklista", sections=sections, visibility=visibility, **values)


def test_the_worker_is_served_from_the_root_and_knows_the_files_of_its_version(app, client):
    answer = client.get("/sw.js")

    assert answer.mimetype == "text/javascript"
    assert answer.headers["Cache-Control"] == "no-cache"
    known = json.loads(re.match(r"const KNOWN = (.+)\n", answer.text)[1])
    build = app.extensions["assets"].digest
    assert known["build"] == build == answer.headers["X-Radrum"]
    assert f"/static/{build}/site.css" in known["files"]
    for address in known["files"]:
        with client.get(address) as file:
            assert file.status_code == 200


def test_every_module_that_pages_name_is_among_the_files(app, client):
    files = client.get("/sw.js").text
    folder = app.extensions["assets"].folder

    for path in (folder / "js").rglob("*.js"):
        assert path.name == "worker.js" or path.name in files


@pytest.mark.parametrize("visibility", ["intern", "enhet"])
def test_what_is_not_for_everybody_is_on_no_open_list(client, session, visibility):
    unit = make_unit(session).public_id if visibility == "enhet" else ""
    hidden = make_item(session, make_document(title="Hemlig väg", visibility=visibility, unit=unit))
    closed = make_item(session, acute(visibility, unit=unit))
    shown = make_item(session, acute(guidance=hidden.slug))
    session.commit()

    rows = kept(client)

    assert f"/checklistor/{shown.slug}" in rows
    assert f"/checklistor/{closed.slug}" not in rows
    assert f"/vagledning/{hidden.slug}" not in rows
    assert "Hemlig väg" not in client.get("/utan-nat/oppet.json").text


def test_who_is_signed_in_gets_the_same_open_list(client, sign_in, session):
    unit = make_unit(session)
    make_item(session, acute("enhet", unit=unit.public_id))
    make_item(session, acute())
    editor = sign_in(make_user(session, Role.EDITOR, unit=unit))

    assert kept(editor) == kept(client)


def test_acute_lists_and_the_guidance_of_their_steps_are_kept_as_long_as_they_hold(client, session):
    read = make_item(session)
    other = make_item(session)
    later = make_item(session, acute(phases=("efter",)))
    item = make_item(session, acute(guidance=read.slug))
    session.commit()
    before = kept(client)

    assert {f"/checklistor/{item.slug}", f"/vagledning/{read.slug}"} <= set(before)
    assert not {f"/vagledning/{other.slug}", f"/checklistor/{later.slug}"} & set(before)
    assert {"/", "/nu", "/viktiga-nummer", "/nu/hot", "/nu/annat"} <= set(before)
    for row in before.values():
        assert client.get(row["source"] or row["url"]).status_code == 200

    withdraw(session, item, by=SYSTEM, reason="Fel nummer.", replacement=None)
    session.commit()
    after = kept(client)

    assert f"/checklistor/{item.slug}" not in after
    assert after["/nu"]["stamp"] != before["/nu"]["stamp"]


def test_a_person_keeps_the_runs_that_go_on_in_own_units(scene, run, sign_in):
    staff, outsider = sign_in(scene.staff), sign_in(scene.outsider)
    address = f"/genomforanden/{run.public_id}"
    first = kept(staff, "mina")

    assert list(first) == [address]
    assert kept(outsider, "mina") == {}
    assert outsider.get(first[address]["source"]).status_code == 404

    set_step_state(scene.session, run, "ring", StepState.DONE, sent=Sent(scene.viewer(scene.staff)))
    scene.session.commit()
    assert kept(staff, "mina")[address]["stamp"] != first[address]["stamp"]

    end(scene, run)
    assert kept(staff, "mina") == {}


def test_the_list_of_a_person_is_for_nobody_else(client, scene, run, sign_in):
    script = {"X-Fragment": "kopia"}

    assert client.get("/utan-nat/mina.json", headers=script).status_code == 401
    answer = sign_in(scene.leader).get(
        "/utan-nat/mina.json", headers=script | {"X-Person": scene.staff.public_id}
    )
    assert answer.status_code == 401
    assert run.public_id not in answer.text


@pytest.mark.parametrize(
    ("phone", "has_open", "has_runs", "has_log"),
    [
        ("inget", False, False, False),
        ("oppet", True, False, False),
        ("genomforanden", True, True, False),
        ("logg", True, True, True),
    ],
)
def test_what_may_lie_on_a_phone_is_as_it_was_set(
    scene, run, sign_in, allow, phone, has_open, has_runs, has_log
):
    allow(phone)
    staff = sign_in(scene.staff)

    assert bool(kept(staff)) == has_open
    assert bool(kept(staff, "mina")) == has_runs
    copy = staff.get(f"/genomforanden/{run.public_id}/kopia")
    assert (copy.status_code == 200) == has_runs
    assert ("startade checklistan" in copy.text) == has_log
    assert 'data-worker="/sw.js"' in staff.get("/om").text or not has_open


def test_a_copy_of_a_run_is_stored_nowhere_on_the_way(scene, run, sign_in):
    copy = sign_in(scene.staff).get(f"/genomforanden/{run.public_id}/kopia")

    assert copy.headers["Cache-Control"] == "no-store"
    assert 'data-module="run-live"' in copy.text


def test_the_index_that_phones_search_is_small_folded_and_open(client, session):
    hidden = make_item(session, make_document(title="Hemlig väg", visibility="intern"))
    item = make_item(session, acute(guidance=hidden.slug, title="Hot på kontoret: gör så här"))
    session.commit()

    answer = client.get("/utan-nat/sok.json")

    row = next(row for row in answer.json["rows"] if row["url"].endswith(item.slug))
    assert row["head"].split()[:2] == ["hot", "kontoret"]
    assert "pa" in answer.json["small"]
    assert "Hemlig" not in answer.text
    assert "/utan-nat/sok.json" in kept(client)


def test_the_index_of_the_shipped_texts_is_small(tmp_path_factory):
    app = shipped_app(tmp_path_factory)
    answer = app.test_client().get("/utan-nat/sok.json")
    app.extensions["database"].dispose()

    assert len(answer.json["rows"]) > 20
    assert len(answer.data) <= 300_000
