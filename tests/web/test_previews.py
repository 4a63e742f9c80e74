"""What search engines and shared links say of a page: words of its own, no picture, nothing that is internal."""

from collections import defaultdict

import pytest
from bs4 import BeautifulSoup

from kb.accounts.viewer import SYSTEM
from kb.library.content.document import Kind
from kb.library.services import publication
from tests.addresses import path_of
from tests.conftest import build_app
from tests.factories import make_document, make_item, make_unit
from tests.library.drafts import save
from tests.web.test_nothing_shown_is_refused import Walk, kind_of, shown

PAGES_OF_A_KIND = 3


@pytest.fixture
def library(session):
    """Open texts of every kind, two of guidance on one topic and in another phase."""
    for kind in Kind:
        make_item(session, make_document(kind.value), slug=f"text-{kind.value}")
        make_item(session, make_document(kind.value, topics=("vald",), phases=("efter",)))
    session.commit()


def meta(page, name):
    """The contents of a meta element, by its name or property; None when it is not there."""
    found = page.select_one(f'meta[name="{name}"], meta[property="{name}"]')
    return found["content"] if found else None


def open_pages(client):
    """Every own page that is reached from the start page without an account, by its address."""
    seen, waiting, pages = set(), ["/"], {}
    kinds: defaultdict[str, int] = defaultdict(int)
    while waiting:
        address = waiting.pop(0)
        if address in seen or kinds[kind_of(address)] >= PAGES_OF_A_KIND:
            continue
        seen.add(address)
        kinds[kind_of(address)] += 1
        answer = client.get(address)
        if answer.status_code == 200 and answer.mimetype == "text/html":
            pages[address] = page = BeautifulSoup(answer.data, "html.parser")
            waiting += shown(page, address, Walk())
    return pages


def test_every_open_page_has_a_description_of_its_own(client, library):
    pages = open_pages(client)
    assert len(pages) > 40

    by_words = defaultdict(list)
    for address, page in pages.items():
        if address.startswith("/logga-in?"):  # the same form, which leads on to different pages
            continue
        words = meta(page, "description")
        assert words, address
        assert 20 <= len(words) <= 500, address
        by_words[words].append(address)

    assert {words: where for words, where in by_words.items() if len(where) > 1} == {}


def test_every_open_page_has_a_preview_without_a_picture(client, library):
    for address, page in open_pages(client).items():
        title = page.title.get_text().removesuffix(" – Rådrum")
        assert meta(page, "og:title") == title, address
        assert meta(page, "og:description") == meta(page, "description"), address
        assert meta(page, "og:type") in {"article", "website"}, address
        assert meta(page, "og:url") is None, address
        assert not page.select('meta[property^="og:image"]'), address


def test_the_preview_names_the_address_of_the_site_once_it_is_known(tmp_path):
    app = build_app(tmp_path, base_url="https://radrum.kommun.example")
    with app.extensions["database"].transaction() as session:
        make_item(session, slug="hot-i-telefon")
    client = app.test_client()

    for address, expected in [
        ("/", "/"),
        ("/vagledning?skede=under", "/vagledning?skede=under"),
        ("/vagledning/hot-i-telefon?utm_source=mejl", "/vagledning/hot-i-telefon"),
    ]:
        page = BeautifulSoup(client.get(address).data, "html.parser")
        assert meta(page, "og:url") == f"https://radrum.kommun.example{expected}"
    app.extensions["database"].dispose()


@pytest.mark.parametrize("visibility", ["intern", "enhet"])
@pytest.mark.parametrize("kind", list(Kind))
def test_a_text_that_is_not_open_shows_nothing_of_itself_in_any_preview(client, session, kind, visibility):
    words = {
        "title": "Zebrarutinen i källaren",
        "summary": "Ingressen om zebrarutinen och vad den är till för.",
    }
    unit = make_unit(session)
    item = make_item(session, make_document(kind.value, visibility=visibility, unit=unit.public_id, **words))
    session.commit()

    own = (path_of(item), f"{path_of(item)}/historik", f"{path_of(item)}.txt")
    for path in (*own, "/sok?q=zebrarutinen", "/", "/nu/hot", "/andrat"):
        answer = client.get(path)
        head = BeautifulSoup(answer.data, "html.parser").head
        assert answer.status_code in (200, 404), path
        shown_words = str(head).replace("”zebrarutinen”", "").replace("Inga träffar: zebrarutinen", "")
        assert "ebrarutin" not in shown_words, path


def test_a_text_that_is_made_internal_takes_its_preview_along(client, session):
    item = make_item(session, make_document(summary="Ingressen till en text som blir intern senare i dag."))
    session.commit()
    assert "blir intern" in client.get(path_of(item)).text

    save(session, item, SYSTEM, visibility="intern")
    publication.put_public(session, item, item.latest_revision, by=SYSTEM, way="inläsning")
    session.commit()

    assert client.get(path_of(item)).status_code == 404
    assert "blir intern" not in client.get(path_of(item)).text
