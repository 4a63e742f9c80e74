"""Writing message templates and answers to claims in the form, and what is checked and compared."""

import pytest
from sqlalchemy import select

from kb.accounts.roles import Role
from kb.library.content.blocks import document_blocks
from kb.library.content.bounds import problems
from kb.library.content.checks import run_checks
from kb.library.core.models.items import ContentItem
from kb.library.services import drafts
from tests.addresses import path_of
from tests.factories import make_document, make_item, make_user, viewer_of
from tests.forms import page_of, typed_in


@pytest.fixture
def browser(session, sign_in):
    """An editor's browser."""
    return sign_in(make_user(session, Role.EDITOR))


def item_of(session, slug):
    """The item with this slug."""
    session.expire_all()
    return session.scalars(select(ContentItem).where(ContentItem.slug == slug)).one()


@pytest.mark.parametrize("kind", ["mall", "pastaende"])
def test_what_the_form_shows_comes_back_as_it_was(session, browser, kind):
    item = make_item(session, make_document(kind))
    session.commit()
    address = f"/redaktion/{kind}/{item.public_id}"

    typed = typed_in(page_of(browser.get(address)), title="Ny titel", reason="Prov")
    response = browser.post(address, data=typed)

    session.expire_all()
    before, after = item.published_revision.content.to_dict(), item.latest_revision.content.to_dict()
    assert response.status_code == 303
    assert after == {**before, "title": "Ny titel"}


def test_a_template_is_written_in_the_form(session, browser):
    form = page_of(browser.get("/redaktion/ny?typ=mall"))
    typed = typed_in(form, title="Min mall", channel="press", text="Hej\r\n\r\n[namn]", secrecy="Inga **namn**.",
                     check_before="Ring chefen.\r\nLäs igen.")  # fmt: skip

    browser.post("/redaktion/ny?typ=mall", data=typed)

    document = item_of(session, "min-mall").latest_revision.content
    assert (document.channel, document.text) == ("press", "Hej\n\n[namn]")
    assert document.secrecy == "<p>Inga <strong>namn</strong>.</p>"
    assert document.check_before == ("Ring chefen.", "Läs igen.")


def test_a_claim_is_written_in_the_form(session, browser):
    form = page_of(browser.get("/redaktion/ny?typ=pastaende"))
    typed = typed_in(form, title="Rykte", claim="De snor.\r\nDe ljuger.", short_answer="Nej.\r\nAldrig.")

    response = browser.post("/redaktion/ny?typ=pastaende", data=typed)

    document = item_of(session, "rykte").latest_revision.content
    assert (document.claim, document.short_answer) == (("De snor.", "De ljuger."), "Nej. Aldrig.")
    assert "Sista dag saknas." in browser.get(response.location).text


def test_a_draft_of_a_template_is_previewed_without_plain_text(session, browser):
    item = drafts.create_item(
        session, make_document("mall"), by=viewer_of(session, make_user(session, Role.EDITOR))
    )
    session.commit()

    page = browser.get(f"/redaktion/mall/{item.public_id}/forhandsvisning").text

    assert "mallens-text" in page
    assert ".txt" not in page


def test_a_claim_without_a_last_day_cannot_be_published():
    found = {problem.field for problem in problems(make_document("pastaende", valid_to="", short_answer=""))}

    assert found == {"valid_to", "short_answer"}


def test_kontroll_reads_the_text_of_a_template():
    document = make_document("mall", text="Ring Kim, 19811218-9876.", secrecy="")

    found = {(check.tone, check.field) for check in run_checks(document)}

    assert ("error", "text") in found
    assert ("warn", "secrecy") in found


def test_the_comparison_shows_what_each_kind_says():
    both = [*document_blocks(make_document("mall")), *document_blocks(make_document("pastaende"))]
    blocks = {block.label: block.text for block in both}

    assert blocks["Används till"] == "Internt meddelande"
    assert blocks["Innan du skickar"] == "Ta bort alla namn."
    assert blocks["Det här får du inte säga"] == "Säg inget om vem som har insatser."
    assert blocks["Påståendet"] == "De tar barnen utan anledning."
    assert blocks["Kort svar"].startswith("Nej.")


@pytest.mark.parametrize("kind", ["mall", "pastaende"])
def test_a_link_to_them_is_a_link_between_texts(client, session, kind):
    target = make_item(session, make_document(kind, title="Målet"))
    source = make_item(session, make_document(body=f'<p><a href="{path_of(target)}">Läs</a></p>'))
    session.commit()

    assert path_of(source) in client.get(path_of(target)).text
