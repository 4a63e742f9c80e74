"""kill -9 at any moment: what was acknowledged is there, the index agrees, the next start needs no hand."""

import itertools
import random
import threading
import time
from contextlib import suppress
from functools import partial

import pytest
from sqlalchemy import select

from kb.accounts.queries import user_by_email
from kb.accounts.roles import Role
from kb.accounts.services.users import create_user
from kb.accounts.viewer import SYSTEM
from kb.library.content.document import Kind
from kb.library.core.models.items import ContentItem
from kb.library.core.queries.reading import get_reading
from kb.library.services import drafts, review
from kb.runs.models import RunEvent
from kb.runs.services.changing import Sent
from kb.runs.services.starting import start_run
from tests.addresses import path_of
from tests.conftest import SERVER
from tests.factories import make_document, make_item, make_unit, make_user, viewer_of
from tests.ops.serving import REFUSALS, Browser, Servers

ROUNDS = 6 if SERVER else 20
TEXTS = 300
PASSWORD = "fyra korgar med äpplen"
REVIEWER, LEADER = "granskare@kommun.example", "krisledare@kommun.example"


@pytest.fixture
def texts(live_app):
    """Drafts that wait for review, as (public id, revision)."""
    with live_app.extensions["database"].transaction() as session:
        unit = make_unit(session, "Socialkontoret")
        editor = viewer_of(session, make_user(session, Role.EDITOR, unit=unit))
        for email, role in ((REVIEWER, Role.REVIEWER), (LEADER, Role.LEADER)):
            roles = {unit.id: {role}}
            create_user(session, name="Kim", email=email, password=PASSWORD, roles=roles, by=SYSTEM)
        items = [drafts.create_item(session, make_document(), by=editor) for _ in range(TEXTS)]
        for item in items:
            review.submit_for_review(session, item, by=editor)
        return [(item.public_id, item.latest_revision_id) for item in items]


@pytest.fixture
def run_path(live_app, texts):
    """A run that is going on."""
    with live_app.extensions["database"].transaction() as session:
        make_item(session, make_document("checklista"), slug="vid-hot")
        leader = viewer_of(session, user_by_email(session, LEADER))
        reading = get_reading(session, leader, Kind.CHECKLIST, "vid-hot")
        run = start_run(session, reading, unit_id=min(leader.unit_ids), place="Kontoret", sent=Sent(leader))
        return f"/genomforanden/{run.public_id}"


@pytest.fixture
def servers(live_app, run_path):
    """The servers, started and killed by the test."""
    settings = live_app.config["SETTINGS"]
    servers = Servers(settings.instance, settings.database_url)
    yield servers
    servers.kill()


class Worker(threading.Thread):
    """Does one thing after the other until the server is gone; remembers what was acknowledged."""

    def __init__(self, acts, acknowledged):
        super().__init__(daemon=True)
        self._acts = acts
        self._acknowledged = acknowledged
        self.refused = []

    def run(self):
        with suppress(*REFUSALS):
            for name, act in self._acts:
                status, text = act()
                if status == 303:
                    self._acknowledged.add(name)
                else:
                    self.refused.append((name, status, text[:300]))


def publishing(browser, texts):
    """Publish one text after the other."""
    while texts:
        public_id, revision = texts.pop()
        path = f"/redaktion/vagledning/{public_id}/publicering"
        yield public_id, partial(browser.post, path, revision=revision)


def ticking(browser, run_path, numbers):
    """Tick and note, each with a name of its own."""
    for number in numbers:
        name = f"rad-{number}"
        if number % 3:
            yield name, partial(browser.post, f"{run_path}/anteckning", text=f"Rad {number}", client_id=name)
        else:
            state = "klart" if number % 2 else "oppet"
            path = f"{run_path}/steg/ring/lage"
            yield f"läge {number}", partial(browser.post, path, lage=state, client_id=name)


@pytest.mark.slow
def test_nothing_acknowledged_is_lost(live_app, texts, run_path, servers):
    seed = random.randrange(10**6)
    chance, numbers = random.Random(seed), itertools.count(1)
    acknowledged: set[str] = set()
    reviewer, leader = Browser(servers.port), Browser(servers.port)
    servers.start()
    servers.wait_until_ready()
    reviewer.sign_in(REVIEWER, PASSWORD)
    leader.sign_in(LEADER, PASSWORD)

    for number in range(ROUNDS):
        workers = [
            Worker(publishing(reviewer, texts), acknowledged),
            Worker(ticking(leader, run_path, numbers), acknowledged),
        ]
        before = len(acknowledged)
        for worker in workers:
            worker.start()
        # In every other round in the middle of something, however slow the machine is; else wherever it may be.
        if number % 2:
            wait_until(lambda before=before: len(acknowledged) > before)
        time.sleep(chance.uniform(0.02, 0.9))
        servers.kill()
        for worker in workers:
            worker.join(30)
            assert worker.refused == []
        if number % 5 == 4:  # and once more while it starts
            servers.start()
            time.sleep(chance.uniform(0.1, 2))
            servers.kill()
        servers.start()
        servers.wait_until_ready()
        assert missing(live_app, acknowledged) == set(), f"seed {seed}, round {number}"
        assert_index_agrees(live_app)

    assert_pages_show(servers, live_app)


def wait_until(holds, longest=60):
    """Wait until it holds."""
    deadline = time.monotonic() + longest
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def missing(app, acknowledged):
    """What was acknowledged and is not in the database. A state that stood already leaves no event."""
    with app.extensions["database"].reading() as session:
        published = session.scalars(select(ContentItem.public_id).where(ContentItem.status == "publicerad"))
        stored = {*published, *session.scalars(select(RunEvent.client_id))}
    return {name for name in acknowledged if not name.startswith("läge")} - stored


def assert_index_agrees(app, longest=30):
    """The index comes to agree with the database by itself."""
    indexer, deadline = app.extensions["search"].indexer, time.monotonic() + longest
    while not (report := indexer.check()).agrees:
        assert time.monotonic() < deadline, report
        time.sleep(0.2)


def assert_pages_show(servers, app):
    """Every published text has its page."""
    browser = Browser(servers.port)
    with app.extensions["database"].reading() as session:
        slugs = session.scalars(select(ContentItem.slug).where(ContentItem.status == "publicerad")).all()
        paths = [
            path_of(item) for item in session.scalars(select(ContentItem).where(ContentItem.slug.in_(slugs)))
        ]
    assert {browser.get(path)[0] for path in paths} == {200}
