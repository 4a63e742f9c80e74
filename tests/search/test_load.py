"""Four threads search while an editor saves; the large version is `bench/search_load.py`."""

import threading
import time

from kb.accounts.viewer import SYSTEM
from kb.library.core.queries.reading import get_item_by_slug
from kb.library.services import publication
from tests.factories import make_document, make_item

PATIENCE = 2.0


def test_nothing_fails_and_nothing_withdrawn_is_shown_while_an_editor_saves(live_app):
    database = live_app.extensions["database"]
    live_app.extensions["search"].indexer.repair()
    withdrawn_at: dict[str, float] = {}
    wrong: list[str] = []
    stop = threading.Event()

    def search() -> None:
        client = live_app.test_client()
        while not stop.is_set():
            asked_at = time.monotonic()
            page = client.get("/sok?q=nödlarmet")
            if page.status_code != 200:
                wrong.append(f"status {page.status_code}")
            gone = [slug for slug, at in list(withdrawn_at.items()) if asked_at > at + PATIENCE]
            wrong.extend(slug for slug in gone if f"/{slug}" in page.text)

    threads = [threading.Thread(target=search) for _ in range(4)]
    for thread in threads:
        thread.start()
    for number in range(8):
        slug = f"prov-{number}"
        with database.transaction() as session:
            make_item(session, make_document(title=f"Nödlarm {number}"), slug=slug)
        with database.transaction() as session:
            item = get_item_by_slug(session, slug)
            publication.withdraw(session, item, by=SYSTEM, reason="Prov.", replacement=None)
        withdrawn_at[slug] = time.monotonic()
    stop.set()
    for thread in threads:
        thread.join()

    assert wrong == []
    assert live_app.extensions["search"].indexer.check().agrees
