"""The glossary: terms lead to the text that explains them, and are looked up on the page where they stand."""

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import event, select

from kb.accounts.viewer import ANONYMOUS, SYSTEM
from kb.library.core.models.lists import GlossaryTerm
from kb.library.reading import glossary
from kb.library.services import addresses
from tests.addresses import path_of
from tests.factories import make_document, make_item


def terms_on(page):
    return [dt.get_text() for dt in BeautifulSoup(page, "html.parser").select("details.terms dt")]


def show(client, session, text):
    """The page of an item with this text."""
    item = make_item(session, make_document(body=f"<p>{text}</p>"))
    session.commit()
    return client.get(path_of(item)).text


def test_the_words_of_a_page_can_be_looked_up_there_without_script(client, session):
    page = show(client, session, "Rapporten gäller ett allvarligt tillbud. Skyddsombudet fick veta.")

    box = BeautifulSoup(page, "html.parser").select_one("details.terms")

    assert box.summary.get_text(" ", strip=True).startswith("Ord på sidan")
    assert {"allvarligt tillbud", "skyddsombud"} <= set(terms_on(page))
    assert "Händelse med allvarlig fara för liv och hälsa" in box.get_text()


def test_everyday_words_and_words_that_are_not_there_are_left_out(client, session):
    terms = terms_on(show(client, session, "Hot och våld under dagen, före och efter mötet."))

    assert not {"hot", "våld", "före", "efter", "under", "skyddsombud"} & set(terms)


def test_an_abbreviation_is_also_meant_by_its_full_name(client, session):
    assert "SoL" in terms_on(show(client, session, "Så säger socialtjänstlagen."))


def test_at_most_twelve_words_are_listed_in_swedish_order(client, session):
    names = session.scalars(select(GlossaryTerm.term)).all()

    terms = terms_on(show(client, session, ", ".join(names)))

    assert len(terms) == glossary.MOST


def test_a_term_leads_to_the_text_that_explains_it(client, session):
    make_item(session, make_document(title="Så fungerar skyddsstopp"), slug="skyddsstopp-och-skyddsombud")
    page = show(client, session, "Ett skyddsstopp gäller.")

    for html in (page, client.get("/ordlista").text):
        link = BeautifulSoup(html, "html.parser").main.find(
            "a", href="/vagledning/skyddsstopp-och-skyddsombud"
        )
        assert link.get_text() == "Så fungerar skyddsstopp"


def test_the_link_follows_when_the_text_is_renamed(session):
    item = make_item(session, slug="skyddsstopp-och-skyddsombud")
    addresses.rename(session, item, "nytt-namn", by=SYSTEM)

    term = next(t for t in glossary.list_terms(session, ANONYMOUS) if t.term == "skyddsstopp")

    assert path_of(term) == "/vagledning/nytt-namn"


def test_a_term_does_not_lead_to_what_the_reader_may_not_see(client, session):
    make_item(
        session, make_document(title="Hemligt", visibility="intern"), slug="skyddsstopp-och-skyddsombud"
    )
    page = show(client, session, "Ett skyddsstopp gäller.")

    assert "Hemligt" not in page
    assert "Hemligt" not in client.get("/ordlista").text


def test_a_changed_definition_is_given_though_the_terms_are_kept(session):
    revision = make_item(session, make_document(body="<p>Ett skyddsstopp.</p>")).published_revision
    glossary.terms_in(session, ANONYMOUS, revision.content, revision.digest)
    term = session.scalars(select(GlossaryTerm).where(GlossaryTerm.term == "skyddsstopp")).one()
    term.definition = "En ny förklaring."
    session.flush()

    found = glossary.terms_in(session, ANONYMOUS, revision.content, revision.digest)

    assert "En ny förklaring." in [term.definition for term in found]


def test_another_full_name_of_an_abbreviation_is_found_at_once(session):
    """By the words that are kept too, not by the terms alone."""
    revision = make_item(session, make_document(body="<p>Enligt tarifflagen.</p>")).published_revision
    glossary.terms_in(session, ANONYMOUS, revision.content, revision.digest)
    term = session.scalars(select(GlossaryTerm).where(GlossaryTerm.term == "SoL")).one()
    term.synonyms = [*term.synonyms, "tarifflagen"]
    session.flush()

    found = glossary.terms_in(session, ANONYMOUS, revision.content, revision.digest)

    assert "SoL" in [term.term for term in found]


def test_a_text_is_searched_for_terms_only_once(session, monkeypatch):
    item = make_item(session, make_document(body="<p>Ett skyddsstopp.</p>"))
    revision = item.published_revision
    first = glossary.terms_in(session, ANONYMOUS, revision.content, revision.digest)
    monkeypatch.setattr(glossary, "occurring", lambda *_: pytest.fail("searched again"))
    statements = []
    event.listen(session.connection(), "before_cursor_execute", lambda *call: statements.append(call))

    again = glossary.terms_in(session, ANONYMOUS, revision.content, revision.digest)

    assert again == first
    assert len(statements) == 2


def test_all_links_of_the_glossary_belong_to_terms(session):
    linked = session.scalars(select(GlossaryTerm).where(GlossaryTerm.item_slug != "")).all()

    assert len(linked) > 100
