"""Follow-ups as a calendar file: read back by a library and looked at octet by octet; no typed words, no names."""

from datetime import timedelta
from typing import Any

import pytest
from icalendar import Calendar

from kb import clock
from kb.runs.models import Run
from kb.runs.services.changing import Sent
from kb.runs.services.following_up import move
from tests.factories import make_document, make_item
from tests.runs.conftest import Scene
from tests.runs.test_following_up import add


def events(answer) -> list[Any]:
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    return list(Calendar.from_ical(answer.data).walk("VEVENT"))


def test_the_file_holds_what_remains(scene: Scene, run: Run, sign_in) -> None:
    found = [add(scene, run, due_at=clock.now() + timedelta(days=n)) for n in (1, 30)]
    got = events(sign_in(scene.staff).get("/uppfoljningar.ics"))

    assert [event.decoded("dtstart") for event in got] == [row.due_at.replace(microsecond=0) for row in found]
    assert [str(event["uid"]) for event in got] == [f"uppfoljning-{row.public_id}@radrum" for row in found]


def test_one_that_is_moved_keeps_its_uid(scene: Scene, run: Run, sign_in) -> None:
    found, browser = add(scene, run), sign_in(scene.staff)
    path = f"/uppfoljningar/{found.public_id}.ics"
    (before,) = events(browser.get(path))
    later = found.due_at + timedelta(days=3)
    move(scene.session, found, later, reason="Ledigt.", sent=Sent(scene.viewer(scene.leader)))
    scene.session.commit()
    (after,) = events(browser.get(path))

    assert (before["uid"], before["sequence"]) == (after["uid"], 0)
    assert (after["sequence"], after.decoded("dtstart")) == (1, later.replace(microsecond=0))


def test_nothing_that_was_typed_is_in_it(scene: Scene, sign_in) -> None:
    run = scene.start(place="Hemma hos Siv Svensson")
    add(scene, run, "Ring Siv Svensson.")
    text = sign_in(scene.leader).get("/uppfoljningar.ics").text.replace("\r\n ", "")
    for typed in ("Siv", "Svensson", scene.leader.name, scene.staff.name):
        assert typed not in text


@pytest.mark.parametrize(
    "title", ['Hot; våld, \\ och "annat"', "å" * 159, "Åäö " * 40, "Rad\u2028bruten", "END:VEVENT 😀" * 9]
)
def test_any_title_is_escaped_and_folded(scene: Scene, sign_in, title: str) -> None:
    scene.item = make_item(scene.session, make_document("checklista", title=title))
    scene.session.commit()
    add(scene, scene.start())
    answer = sign_in(scene.staff).get("/uppfoljningar.ics")

    (event,) = events(answer)
    assert str(event["summary"]) == f"Uppföljning: {title}"
    lines = answer.data.split(b"\r\n")
    assert all(len(line) <= 75 for line in lines)
    assert lines[-1] == b""
    assert b"\n" not in answer.data.replace(b"\r\n", b"")
    for line in lines:
        line.decode()  # no character is cut in two


def test_an_empty_list_is_a_file_too(scene: Scene, sign_in) -> None:
    assert events(sign_in(scene.staff).get("/uppfoljningar.ics")) == []
