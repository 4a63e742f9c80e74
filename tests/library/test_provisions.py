"""Legal provisions: their addresses, their pages, and who is shown what relies on them."""

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import select

from kb.accounts.roles import Role
from kb.accounts.viewer import SYSTEM
from kb.library.content.document import Provision
from kb.library.core.models.provisions import LegalProvision
from kb.library.reading.provisions import section_key
from kb.library.services import publication
from tests.addresses import path_of
from tests.factories import make_document, make_item, make_user

AML = "Arbetsmiljölag (1977:1160)"


def law(section: str = "3 kap. 3 a §", **values: str) -> Provision:
    """A provision."""
    return Provision(
        **{"statute": AML, "short": "AML", "section": section, "checked_on": "2026-11-20", **values}
    )


def relying(session, *laws, **values):
    """A published item that relies on the provisions."""
    return make_item(session, make_document(provisions=laws, **values))


def slugs(session):
    return sorted(session.scalars(select(LegalProvision.slug)))


def links(page):
    return {
        a["href"]: a.get_text(" ", strip=True) for a in BeautifulSoup(page, "html.parser").main.find_all("a")
    }


def test_the_address_is_short_name_and_section(session):
    relying(session, law(), law("24 b §", statute="Lag (1993:387) om stöd", short="LSS"))

    assert slugs(session) == ["aml-3-kap-3-a", "lss-24-b"]


def test_without_a_short_name_the_statute_names_it(session):
    relying(session, law("2 §", short=""))

    assert slugs(session) == ["arbetsmiljolag-1977-1160-2"]


def test_a_later_wording_has_an_address_of_its_own_and_the_first_keeps_its(session):
    relying(session, law())
    relying(session, law(in_force_from="2027-01-01"))
    relying(session, law())

    assert slugs(session) == ["aml-3-kap-3-a", "aml-3-kap-3-a-2027-01-01"]


def test_two_statutes_with_the_same_short_name_do_not_collide(session):
    relying(session, law(), law(statute="En annan lag"))

    assert slugs(session) == ["aml-3-kap-3-a", "aml-3-kap-3-a-2"]


def test_the_page_lists_all_texts_that_rely_on_it(client, session):
    for title in ("Första texten", "Andra texten"):
        relying(session, law(in_force_from="2025-07-01"), title=title)
    relying(session, law("9 §"), title="En text om annat")
    session.commit()

    page = client.get("/lagrum/aml-3-kap-3-a").text

    assert "Första texten" in page
    assert "Andra texten" in page
    assert "En text om annat" not in page
    assert "1 juli 2025" in page
    assert "20 november 2026" in page


def test_an_older_wording_says_that_it_is_over_and_leads_to_the_other(client, session):
    relying(session, law(in_force_to="2024-12-31"))
    relying(session, law(in_force_from="2025-01-01"))
    session.commit()

    page = client.get("/lagrum/aml-3-kap-3-a").text

    assert "Lydelsen gäller inte längre" in page
    assert "/lagrum/aml-3-kap-3-a-2025-01-01" in links(page)


@pytest.mark.parametrize("path", ["/lagrum", "/amnen/hot"])
def test_lists_lead_to_each_section_in_natural_order(client, session, path):
    relying(session, law("10 kap. 1 §"), law("3 kap. 2 §"), law("3 kap. 2 a §"))
    session.commit()

    found = [href for href in links(client.get(path).text) if href.startswith("/lagrum/")]

    assert found == ["/lagrum/aml-3-kap-2", "/lagrum/aml-3-kap-2-a", "/lagrum/aml-10-kap-1"]


def test_an_item_leads_to_its_provisions(client, session):
    item = relying(session, law())
    session.commit()

    page = client.get(path_of(item)).text

    assert links(page)["/lagrum/aml-3-kap-3-a"] == "3 kap. 3 a §"
    assert "Jämförd 20 november 2026 med konsoliderad lydelse hösten 2025." in page


def test_what_is_not_open_shows_a_stranger_neither_text_nor_provision(client, session, sign_in):
    relying(session, law(), title="Bara för oss", visibility="intern")
    session.commit()
    member = sign_in(make_user(session, Role.READER))

    assert client.get("/lagrum/aml-3-kap-3-a").status_code == 404
    assert "/lagrum/" not in client.get("/lagrum").text
    assert "Bara för oss" in member.get("/lagrum/aml-3-kap-3-a").text


def test_an_open_page_leaves_out_the_internal_text(client, session):
    relying(session, law(), title="Öppen text")
    relying(session, law(), title="Bara för oss", visibility="intern")
    session.commit()

    page = client.get("/lagrum/aml-3-kap-3-a").text

    assert "Öppen text" in page
    assert "Bara för oss" not in page
    assert "1 text bygger på paragrafen" in page


def test_a_provision_that_no_text_relies_on_any_more_is_gone(client, session):
    item = relying(session, law())
    publication.withdraw(session, item, reason="Gammal.", replacement=None, by=SYSTEM)
    session.commit()

    assert client.get("/lagrum/aml-3-kap-3-a").status_code == 404


@pytest.mark.parametrize("path", ["/lagrum/finns-inte", "/lagrum/../etc"])
def test_an_unknown_provision_is_not_found(client, path):
    assert client.get(path).status_code == 404


def test_sections_sort_by_their_numbers():
    sections = ["10 kap. 1 §", "3 kap. 2 a §", "24 b §", "3 kap. 2 §", "3 kap. 10 §"]

    assert sorted(sections, key=section_key) == [
        "3 kap. 2 §",
        "3 kap. 2 a §",
        "3 kap. 10 §",
        "10 kap. 1 §",
        "24 b §",
    ]
