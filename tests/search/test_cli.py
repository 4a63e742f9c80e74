import json

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import update

from kb.accounts.roles import Role
from kb.library.core.facets import FACETS
from kb.search.finding.searching import touch
from kb.search.models import Synonym
from tests.factories import make_unit, make_user


@pytest.fixture
def run(app, indexer):
    """Run `flask search …` in the application of the test."""
    runner = app.test_cli_runner()
    return lambda *arguments, **options: runner.invoke(args=["search", *arguments], **options)


def test_the_terminal_gives_what_the_page_gives_in_the_same_order(run, client, publish):
    for number in range(7):
        publish(
            title=f"Nödlarm {'ord ' * number}",
            body="<p>" + "Larm. " * (7 - number) + "</p>",
            phases=("fore",),
        )

    found = json.loads(run("query", "nödlarm", "--json", "--phase", "fore").stdout)

    html = BeautifulSoup(client.get("/sok?q=nödlarm&skede=fore").data, "html.parser")
    assert [hit["slug"] for hit in found] == [
        str(link["href"]).split("/")[-1] for link in html.select(".hit__title a")
    ]
    assert set(found[0]) == {"slug", "title", "kind", "score"}


def test_one_query_a_line_gives_one_array_a_line(run, publish):
    publish(title="Nödlarm", slug="nodlarm")

    result = run("query", "-", "--json", "--limit", "5", input="nödlarm\n\nkaffe\n***\nnodlarm")

    lines = [json.loads(line) for line in result.stdout.splitlines()]
    assert [[hit["slug"] for hit in line] for line in lines] == [["nodlarm"], [], [], [], ["nodlarm"]]


def test_as_somebody_sees_what_they_may_see(run, session, publish):
    unit = make_unit(session)
    make_user(session, Role.STAFF, unit=unit, email="anna@kommun.example")
    publish(title="Nödlarm", visibility="enhet", unit=unit.public_id)

    assert json.loads(run("query", "nödlarm", "--json").stdout) == []
    assert len(json.loads(run("query", "nödlarm", "--json", "--as", "anna@kommun.example").stdout)) == 1
    assert "inget öppet konto" in run("query", "nödlarm", "--as", "nobody@kommun.example").output


def test_a_misspelt_filter_is_refused(run, publish):
    publish()

    result = run("query", "hot", "--phase", "sedan")

    assert result.exit_code != 0
    assert "fore, under, efter" in result.output


def test_check_tells_and_repair_mends(run, session, publish):
    item = publish(title="Nödlarm")
    assert run("check").exit_code == 0
    item.status = "borttagen"
    session.commit()

    broken = run("check")
    assert broken.exit_code == 1
    assert f"Ska inte finnas: {item.id}" in broken.stdout
    assert run("repair").exit_code == 0
    assert run("check").exit_code == 0


def test_rebuild_and_status(run, publish):
    publish()

    assert "dokument i indexet" in run("rebuild").stdout
    assert "Version:" in run("status").stdout


def test_status_of_a_missing_index(run):
    result = run("status")

    assert (result.exit_code, result.stdout) == (1, "Indexet saknas.\n")


def test_analyse_shows_how_a_text_is_understood(run):
    shown = json.loads(run("analyse", "checklista för hotade").stdout)

    assert shown["termer"]["hotade"] == "hot"
    assert shown["typer"] == ["checklista"]


@pytest.mark.parametrize("facet", FACETS, ids=lambda facet: facet.option)
def test_every_facet_narrows_on_the_terminal_as_on_the_page(run, client, publish, facet):
    publish(title="Nödlarm", phases=("under",), topics=("hot",), audiences=("chef",))
    publish(title="Nödlarm två", phases=("fore",), topics=("vald",), audiences=("reception",))
    for value in ("under", "hot", "vagledning", "chef", "mall"):
        found = run("query", "nödlarm", "--json", f"--{facet.option}", value)
        if "finns inte" in found.output:
            assert found.exit_code == 2
            continue
        html = BeautifulSoup(client.get(f"/sok?q=nödlarm&{facet.name}={value}").data, "html.parser")
        assert [hit["slug"] for hit in json.loads(found.stdout)] == [
            str(link["href"]).split("/")[-1] for link in html.select(".hit__title a")
        ]


def test_a_value_may_be_written_as_people_write_it(run, publish):
    for facet in FACETS:
        for word, value in facet.also.items():
            asked = [run("query", "nödlarm", "--json", f"--{facet.option}", form) for form in (word, value)]
            assert asked[0].output == asked[1].output


def test_synonyms_that_open_too_much_are_listed_until_a_note_says_why(run, session, publish):
    for number in range(25):
        publish(title=f"Kvast {number}")
    session.add(Synonym(typed="fara", target="kvast"))
    touch(session)
    session.commit()

    result = run("synonyms")
    assert (result.exit_code, "25 av 25  fara → kvast  utan anteckning" in result.output) == (1, True)
    session.execute(update(Synonym).values(note="Så ska det vara."))
    session.commit()
    result = run("synonyms")
    assert (result.exit_code, "fara → kvast  Så ska det vara." in result.output) == (0, True)
