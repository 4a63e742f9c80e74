"""The pages of runs, without any script."""

from datetime import timedelta

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import func, select

from kb import clock
from kb.accounts.models import Membership
from kb.accounts.roles import Role
from kb.library.services.addresses import rename
from kb.library.services.publication import withdraw
from kb.runs.models import Run, RunEvent
from kb.runs.operations import StepState
from kb.runs.services.changing import Sent
from kb.runs.services.operating import set_step_state
from tests.addresses import path_of
from tests.cases import CASES
from tests.factories import make_document, make_item, make_unit, make_user
from tests.runs.conftest import Scene, SignIn
from tests.runs.shown import page, run_path, words


def test_signed_out_start_leads_to_sign_in_and_back(client: FlaskClient, scene: Scene) -> None:
    answer = client.get(f"/genomforanden/nytt?checklista={scene.item.slug}")

    assert answer.status_code == 303
    assert f"vidare=/genomforanden/nytt?checklista={scene.item.slug}".replace("?", "%3F").replace(
        "=text", "%3Dtext"
    ) in (answer.location)


def test_starting_asks_the_conditions_and_leads_to_the_run(scene: Scene, sign_in: SignIn) -> None:
    browser = sign_in(scene.staff)
    form = page(browser.get(f"/genomforanden/nytt?checklista={scene.item.slug}")).main.form
    question = form.find("legend", string="Om mötet filmades").find_parent("fieldset").input["name"]
    data = {field["name"]: field["value"] for field in form.select("input[type=hidden]")}

    answer = browser.post(
        "/genomforanden", data=data | {"plats": "Receptionen", "slag": "ovning", question: "nej"}
    )

    assert answer.status_code == 303
    shown = browser.get(answer.location)
    assert "0 av 3 klara" in words(shown)
    assert "Ej aktuellt. Du svarade nej på ”Om mötet filmades” vid starten." in words(shown)
    assert "ÖVNING" in words(shown)
    again = browser.post(
        "/genomforanden", data=data | {"plats": "Receptionen", "slag": "ovning", question: "nej"}
    )
    assert again.location == answer.location


def test_a_place_with_an_identity_number_is_refused_and_kept(scene: Scene, sign_in: SignIn) -> None:
    data = {"checklista": scene.item.slug, "plats": "Hos 19850709-1232", "slag": "skarpt"}

    answer = sign_in(scene.staff).post("/genomforanden", data=data)

    assert answer.status_code == 422
    assert page(answer).select_one("#plats")["value"] == "Hos 19850709-1232"
    assert "personnummer" in page(answer).select_one("[role=alert]").text
    assert scene.session.scalar(select(func.count(Run.id))) == 0


def test_who_belongs_to_several_units_chooses_one(scene: Scene, sign_in: SignIn) -> None:
    both = make_user(scene.session, Role.STAFF, unit=scene.unit)
    second = make_unit(scene.session, "Andra enheten")
    make_user(scene.session, Role.STAFF, unit=second)
    scene.session.add(Membership(user_id=both.id, unit_id=second.id, role=Role.STAFF.value))
    browser = sign_in(both)
    foreign = make_unit(scene.session)
    scene.session.commit()

    options = page(browser.get(f"/genomforanden/nytt?checklista={scene.item.slug}")).select("#enhet option")
    refused = browser.post("/genomforanden", data={"checklista": scene.item.slug, "enhet": foreign.public_id})
    made = browser.post("/genomforanden", data={"checklista": scene.item.slug, "enhet": second.public_id})

    assert {option["value"] for option in options} == {scene.unit.public_id, second.public_id}
    assert (refused.status_code, made.status_code) == (422, 303)
    assert scene.session.scalars(select(Run)).one().unit_id == second.id


def test_moved_and_withdrawn_checklists_show_the_way(scene: Scene, sign_in: SignIn) -> None:
    browser, old = sign_in(scene.staff), scene.item.slug
    rename(scene.session, scene.item, "nytt-namn", by=scene.viewer(scene.staff))
    scene.session.commit()
    assert (
        browser.get(f"/genomforanden/nytt?checklista={old}").location
        == "/genomforanden/nytt?checklista=nytt-namn"
    )

    withdraw(scene.session, scene.item, reason="Ersatt", replacement=None, by=scene.viewer(scene.staff))
    scene.session.commit()
    assert browser.get("/genomforanden/nytt?checklista=nytt-namn").location == "/checklistor/nytt-namn"


def test_without_a_checklist_people_come_to_the_list_and_other_texts_are_not_found(
    scene: Scene, sign_in: SignIn
) -> None:
    browser, other = sign_in(scene.staff), make_item(scene.session, make_document("vagledning"))
    scene.session.commit()

    for asked in ("", "?checklista="):
        assert browser.get(f"/genomforanden/nytt{asked}").location == "/checklistor"
    assert browser.get(f"/genomforanden/nytt?checklista={other.slug}").status_code == 404
    assert browser.post("/genomforanden", data={}).location == "/checklistor"
    assert browser.post("/genomforanden", data={"checklista": other.slug}).status_code == 404


def test_a_reader_may_not_start(scene: Scene, sign_in: SignIn) -> None:
    browser = sign_in(make_user(scene.session, Role.READER, unit=scene.unit))

    answer = browser.get(f"/genomforanden/nytt?checklista={scene.item.slug}")
    assert answer.location == f"{path_of(scene.item)}#starta"
    said = page(browser.get(path_of(scene.item))).select_one("#starta").get_text()
    assert "Medarbetare eller Krisledare" in said
    assert "Karin Krisledare, Milan Medarbetare" in said
    assert browser.post("/genomforanden", data={"checklista": scene.item.slug}).status_code == 403


def test_ticking_leads_back_to_the_step_and_shows_next(scene: Scene, run: Run, sign_in: SignIn) -> None:
    browser = sign_in(scene.staff)
    before = page(browser.get(run_path(run)))
    assert before.select_one(".step--next")["id"] == "steg-sakra"

    answer = browser.post(f"{run_path(run)}/steg/sakra/lage", data={"lage": "klart"})
    after = page(browser.get(run_path(run)))

    assert (answer.status_code, answer.location) == (303, f"{run_path(run)}#steg-sakra")
    assert after.select_one(".step--next")["id"] == "steg-ring"
    assert after.select_one("#bock-sakra")["aria-pressed"] == "true"
    assert after.select_one(".run-head b").text == "1 av 4"
    assert after.title.text.startswith("1 av 4 klara: Akut hot")
    assert "Milan Medarbetare: steg 1 klart" in after.select_one("dl.log").text


def test_every_form_of_a_step_has_its_own_client_id(scene: Scene, run: Run, sign_in: SignIn) -> None:
    shown = page(sign_in(scene.leader).get(run_path(run)))

    ids = [field["value"] for field in shown.select("#genomforande form input[name=client_id]")]
    assert len(ids) == len(set(ids)) == 17


def test_only_a_leader_is_offered_to_skip_a_critical_step(scene: Scene, run: Run, sign_in: SignIn) -> None:
    path = f"{run_path(run)}/steg/sakra/lage"
    staff = sign_in(scene.staff)
    assert page(staff.get(run_path(run))).select_one("#orsak-sakra") is None

    refused = staff.post(path, data={"lage": "ej-aktuellt", "orsak": "Alla är ute ur huset."})
    assert refused.status_code == 403
    assert page(refused).select_one("#orsak")["value"] == "Alla är ute ur huset."

    leader = sign_in(scene.leader)
    assert page(leader.get(run_path(run))).select_one("#orsak-sakra") is not None
    assert leader.post(path, data={"lage": "ej-aktuellt", "orsak": "Alla är ute."}).status_code == 303


def test_a_note_that_will_not_do_is_kept_with_the_reason(scene: Scene, run: Run, sign_in: SignIn) -> None:
    text = "Mamman, 19850709-1232, ringde"

    answer = sign_in(scene.staff).post(
        f"{run_path(run)}/steg/ring/anteckning", data={"text": text, "client_id": "a-1"}
    )

    assert answer.status_code == 422
    shown = page(answer)
    assert shown.select_one("textarea#text").text.strip() == text
    assert shown.select_one("[name=client_id]")["value"] == "a-1"
    assert shown.title.text.startswith("Fel: ")
    assert scene.session.scalar(select(func.count(RunEvent.id))) == 1


def test_notes_and_people_are_shown_at_the_step(scene: Scene, run: Run, sign_in: SignIn) -> None:
    browser = sign_in(scene.staff)
    browser.post(f"{run_path(run)}/steg/ring/anteckning", data={"text": "Rum 214."})
    browser.post(f"{run_path(run)}/steg/ring/tilldelning", data={"ansvarig": "Karin Krisledare"})
    browser.post(f"{run_path(run)}/anteckning", data={"text": "Polisen är här."})

    step = page(browser.get(run_path(run))).select_one("#steg-ring").text
    assert "Rum 214." in step
    assert "Karin Krisledare" in step
    assert "anteckning: Polisen är här." in words(browser.get(f"{run_path(run)}/logg"))


@pytest.mark.parametrize("state", ["", "kanske", "done"])
def test_an_odd_state_is_refused(scene: Scene, run: Run, sign_in: SignIn, state: str) -> None:
    assert (
        sign_in(scene.staff).post(f"{run_path(run)}/steg/ring/lage", data={"lage": state}).status_code == 422
    )


@pytest.mark.parametrize(
    "device", ["", "i går", "2026-11-21", "9999-12-31T23:59:59-23:00", "2026-11-21T12:00:00Z"]
)
def test_any_device_time_is_taken(scene: Scene, run: Run, sign_in: SignIn, device: str) -> None:
    data = {"lage": "klart", "enhetstid": device}

    assert sign_in(scene.staff).post(f"{run_path(run)}/steg/ring/lage", data=data).status_code == 303


def test_lateness_is_shown_in_words(scene: Scene, run: Run, sign_in: SignIn) -> None:
    browser = sign_in(scene.staff)
    with time_machine.travel(run.started_at + timedelta(minutes=32), tick=False):
        shown = page(browser.get(run_path(run)))

    assert "17 minuter sent" in shown.select_one("#steg-ring").text
    assert "sent" not in shown.select_one("#steg-anmal").text


@pytest.mark.parametrize(
    "headers", [{"X-Fragment": "genomforande"}, {"X-Requested-With": "fetch"}, {"Accept": "application/json"}]
)
def test_a_script_gets_the_fragment(scene: Scene, run: Run, sign_in: SignIn, headers: dict[str, str]) -> None:
    answer = sign_in(scene.staff).post(
        f"{run_path(run)}/steg/sakra/lage", data={"lage": "klart"}, headers=headers
    )

    assert answer.status_code == 200
    assert page(answer).html is None
    assert page(answer).select_one("#genomforande #bock-sakra")["aria-pressed"] == "true"


SCRIPT = {"X-Fragment": "genomforande"}


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("steg/ring/anteckning", {"text": "811228-9874"}),
        ("steg/ring/anteckning", {"text": ""}),
        ("steg/ring/lage", {"lage": "ej-aktuellt", "orsak": ""}),
        ("steg/ring/lage", {"lage": ""}),
        ("steg/borta/lage", {"lage": "klart"}),
        ("steg/ring/tilldelning", {"ansvarig": "x" * 10_000}),
        ("steg/ring/anteckning", {"text": "x", "client_id": "å" * 400}),
    ],
)
def test_a_script_is_told_why_in_words_and_never_gets_a_page(scene, run, sign_in, path, data) -> None:
    answer = sign_in(scene.staff).post(f"{run_path(run)}/{path}", data=data, headers=SCRIPT)

    said = answer.get_json()
    assert answer.status_code == said["status"] in {404, 422}
    assert said["reason"] == "refused"
    assert said["message"].endswith(".")


def test_a_script_of_a_signed_out_page_is_asked_to_sign_in(client, scene: Scene, run: Run, sign_in) -> None:
    tick = f"{run_path(run)}/steg/ring/lage"
    signed_out = client.post(tick, data={"lage": "klart"}, headers=SCRIPT)
    by_another = sign_in(scene.leader).post(
        tick, data={"lage": "klart"}, headers={**SCRIPT, "X-Person": scene.staff.public_id}
    )
    watching = sign_in(scene.leader).get(
        f"{run_path(run)}/fragment", headers={**SCRIPT, "X-Person": scene.staff.public_id}
    )

    for answer in (signed_out, by_another, watching):
        assert answer.status_code == 401
        assert answer.get_json()["reason"] == "sign-in"
    scene.session.expire_all()
    assert {step.state for step in run.steps} == {"open"}


def test_the_fragment_is_sent_only_when_something_is_new(scene: Scene, run: Run, sign_in: SignIn) -> None:
    browser, path = sign_in(scene.staff), f"{run_path(run)}/fragment"
    first = browser.get(path)
    tag = {"If-None-Match": first.headers["ETag"]}
    shown = page(browser.get(run_path(run))).select_one("[data-module=run-live]")
    assert shown["data-etag"] == first.headers["ETag"]
    assert browser.get(path, headers=tag).status_code == 304
    since = max(scene.session.scalars(select(RunEvent.id)))
    assert browser.get(f"{path}?efter={since}").status_code == 304
    assert browser.get(f"{path}?efter=x").status_code == 200

    set_step_state(scene.session, run, "ring", StepState.DONE, sent=Sent(scene.viewer(scene.leader)))
    scene.session.commit()

    assert browser.get(path, headers=tag).status_code == 200
    assert browser.get(f"{path}?efter={since}").status_code == 200


def test_what_is_fetched_again_and_again_is_packed(scene: Scene, run: Run, sign_in: SignIn) -> None:
    browser, packed = sign_in(scene.staff), {"Accept-Encoding": "gzip"}

    fragment = browser.get(f"{run_path(run)}/fragment", headers=packed)
    again = browser.get(f"{run_path(run)}/fragment", headers={"If-None-Match": fragment.headers["ETag"]})
    echoing = browser.get(f"{run_path(run)}?gissning=x", headers=packed)

    assert fragment.headers["Content-Encoding"] == "gzip"
    assert again.status_code == 304
    assert "Content-Encoding" not in echoing.headers


def test_a_step_that_turns_late_is_new(scene: Scene, run: Run, sign_in: SignIn) -> None:
    browser = sign_in(scene.staff)
    tag = {"If-None-Match": browser.get(f"{run_path(run)}/fragment").headers["ETag"]}

    with time_machine.travel(clock.now() + timedelta(minutes=20), tick=False):
        assert browser.get(f"{run_path(run)}/fragment", headers=tag).status_code == 200


def test_others_get_404_everywhere(scene: Scene, run: Run, sign_in: SignIn) -> None:
    reading = ("", "/fragment", "/logg", "/inbjudan", "/avslut", "/protokoll")
    writing = (
        "/steg/ring/lage",
        "/steg/ring/tilldelning",
        "/steg/ring/anteckning",
        "/anteckning",
        "/inbjudan",
        "/avslut",
    )
    staff = make_user(scene.session, Role.STAFF)
    for user in (scene.outsider, scene.administrator, staff):
        browser = sign_in(user)
        assert {browser.get(run_path(run) + part).status_code for part in reading} == {404}
        assert {
            browser.post(run_path(run) + part, data={"lage": "klart"}).status_code for part in writing
        } == {404}
        listing = browser.get("/genomforanden")
        assert "Akut hot" not in listing.text
        assert page(listing).select_one(".alert-bar") is None
    assert scene.session.scalar(select(func.count(RunEvent.id))) == 1


def test_the_alert_bar_is_on_other_pages(
    client: FlaskClient, scene: Scene, run: Run, sign_in: SignIn
) -> None:
    scene.start(is_exercise=True)
    browser = sign_in(scene.staff)

    bar = page(browser.get("/viktiga-nummer")).select_one(".alert-bar").text
    assert "Pågår: Akut hot." in bar
    assert "Pågår: Övning: Akut hot." in bar
    assert "Övning" in page(browser.get(run_path(run))).select_one(".alert-bar").text
    assert page(client.get("/viktiga-nummer")).select_one(".alert-bar") is None


def test_no_page_of_a_run_is_stored(scene: Scene, run: Run, sign_in: SignIn) -> None:
    browser = sign_in(scene.leader)
    for part in ("", "/fragment", "/logg", "/inbjudan", "/avslut", "/protokoll"):
        assert browser.get(run_path(run) + part).headers["Cache-Control"] == "no-store"


def test_text_in_a_run_is_never_markup(scene: Scene, sign_in: SignIn) -> None:
    item = make_item(scene.session, make_document("checklista", title="<script>alert(1)</script>"))
    scene.item = item
    run = scene.start(place="<img src=x onerror=alert(1)>")
    browser = sign_in(scene.leader)
    browser.post(f"{run_path(run)}/steg/ring/anteckning", data={"text": "<b onclick=x>hej</b>"})

    for path in (run_path(run), f"{run_path(run)}/logg", f"{run_path(run)}/protokoll", "/genomforanden"):
        shown = page(browser.get(path))
        assert not shown.select("[onerror], [onclick], script:not([src])")


@pytest.mark.parametrize(
    "case", sorted((CASES / "unicode").glob("invisible-*.txt")), ids=lambda case: case.stem
)
def test_a_note_that_nobody_can_see_is_refused(scene, run, sign_in, case):
    browser = sign_in(scene.staff)

    response = browser.post(f"{run_path(run)}/steg/ring/anteckning", data={"text": case.read_text()})

    assert response.status_code == 422
    assert "Skriv något i anteckningen." in response.text
