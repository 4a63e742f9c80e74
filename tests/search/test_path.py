"""The way from the search page to its hits is as docs/search.md draws it: ten modules; a request enters no other."""

import re
import sys

from tests.structure.source import ROOT, imports, text_of

MOST = 10
ROOM = "kb.search."
DRAWN = re.compile(r"^(\S+) → (\S+) +\S", re.MULTILINE)
DRAWING = text_of(ROOT / "docs" / "search.md").split("## The way through the code")[1].split("\n## ")[0]
ARROWS = DRAWN.findall(DRAWING.split("```")[1])
BESIDE = DRAWN.findall(DRAWING.split("```")[3])
PATH = {module for arrow in ARROWS for module in arrow}
ENGINE = "engine."  # of the engine only its face is drawn: what a snapshot is made of is its own affair


def modules(arrows):
    return {module for arrow in arrows for module in arrow}


def test_the_way_from_the_page_to_the_hits_is_short():
    assert len(PATH) <= MOST


def test_every_arrow_of_the_drawing_is_an_import():
    untrue = [
        f"{one} → {other}"
        for one, other in ARROWS + BESIDE
        if ROOM + other not in imports(ROOT / "kb" / "search" / f"{one.replace('.', '/')}.py")
    ]

    assert untrue == []


def test_a_search_enters_what_is_drawn_and_nothing_else(client, publish):
    publish(title="Kriskommunikation", body="<p>Efter ett drev.</p>")
    client.get("/sok?q=hot")
    entered = set()

    def note(frame, event, _value):
        name = frame.f_globals.get("__name__", "")
        if event == "call" and name.startswith(ROOM):
            entered.add(name.removeprefix(ROOM))

    sys.setprofile(note)
    try:
        page = client.get("/sok?q=drev kriskommunikatoin").text
    finally:
        sys.setprofile(None)

    assert "Vi sökte på" in page
    assert entered >= PATH
    assert {name for name in entered if not name.startswith(ENGINE)} <= PATH | modules(BESIDE)
