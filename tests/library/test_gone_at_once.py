"""What is taken away is gone for everybody: real servers, readers and changes at once."""

import itertools
import random
import threading
import time
from contextlib import contextmanager, suppress
from dataclasses import replace

import pytest

from kb.accounts.roles import Role
from kb.accounts.services.users import create_user
from kb.accounts.viewer import SYSTEM
from kb.library.content.document import Kind, Provision
from kb.library.core.models.items import ContentItem
from kb.library.services import publication, revisions
from tests.addresses import path_of
from tests.conftest import IN_CI
from tests.factories import make_document, make_item, make_unit
from tests.ops.serving import REFUSALS, Browser, Servers

WITHDRAWN = 200 if IN_CI else 40
OTHERS = 10  # of each other way to take words away
SOON = 0.2  # seconds after the commit
PASSWORD, READER = "fyra korgar med äpplen", "lasare@kommun.example"
SHARED_PAGES = (
    "/",
    "/amnen/hot",
    "/nu/hot",
    "/andrat",
    "/andrat.atom",
    "/lagrum",
    "/lagrum/aml-3-kap-3-a",
    "/sok?q=",
    "/sok/forslag?q=",
)
LISTS = {
    "vagledning": "/vagledning",
    "checklista": "/checklistor",
    "mall": "/mallar",
    "pastaende": "/pastaenden",
}


@pytest.fixture
def words(live_app):
    """Item id → a word that only this item has; a reader with an account."""
    found = {}
    kinds = itertools.cycle(("vagledning", "checklista", "mall", "pastaende"))
    law = Provision(statute="Arbetsmiljölag (1977:1160)", section="3 kap. 3 a §", short="AML")
    with live_app.extensions["database"].transaction() as session:
        unit = make_unit(session, "Socialkontoret")
        create_user(
            session, name="Kim", email=READER, password=PASSWORD, roles={unit.id: {Role.READER}}, by=SYSTEM
        )
        for number, kind in zip(range(WITHDRAWN + 2 * OTHERS), kinds, strict=False):
            word = f"hemligord{number:03}q"
            document = make_document(kind, title=f"Om {word}", summary=f"Mer om {word}.", provisions=(law,))
            found[make_item(session, document).id] = word
    return found


@pytest.fixture
def servers(live_app, words):
    """Two processes that serve; the worker beside them."""
    settings = live_app.config["SETTINGS"]
    servers = Servers(settings.instance, settings.database_url)
    servers.start()
    servers.wait_until_ready()
    yield servers
    servers.stop()


class Readers:
    """Browsers that ask for the pages of an item while it is changed, so that memory is filled in that moment."""

    def __init__(self, port, number=4):
        self._path, self._open, self._over = "/", threading.Event(), threading.Event()
        self._threads = [
            threading.Thread(target=self._read, args=(Browser(port), place % 2), daemon=True)
            for place in range(number)
        ]

    def __enter__(self):
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_error):
        self._over.set()
        self._open.set()
        for thread in self._threads:
            thread.join(30)

    @contextmanager
    def on(self, path):
        """Read this page all the while."""
        self._path = path
        self._open.set()
        try:
            yield
        finally:
            self._open.clear()

    def _read(self, browser, is_signed_in):
        if is_signed_in:
            browser.sign_in(READER, PASSWORD)
        while self._open.wait() and not self._over.is_set():
            with suppress(*REFUSALS):
                browser.get(self._path)


def pages_of(path, kind, word, way):
    """Where the word stood; the page itself several times, so that each process is asked."""
    yield from [path] * 4
    yield LISTS[kind]
    yield f"{path}.txt" if kind == Kind.TEMPLATE else path
    yield from random.Random(word).sample(SHARED_PAGES, 2)
    if way is not reword:
        yield f"{path}/historik"


def stale_in(browser, path, kind, word, way):
    """The addresses where the word still stands. Before the next change: that would mend what is stale."""
    for page in pages_of(path, kind, word, way):
        address = f"{page}{word}" if page.endswith("q=") else page
        status, text = browser.get(address)
        own = way is withdraw and status == 410  # the page that says what was taken away
        echoes = f"Om {word}" if page.endswith("q=") else word  # a search page holds what was typed
        if echoes in text and not own:
            yield status, address


def withdraw(session, item):
    """Take it away; its own page tells so."""
    publication.withdraw(session, item, reason="Fel.", replacement=None, by=SYSTEM)


def narrow(session, item):
    """For people with an account only."""
    publish(session, item, replace(item.published_revision.content, visibility="intern"))


def reword(session, item):
    """Other words."""
    publish(session, item, replace(item.published_revision.content, title="Annat", summary="Annat."))


def publish(session, item, document):
    """A new version."""
    revision = revisions.add_revision(session, item, document, by=SYSTEM, reason="x")
    publication.put_public(session, item, revision, by=SYSTEM, way="prov")


@pytest.mark.slow
def test_what_is_taken_away_is_not_served_after_the_commit(live_app, words, servers):
    database = live_app.extensions["database"]
    ways = [*[withdraw] * WITHDRAWN, *[narrow] * OTHERS, *[reword] * OTHERS]
    stranger, member = Browser(servers.port), Browser(servers.port)
    member.sign_in(READER, PASSWORD)
    stale = []

    with Readers(servers.port) as readers:
        for (item_id, word), way in zip(words.items(), ways, strict=True):
            with database.reading() as session:
                item = session.get_one(ContentItem, item_id)
                path, kind = path_of(item), item.kind
            with readers.on(path):
                time.sleep(0.03)
                with database.transaction() as session:
                    way(session, session.get_one(ContentItem, item_id))
                committed = time.monotonic()
                time.sleep(0.03)
            time.sleep(max(0.0, committed + SOON - time.monotonic()))
            browser = stranger if way is narrow else random.choice([stranger, member])
            stale += stale_in(browser, path, kind, word, way)

    assert stale == []
