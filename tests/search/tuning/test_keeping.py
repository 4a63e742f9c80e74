"""The editors' pages: what people looked for, synonyms, promoted answers."""

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import delete, select

from kb import clock
from kb.accounts.roles import Role
from kb.audit.models import AuditEvent
from kb.search.models import IgnoredQuery, PromotedAnswer, SearchCount, Synonym
from kb.search.tuning.counting import week_of
from tests.factories import make_user

COUNTS, SYNONYMS, ANSWERS = "/redaktion/sokningar", "/redaktion/synonymer", "/redaktion/utvalda-svar"


@pytest.fixture
def editor(session, sign_in, indexer):
    """A signed-in editor; no shipped synonyms."""
    session.execute(delete(Synonym))
    return sign_in(make_user(session, Role.EDITOR, name="Rut Redaktör"))


def soup(response):
    return BeautifulSoup(response.data, "html.parser")


def count(session, query, times=3, without_hits=0, clicks=0):
    week = week_of(clock.today())
    session.add(SearchCount(week_on=week, query=query, times=times, without_hits=without_hits, clicks=clicks))
    session.commit()


def stored(session, table):
    session.commit()
    rows = session.scalars(select(table)).all()
    session.commit()
    return rows


def errors(page):
    return [error.get_text() for error in page.select(".field__error")]


def listed(page, section):
    return [cell.get_text() for cell in page.select(f"section[aria-labelledby={section}] tbody th")]


@pytest.mark.parametrize(
    ("role", "statuses"),
    [
        (None, [303, 303, 303]),
        (Role.READER, [403, 403, 403]),
        (Role.ADMIN, [403, 403, 403]),
        (Role.REVIEWER, [200, 403, 403]),
        (Role.EDITOR, [200, 200, 200]),
    ],
    ids=["nobody", "reader", "administrator", "reviewer", "editor"],
)
def test_who_may_come_in(client, session, sign_in, indexer, role, statuses):
    browser = sign_in(make_user(session, role)) if role else client

    assert [browser.get(path).status_code for path in (COUNTS, SYNONYMS, ANSWERS)] == statuses


@pytest.mark.parametrize("path", [f"{COUNTS}/dold", f"{COUNTS}/borttagning", SYNONYMS, ANSWERS])
def test_a_reviewer_changes_nothing(session, sign_in, indexer, path):
    reviewer = sign_in(make_user(session, Role.REVIEWER))

    assert reviewer.post(path, data={"query": "hot"}).status_code == 403


def test_the_desk_leads_to_all_of_it(editor):
    links = {link.get_text(): link["href"] for link in soup(editor.get("/redaktion")).select(".side a")}

    assert {"Sökningar": COUNTS, "Synonymer": SYNONYMS, "Utvalda svar": ANSWERS}.items() <= links.items()
    assert links["Vanliga lägen"] == "/redaktion/lagen"


# What people looked for


def test_the_page_shows_a_search_at_once(editor, client, publish):
    publish(title="Nödlarm")
    client.get("/sok?q=zeppelinare")
    client.get("/sok?q=nödlarm")

    page = soup(editor.get(COUNTS))

    assert listed(page, "utan-traff") == ["zeppelinare"]
    assert listed(page, "utan-klick") == ["nödlarm"]
    assert set(listed(page, "vanligast")) == {"nödlarm", "zeppelinare"}
    assert len(listed(page, "veckor")) == 12


def test_the_work_list_shows_what_finds_nothing(editor, session):
    assert (
        "Klart. Inget väntar." in soup(editor.get("/redaktion")).select_one("#utan-traff").parent.get_text()
    )
    for number in range(7):
        count(session, f"zeppelinare {number}", without_hits=3)

    box = soup(editor.get("/redaktion")).select_one("#utan-traff").parent

    assert box.select_one(".box__number").get_text() == "7"
    assert len(box.select("li")) == 5
    assert box.select_one("li a")["href"] == f"{COUNTS}/sokning?q=zeppelinare+0"


def test_a_query_leads_to_what_can_be_done(editor, session):
    count(session, "hot & våld?", without_hits=2)

    page = soup(editor.get(f"{COUNTS}/sokning", query_string={"q": "våldet & hotet"}))
    links = [link["href"] for link in page.select("main .links a")]

    assert "3 sökningar, 2 utan träff" not in page.get_text()
    assert f"{SYNONYMS}?ord=v%C3%A5ldet+hotet" in links
    assert f"{ANSWERS}?q=v%C3%A5ldet+hotet" in links
    filled = soup(editor.get(f"{SYNONYMS}?ord=zepp")).select_one("input[name=typed]")
    assert filled["value"] == "zepp"


def test_a_query_is_hidden_and_shown_again(editor, session):
    count(session, "zeppelinare", without_hits=3)

    assert editor.post(f"{COUNTS}/dold", data={"query": "zeppelinare"}).status_code == 303
    editor.post(f"{COUNTS}/dold", data={"query": "zeppelinare"})
    page = soup(editor.get(COUNTS))
    assert listed(page, "utan-traff") == []
    assert page.select_one("section[aria-labelledby=dolda] a").get_text() == "zeppelinare"

    editor.post(f"{COUNTS}/dold/borttagning", data={"query": "zeppelinare"})
    assert listed(soup(editor.get(COUNTS)), "utan-traff") == ["zeppelinare"]


def test_a_query_that_names_somebody_is_removed_without_a_trace(editor, session):
    count(session, "anna andersson")
    editor.post(f"{COUNTS}/dold", data={"query": "anna andersson"})

    editor.post(f"{COUNTS}/borttagning", data={"query": "Anna Andersson"})

    assert stored(session, SearchCount) == stored(session, IgnoredQuery) == []
    assert not any("anna" in str(event.data) for event in stored(session, AuditEvent))


@pytest.mark.parametrize("query", ["", "?", "x" * 300])
def test_an_odd_query_changes_nothing(editor, query):
    assert editor.post(f"{COUNTS}/dold", data={"query": query}).status_code in (303, 422)
    assert editor.get(f"{COUNTS}/sokning", query_string={"q": "?"}).status_code == 404


# Synonyms


def test_a_synonym_is_added_changed_and_removed(editor, session):
    answer = editor.post(
        SYNONYMS, data={"typed": " soctant ", "target": "socialsekreterare", "note": "Slang"}
    )
    assert (answer.status_code, answer.headers["Location"]) == (303, SYNONYMS)
    synonym = stored(session, Synonym)[0]
    assert (synonym.typed, synonym.target, synonym.created_by) == (
        "soctant",
        "socialsekreterare",
        "Rut Redaktör",
    )

    page = soup(editor.get(f"{SYNONYMS}/{synonym.id}"))
    assert page.select_one("input[name=target]")["value"] == "socialsekreterare"
    editor.post(f"{SYNONYMS}/{synonym.id}", data={"typed": "soctant", "target": "handläggare", "note": ""})
    assert [row.target for row in stored(session, Synonym)] == ["handläggare"]

    editor.post(f"{SYNONYMS}/{synonym.id}/borttagning")
    assert stored(session, Synonym) == []
    names = [event.name for event in stored(session, AuditEvent) if event.name.startswith("synonym.")]
    assert names == ["synonym.added", "synonym.changed", "synonym.removed"]


@pytest.mark.parametrize(
    ("typed", "target", "message"),
    [
        ("", "våld", "Skriv ordet som människor söker på."),
        ("hot", "", "Skriv ordet som ska hittas."),
        ("?", "våld", "Skriv ett ord med bokstäver eller siffror."),
        ("Hot", "hot", "Skriv ett annat ord"),
        ("850101-1236", "hot", "Skriv inga person- eller telefonnummer."),
        ("x" * 130, "hot", "Skriv högst 120 tecken."),
        ("soctant", "socialsekreterare", "hittar redan"),
        ("”soc”", "våld", "utan citattecken"),
        ("brukare", 'den "enskilde"', "Sätt citattecken runt allt"),
        ("brukare", "”den enskilde", "Sätt citattecken runt allt"),
    ],
    ids=[
        *("nothing typed", "no target", "no word", "the same", "identity number", "long", "twice"),
        *("typed in quotes", "quotes inside", "one quote"),
    ],
)
def test_a_synonym_that_makes_no_sense_is_explained_and_kept(editor, session, typed, target, message):
    editor.post(SYNONYMS, data={"typed": "soctant", "target": "socialsekreterare"})

    response = editor.post(SYNONYMS, data={"typed": typed, "target": target})

    assert response.status_code == 422
    page = soup(response)
    assert message in " ".join(errors(page))
    assert page.select_one("input[name=typed]")["value"] == typed
    assert len(stored(session, Synonym)) == 1


def test_synonyms_are_listed_in_swedish_order_searched_and_paged(editor, session):
    session.add_all(Synonym(typed=f"ord {n:02}", target="våld") for n in range(51))
    session.add(Synonym(typed="ångest", target="oro"))
    session.commit()

    assert len(soup(editor.get(SYNONYMS)).select("tbody tr")) == 50
    assert "ångest" in soup(editor.get(f"{SYNONYMS}?sida=2")).select("tbody th")[-1].get_text()
    assert len(soup(editor.get(f"{SYNONYMS}?sok=angest")).select("tbody tr")) == 1
    assert "Ingen synonym innehåller" in soup(editor.get(f"{SYNONYMS}?sok=zeppelinare")).get_text()


def test_a_synonym_is_tried_before_it_is_saved(editor, session, publish):
    publish(title="Om socialsekreterare")

    response = editor.post(SYNONYMS, data={"typed": "socfröken", "target": "socialsekreterare", "visa": "1"})

    page = soup(response)
    assert response.status_code == 200
    assert "Ingenting är sparat än." in page.get_text()
    shown = page.select_one("section[aria-labelledby=andras]")
    assert shown.select_one("h3").get_text() == "”socfröken”"
    assert [column.get_text(" ", strip=True) for column in shown.select(".two > div")] == [
        "Nu Inga träffar",
        "Efter ändringen Om socialsekreterare",
    ]
    assert stored(session, Synonym) == []
    assert "Inga träffar" in soup(editor.get("/sok?q=socfröken")).get_text()


def test_a_target_in_quotes_is_kept_so_whatever_quotes_were_typed(editor, session):
    editor.post(SYNONYMS, data={"typed": "brukare", "target": '"den enskilde"'})

    assert [row.target for row in stored(session, Synonym)] == ["”den enskilde”"]
    again = editor.post(SYNONYMS, data={"typed": "brukare", "target": "«den enskilde»"})
    assert "hittar redan" in " ".join(errors(soup(again)))


def test_the_trial_says_when_a_synonym_opens_too_much(editor, publish):
    for number in range(25):
        publish(title=f"Chef {number}")

    page = soup(editor.post(SYNONYMS, data={"typed": "fara", "target": "chef", "visa": "1"})).get_text()
    assert "Synonymen öppnar 25 av 25 texter." in page
    page = soup(editor.post(SYNONYMS, data={"typed": "fara", "target": "ryktet", "visa": "1"})).get_text()
    assert "Synonymen öppnar" not in page


# Promoted answers


def test_an_answer_is_chosen_changed_and_removed(editor, session, publish):
    first, second = publish(title="Nödlarm", slug="nodlarm"), publish(title="Ring", slug="ring")
    address = "http://localhost/vagledning/nodlarm?x=1"
    assert editor.post(ANSWERS, data={"query": "Hot!", "address": address, "place": "0"}).status_code == 303
    answer = stored(session, PromotedAnswer)[0]
    assert (answer.query, answer.item_id, answer.position) == ("hot", first.id, 1)
    assert "Utvalt svar" in soup(editor.get("/sok?q=hot")).select_one(".hit").get_text()

    page = soup(editor.get(f"{ANSWERS}/{answer.id}"))
    assert page.select_one("input[name=address]")["value"] == "/vagledning/nodlarm"
    data = {"query": "hot", "address": "/vagledning/ring", "place": "2", "note": "Bättre"}
    editor.post(f"{ANSWERS}/{answer.id}", data=data)
    changed = stored(session, PromotedAnswer)[0]
    assert (changed.item_id, changed.position, changed.note) == (second.id, 2, "Bättre")
    assert "Bättre" in soup(editor.get(ANSWERS)).select_one("tbody").get_text()

    editor.post(f"{ANSWERS}/{answer.id}/borttagning")
    assert stored(session, PromotedAnswer) == []


def test_an_answer_that_cannot_be_chosen_is_explained_and_kept(editor, session):
    response = editor.post(ANSWERS, data={"query": "hot", "address": "/vagledning/finns-inte", "place": "9"})
    assert response.status_code == 422
    assert errors(soup(response)) == ["Fel: Välj en plats i listan."]

    page = soup(editor.post(ANSWERS, data={"query": "hot", "address": "finns-inte", "place": "0"}))
    assert errors(page) == ["Fel: Det finns ingen publicerad text med adressen ”finns-inte”."]
    assert page.select_one("input[name=address]")["value"] == "finns-inte"
    assert stored(session, PromotedAnswer) == []


def test_an_answer_is_tried_before_it_is_saved(editor, session, publish):
    publish(title="Nödlarm")
    publish(title="Ring", slug="ring")

    page = soup(editor.post(ANSWERS, data={"query": "nödlarm", "address": "ring", "place": "0", "visa": "1"}))

    columns = page.select("section[aria-labelledby=andras] .two > div")
    assert [column.get_text(" ", strip=True) for column in columns] == [
        "Nu Nödlarm",
        "Efter ändringen Ring Nödlarm",
    ]
    assert stored(session, PromotedAnswer) == []


@pytest.mark.parametrize("path", [f"{SYNONYMS}/999999", f"{ANSWERS}/999999"])
def test_what_is_gone_is_not_found(editor, path):
    assert editor.get(path).status_code == 404
    assert editor.post(path, data={"typed": "a", "target": "b"}).status_code == 404
    assert editor.post(f"{path}/borttagning").status_code == 404


# No hits


def test_no_hits_lead_to_what_is_near(client, publish):
    publish(title="Kriskommunikationsplan", slug="kkp")
    publish(title="Internt om kommunikation", visibility="intern")

    page = soup(client.get("/sok?q=kommunikationszeppelinare"))

    links = page.select("section[aria-labelledby=liknar] a")
    assert [link["href"] for link in links if "/sok" not in link["href"]] == ["/vagledning/kkp"]
    assert "Internt" not in page.get_text()
