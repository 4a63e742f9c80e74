"""The pages of runs, without any script: inviting, ending, the record, disposal."""

from datetime import timedelta

import time_machine
from sqlalchemy import func, select

from kb.accounts.roles import Role
from kb.mail.models import MailMessage
from kb.runs.models import Run
from tests.factories import make_user
from tests.runs.conftest import Scene, SignIn
from tests.runs.shown import end, page, run_path, words


def test_inviting_mails_the_address_and_nothing_about_the_run(
    scene: Scene, run: Run, sign_in: SignIn
) -> None:
    browser = sign_in(scene.leader)

    wrong = browser.post(f"{run_path(run)}/inbjudan", data={"email": "ingen@kommun.example"})
    right = browser.post(f"{run_path(run)}/inbjudan", data={"email": scene.outsider.email})
    browser.post(f"{run_path(run)}/inbjudan", data={"email": scene.outsider.email})

    assert (wrong.status_code, right.status_code) == (422, 303)
    assert "Olle Annanstans" in words(browser.get(f"{run_path(run)}/inbjudan"))
    mail = scene.session.scalars(select(MailMessage)).one()
    assert run_path(run) in mail.body
    assert run.title not in mail.body + mail.subject
    assert sign_in(scene.outsider).get(run_path(run)).status_code == 200


def test_staff_may_not_invite_or_end(scene: Scene, run: Run, sign_in: SignIn) -> None:
    browser = sign_in(scene.staff)

    assert page(browser.get(run_path(run))).select_one(f'a[href="{run_path(run)}/avslut"]') is None
    for part in ("/inbjudan", "/avslut"):
        assert browser.get(run_path(run) + part).status_code == 403
        assert browser.post(run_path(run) + part, data={"email": "a@b.se"}).status_code == 403


def test_ending_shows_what_is_left_and_gives_the_record(scene: Scene, run: Run, sign_in: SignIn) -> None:
    browser = sign_in(scene.leader)
    browser.post(
        f"{run_path(run)}/steg/ring/lage", data={"lage": "klart", "enhetstid": "2026-01-02T10:00:00Z"}
    )
    browser.post(
        f"{run_path(run)}/steg/anmal/lage", data={"lage": "ej-aktuellt", "orsak": "Ingen kom till skada"}
    )
    left = words(browser.get(f"{run_path(run)}/avslut"))
    assert "Steg 1 : Säkra den utsatta. Kritiskt" in left
    assert "Steg 2" not in left

    without = browser.post(f"{run_path(run)}/avslut", data={"anteckning": "", "diarienummer": "SN 1"})
    assert without.status_code == 422
    assert page(without).select_one("#diarienummer")["value"] == "SN 1"
    ended = browser.post(
        f"{run_path(run)}/avslut", data={"anteckning": "Alla är hemma.", "diarienummer": "SN 1"}
    )

    assert (ended.status_code, ended.location) == (303, f"{run_path(run)}/protokoll")
    record = words(browser.get(ended.location))
    for part in (
        "Alla är hemma.",
        "SN 1",
        "Kontoret i Centrum",
        "Ingen kom till skada",
        "Inte klart",
        "enhetens klocka",
    ):
        assert part in record
    assert f"Checklistans version {run.version}" in record


def test_the_record_says_how_late_each_step_was(scene: Scene, run: Run, sign_in: SignIn) -> None:
    browser = sign_in(scene.leader)
    with time_machine.travel(run.started_at + timedelta(minutes=32), tick=False):
        for step in ("ring", "anmal"):
            browser.post(f"{run_path(run)}/steg/{step}/lage", data={"lage": "klart"})

    record = words(browser.get(f"{run_path(run)}/protokoll"))

    assert record.count("efter tiden") == 1, "what has no time of its own is never late"
    assert "Karin Krisledare, 17 minuter efter tiden" in record


def test_an_ended_run_can_be_read_and_not_changed(scene: Scene, run: Run, sign_in: SignIn) -> None:
    end(scene, run)
    browser = sign_in(scene.leader)

    shown = page(browser.get(run_path(run)))
    assert shown.select("#genomforande form") == []
    assert browser.post(f"{run_path(run)}/steg/ring/lage", data={"lage": "klart"}).status_code == 409
    note = browser.post(f"{run_path(run)}/steg/ring/anteckning", data={"text": "En sak till"})
    assert note.status_code == 409
    assert page(note).select_one("textarea#text").text.strip() == "En sak till"
    assert browser.post(f"{run_path(run)}/avslut", data={"anteckning": "Igen"}).status_code == 409
    assert "4 av 4" not in words(browser.get("/genomforanden"))
    assert "Läs och skriv ut" in words(browser.get("/genomforanden"))


def test_an_exercise_is_marked_on_every_page(scene: Scene, sign_in: SignIn) -> None:
    run = scene.start(is_exercise=True)
    browser = sign_in(scene.leader)
    pages = [
        run_path(run),
        f"{run_path(run)}/logg",
        f"{run_path(run)}/inbjudan",
        f"{run_path(run)}/avslut",
        f"{run_path(run)}/protokoll",
    ]

    assert all("ÖVNING" in words(browser.get(path)) for path in pages)
    assert "Övning" in words(browser.get("/genomforanden"))


def test_an_empty_list_says_what_will_be_here(scene: Scene, sign_in: SignIn) -> None:
    assert "Ingen checklista pågår" in words(sign_in(scene.staff).get("/genomforanden"))
    reader = sign_in(make_user(scene.session, Role.READER, unit=scene.unit))
    assert page(reader.get("/genomforanden")).main.find("a", string="Starta en checklista") is None


def test_disposal_shows_no_content_and_asks_for_the_decision(scene: Scene, run: Run, sign_in: SignIn) -> None:
    end(scene, run)
    browser, path = sign_in(scene.administrator), f"/administration/gallring/{run.public_id}"
    listed, asked = words(browser.get("/administration/gallring")), words(browser.get(path))
    assert scene.unit.name in listed
    assert "Kontoret i Centrum" not in listed + asked
    assert "Alla är hemma" not in listed + asked

    assert browser.post(path, data={"beslut": ""}).status_code == 422
    done = browser.post(path, data={"beslut": "Beslut 12/2026"})

    assert done.status_code == 303
    assert "gallrat" in words(browser.get(done.location))
    assert scene.session.scalar(select(func.count(Run.id))) == 0
    assert browser.get(path).status_code == 404


def test_running_ones_cannot_be_disposed_of(scene: Scene, run: Run, sign_in: SignIn) -> None:
    path = f"/administration/gallring/{run.public_id}"

    assert sign_in(scene.administrator).post(path, data={"beslut": "Beslut"}).status_code == 404
    assert sign_in(scene.leader).get("/administration/gallring").status_code == 403
