"""The search page, without JavaScript."""

import errno
import shutil
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest
from bs4 import BeautifulSoup

from kb.accounts.roles import Role
from kb.accounts.viewer import ANONYMOUS
from kb.library.core.models.lists import CommonSituation
from kb.search.finding.searching import SearchRequest
from kb.search.finding.weights import MAX_CHARACTERS
from kb.search.results import search
from tests.factories import make_unit, make_user, viewer_of
from tests.search.finding.test_query import HOSTILE


def soup(response):
    return BeautifulSoup(response.data, "html.parser")


def page(client, **asked):
    response = client.get("/sok", query_string=asked)
    assert response.status_code == 200
    return soup(response)


def titles(html):
    return [link.get_text() for link in html.select(".hit__title a")]


def status(html):
    return html.select_one("h2 [role=status]").get_text()


def counts(html):
    """Field and value of each filter → its number."""
    boxes = html.select(".facets input[type=checkbox]")
    return {
        (box["name"], box["value"]): int(box.parent.select_one(".choice__count").find(string=True))
        for box in boxes
    }


def test_a_hit_shows_kind_title_marks_and_how_far_to_trust_it(client, publish):
    publish("checklista", title="Akut nödlarm", summary="Vid nödlarmet: ring 112.", slug="nodlarm")

    html = page(client, q="nodlarm")

    assert status(html) == "1 träff för ”nodlarm”"
    hit = html.select_one(".hit")
    assert hit.select_one(".kind").get_text() == "Checklista"
    assert hit.select_one("a")["href"] == "/checklistor/nodlarm"
    assert [mark.get_text() for mark in hit.select("mark")] == ["nödlarm", "nödlarmet"]
    assert "Jämförd med källor 1 november 2026" in hit.get_text()


def test_what_was_typed_is_kept_and_escaped(client, publish):
    publish(title="Nödlarm")

    html = page(client, q='nödlarm "><script>alert(1)</script>')

    assert html.select_one("input#q")["value"] == 'nödlarm "><script>alert(1)</script>'
    assert not html.select("main script")


def test_markup_in_titles_is_shown_as_text(client, publish):
    publish(title="<b>Nödlarm</b> & <script>x</script>")

    html = page(client, q="nödlarm")

    assert titles(html) == ["<b>Nödlarm</b> & <script>x</script>"]


def test_counts_are_those_of_the_other_filters(client, publish):
    publish(title="Nödlarm ett", phases=("fore",), topics=("hot",))
    publish(title="Nödlarm två", phases=("fore", "under"), topics=("vald",))
    publish("checklista", title="Nödlarm tre", phases=("under",), topics=("hot",))

    html = page(client, q="nödlarm", skede="fore")

    assert len(titles(html)) == 2
    found = counts(html)
    assert (found["skede", "fore"], found["skede", "under"]) == (2, 2)
    assert (found["amne", "hot"], found["amne", "vald"]) == (1, 1)
    assert found["typ", "vagledning"] == 2
    assert ("typ", "checklista") not in found


def test_every_count_is_what_choosing_it_gives(client, publish):
    for number in range(6):
        publish(
            ("vagledning", "checklista", "berattelse")[number % 3],
            title=f"Nödlarm {number}",
            phases=(("fore",), ("under", "efter"))[number % 2],
            topics=(("hot",), ("vald", "hot"))[number % 2],
            audiences=("chef", "hr")[: 1 + number % 2],
        )

    for (name, value), count in counts(page(client, q="nödlarm")).items():
        assert len(titles(page(client, q="nödlarm", **{name: value}))) == count, (name, value)


def test_a_chosen_filter_can_be_removed_and_the_address_says_all(client, publish):
    publish(title="Nödlarm", phases=("fore",), topics=("hot",))

    html = page(client, q="nödlarm", skede="fore", amne="hot", ordning="granskad")

    links = {link.find(string=True): link["href"] for link in html.select("a.tag--remove")}
    assert links["Före"] == "/sok?q=n%C3%B6dlarm&amne=hot&ordning=granskad"
    assert links["Hot"] == "/sok?q=n%C3%B6dlarm&skede=fore&ordning=granskad"
    assert html.select_one(".facets input[value=fore]").has_attr("checked")
    assert html.select_one(".facets input[type=hidden][name=ordning]")["value"] == "granskad"


@pytest.mark.parametrize(
    "asked", [{"skede": "x"}, {"sida": "-1"}, {"sida": "x"}, {"sida": "9" * 30}, {"ordning": "x"}]
)
def test_odd_values_in_the_address_are_passed_over(client, publish, asked):
    publish(title="Nödlarm")

    assert len(titles(page(client, q="nödlarm", **asked))) == 1


def test_twenty_hits_a_page_with_links_to_the_others(client, publish, session, indexer):
    for number in range(23):
        publish(title=f"Nödlarm {number}")

    first, second = page(client, q="nödlarm"), page(client, q="nödlarm", sida="2")

    assert (len(titles(first)), len(titles(second))) == (20, 3)
    assert not set(titles(first)) & set(titles(second))
    assert first.select_one("a[rel=next]").get_text(" ").split()[-1] == "21–23"
    assert second.select_one("a[rel=prev]")["href"] == "/sok?q=n%C3%B6dlarm"


def test_sorting_by_review(client, publish):
    publish(title="Nödlarm nödlarm", checked_on="2024-01-01")
    publish(title="Rutin", body="<p>Om nödlarm.</p>", checked_on="2026-10-01")

    assert titles(page(client, q="nödlarm"))[0] == "Nödlarm nödlarm"
    assert titles(page(client, q="nödlarm", ordning="granskad"))[0] == "Rutin"


def test_a_filter_without_words_lists_everything_with_it(client, publish):
    publish(title="Före", phases=("fore",))
    publish(title="Efter", phases=("efter",))

    assert titles(page(client, skede="fore")) == ["Före"]


def test_without_a_query_the_latest_of_each_phase_are_shown(client, publish):
    publish(title="Första timmen", phases=("under",))

    html = page(client)

    assert "Senast om under" in html.get_text()
    assert (
        html.find("a", string=lambda text: text and "Första timmen" in text)
        or "Första timmen" in html.get_text()
    )


def test_no_hits_lead_on(client, publish, session):
    item = publish(title="Nödlarm", phases=("fore",), slug="nodlarm")
    session.add(CommonSituation(title="En medarbetare hotas", icon="hot", item_slug=item.slug, position=1))
    session.commit()

    html = page(client, q="nödlarm", skede="efter")

    assert status(html) == "Inga träffar på ”nödlarm”"
    ways = {link.get_text(" ", strip=True): link["href"] for link in html.select("main a")}
    assert ways["Sök utan filter 1 träff"] == "/sok?q=n%C3%B6dlarm"
    assert {"/nu", "/efter", "/fore", "/vagledning/nodlarm"} <= set(ways.values())


@pytest.mark.parametrize(
    ("query", "subject"),
    [
        ("zeppelinare & bi", "Fråga till redaktionen: zeppelinare & bi"),
        ("850101-1234", "Fråga till redaktionen"),
    ],
)
def test_no_hits_lead_to_the_editors_where_they_have_an_address(app, client, monkeypatch, query, subject):
    assert "Fråga redaktionen" not in client.get("/sok", query_string={"q": query}).text
    monkeypatch.setitem(
        app.config, "SETTINGS", replace(app.config["SETTINGS"], contact_email="redaktionen@kommun.se")
    )

    link = page(client, q=query).find("a", href=lambda url: url.startswith("mailto:"))

    address = urlsplit(link["href"])
    assert address.path == "redaktionen@kommun.se"
    assert parse_qs(address.query)["subject"] == [subject]


def test_no_hits_offer_the_words_that_find_something(client, publish):
    for _ in range(4):
        publish(title="Om annat", body="<p>" + "Något helt annat. " * 60 + "Ett fönster.</p>")

    html = page(client, q="zeppelinare kvantfysik fönster")

    assert html.find("a", href="/sok?q=f%C3%B6nster")


def test_internal_items_are_neither_shown_nor_counted_to_others(client, session, publish, sign_in, indexer):
    unit, other = make_unit(session), make_unit(session)
    publish(title="Nödlarm öppet")
    publish(title="Nödlarm internt", visibility="intern", phases=("efter",))
    publish(
        title="Nödlarm på enheten",
        visibility="enhet",
        unit=unit.public_id,
        phases=("fore",),
        summary="Koden är 4711.",
    )
    member, stranger = make_user(session, Role.STAFF, unit=unit), make_user(session, Role.STAFF, unit=other)

    seen = {
        "anonymous": page(client, q="nödlarm"),
        "stranger": page(sign_in(stranger), q="nödlarm"),
        "member": page(sign_in(member), q="nödlarm"),
    }

    assert {who: len(titles(html)) for who, html in seen.items()} == {
        "anonymous": 1,
        "stranger": 2,
        "member": 3,
    }
    assert ("skede", "efter") not in counts(seen["anonymous"])
    assert ("skede", "fore") not in counts(seen["stranger"])
    assert "4711" not in seen["stranger"].get_text()
    assert titles(page(client, q="4711")) == []
    assert "Nödlarm" not in page(client, q="zeppelinare 4711").get_text()


def test_pages_of_the_signed_in_are_not_kept(client, session, publish, sign_in):
    publish(title="Nödlarm")

    assert "no-store" not in client.get("/sok?q=n").headers["Cache-Control"]
    assert "no-store" in sign_in(make_user(session, Role.READER)).get("/sok?q=n").headers["Cache-Control"]
    assert "Set-Cookie" not in client.get("/sok?q=n").headers


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_queries_give_a_page(client, publish, text):
    publish(title="Nödlarm mot hot")

    page(client, q=text.encode("utf-8", "replace").decode())


@pytest.mark.parametrize(
    ("text", "notice"),
    [
        ("nödlarm 850101-1236", "Den sparas inte"),
        ("nödlarm 070-123 45 67", "Den sparas inte"),
        ("nödlarm " * MAX_CHARACTERS, "Din sökning var lång"),
        ("***", "Skriv minst ett ord"),
    ],
    ids=["identity number", "telephone", "long", "no words"],
)
def test_the_page_says_what_it_did_with_an_odd_query(client, publish, text, notice):
    publish(title="Nödlarm")

    assert notice in page(client, q=text).get_text()


def test_identity_numbers_are_not_logged(client, publish, caplog):
    publish(title="Nödlarm")

    with caplog.at_level("DEBUG"):
        page(client, q="850101-1236")

    assert "850101" not in caplog.text


def no_room(_documents: object) -> None:
    """The disk is full: the index cannot be made anew."""
    raise OSError(errno.ENOSPC, "No space left on device")


def test_while_the_index_is_away_all_texts_are_listed_by_topic(client, publish, indexer, monkeypatch):
    publish(title="Nödlarm", slug="nodlarm")
    shutil.rmtree(indexer.store.root)
    monkeypatch.setattr(indexer.store, "build", no_room)

    html = page(client, q="nödlarm")

    assert html.select_one(".message__title").get_text() == "Sökningen byggs om"
    assert html.select_one("a[href='/vagledning/nodlarm']")
    assert html.select_one("input#q")["value"] == "nödlarm"


def test_the_page_shows_what_the_search_gives(client, publish, session, indexer):
    for number in range(5):
        publish(title=f"Nödlarm {'och annat ' * number}", body="<p>" + "Om larm. " * number + "</p>")

    hits = search(indexer, session, ANONYMOUS, SearchRequest("nödlarm")).hits

    assert titles(page(client, q="nödlarm")) == [hit.card.title for hit in hits]
    assert viewer_of(session, make_user(session)).is_signed_in


def test_a_long_query_is_repeated_in_short(client, publish):
    publish(title="Nödlarm", summary="Så larmar ni.")
    story = "nödlarm " + "och sedan hände det mer på kontoret " * 6

    for words in (story, "zeppelin " * 20):
        said = status(page(client, q=words))
        assert len(said) < 90
        assert said.endswith(" …”")


def test_after_a_number_nobody_is_asked_to_spell_better(client):
    for typed in ("070-1234567", "?"):
        words = page(client, q=typed).main.get_text()
        assert "Kontrollera stavningen" not in words
        assert "börja från läget" in words


def test_what_was_found_instead_is_said_of_short_queries_alone(client, publish):
    publish(title="Knivlådan", summary="Lås den.")

    def via(query):
        return [item.get_text() for item in page(client, q=query).select(".hit .tags i")]

    assert via("kniv") == ["Knivlådan"]
    assert not via("kniv OR zeppelin")
    assert not via("kniv lås knivlådan den här zeppelin brygga kanal vimpel")
