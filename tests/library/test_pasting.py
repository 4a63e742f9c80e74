"""Texts that are pasted, typed and gone on with in the form: what comes out is what was meant, or it is said."""

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import select

from kb.accounts.roles import Role
from kb.library.core.models.items import ContentItem
from tests.cases import read_case
from tests.factories import make_user
from tests.forms import page_of, typed_in


class Desk:
    """An editor with a browser."""

    def __init__(self, browser, session):
        self.browser, self.session = browser, session
        self.path = ""

    def save(self, body, **values):
        """Save a new text; returns the edit page that follows."""
        page = page_of(self.browser.get("/redaktion/ny?typ=vagledning"))
        response = self.browser.post(
            "/redaktion/ny?typ=vagledning", data=typed_in(page, title="Prov", body=body, **values)
        )
        assert response.status_code == 303, response.text
        self.path = response.location
        return self.open()

    def go_on(self, added):
        """Write something after what stands in the field, and save."""
        page = self.open()
        response = self.browser.post(self.path, data=typed_in(page, body=self.written(page) + added))
        assert response.status_code == 303, response.text

    def written(self, page):
        """What stands in the field of the text."""
        field = page.find("textarea", attrs={"name": "body"})
        return field.get_text().removeprefix("\r\n").removeprefix("\n")

    def open(self):
        """The edit page."""
        return page_of(self.browser.get(self.path))

    @property
    def body(self):
        """What is stored, parsed."""
        self.session.expire_all()
        item = self.session.scalars(select(ContentItem).order_by(ContentItem.id.desc())).first()
        return BeautifulSoup(item.latest_revision.content.body, "html.parser")


@pytest.fixture
def desk(session, sign_in):
    return Desk(sign_in(make_user(session, Role.EDITOR)), session)


def outline(node):
    """A list as nested Python lists: words, and the points below them."""
    found = []
    for point in node.find_all("li", recursive=False):
        inner = point.find(["ul", "ol"])
        words = " ".join("".join(text for text in point.find_all(string=True, recursive=False)).split())
        found.append([words, outline(inner)] if inner else words)
    return found


def message_on(page):
    """What the page says was changed."""
    found = [box for box in page.find_all(class_="message--warn") if "ändrades i det du" in box.get_text()]
    return found[0].get_text(" ") if found else ""


LISTS = {
    "word-bullets-1": ["Boka ett rum med två utgångar", "Bär larmet på dig", "Säg till en kollega"],
    "word-bullets-2": ["Stäng dörren", "Gå till personalrummet"],
    "word-nested-1": [["Innan", ["Läs journalen", "Prata med chefen"]], "Under mötet"],
    "word-nested-2": [["Lokalen", [["Entrén", ["Kameran", "Låset"]], "Väntrummet"]]],
    "outlook-dot-1": ["Spara sms:et", "Skriv upp klockslaget"],
    "outlook-dot-2": ["Ring facket", "Ring hälsovården", "Boka ett samtal"],
    "round-bullets-1": ["Lås ytterdörren", "Släck i fönstren", "Vänta på polisen"],
    "round-bullets-2": [["Före", ["Öva", "Skriv en plan"]], "Efter"],
    "dash-1": ["Flytta mötet", "Ändra tiden"],
    "dash-2": ["en lista över jourer", "en nyckel till skåpet", "en reservtelefon"],
    "numbered-1": ["Larma", ["Gå ut", ["genom köket", "genom källaren"]], "Räkna alla"],
    "numbered-2": ["vem som ringde", "vad som sades", "när det var"],
    "word-html-1": ["Hämta nyckeln", "Öppna grinden", "Möt räddningstjänsten"],
    "word-html-2": [["Stanna inne", ["stäng fönstren"]], "Lyssna på radion"],
}


@pytest.mark.parametrize("case", LISTS)
def test_bullets_of_other_programs_are_lists(desk, case):
    desk.save(read_case(f"paste/{case}.txt"))

    lists = [node for node in desk.body.find_all(["ul", "ol"]) if node.parent.name != "li"]
    assert len(lists) == 1
    assert outline(lists[0]) == LISTS[case]


@pytest.mark.parametrize(
    ("text", "lists"),
    [
        ("•\tLås\n•\tGå\n\n1)\tRing\n2)\tVänta", [["Lås", "Gå"], ["Ring", "Vänta"]]),
        ("1)\tRing\n2)\tVänta\n\n•\tLås\n•\tGå", [["Ring", "Vänta"], ["Lås", "Gå"]]),
        (
            "•\tLås\no\tDörren\n\n1)\tRing\na)\tdag\nb)\tnatt",
            [[["Lås", ["Dörren"]]], [["Ring", ["dag", "natt"]]]],
        ),
        ("•\tLås\n1)\tRing\n2)\tVänta", [[["Lås", ["Ring", "Vänta"]]]]),
        ("1)\tRing\n\n•\tPolisen\n\n2)\tVänta", [[["Ring", ["Polisen"]], "Vänta"]]),
    ],
)
def test_numbers_after_bullets_and_an_empty_line_are_a_list_of_their_own(desk, text, lists):
    desk.save(text)

    outer = [node for node in desk.body.find_all(["ul", "ol"]) if node.parent.name != "li"]
    assert [outline(found) for found in outer] == lists


def test_a_line_end_comes_back_as_a_line_end_alone(desk):
    desk.save("Ring\n2024. Då ändrades det.\nVänta")

    assert desk.written(desk.open()) == "Ring\n2024. Då ändrades det.\nVänta"


def test_what_stands_around_a_list_is_paragraphs(desk):
    desk.save(read_case("paste/word-bullets-2.txt"))
    assert desk.body.find_all(recursive=False)[-1].get_text() == "Efteråt samlas alla."

    desk.save(read_case("paste/word-bullets-1.txt"))
    assert desk.body.p.get_text() == "Innan besöket:"


def test_letters_and_numbers_stay_letters_and_numbers(desk):
    desk.save(read_case("paste/numbered-1.txt"))

    assert [node.get("type") for node in desk.body.find_all("ol")] == [None, "a"]


@pytest.mark.parametrize(("case", "rows", "columns"), [("table-1", 3, 3), ("table-2", 4, 2)])
def test_lines_with_tabs_are_a_table(desk, case, rows, columns):
    desk.save(read_case(f"paste/{case}.txt"))

    table = desk.body.table
    assert len(table.find_all("tr")) == rows
    assert len(table.thead.find_all("th")) == columns
    assert "Nivån bestäms" not in table.get_text()


@pytest.mark.parametrize("case", ["single-line-ends-1", "single-line-ends-2"])
def test_each_line_stays_a_line(desk, case):
    text = read_case(f"paste/{case}.txt")
    desk.save(text)

    assert desk.body.get_text("\n", strip=True).split("\n") == text.split("\n")


@pytest.mark.parametrize(
    ("case", "words"),
    [
        ("angle-1", ["<enhet>", "<telefon>"]),
        ("angle-2", ["<chef>", "<bitr chef i beredskap>"]),
        ("angle-3", ["<åååå-mm-dd>", "<rum>", "<siffra>"]),
        ("year-1", ["2024. Lagen", "1998. Den"]),
        ("year-2", ["2014.", "2017.", "2022."]),
        ("path-1", [r"G:\Beredskap\[mall]\_gammalt_" "\\"]),
        ("path-2", [r"Öppna \\filserver\gemensam"]),
        ("stars-1", ["4*6*2"]),
        ("stars-2", ["2*3*5 dm", "1*8*2 dm"]),
    ],
)
def test_ordinary_writing_stands_as_it_was_typed(desk, case, words):
    desk.save(read_case(f"paste/{case}.txt"))

    text = desk.body.get_text()
    assert [word for word in words if word not in text] == []
    assert desk.body.find("ol") is None


@pytest.mark.parametrize("case", ["rule-1", "rule-2", "indent-1", "indent-2"])
def test_ordinary_writing_is_neither_heading_nor_code(desk, case):
    desk.save(read_case(f"paste/{case}.txt"))

    assert desk.body.find(["h2", "h3", "pre", "code"]) is None


@pytest.mark.parametrize(
    ("case", "words"), [("soft-line-1", "mötesplatsen och"), ("soft-line-2", "här. Sida")]
)
def test_soft_line_ends_part_words(desk, case, words):
    desk.save(read_case(f"paste/{case}.txt"))

    assert words in " ".join(desk.body.get_text(" ").split())


@pytest.mark.parametrize(
    ("case", "words"),
    [
        ("image-1", "Bilden ”Skiss över gården” vid ”Här står bommen:” följde inte med"),
        ("image-2", "En bild vid ”Karta Följ den röda” följde inte med"),
        ("tracking-link-1", "Länken ”råden” gick genom ett filter"),
        ("tracking-link-2", "Länken ”Planen” gick genom ett filter"),
    ],
)
def test_what_did_not_come_along_is_said_after_saving(desk, case, words):
    page = desk.save(read_case(f"paste/{case}.txt"))

    assert words in message_on(page)
    assert message_on(desk.open()) == ""


def test_the_preview_says_it_too(desk):
    page = page_of(desk.browser.get("/redaktion/ny?typ=vagledning"))
    values = typed_in(page, title="Prov", body=read_case("paste/image-1.txt"))
    values["gor"] = "forhandsvisning"

    response = desk.browser.post("/redaktion/ny?typ=vagledning", data=values)

    assert "Skiss över gården" in message_on(page_of(desk.browser.get(response.location)))


@pytest.mark.parametrize(
    ("case", "address"),
    [
        ("tracking-link-1", "https://www.exempel.example/r%C3%A5d"),
        ("tracking-link-2", "https://www.exempel.example/plan"),
    ],
)
def test_a_wrapped_link_leads_to_the_page_itself(desk, case, address):
    desk.save(read_case(f"paste/{case}.txt"))

    assert desk.body.a["href"] == address


@pytest.mark.parametrize("first", ["as typed", "as HTML that Markdown cannot say"])
@pytest.mark.parametrize("number", [1, 2])
def test_a_saved_text_is_gone_on_with_in_the_same_form(desk, number, first):
    text = read_case(f"edit/go-on-{number}-first.txt")
    desk.save(text if first == "as typed" else '<p lang="en">Hello</p>\n<p>Ett stycke.</p>')

    desk.go_on(read_case(f"edit/go-on-{number}-added.txt"))

    shown = desk.body.get_text()
    assert not {"##", "[!", "> ", "- tre"} & {mark for mark in ("##", "[!", "> ", "- tre") if mark in shown}
    if number == 1:
        assert desk.body.find_all("h2")[-1].get_text() == "Nästa steg"
        assert outline(desk.body.find_all("ul")[-1]) == ["tre", "fyra"]
    else:
        assert "Gå inte in." in desk.body.find("aside", class_="callout--warn").get_text()


def test_markdown_comes_back_as_markdown(desk):
    page = desk.save(read_case("edit/go-on-1-first.txt"))

    field = page.find("textarea", attrs={"name": "body"}).get_text()
    assert field.strip() == read_case("edit/go-on-1-first.txt").strip()


def test_saving_what_was_not_touched_changes_nothing(desk):
    desk.save('<p>En <b>egen</b> sorts <span lang="en">text</span>.</p>')
    before = str(desk.body)

    desk.go_on("")

    assert str(desk.body) == before


def test_the_address_of_a_source_is_unwrapped_too(desk):
    wrapped = (
        "https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fwww.exempel.example%2Fplan&data=x"
    )

    page = desk.save("Text.", **{"sources-0-title": "Planen", "sources-0-url": wrapped})

    assert page.find("input", attrs={"name": "sources-0-url"})["value"] == "https://www.exempel.example/plan"
