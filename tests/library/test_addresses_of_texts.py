"""The address of a text is that of its page, in a request and outside."""

import pytest
from flask import url_for

from kb.accounts.roles import Role
from kb.library.addresses import PAGES, address, provision_address
from kb.library.content.document import Kind
from kb.web.addresses import page_address
from tests.factories import make_document, make_item, make_user


@pytest.mark.parametrize("kind", Kind)
def test_the_address_is_that_of_the_page(app, kind):
    with app.app_context():
        outside = address(kind, "en-text")
    with app.test_request_context():
        assert {outside, address(str(kind), "en-text")} == {url_for(PAGES[kind], slug="en-text")}


def test_a_section_of_law_has_its_page(app):
    with app.test_request_context():
        assert provision_address("sol-14-1") == url_for("library.provision_show", slug="sol-14-1")


def test_templates_ask_with_the_same_words(app):
    with app.app_context():
        template = app.jinja_env.from_string("{{ address('mall', 'a') }} {{ provision_address('b') }}")

        assert template.render() == "/mallar/a /lagrum/b"


def test_addresses_outside_a_request_are_those_of_flask(app):
    with app.app_context():
        outside = page_address("library.draft_edit", kind="mall", public_id="abc", jamfor="allt å")
    with app.test_request_context():
        assert outside == url_for("library.draft_edit", kind="mall", public_id="abc", jamfor="allt å")


def test_a_list_is_paged_whatever_else_stands_in_its_address(sign_in, session):
    for number in range(45):
        make_item(session, make_document(title=f"Text {number}"), slug=f"text-{number}")
    session.commit()
    browser = sign_in(make_user(session, Role.EDITOR))

    assert browser.get("/redaktion/innehall?endpoint=x&values=y").status_code == 200
