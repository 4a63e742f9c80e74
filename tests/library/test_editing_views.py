"""Writing in the browser without script: new texts, drafts, lists of the form, conflicts, preview."""

import re

import pytest
from sqlalchemy import select

from kb.accounts.roles import Role
from kb.library.core.models.items import ContentItem, Revision
from kb.library.services import revisions
from tests.factories import make_document, make_draft, make_item, make_unit, make_user, viewer_of
from tests.forms import page_of, typed_in


@pytest.fixture
def unit(session):
    """The unit where the people of these tests work."""
    return make_unit(session)


@pytest.fixture
def editor(session, unit):
    """An editor."""
    return make_user(session, Role.EDITOR, unit=unit, name="Anna")


@pytest.fixture
def browser(sign_in, editor):
    """The editor's browser."""
    return sign_in(editor)


def path_of(item):
    """The edit page of an item."""
    return f"/redaktion/{item.kind}/{item.public_id}"


def latest_of(session, item):
    """The newest stored document."""
    session.expire_all()
    return session.get(ContentItem, item.id).latest_revision.content


# Who may


@pytest.mark.parametrize("address", ["/redaktion", "/redaktion/innehall", "/redaktion/ny"])
def test_a_reader_without_account_is_sent_to_sign_in(client, address):
    response = client.get(address)

    assert response.status_code == 303
    assert response.location.startswith("/logga-in")


@pytest.mark.parametrize("address", ["/redaktion", "/redaktion/innehall", "/redaktion/ny"])
def test_staff_may_not_enter_the_desk(session, sign_in, address):
    browser = sign_in(make_user(session, Role.STAFF))

    assert browser.get(address).status_code == 403


def test_a_reviewer_who_is_no_editor_cannot_write(session, sign_in):
    draft = make_draft(session)
    browser = sign_in(make_user(session, Role.REVIEWER))

    assert browser.get(path_of(draft)).status_code == 403
    assert browser.post(path_of(draft), data={"title": "Min"}).status_code == 403


def test_a_draft_for_another_unit_is_not_found(session, browser):
    other = make_unit(session)
    draft = make_draft(session, make_document(visibility="enhet", unit=other.public_id))
    session.commit()

    assert browser.get(path_of(draft)).status_code == 404
    assert draft.title not in browser.get("/redaktion/innehall").get_data(as_text=True)


def test_a_stricter_draft_of_an_open_text_is_not_found_by_others(session, browser):
    other = make_unit(session)
    item = make_item(session)
    stricter = make_document(visibility="enhet", unit=other.public_id)
    revisions.add_revision(session, item, stricter, by=viewer_of(session, make_user(session)), reason="")
    session.commit()

    assert browser.get(path_of(item)).status_code == 404


# New texts


def test_the_choice_of_kind_comes_first(browser):
    links = [link["href"] for link in page_of(browser.get("/redaktion/ny")).select("main a")]

    for kind in ("vagledning", "berattelse", "checklista"):
        assert f"/redaktion/ny?typ={kind}" in links


@pytest.mark.parametrize("kind", ["vagledning", "berattelse", "checklista"])
def test_a_new_text_becomes_a_draft(session, browser, kind):
    address = f"/redaktion/ny?typ={kind}"
    typed = typed_in(page_of(browser.get(address)), title="Drönare över boendet", summary="Kort.")

    response = browser.post(address, data=typed)

    item = session.scalar(select(ContentItem).where(ContentItem.slug == "dronare-over-boendet"))
    assert response.status_code == 303
    assert response.location == path_of(item)
    assert (item.kind, item.status, item.workflow, item.version) == (kind, "utkast", "utkast", 0)
    assert "Utkastet är sparat." in browser.get(response.location).get_data(as_text=True)


def test_a_new_text_without_title_keeps_what_was_typed(session, browser):
    typed = {"title": "", "summary": "Det här skrev jag.", "body": "## Rubrik", "visibility": "oppen"}

    response = browser.post("/redaktion/ny?typ=vagledning", data=typed)

    page = page_of(response)
    assert response.status_code == 422
    assert page.title.get_text().startswith("Fel: ")
    assert page.select_one('a[href="#title"]').get_text() == "Skriv en titel."
    assert "Det här skrev jag." in page.select_one("#summary").get_text()
    assert "## Rubrik" in page.select_one("#body").get_text()
    assert session.scalars(select(ContentItem)).all() == []


def test_a_taken_address_is_refused(session, browser):
    make_item(session, slug="upptagen")
    session.commit()
    typed = typed_in(page_of(browser.get("/redaktion/ny?typ=vagledning")), title="Ny", slug="Upptagen")

    response = browser.post("/redaktion/ny?typ=vagledning", data=typed)

    assert response.status_code == 422
    assert "används redan" in page_of(response).select_one('a[href="#slug"]').get_text()


def test_an_unknown_kind_is_refused(browser):
    assert browser.post("/redaktion/ny?typ=dikt", data={"title": "x"}).status_code == 422


# Saving


@pytest.mark.parametrize("kind", ["vagledning", "berattelse", "checklista"])
def test_saving_an_unchanged_form_makes_no_revision(session, browser, kind):
    item = make_item(session, make_document(kind))
    session.commit()

    typed = typed_in(page_of(browser.get(path_of(item))), reason="Ingen ändring")
    response = browser.post(path_of(item), data=typed)

    assert response.status_code == 303
    session.expire_all()
    assert session.scalars(select(Revision.number).where(Revision.item_id == item.id)).all() == [1]
    assert session.get(ContentItem, item.id).workflow == "vila"


def test_a_draft_of_a_published_text_is_not_seen_by_readers(session, browser, client):
    item = make_item(session, slug="hot")
    session.commit()
    typed = typed_in(page_of(browser.get(path_of(item))), title="Helt ny titel", reason="Ny lag")

    browser.post(path_of(item), data=typed)

    assert latest_of(session, item).title == "Helt ny titel"
    for address in ("/vagledning/hot", "/vagledning/hot/historik", "/vagledning", "/andrat", "/andrat.atom"):
        assert "Helt ny titel" not in client.get(address).get_data(as_text=True)


def test_a_published_text_needs_a_reason(session, browser):
    item = make_item(session)
    session.commit()
    typed = typed_in(page_of(browser.get(path_of(item))), title="Ny titel", reason="")

    response = browser.post(path_of(item), data=typed)

    assert response.status_code == 422
    assert page_of(response).select_one('a[href="#reason"]').get_text() == "Skriv varför texten ändras."


def test_markdown_is_stored_as_safe_html(session, browser):
    draft = make_draft(session)
    session.commit()
    body = "## Så gör ni\n\n- ett\n- två\n\n<script>alert(1)</script>"

    browser.post(path_of(draft), data=typed_in(page_of(browser.get(path_of(draft))), body=body))

    stored = latest_of(session, draft).body
    assert "<h2>Så gör ni</h2>" in stored
    assert "<li>två</li>" in stored
    assert "script" not in stored


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("title", "x" * 161, "Titel: högst 160 tecken, nu är det 161."),
        ("summary", "x" * 301, "Ingress: högst 300 tecken, nu är det 301."),
        ("body", "<p>" + "x" * 250_000, "Texten är för lång."),
        ("checked_on", "i går", "är inget datum"),
        ("review_interval_months", "ofta", "heltal"),
        ("related", "/vagledning/finns-inte", "finns inte"),
        ("related", "hej och hå", "ingen adress här"),
        ("sources-0-url", "javascript:alert(1)", "https://"),
        ("sources-0-title", "", "Skriv källans titel"),
        ("actions-0-do", "", "Skriv vad läsaren ska göra"),
        ("labels", ",".join(map(str, range(41))), "högst 40"),
        ("visibility", "alla", "Vem får läsa"),
        ("topics", "rymden", "Ämne"),
    ],
    ids=lambda value: value[:24],
)
def test_what_is_wrong_is_said_and_kept(session, browser, field, value, message):
    draft = make_draft(session)
    session.commit()
    typed = typed_in(page_of(browser.get(path_of(draft))))
    typed.setlist(field, [value])

    response = browser.post(path_of(draft), data=typed)

    page = page_of(response)
    control = page.select_one(f'[name="{field}"]')
    shown = control.get_text() if control.name == "textarea" else control.get("value", "")
    assert response.status_code == 422
    assert message in page.select_one(".message--errors").get_text()
    assert value in shown or control.get("type") in {"checkbox", "radio"}
    assert latest_of(session, draft).title == draft.title


def test_a_form_of_almost_three_megabytes_is_answered_with_the_text_kept(session, browser):
    draft = make_draft(session)
    session.commit()
    text = "ord " * 700_000

    response = browser.post(path_of(draft), data=typed_in(page_of(browser.get(path_of(draft))), body=text))

    assert response.status_code == 422
    assert text.strip()[-2000:] in response.get_data(as_text=True)


def test_more_fields_than_any_form_has_are_refused(session, browser):
    draft = make_draft(session)
    session.commit()

    response = browser.post(path_of(draft), data={f"sections-{n}-title": "x" for n in range(200)})

    assert response.status_code == 422


# Lists of the form


def test_an_entry_is_added_moved_and_removed_without_saving_anything(session, browser):
    draft = make_draft(session)
    session.commit()
    before = session.scalars(select(Revision.id)).all()

    typed = typed_in(page_of(browser.get(path_of(draft))), title="Nästan klar")
    added = page_of(browser.post(path_of(draft), data={**typed.to_dict(False), "op": "actions.add"}))
    filled = typed_in(added, **{"actions-2-do": "Kom hem."})
    moved = page_of(browser.post(path_of(draft), data={**filled.to_dict(False), "op": "actions.2.up"}))
    gone = page_of(
        browser.post(path_of(draft), data={**typed_in(moved).to_dict(False), "op": "actions.0.remove"})
    )

    assert [field["value"] for field in moved.select('[name$="-do"]')] == [
        "Ring 112.",
        "Kom hem.",
        "Gå undan.",
    ]
    assert [field["value"] for field in gone.select('[name$="-do"]')] == ["Kom hem.", "Gå undan."]
    assert gone.select_one("#title")["value"] == "Nästan klar"
    assert session.scalars(select(Revision.id)).all() == before


def test_a_step_is_added_to_its_section(session, browser):
    draft = make_draft(session, make_document("checklista"))
    session.commit()

    typed = typed_in(page_of(browser.get(path_of(draft))))
    page = page_of(browser.post(path_of(draft), data={**typed.to_dict(False), "op": "sections.1.steps.add"}))
    browser.post(path_of(draft), data=typed_in(page, **{"sections-1-steps-2-text": "Följ upp."}))

    steps = latest_of(session, draft).sections[1].steps
    assert [step.id for step in steps] == ["film", "anmal", "folj-upp"]


def test_the_id_of_a_step_stays_when_its_words_change(session, browser):
    draft = make_draft(session, make_document("checklista"))
    session.commit()
    typed = typed_in(
        page_of(browser.get(path_of(draft))), **{"sections-0-steps-0-text": "För den utsatta i säkerhet."}
    )

    browser.post(path_of(draft), data=typed)

    assert latest_of(session, draft).sections[0].steps[0].id == "sakra"


@pytest.mark.parametrize(
    "operation", ["title.add", "actions.99.up", "sections.0.add", "x", "actions.-9.remove", ""]
)
def test_a_button_that_does_not_exist_changes_nothing(session, browser, operation):
    draft = make_draft(session)
    session.commit()
    typed = typed_in(page_of(browser.get(path_of(draft))))

    response = browser.post(path_of(draft), data={**typed.to_dict(False), "op": operation})

    assert response.status_code == (422 if operation else 303)


# Conflict


def test_saving_over_a_newer_version_shows_both_and_keeps_mine(session, browser, sign_in, unit):
    draft = make_draft(session)
    session.commit()
    johan = sign_in(make_user(session, Role.EDITOR, unit=unit, name="Johan"))
    mine = typed_in(page_of(browser.get(path_of(draft))), title="Annas titel")
    johan.post(path_of(draft), data=typed_in(page_of(johan.get(path_of(draft))), title="Johans titel"))

    response = browser.post(path_of(draft), data=mine)

    page = page_of(response)
    assert response.status_code == 409
    assert "Johan sparade texten" in page.get_text()
    assert page.select_one(".diff del").get_text().endswith("Johans ")
    assert page.select_one(".diff ins").get_text().endswith("Annas ")
    assert page.select_one("#title")["value"] == "Annas titel"
    assert latest_of(session, draft).title == "Johans titel"

    again = browser.post(path_of(draft), data=typed_in(page))
    assert again.status_code == 303
    assert latest_of(session, draft).title == "Annas titel"


def test_a_form_without_base_is_a_conflict(session, browser):
    draft = make_draft(session)
    session.commit()
    typed = typed_in(page_of(browser.get(path_of(draft))), title="Ny", base="9' OR 1=1")

    assert browser.post(path_of(draft), data=typed).status_code == 409


# Around the form


@pytest.mark.parametrize("kind", ["vagledning", "berattelse", "checklista"])
def test_the_preview_shows_the_draft_with_a_banner(session, browser, kind):
    item = make_item(session, make_document(kind))
    session.commit()
    typed = typed_in(
        page_of(browser.get(path_of(item))), title="Ny titel", reason="Ny", gor="forhandsvisning"
    )

    response = browser.post(path_of(item), data=typed)
    page = page_of(browser.get(response.location))

    assert response.location == f"{path_of(item)}/forhandsvisning"
    assert page.h1.get_text() == "Ny titel"
    assert page.select_one(".message--warn").get_text().startswith("Utkast")


def test_kontroll_stands_beside_the_form(session, browser):
    draft = make_draft(session, make_document(sources=(), body='<p>Läs <a href="/vagledning/x">här</a>.</p>'))
    session.commit()

    panel = page_of(browser.get(path_of(draft))).select_one(".panel").get_text(" ")

    assert "1 fel" in panel
    assert "Källa saknas." in panel
    assert "Länktexten ”här” säger inget." in panel
    assert re.search(r"Texten ”x” finns inte", panel)


def test_sending_with_an_error_saves_the_draft_and_says_why(session, browser):
    draft = make_draft(session, make_document(sources=()))
    session.commit()
    typed = typed_in(page_of(browser.get(path_of(draft))), title="Sparad ändå", gor="granskning")

    response = browser.post(path_of(draft), data=typed)

    assert response.location == path_of(draft)
    assert "inte skickad" in browser.get(response.location).get_data(as_text=True)
    assert latest_of(session, draft).title == "Sparad ändå"
    assert session.get(ContentItem, draft.id).workflow == "utkast"


def test_sending_without_any_change_says_that_there_is_nothing_to_review(session, browser):
    item = make_item(session)
    session.commit()
    typed = typed_in(page_of(browser.get(path_of(item))), reason="Inget", gor="granskning")

    response = browser.post(path_of(item), data=typed)

    assert response.location == path_of(item)
    assert "inget att granska" in browser.get(response.location).get_data(as_text=True)
