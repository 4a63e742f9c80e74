"""The crisis binder: whole, open to all, without a server, as old as it says."""

import hashlib
import re
import shutil
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from html.parser import HTMLParser

import pytest
from bs4 import BeautifulSoup

from kb import clock
from kb.accounts.roles import Role
from kb.binder import files, services
from kb.binder.contents import gather
from kb.binder.writing import write
from kb.errors import Unavailable
from kb.library.content.document import Kind
from kb.library.core.models.items import ItemSlug
from kb.library.core.models.lists import ImportantNumber
from tests.factories import make_document, make_draft, make_item, make_unit, make_user
from tests.forms import page_of
from tests.library.documents import filled

OPEN = ("Akut hot", "Ny på jobbet", "Mall om läget")


@pytest.fixture(autouse=True)
def none_yet(app):
    """No binder from another test."""
    shutil.rmtree(app.config["SETTINGS"].instance / files.FOLDER, ignore_errors=True)


@pytest.fixture
def texts(session):
    """A checklist, guidance that links to it and a template; what is not for all: internal, of a unit, a draft."""
    acute = make_item(session, make_document("checklista", title=OPEN[0], phases=("under",)))
    body = (
        f'<h2>Bakgrund</h2><p>Läs <a href="/checklistor/{acute.slug}">listan</a>, <a href="/sok">sök</a>.</p>'
    )
    make_item(session, make_document("vagledning", title=OPEN[1], body=body, phases=("fore",)))
    make_item(session, make_document("mall", title=OPEN[2], text="Hej [namn]!\n\nRad två <b>"))
    make_item(session, make_document("vagledning", title="Bara internt", visibility="intern"))
    unit = make_unit(session)
    make_item(
        session, make_document("vagledning", title="Bara enheten", visibility="enhet", unit=unit.public_id)
    )
    make_draft(session, make_document("vagledning", title="Ett utkast"))
    session.add(
        ImportantNumber(label="Vår jour <x>", number="070-174 06 05", note="Dygnet runt", is_local=True)
    )
    session.commit()
    return acute


def page(app, session):
    with app.app_context():
        return BeautifulSoup(write(gather(session)), "html.parser")


def test_it_holds_what_all_may_read_and_nothing_else(session, app, texts):
    shown = page(app, session)

    assert {head.get_text() for head in shown.select(".sheet h3")} == set(OPEN)
    for hidden in ("Bara internt", "Bara enheten", "Ett utkast"):
        assert hidden not in shown.get_text()
    assert shown.find("a", href="tel:070-1740605")
    assert "Vår jour <x>" in shown.get_text()


def test_links_lead_within_the_file_and_all_of_them_arrive(session, app, texts):
    shown = page(app, session)
    ids = [tag["id"] for tag in shown.select("[id]")]
    links = [tag["href"] for tag in shown.select("a[href]")]

    assert len(ids) == len(set(ids))
    assert {link[1:] for link in links if link.startswith("#")} <= set(ids)
    assert f"#c-{texts.slug}" in links
    assert [link for link in links if not re.match(r"#|tel:|https?://", link)] == []


def test_it_fetches_nothing(session, app, texts):
    shown = page(app, session)

    assert not shown.select("link, img, iframe, script[src], video, source, object")
    assert "url(" not in "".join(style.get_text() for style in shown.select("style"))
    assert not re.search(r"fetch\(|import |innerHTML", shown.script.get_text())


def test_a_text_with_every_field_filled_is_shown_with_what_a_reader_needs(session, app):
    for kind in (Kind.ARTICLE, Kind.CHECKLIST, Kind.TEMPLATE):
        make_item(session, filled(kind))
    session.commit()
    shown = page(app, session)

    for sheet in shown.select(".sheet"):
        assert sheet.select(".actions li, .steps li")
        assert "Källor" in sheet.get_text()
    steps = shown.select(".sheet .steps")
    assert [box for part in steps for box in part.select("input[type=checkbox]")]


def test_the_html_is_well_nested(session, app, texts):
    class Nested(HTMLParser):
        void = frozenset({"meta", "input", "br", "hr", "img", "link", "wbr", "col"})

        def __init__(self):
            super().__init__()
            self.open = []

        def handle_starttag(self, tag, attrs):
            if tag not in self.void:
                self.open.append(tag)

        def handle_endtag(self, tag):
            assert self.open.pop() == tag

    reader = Nested()
    with app.app_context():
        reader.feed(write(gather(session)).decode())
    assert reader.open == []


def test_an_empty_library_makes_one_too(session, app):
    assert "Viktiga nummer" in page(app, session).get_text()


def test_what_is_stored_is_checked_kept_for_some_days_and_never_half(tmp_path, monkeypatch):
    today = clock.today()
    for days in range(5):
        files.store(tmp_path, f"dag {days}".encode(), today + timedelta(days=days - 4))
    stored = files.newest(tmp_path)

    assert stored.day == today
    assert stored.checksum == hashlib.sha256(stored.path.read_bytes()).hexdigest()
    assert files.is_whole(stored.path)
    assert len(list((tmp_path / files.FOLDER).iterdir())) == 2 * files.KEPT

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(Unavailable):
        files.store(tmp_path, b"ny", today)
    assert files.newest(tmp_path) == stored
    assert len(list((tmp_path / files.FOLDER).iterdir())) == 2 * files.KEPT
    stored.path.write_bytes(b"annat")
    assert not files.is_whole(stored.path)


def test_a_damaged_file_counts_as_none_and_is_made_anew(app, session, texts):
    database, instance = app.extensions["database"], app.config["SETTINGS"].instance
    yesterday = clock.today() - timedelta(days=1)
    files.store(instance, b"den i fredags", yesterday)
    with app.app_context():
        stored = services.make(database, instance)
        stored.path.write_bytes(stored.content[:-9])
        assert files.newest(instance).day == yesterday
        services.make_daily(database, instance)
    assert files.newest(instance).day == clock.today()


def test_a_process_that_stops_between_the_two_files_leaves_the_one_before(tmp_path, monkeypatch):
    today = clock.today()
    files.store(tmp_path, b"ett", today - timedelta(days=1))
    files.store(tmp_path, b"nytt", today)
    whole = files.newest(tmp_path)
    whole.path.write_bytes(b"nyare")  # its checksum was not written yet
    (tmp_path / files.FOLDER / f".{whole.path.name}.4711").write_bytes(b"halv")
    assert files.newest(tmp_path).content == b"ett"

    files.store(tmp_path, b"nyast", today)
    assert files.newest(tmp_path).content == b"nyast"
    assert not [path for path in (tmp_path / files.FOLDER).iterdir() if path.name.startswith(".")]


def test_two_that_are_made_at_once_leave_a_whole_one(tmp_path):
    contents = [bytes([65 + number]) * 200_000 for number in range(12)]
    with ThreadPoolExecutor(6) as threads:
        list(threads.map(lambda content: files.store(tmp_path, content, clock.today()), contents))
    assert files.newest(tmp_path).content in contents


def test_a_clock_that_was_wrong_leaves_no_binder_that_is_never_replaced(tmp_path):
    today = clock.today()
    files.store(tmp_path, b"ur framtiden", today + timedelta(days=9000))
    assert files.newest(tmp_path) is None
    files.store(tmp_path, b"dagens", today)
    assert files.newest(tmp_path).content == b"dagens"
    assert len(list((tmp_path / files.FOLDER).iterdir())) == 2


@pytest.mark.parametrize(
    "change",
    [
        {"status": "indragen"},
        {"visibility": "intern"},
        {"valid_to": clock.today() - timedelta(days=1)},
        {"valid_from": clock.today() + timedelta(days=1)},
    ],
)
def test_what_was_taken_away_since_it_was_made_is_never_given(app, client, session, texts, change):
    database, instance = app.extensions["database"], app.config["SETTINGS"].instance
    with app.app_context():
        services.make(database, instance)
    before = files.newest(instance)
    assert client.get("/krisparm/fil").data == before.content
    for name, value in change.items():
        setattr(texts, name, value)
    session.commit()

    given = client.get("/krisparm/fil").data
    assert OPEN[0] not in BeautifulSoup(given, "html.parser").get_text()
    assert hashlib.sha256(given).hexdigest() == client.get("/krisparm/kontrollsumma").text.split()[0]


def test_a_file_says_days_and_never_today(app, session, texts):
    assert re.search(r"Gjord \d+ \w+ \d{4} \d\d\.\d\d\.", page(app, session).get_text(" ", strip=True))


def test_a_link_to_an_address_that_a_text_had_before_arrives(app, session, texts):
    former = ItemSlug(slug="hette-sa-forr", item_id=texts.id)
    session.add(former)
    make_item(
        session, make_document("vagledning", body='<p><a href="/checklistor/hette-sa-forr">listan</a></p>')
    )
    session.commit()
    assert page(app, session).find("a", string="listan")["href"] == f"#c-{texts.slug}"


def test_the_last_day_of_a_text_stands_on_the_paper(app, session):
    make_item(session, make_document("vagledning", valid_to="2099-12-31"))
    session.commit()
    assert "Gäller till 31 december 2099." in page(app, session).get_text(" ", strip=True)


def test_hostile_words_are_words(app, session):
    words = "</script></style>\"'{{ 7*7 }}{% raw %}<img src=x onerror=alert(1)>"
    for kind in ("checklista", "vagledning", "mall"):
        make_item(session, make_document(kind, title=words[:100], summary=words, labels=('"><b>x', "{{y}}")))
    session.commit()
    shown = page(app, session)
    assert len(shown.select("script")) == len(shown.select("style")) == 1
    assert not shown.select("img, b[onerror]")
    assert all(words in sheet.get_text() for sheet in shown.select(".sheet"))


def test_it_is_made_once_a_day(app, session, texts, monkeypatch):
    database, instance = app.extensions["database"], app.config["SETTINGS"].instance
    with app.app_context():
        services.make_daily(database, instance)
        first = files.newest(instance)
        before = first.path.stat().st_mtime_ns
        services.make_daily(database, instance)
    assert first.path.stat().st_mtime_ns == before

    tomorrow = clock.today() + timedelta(days=1)
    monkeypatch.setattr(clock, "today", lambda: tomorrow)
    with app.app_context():
        services.make_daily(database, instance)
    assert files.newest(instance).day == tomorrow


def test_anybody_takes_it_along_and_it_is_never_a_page_of_the_site(app, client, session, texts):
    assert client.get("/krisparm/fil").status_code == 404
    assert client.get("/krisparm/kontrollsumma").status_code == 404
    assert "Ingen krispärm är gjord än" in client.get("/krisparm").text
    with app.app_context():
        services.make(app.extensions["database"], app.config["SETTINGS"].instance)

    taken = client.get("/krisparm/fil")
    assert taken.headers["Content-Disposition"].startswith('attachment; filename="krisparm-')
    checksum = client.get("/krisparm/kontrollsumma").text.split()[0]
    assert hashlib.sha256(taken.data).hexdigest() == checksum
    shown = page_of(client.get("/krisparm"))
    assert checksum in shown.get_text()
    assert not shown.main.find("form")


@pytest.mark.parametrize("role", list(Role))
def test_who_may_have_a_new_one_made(session, sign_in, role, texts):
    browser = sign_in(make_user(session, role))
    may = role not in (Role.READER, Role.STAFF)

    assert bool(page_of(browser.get("/krisparm")).main.find("form")) is may
    assert browser.post("/krisparm").status_code == (303 if may else 403)


def test_on_the_terminal(app, session, texts, tmp_path):
    runner, place = app.test_cli_runner(), tmp_path / "parm.html"
    made = runner.invoke(args=["binder", "make", "--output", str(place)])
    assert made.exit_code == 0
    assert made.stdout.split() == [hashlib.sha256(place.read_bytes()).hexdigest(), str(place)]
    assert runner.invoke(args=["binder", "check", str(place)]).exit_code == 0

    place.write_bytes(place.read_bytes()[:-1])
    broken = runner.invoke(args=["binder", "check", str(place)])
    assert (broken.exit_code, broken.stdout) == (1, "")
    assert "kontrollsumman" in broken.stderr
    assert runner.invoke(args=["binder", "make", "--output", str(tmp_path / "ingen" / "x")]).exit_code == 1
