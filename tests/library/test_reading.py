"""Reading pages: what they show, to whom, and how honest they are about it."""

from datetime import date

import pytest
import time_machine
from bs4 import BeautifulSoup

from kb.accounts.roles import Role
from kb.accounts.viewer import SYSTEM
from kb.library.content.document import Kind, Lesson, Provision, Source
from kb.library.content.texts import texts
from kb.library.services import addresses, publication, review, revisions
from tests.addresses import path_of
from tests.factories import make_document, make_draft, make_item, make_unit, make_user, viewer_of
from tests.forms import page_of
from tests.library.documents import filled
from tests.shipped_content import entries

PUBLIC = [
    "/", "/nu", "/nu/hot", "/nu/annat", "/fore", "/fore/vald", "/efter", "/efter/lex-sarah", "/amnen/hot",
    "/vagledning", "/berattelser", "/checklistor", "/vagledning?amne=hot&skede=under&sida=2", "/viktiga-nummer",
    "/ordlista", "/andrat", "/andrat.atom", "/om", "/tillganglighet", "/personuppgifter", "/sok", "/logga-in",
    "/stilguide", "/stilguide/lasa", "/stilguide/arbeta",
]  # fmt: skip


@pytest.mark.parametrize("path", PUBLIC)
def test_public_pages_answer_with_and_without_content(client, session, path):
    assert client.get(path).status_code == 200
    make_item(session)
    make_item(session, make_document("checklista"))
    session.commit()

    assert client.get(path).status_code == 200


@pytest.mark.parametrize("path", [path for path in PUBLIC if path != "/logga-in"])
def test_reading_sets_no_cookie(client, path):
    assert "Set-Cookie" not in client.get(path).headers


@pytest.mark.parametrize(
    "path", ["/finns-inte", "/vagledning/finns-inte", "/amnen/finns-inte", "/nu/finns-inte"]
)
def test_an_unknown_address_gives_a_page_with_search_and_numbers(client, path):
    response = client.get(path)

    assert response.status_code == 404
    assert "tel:112" in response.text
    assert 'action="/sok"' in response.text


def test_a_draft_is_nowhere(client, session):
    item = make_draft(session, make_document(title="Hemligt utkast"))
    session.commit()

    assert client.get(path_of(item)).status_code == 404
    for path in ("/", "/vagledning", "/amnen/hot", "/andrat", "/andrat.atom", "/nu/hot", "/sok?q=hemligt"):
        assert "Hemligt utkast" not in client.get(path).text


@pytest.mark.parametrize("visibility", ["intern", "enhet"])
def test_what_is_not_open_shows_nowhere_to_strangers(client, session, visibility):
    unit = make_unit(session)
    values = {"visibility": visibility, "unit": unit.public_id if visibility == "enhet" else ""}
    item = make_item(session, make_document(title="Bara för oss", **values))
    session.commit()

    assert client.get(path_of(item)).status_code == 404
    for path in ("/", "/vagledning", "/amnen/hot", "/andrat", "/andrat.atom", "/nu/hot", "/sok?q=bara"):
        assert "Bara för oss" not in client.get(path).text


def test_internal_items_show_to_any_account_and_unit_items_to_the_unit(session, sign_in):
    unit = make_unit(session)
    internal = make_item(session, make_document(visibility="intern"))
    own = make_item(session, make_document(visibility="enhet", unit=unit.public_id))
    member, stranger = make_user(session, Role.READER, unit=unit), make_user(session, Role.READER)
    session.commit()

    statuses = [
        sign_in(person).get(path_of(item)).status_code
        for person in (member, stranger)
        for item in (internal, own)
    ]

    assert statuses == [200, 200, 200, 404]


def test_a_former_address_leads_on(client, session):
    item = make_item(session, slug="gammal")
    addresses.rename(session, item, "ny-adress", by=viewer_of(session, make_user(session, Role.EDITOR)))
    session.commit()

    response = client.get("/vagledning/gammal")

    assert (response.status_code, response.headers["Location"]) == (301, "/vagledning/ny-adress")


def test_the_wrong_kind_in_the_address_leads_on(client, session):
    make_item(session, slug="en-text")
    session.commit()

    assert client.get("/checklistor/en-text").headers["Location"] == "/vagledning/en-text"


def test_a_withdrawn_item_answers_410_with_reason_and_replacement(client, session):
    old, new = make_item(session), make_item(session, make_document(title="Den nya texten"))
    editor = viewer_of(session, make_user(session, Role.EDITOR))
    publication.withdraw(session, old, reason="Lagen har ändrats.", replacement=new, by=editor)
    session.commit()

    response = client.get(path_of(old))

    assert response.status_code == 410
    assert "Lagen har ändrats." in response.text
    assert f'href="{path_of(new)}"' in response.text


def test_links_work_both_ways_and_vanish_with_the_target(client, session):
    guidance = make_item(session, make_document(title="Vägledningen"), slug="vagvisare")
    lesson = Lesson(text="Öva varje år.", item="vagvisare")
    story = make_item(session, make_document("berattelse", title="Berättelsen", lessons=(lesson,)))
    session.commit()
    assert "Vägledningen" in client.get(path_of(story)).text
    assert "Berättelsen" in client.get(path_of(guidance)).text

    editor = viewer_of(session, make_user(session, Role.EDITOR))
    publication.withdraw(session, guidance, reason="Inaktuell.", replacement=None, by=editor)
    session.commit()

    page = client.get(path_of(story)).text
    assert "Öva varje år." in page
    assert "/vagledning/vagvisare" not in page


def test_a_link_waits_for_its_target(client, session):
    story = make_item(session, make_document("berattelse", related=("kommer-sen",)))
    make_item(session, make_document(title="Den som kom sen"), slug="kommer-sen")
    session.commit()

    assert "Den som kom sen" in client.get(path_of(story)).text


def test_a_link_in_the_text_to_a_renamed_item_still_holds(client, session):
    target = make_item(session, make_document(title="Målet"), slug="mal")
    source = make_item(session, make_document(related=("mal",)))
    addresses.rename(session, target, "nytt-mal", by=viewer_of(session, make_user(session, Role.EDITOR)))
    session.commit()

    assert 'href="/vagledning/nytt-mal"' in client.get(path_of(source)).text


@time_machine.travel("2026-11-21 12:00:00+00:00")
def test_freshness_is_honest(client, session):
    item = make_item(session, make_document(checked_on="2025-06-01", review_interval_months=12))
    session.commit()
    page = client.get(path_of(item)).text
    assert (
        "Jämförd med sina källor 1 juni 2025. Ändringar därefter är inte kontrollerade. Inte granskad" in page
    )
    assert "Skulle ha granskats 1 juni 2026." in page

    reviewer = viewer_of(session, make_user(session, Role.REVIEWER, name="Sara Ek"))
    review.confirm(session, item, by=reviewer)
    session.commit()

    page = client.get(path_of(item)).text
    assert "Granskad av Sara Ek 21 november 2026." in page
    assert "Nästa granskning 21 november 2027." in page
    assert item.reviewed_on == date(2026, 11, 21)


def test_a_checklist_draws_its_relative_steps_on_a_time_line(client, session):
    item = make_item(session, make_document("checklista"))
    session.commit()

    page = client.get(path_of(item)).text

    assert 'class="timeline__when">Genast<' in page
    assert 'class="timeline__when">15 min<' in page
    assert "Utan klockslag" in page
    assert "Om mötet filmades" in page
    assert "Får inte hoppas över" in page
    assert "Lagkrav: AML 3 kap. 3 a §" in page
    assert 'aria-label="QR-kod till sidan"' in page


def test_the_map_counts_each_text_in_its_cells(client, session):
    make_item(session, make_document(topics=("hot", "vald"), phases=("fore", "efter")))
    session.commit()

    page = client.get("/").text

    assert page.count('1<span class="hidden"> text om Hot: 1 vägledning') == 2


def test_the_feed_holds_absolute_addresses_from_the_settings(client, session):
    item = make_item(session)
    session.commit()

    feed = client.get("/andrat.atom", headers={"Host": "ond.example"}).text

    assert f"http://127.0.0.1:8000{path_of(item)}" in feed
    assert "ond.example" not in feed


def test_a_topic_page_lists_the_provisions_that_apply(client, session):
    law = Provision(statute="Arbetsmiljölag (1977:1160)", section="3 kap. 3 a §", checked_on="2026-11-01")
    make_item(session, make_document(provisions=(law,)))
    session.commit()

    assert "3 kap. 3 a §" in client.get("/amnen/hot").text


def test_why_a_once_internal_version_changed_is_not_told_to_strangers(client, session):
    item = make_item(session, make_document(visibility="intern"))
    item.published_revision.reason = "Intern orsak"
    opened = make_document(title=item.title)
    revision = revisions.add_revision(session, item, opened, by=SYSTEM, reason="Öppnad", way="inlasning")
    publication.put_public(session, item, revision, by=SYSTEM, way="inläsning")
    session.commit()

    page = client.get("/andrat").text

    assert "Öppnad" in page
    assert "Intern orsak" not in page


def test_a_theme_is_kept_in_a_cookie_and_rendered_by_the_server(client):
    response = client.post("/utseende", data={"tema": "mork", "tillbaka": "/om"})

    assert (response.status_code, response.headers["Location"]) == (303, "/om")
    assert 'data-theme="mork"' in client.get("/om").text
    client.post("/utseende", data={"tema": "enheten"})
    assert "data-theme" not in client.get("/om").text


@pytest.mark.parametrize(
    "target", ["//ond.example", "https://ond.example", "/\\ond.example", "javascript:alert(1)"]
)
def test_redirects_lead_to_own_paths_only(client, target):
    assert client.post("/utseende", data={"tema": "ljust", "tillbaka": target}).headers["Location"] == "/"


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://ond.example"}])
def test_a_form_from_another_site_is_refused(client, headers):
    assert client.post("/utseende", data={"tema": "ljust"}, headers=headers).status_code == 403


def test_an_unknown_theme_is_refused_in_words(client):
    response = client.post("/utseende", data={"tema": "rosa"})

    assert response.status_code == 422
    assert "Välj Ljust, Mörkt eller Som enheten." in response.text


def test_a_source_with_an_address_is_a_link_and_one_without_says_where_it_is_found(client, session):
    sources = (
        Source(title="Hot och våld", publisher="Arbetsmiljöverket", date="2025", url="https://www.av.se/hot"),
        Source(title="Plan för krisberedskap", publisher="Kommunen", date="12 mars 2026"),
    )
    item = make_item(session, make_document(sources=sources))
    session.commit()

    linked, plain = BeautifulSoup(client.get(path_of(item)).data, "html.parser").select(".sources li")

    assert linked.a["href"] == "https://www.av.se/hot"
    assert linked.a.get_text() == "Hot och våld"
    assert plain.a is None
    assert plain.get_text() == "Plan för krisberedskap. Kommunen, 12 mars 2026."


def test_every_shipped_source_without_an_address_says_who_published_it_and_when():
    bare = [
        f"{entry.file}: {source.title}"
        for entry in entries()
        if entry.document
        for source in entry.document.sources
        if not source.url and not (source.publisher and source.date)
    ]

    assert bare == []


# What is found by but not read, a law's abbreviation, and the answer that a translation is compared with.
UNREAD = {("labels",), ("provisions", "short"), ("translations", "swedish")}


@pytest.mark.parametrize("kind", Kind)
def test_readers_see_every_text_that_an_editor_wrote(session, client, kind):
    document = filled(kind)
    item = make_item(session, document)
    session.commit()

    shown = " ".join(page_of(client.get(path_of(item))).get_text(" ").split())

    words = {
        spot.path: BeautifulSoup(spot.value, "html.parser").text.rstrip(".")
        for spot in texts(document)
        if tuple(key for key in spot.path if isinstance(key, str)) not in UNREAD
    }
    assert [path for path, value in words.items() if value not in shown] == []
