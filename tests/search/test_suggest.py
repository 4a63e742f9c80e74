"""Suggestions: titles, terms, frequent queries; inside compounds, whatever the marks; only what one may see."""

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import delete

from kb import clock
from kb.accounts.roles import Role
from kb.library.core.models.items import ContentItem
from kb.library.core.models.lists import CommonSituation, GlossaryTerm
from kb.search.models import SearchCount
from kb.search.suggest import beginning_of, best, matching, read_stock, words_of
from kb.search.tuning.counting import week_of
from tests.factories import make_unit, make_user
from tests.work import calls_of


@pytest.fixture
def ask(app, session, indexer):
    """`ask(browser, "kom")` gives the suggested texts, with everything read anew."""

    session.execute(delete(GlossaryTerm))

    def suggested(browser, text):
        session.commit()
        app.extensions["search"].suggester.forget()
        response = browser.get("/sok/forslag", query_string={"q": text})
        assert response.status_code == 200
        return [
            option["data-text"]
            for option in BeautifulSoup(response.data, "html.parser").select("[role=option]")
        ]

    return suggested


def asked_often(session, query, times=9):
    session.add(SearchCount(week_on=week_of(clock.today()), query=query, times=times))
    session.flush()


@pytest.mark.parametrize(
    "typed",
    ["kris", "KRIS", "kommunikation", "munik", "plan för bo", "boende plan", "vald", "våld", "på b", "pa b"],
)
def test_a_title_is_found_by_beginnings_and_middles_of_its_words(client, publish, ask, typed):
    publish(title="Kriskommunikationsplan för våld på boende")

    assert ask(client, typed) == ["Kriskommunikationsplan för våld på boende"]


@pytest.mark.parametrize("typed", ["", "k", "zeppelinare", "is", "kris zeppelinare", "(", "o*", "\x00", "%"])
def test_nothing_is_suggested_for_what_does_not_match(client, publish, ask, typed):
    publish(title="Kriskommunikationsplan")

    assert ask(client, typed) == []


def test_what_begins_as_typed_comes_first_then_words_then_middles(client, publish, ask):
    for title in ("Rutin vid dödshot", "Rutin mot hot", "Hot mot personal", "Hotell"):
        publish(title=title)

    assert ask(client, "hot") == ["Hotell", "Hot mot personal", "Rutin mot hot", "Rutin vid dödshot"]


def test_the_acute_checklist_stands_among_the_first_two_whatever_is_shorter(client, session, publish, ask):
    for title in ("Hotell", "Hotets former", "Hot i kön", "Rutin mot hot"):
        publish(title=title)
    often = publish("checklista", title="Akut hot mot en medarbetare i tjänsten", phases=("under",))
    publish("checklista", title="Bombhot på jobbet, hotet", phases=("under",))
    publish("checklista", title="Hot, efteråt", phases=("efter",))
    session.add(CommonSituation(title="Hotad", icon="hot", item_slug=often.slug, position=3))
    for term in ("dödshot", "förtäckt hot", "hotbild"):
        session.add(GlossaryTerm(term=term, definition="Ett hot.", synonyms=[]))
        publish(title=f"Om {term}")

    assert often.title in ask(client, "hot")[:2]
    assert ask(client, "hotell")[0] == "Hotell"


@pytest.mark.parametrize("typed", ["hot -polis", "polis OR hot -polis", "hot INTE polisen"])
def test_what_is_left_out_is_not_suggested(client, session, publish, ask, typed):
    publish(title="Hot och polis")
    publish(title="Hot", body="<p>Ring polisen.</p>")
    publish(title="Hot mot chef")
    asked_often(session, "hot polis")

    assert ask(client, typed) == ["Hot mot chef"]


def test_the_marks_that_are_typed_count(client, publish, ask):
    publish(title="Varden väntar")
    publish(title="Vården väntar länge")

    assert ask(client, "vården") == ["Vården väntar länge", "Varden väntar"]


def test_at_most_eight(client, publish, ask):
    for number in range(12):
        publish(title=f"Nödlarm {number}")

    assert len(ask(client, "nödlarm")) == 8


def test_a_title_leads_to_its_text_and_a_query_to_the_search(client, session, publish, ask):
    publish("checklista", title="Akut nödlarm", slug="akut-nodlarm", body="<p>Om nödlarmet.</p>")
    session.add(GlossaryTerm(term="nödlarm", definition="Ett larm.", synonyms=[]))
    assert ask(client, "nöd") == ["nödlarm", "Akut nödlarm"]

    options = BeautifulSoup(client.get("/sok/forslag?q=nöd").data, "html.parser").select("[role=option]")

    assert [option.get("data-url") for option in options] == [None, "/checklistor/akut-nodlarm"]


def test_frequent_queries_that_find_something_are_suggested(client, session, publish, ask):
    publish(title="Rutin", body="<p>Vid hot ringer du polisen.</p>")
    asked_often(session, "hot polisen")
    asked_often(session, "hotfull zeppelinare")
    asked_often(session, "hot ringer", times=2)

    assert ask(client, "hot") == ["hot polisen"]


def test_a_query_that_is_a_title_is_suggested_once(client, session, publish, ask):
    publish(title="Hot mot personal")
    asked_often(session, "hot mot personal")

    assert ask(client, "hot") == ["Hot mot personal"]


def test_nothing_comes_from_what_the_viewer_may_not_see(client, session, publish, ask, sign_in):
    unit = make_unit(session)
    publish(title="Nödlarm öppet")
    publish(title="Nödlarm internt", visibility="intern", body="<p>Projekt aurora.</p>")
    publish(title="Nödlarm enhet", visibility="enhet", unit=unit.public_id, body="<p>Projekt borealis.</p>")
    asked_often(session, "projekt aurora")
    asked_often(session, "projekt borealis")
    session.add(GlossaryTerm(term="aurora", definition="Hemligt.", synonyms=[]))
    stranger = sign_in(make_user(session, Role.READER))
    member = sign_in(make_user(session, Role.READER, unit=unit))

    assert ask(client, "nöd") == ["Nödlarm öppet"]
    assert set(ask(stranger, "nöd")) == {"Nödlarm öppet", "Nödlarm internt"}
    assert len(ask(member, "nöd")) == 3
    assert ask(client, "projekt") == ask(client, "aur") == []
    assert ask(stranger, "projekt") == ["projekt aurora"]
    assert set(ask(member, "projekt")) == {"projekt aurora", "projekt borealis"}


def test_a_text_that_was_withdrawn_a_moment_ago_is_not_suggested(client, session, publish):
    item = publish(title="Nödlarm")
    assert "Nödlarm" in client.get("/sok/forslag?q=larm").get_data(as_text=True)

    item.status = "borttagen"
    session.commit()

    assert client.get("/sok/forslag?q=larm").data == b""


def test_a_new_text_is_suggested_without_anything_being_done(client, publish):
    publish(title="Nödlarm")
    assert client.get("/sok/forslag?q=utrym").data == b""

    publish(title="Utrymning")

    assert "Utrymning" in client.get("/sok/forslag?q=utrym").get_data(as_text=True)


def test_suggestions_are_not_kept_by_others(client, session, publish, sign_in):
    publish(title="Nödlarm")

    assert "private" in client.get("/sok/forslag?q=nöd").headers["Cache-Control"]
    assert (
        "no-store"
        in sign_in(make_user(session, Role.READER)).get("/sok/forslag?q=nöd").headers["Cache-Control"]
    )


def test_all_search_fields_ask_for_suggestions_and_work_without(client):
    page = BeautifulSoup(client.get("/sok").data, "html.parser")

    forms = page.select("form[role=search]")
    assert len(forms) == 2
    for form in forms:
        assert form["data-url"] == "/sok/forslag"
        assert form["action"] == "/sok"
        assert form.select_one("button[type=submit]")


def test_each_title_is_looked_at_once(session):
    words = [
        "kriskommunikationsplan",
        "rutin",
        "för",
        "hot",
        "våld",
        "på",
        "boende",
        "efter",
        "händelse",
        "barn",
    ]
    session.add_all(
        ContentItem(
            kind="vagledning",
            slug=f"t-{number}",
            title=" ".join(words[(number * step) % len(words)] for step in (1, 3, 5, 7)) + f" {number}",
            status="publicerad",
            created_at=clock.now(),
            updated_at=clock.now(),
        )
        for number in range(2_000)
    )
    session.flush()
    stock = read_stock(session, None, None)

    def work(typed, titles):
        return calls_of(lambda: best(matching(titles, words_of(typed)), words_of(typed), 16))

    for typed in ("ko", "kommunikation", "vald pa", "1234", "r"):
        assert work(typed, stock.titles) < 20 * len(stock.titles), typed
        assert work(typed, stock.titles) < 2.2 * work(typed, stock.titles[:1_000]) + 100, typed


def test_the_beginning_of_a_word_that_is_none_leads_nowhere(client, publish):
    publish(title="Nödlarm på fem minuter", slug="nodlarm")

    html = BeautifulSoup(client.get("/sok", query_string={"q": "minua"}).data, "html.parser")

    assert not html.select("[aria-labelledby=liknar]")
    assert (beginning_of("minnen", 0.5), beginning_of("minua", 0.5)) == ("minn", "minua")
