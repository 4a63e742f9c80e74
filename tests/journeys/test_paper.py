"""On paper nothing is cut, numbers are together, and each text says where and when it was printed."""

import io
import re
import unicodedata
from pathlib import Path

import pytest
from pypdf import PdfReader

from tests.journeys.test_small_screens import start_run

pytestmark = pytest.mark.browser
CASES = Path(__file__).parent.parent / "data" / "cases"
# Between the margins of 15 mm, in CSS pixels.
PAPERS = {"A4": 680, "Letter": 703}
NOTES = [
    CASES / name
    for name in ("print/note-1.txt", "print/note-2.txt", "edit/note-lines-1.txt", "edit/note-lines-2.txt")
]
LONG_WORD = "krisledningsorganisationssamordningsgruppsuppföljningsmötet"
# Words that stick out of the paper, or out of a box that cuts or scrolls.
CUT = """() => {
  const cut = []
  const words = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  while (words.nextNode()) {
    const range = document.createRange()
    range.selectNodeContents(words.currentNode)
    const hidden = words.currentNode.parentElement.closest('.hidden, [aria-hidden]')
    if (hidden || !words.currentNode.data.trim()) continue
    for (const box of range.getClientRects()) {
      const isOutside = box.right > innerWidth + 1 || box.left < -1
      if (box.width && isOutside) cut.push(words.currentNode.data.trim().slice(0, 60))
    }
  }
  for (const box of document.querySelectorAll('main *')) {
    const isOpen = getComputedStyle(box).overflowX === 'visible'
    if (!isOpen && box.scrollWidth > box.clientWidth + 1 && !box.closest('.hidden')) cut.push(box.className)
  }
  return cut
}"""


def on_paper(page, paper):
    """Lay the page out as on paper of this size."""
    page.emulate_media(media="print")
    page.set_viewport_size({"width": PAPERS[paper], "height": 1000})


def pages_of(page, paper="A4"):
    """The words of each printed page, without white space and without the ligatures of the font."""
    reader = PdfReader(io.BytesIO(page.pdf(format=paper)))
    return [packed(unicodedata.normalize("NFKC", one.extract_text())) for one in reader.pages]


def packed(text):
    """The text without white space, as `pages_of` gives it."""
    return re.sub(r"\s", "", text)


def write_note(page, text):
    """Put a note under the first step of the run that the page shows (without script)."""
    page.locator(".step__more").first.click()
    sheet = page.locator(".sheet").first
    sheet.locator("summary", has_text="Skriv anteckning").click()
    sheet.locator("textarea").fill(text)
    sheet.get_by_role("button", name="Spara anteckningen").click()
    page.wait_for_load_state()


@pytest.fixture(scope="module")
def texts():
    return [path.read_text(encoding="utf-8") for path in NOTES]


@pytest.fixture
def noted(signed_in, site, texts):
    """A run with a long word in its first step and difficult notes under it; its page and address."""
    site.flask("library", "load", str(CASES / "print" / "step-1.yaml"), "--publish")
    page = signed_in("krisledare", java_script_enabled=False)
    address = start_run(page, "step-1", exercise=False)
    for text in texts:
        page.goto(address)
        write_note(page, text)
    return page, address


def test_the_lines_of_a_note_stand_under_each_other_on_screen_and_paper(noted, texts):
    page, address = noted
    for media in ("screen", "print"):
        page.emulate_media(media=media)
        for path in ("", "/logg", "/protokoll"):
            page.goto(address + path)
            shown = [lines.strip() for lines in page.locator("main").inner_text().splitlines()]
            for line in ("De kommer klockan tre.", "- två är hemma"):
                assert line in shown, (media, path)


@pytest.mark.parametrize("paper", PAPERS)
def test_nothing_of_a_record_is_cut(noted, texts, paper):
    page, address = noted
    page.goto(f"{address}/avslut")
    page.get_by_label(re.compile("^Avslutande anteckning")).fill(f"Klart.\n\n{'x' * 190} slut")
    page.locator("main").get_by_role("button", name=re.compile("^Avsluta")).click()
    for path in ("/protokoll", "/logg", ""):
        page.goto(address + path)
        on_paper(page, paper)
        assert page.evaluate(CUT) == [], path

    page.goto(f"{address}/protokoll")
    whole = "".join(pages_of(page, paper))
    for text in texts:
        assert whole.count(packed(text)) == 2, text
    assert LONG_WORD in whole


@pytest.mark.parametrize("paper", PAPERS)
def test_nothing_of_a_printed_text_is_cut(new_context, site, paper):
    site.flask("library", "load", str(CASES / "print" / "step-1.yaml"), "--publish")
    page = new_context().new_page()
    for path in [*TEXTS, "/checklistor/step-1", "/nu/hot", "/viktiga-nummer"]:
        assert page.goto(path).ok
        on_paper(page, paper)
        assert page.evaluate(CUT) == [], path


@pytest.mark.parametrize("paper", PAPERS)
def test_what_to_do_now_prints_its_numbers_together_on_the_first_page(new_context, paper):
    page = new_context().new_page()
    page.goto("/nu")
    for path in page.eval_on_selector_all(
        ".links--big a", "rows => rows.map(row => row.getAttribute('href'))"
    ):
        page.goto(path)
        numbers = page.locator(".side-box .numbers b").all_inner_texts()
        assert len(numbers) >= 4
        first = pages_of(page, paper)[0]
        for number in numbers:
            assert packed(number) in first, (path, number)


TEXTS = {
    "/vagledning/nar-en-medarbetare-hotas": "vägledning",
    "/berattelser/katrineholm-hot-mot-personal": "berättelse",
    "/checklistor/akut-hot-mot-medarbetare": "checklista",
    "/mallar/mall-internt-hot": "mall",
    "/pastaenden/pastaende-kidnappar-barn": "påstående",
}


@pytest.mark.parametrize("path", TEXTS)
def test_a_printed_text_says_its_address_its_version_and_the_day(new_context, site, path):
    page = new_context().new_page()
    page.goto(path)
    assert not page.locator(".print-head").is_visible()

    first = pages_of(page)[0]

    today = page.evaluate(
        "new Intl.DateTimeFormat('sv-SE', {dateStyle: 'long', timeZone: 'Europe/Stockholm'}).format()"
    )
    assert f"{TEXTS[path]},version1,utskriven{packed(today)}" in first
    assert f"{site.url}{path}" in first


def test_important_numbers_are_printed_large_on_one_page(new_context):
    page = new_context().new_page()
    page.goto("/viktiga-nummer")
    assert len(pages_of(page)) == 1
    on_paper(page, "A4")

    sizes = page.eval_on_selector_all(
        "main .numbers a b", "all => all.map(one => parseFloat(getComputedStyle(one).fontSize))"
    )

    assert min(sizes) >= 30
