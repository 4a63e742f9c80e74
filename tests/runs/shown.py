"""What the pages of runs show, for their tests."""

from bs4 import BeautifulSoup
from werkzeug.test import TestResponse

from kb.runs.models import Run
from kb.runs.services.changing import Sent
from kb.runs.services.ending import finish
from tests.runs.conftest import Scene


def page(response: TestResponse) -> BeautifulSoup:
    return BeautifulSoup(response.data, "html.parser")


def run_path(run: Run) -> str:
    """The address of a run, written out: people keep it in mail."""
    return f"/genomforanden/{run.public_id}"


def words(response: TestResponse) -> str:
    return " ".join(page(response).main.get_text(" ", strip=True).split())


def end(scene: Scene, run: Run) -> None:
    finish(
        scene.session,
        run,
        closing_note="Alla är hemma.",
        diary_number="",
        sent=Sent(scene.viewer(scene.leader)),
    )
    scene.session.commit()
