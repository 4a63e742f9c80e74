"""What stands in the menus and boxes for each role, and how many statements the pages of the desk cost."""

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import event

from kb.accounts.roles import Role
from tests.factories import make_draft, make_item, make_user

MAIN = [
    ("/vagledning", "Vägledning"),
    ("/checklistor", "Checklistor"),
    ("/berattelser", "Berättelser"),
    ("/genomforanden", "Pågående"),
    ("/viktiga-nummer", "Viktiga nummer"),
]
OWN = ("/konto", "Mitt konto")
MAIL = ("/konto/mejl", "Mejl till mig")
ACCOUNT = {
    None: [("/logga-in", "Logga in")],
    Role.READER: [OWN, MAIL],
    Role.STAFF: [OWN, MAIL],
    Role.LEADER: [OWN, MAIL],
    Role.EDITOR: [OWN, MAIL, ("/redaktion", "Redaktion")],
    Role.REVIEWER: [OWN, MAIL, ("/redaktion", "Redaktion")],
    Role.ADMIN: [OWN, MAIL, ("/administration", "Administration")],
}
FOOTER = [
    ("/viktiga-nummer", "Viktiga nummer"),
    ("/mallar", "Mallar"),
    ("/pastaenden", "Svar på påståenden"),
    ("/ordlista", "Ordlista"),
    ("/andrat", "Nytt och ändrat"),
    ("/utan-nat", "Utan nät"),
    ("/krisparm", "Krispärm"),
    ("/om", "Om Rådrum"),
    ("/tillganglighet", "Tillgänglighet"),
    ("/personuppgifter", "Personuppgifter"),
]
SIDE = {
    ("/redaktion", Role.EDITOR): [
        ("/redaktion", "Arbetslista"),
        ("/redaktion/innehall", "Allt innehåll"),
        ("/redaktion/nya-versioner", "Nya versioner"),
        ("/redaktion/ny", "Skriv ny text"),
        ("/redaktion/lagen", "Vanliga lägen"),
        ("/redaktion/sokningar", "Sökningar"),
        ("/redaktion/synonymer", "Synonymer"),
        ("/redaktion/utvalda-svar", "Utvalda svar"),
    ],
    ("/redaktion", Role.REVIEWER): [
        ("/redaktion", "Arbetslista"),
        ("/redaktion/innehall", "Allt innehåll"),
        ("/redaktion/nya-versioner", "Nya versioner"),
        ("/redaktion/sokningar", "Sökningar"),
    ],
    ("/administration", Role.ADMIN): [
        ("/administration", "Översikt"),
        ("/administration/kom-igang", "Kom igång"),
        ("/administration/anvandare", "Användare"),
        ("/administration/enheter", "Enheter"),
        ("/administration/amnen", "Ämnen"),
        ("/administration/nummer", "Viktiga nummer"),
        ("/administration/e-post", "E-post"),
        ("/administration/gallring", "Gallring"),
        ("/administration/handelser", "Händelser"),
        ("/administration/drift", "Drift"),
    ],
}
BOXES = {
    ("/redaktion", Role.EDITOR): [
        ("utkast", "Mina utkast 0"),
        ("gar-ut", "Granskning på gång att gå ut 0"),
        ("inte-granskade", "Inte granskade av er 1"),
        ("utan-traff", "Sökningar utan träff 0"),
    ],
    ("/redaktion", Role.REVIEWER): [
        ("att-granska", "Att granska 0"),
        ("gar-ut", "Granskning på gång att gå ut 0"),
        ("inte-granskade", "Inte granskade av er 1"),
        ("utan-traff", "Sökningar utan träff 0"),
    ],
    ("/administration", Role.ADMIN): [
        ("konton", "Konton 1"),
        ("enheter", "Enheter 1"),
        ("mejl", "Mejl som väntar 0"),
        ("inloggade", "Inloggade just nu 1"),
    ],
}
# Statements of a page: the sign-in and the alert bar cost two or three of them.
STATEMENTS = {
    ("/redaktion", Role.EDITOR): 9,
    ("/redaktion", Role.REVIEWER): 11,
    ("/administration", Role.ADMIN): 9,
}


def links(page, selector):
    """Address and words of the links in a part of a page."""
    return [(link["href"], link.get_text(strip=True)) for link in page.select(f"{selector} a")]


@pytest.fixture
def browse(session, sign_in, client):
    """`browse(role, path)` gives a page as it is for somebody who has only this role."""
    make_item(session)
    make_draft(session)

    def page(role, path):
        browser = sign_in(make_user(session, role)) if role else client
        return BeautifulSoup(browser.get(path).data, "html.parser")

    return page


@pytest.mark.parametrize("role", [None, *Role])
def test_each_role_has_its_menus_on_every_page(browse, role):
    page = browse(role, "/")

    assert links(page, "#meny") == MAIN + ACCOUNT[role]
    assert links(page, "#konto") == (ACCOUNT[role] if role else [])
    assert [link for link in links(page, ".footer") if not link[0].startswith("tel:")] == FOOTER


@pytest.mark.parametrize(("path", "role"), SIDE)
def test_a_menu_beside_shows_what_the_role_may_open(browse, path, role):
    page = browse(role, path)

    assert links(page, ".side") == SIDE[path, role]
    assert [link.get_text() for link in page.select("[aria-current=page]")] == [SIDE[path, role][0][1]]


@pytest.mark.parametrize(("path", "role"), SIDE)
def test_every_address_in_a_menu_beside_has_itself_marked(session, sign_in, path, role):
    browser = sign_in(make_user(session, role))

    for address, words in SIDE[path, role]:
        page = BeautifulSoup(browser.get(address).data, "html.parser")
        marked = [link.get_text() for link in page.select(".side [aria-current=page]")]
        assert marked in ([words], []), address
        assert marked or not page.select(".side"), address


@pytest.mark.parametrize(("path", "role"), BOXES)
def test_each_role_has_its_boxes(browse, path, role):
    page = browse(role, path)

    shown = [(head["id"], head.get_text(" ", strip=True)) for head in page.select(".box__head")]
    assert shown == BOXES[path, role]


@pytest.mark.parametrize(("path", "role"), STATEMENTS)
def test_the_boxes_cost_few_statements(app, session, sign_in, path, role):
    make_item(session)
    browser = sign_in(make_user(session, role))
    browser.get(path)
    statements = []
    engine = app.extensions["database"].engine

    def listen(*call):
        statements.append(call[2])

    event.listen(engine, "before_cursor_execute", listen)
    browser.get(path)
    event.remove(engine, "before_cursor_execute", listen)

    assert len([text for text in statements if text.startswith("SELECT")]) <= STATEMENTS[path, role]
