"""Runs answer a search of those who see them; what goes on in own units lifts texts for who works there alone."""

import json

import pytest
from bs4 import BeautifulSoup

from kb import clock
from kb.search.engine.indexer import Healing, Indexer
from kb.search.engine.store import Store
from kb.search.start import Search
from kb.web.answering import answering_of
from tests.factories import make_document, make_item, make_user


@pytest.fixture
def library(app, session, tmp_path, scene):
    """An index with texts that are alike but for topic and phase."""
    before = app.extensions["search"]
    indexer = Indexer(app.extensions["database"], Store(tmp_path), Healing.INLINE)
    app.extensions["search"] = Search(indexer, answering_of(app))
    for slug, topics, phases in (
        ("annat", ("vald",), ("under",)),
        ("hot-fore", ("hot",), ("fore",)),
        ("hot-under", ("hot",), ("under",)),
    ):
        make_item(
            session,
            make_document(title="Nödlarm i huset", summary="Så gör du.", topics=topics, phases=phases),
            slug=slug,
        )
    session.commit()
    indexer.rebuild("Prov.")
    yield indexer
    app.extensions["search"] = before


def page(browser, **asked):
    return BeautifulSoup(browser.get("/sok", query_string=asked).data, "html.parser")


def answers(html):
    return [str(link["href"]) for link in html.select(".answer__title a")]


def slugs(html):
    return [str(link["href"]).rpartition("/")[2] for link in html.select(".hit__title a")]


def test_a_run_answers_those_who_see_it_and_nobody_else(library, scene, run, client, sign_in):
    url = f"/genomforanden/{run.public_id}"

    for user in (scene.staff, scene.leader):
        html = page(sign_in(user), q="akut hot")
        assert url in answers(html)
        assert scene.unit.name in html.select_one(".answer").get_text()
        assert "Startades" in html.select_one(".answer").get_text()
    for browser in (client, sign_in(scene.outsider), sign_in(scene.administrator)):
        assert run.public_id not in str(page(browser, q="akut hot").main)


@pytest.mark.parametrize("query", ["hot", "hotet", "akuta hot", "AKUT HOT"])
def test_a_run_is_found_by_words_of_its_title_in_any_form(library, scene, run, sign_in, query):
    assert f"/genomforanden/{run.public_id}" in answers(page(sign_in(scene.staff), q=query))


@pytest.mark.parametrize("query", ["hot mot chefer", "nödlarm", "vad är hot", "***"])
def test_a_run_does_not_answer_what_its_title_does_not_hold(library, scene, run, sign_in, query):
    assert run.public_id not in str(page(sign_in(scene.staff), q=query).select_one(".answers"))


def test_an_exercise_says_so_and_an_ended_run_is_gone(library, scene, session, sign_in):
    exercise = scene.start(is_exercise=True)
    browser = sign_in(scene.staff)
    assert "Pågående övning" in page(browser, q="akut hot").select_one(".answer").get_text()

    exercise.ended_at = clock.now()
    session.commit()

    assert exercise.public_id not in str(page(browser, q="akut hot").main)


def test_what_goes_on_lifts_texts_for_who_works_there_and_the_page_says_so(library, scene, run, sign_in):
    browser = sign_in(scene.staff)

    html = page(browser, q="nödlarm")
    said = next(line for line in html.select("p.part__head") if "igång" in line.get_text())
    words = " ".join(said.get_text().split())
    without = page(browser, q="nödlarm", oviktat="1")

    assert slugs(html)[0] == "hot-under"
    assert words.startswith(
        "Ni har Akut hot igång. Texter om hot, när de gäller medan det händer, står högre."
    )
    assert [link["href"] for link in said.select("a")][-1] == "/sok?q=n%C3%B6dlarm&oviktat=1"
    assert slugs(without)[0] == "annat"
    assert "igång" not in without.select_one("main").get_text()
    assert set(slugs(html)) == set(slugs(without))


def test_others_see_what_they_saw(library, scene, session, client, sign_in):
    reader = make_user(session, unit=scene.unit)
    others = [client, sign_in(scene.outsider), sign_in(scene.administrator), sign_in(reader)]
    before = [slugs(page(browser, q="nödlarm")) for browser in others]

    scene.start()

    assert [slugs(page(browser, q="nödlarm")) for browser in others] == before
    assert all("igång" not in page(browser, q="nödlarm").main.get_text() for browser in others)


def test_an_exercise_lifts_nothing(library, scene, sign_in):
    browser = sign_in(scene.staff)
    before = slugs(page(browser, q="nödlarm"))

    scene.start(is_exercise=True)

    html = page(browser, q="nödlarm")
    assert slugs(html) == before
    assert "igång" not in html.main.get_text()


def test_the_terminal_lifts_only_for_a_person_who_is_named(app, library, scene, run):
    runner = app.test_cli_runner()

    def first(*options):
        return json.loads(runner.invoke(args=["search", "query", "nödlarm", "--json", *options]).stdout)[0]

    assert first()["slug"] == "annat"
    assert first("--as", scene.outsider.email)["slug"] == "annat"
    assert first("--as", scene.staff.email)["slug"] == "hot-under"


def test_the_list_of_runs_is_found_by_name(library, client):
    assert answers(page(client, q="pågående checklistor")) == ["/genomforanden"]


@pytest.mark.parametrize("query", ["mina checklistor", "Mina pågående checklistor", "våra checklistor"])
def test_own_lists_are_found_as_people_ask_for_them(library, client, query):
    assert answers(page(client, q=query)) == ["/genomforanden"]


def test_of_many_runs_of_one_list_two_are_shown_apart_and_the_rest_is_led_to(library, scene, sign_in):
    for _ in range(3):
        scene.start()

    boxes = page(sign_in(scene.staff), q="akut hot").select(".answer")

    assert len(boxes) == 2
    assert all(scene.unit.name in box.get_text() and "Startades" in box.get_text() for box in boxes)
    more = boxes[-1].select_one(".answer__links a")
    assert (more.get_text(), more["href"]) == ("Fler pågår (1 till)", "/genomforanden")
    assert not boxes[0].select(".answer__links")


@pytest.mark.parametrize("query", ["mall nödlarm", "checklista nödlarm", "Nödlarm i huset"])
def test_nothing_is_lifted_where_a_kind_or_a_title_is_asked_for(library, scene, sign_in, query):
    browser = sign_in(scene.staff)
    before = slugs(page(browser, q=query))

    scene.start()

    html = page(browser, q=query)
    assert slugs(html) == before
    assert "igång" not in html.main.get_text()


def test_what_is_named_stays_first_whatever_goes_on(library, session, scene, run, sign_in):
    for slug, title, topics in (("namngiven", "Brandlarm", ("vald",)), ("lyft", "Reservplan", ("hot",))):
        make_item(
            session,
            make_document(title=title, summary="Brandlarm två.", topics=topics, phases=("under",)),
            slug=slug,
        )
    session.commit()
    library.rebuild("Prov.")

    assert slugs(page(sign_in(scene.staff), q="brandlarm"))[0] == "namngiven"
