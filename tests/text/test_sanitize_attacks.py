"""No public attack survives: test data beside the repository (`RADRUM_SHARED`), never part of it."""

from collections import defaultdict
from html import escape

import pytest

from kb.errors import Invalid
from kb.text.incoming.intake import take_in
from kb.text.incoming.markdown import to_html
from kb.text.prose import render
from kb.text.sanitize import clean
from tests.shared import NO_DATA, SHARED, shared_json
from tests.text.reading import dangers

DATA = shared_json("xss_payloads.json")
if DATA is None:
    pytest.skip(f"{NO_DATA} {SHARED}: xss_payloads.json", allow_module_level=True)

BY_SOURCE: dict[str, list[tuple[str, str]]] = defaultdict(list)
for _one in DATA["payloads"]:
    _html = (
        _one["payload"] if _one["wrap"] is None else f'<a {_one["wrap"]}="{escape(_one["payload"])}">x</a>'
    )
    BY_SOURCE[_one["source"]].append((_one["id"], _html))

# The places where a payload can stand in what a person pastes.
AROUND = {
    "alone": "{}",
    "in a paragraph": "<p>Före {} efter</p>",
    "in a cell": "<table><tbody><tr><td>{}</td></tr></tbody></table>",
    "in an address": '<a href="{}">x</a>',
    "in a bare address": "<a href={}>x</a>",
    "in an image": "<img src='{}'>",
    "in a text attribute": '<abbr title="{}">x</abbr>',
    "in svg": "<svg><desc>{}</desc></svg>",
    "in math": "<math><mtext><mglyph>{}</mglyph></mtext></math>",
    "in a style sheet": "<style>{}</style>",
    "in a comment": "<!-- {} -->",
    "after an open tag": "<p title='{}",
}


def cleaned(html: str) -> str:
    try:
        return clean(html)
    except Invalid:
        return ""


@pytest.mark.parametrize("source", sorted(BY_SOURCE))
def test_no_payload_leaves_anything_active_wherever_it_stands(source):
    left = {}
    for name, html in BY_SOURCE[source]:
        for place, around in AROUND.items():
            found = dangers(cleaned(around.replace("{}", html)))
            if found:
                left[name, place] = found

    assert left == {}


@pytest.mark.parametrize("source", sorted(BY_SOURCE))
def test_cleaning_a_payload_twice_changes_nothing(source):
    changed = []
    for name, html in BY_SOURCE[source]:
        for place in ("alone", "in a cell", "in svg"):
            once = cleaned(AROUND[place].replace("{}", html))
            if clean(once) != once:
                changed.append((name, place))

    assert changed == []


@pytest.mark.parametrize("source", sorted(BY_SOURCE))
def test_display_of_a_payload_adds_only_what_it_should(source):
    left = {}
    for name, html in BY_SOURCE[source]:
        found = dangers(str(render(cleaned(html)).html), shown=True)
        if found:
            left[name] = found

    assert left == {}


@pytest.mark.parametrize("source", sorted(BY_SOURCE))
def test_no_payload_passes_as_markdown(source):
    left = {}
    for name, payload in BY_SOURCE[source]:
        found = dangers(to_html(f"[x]({payload}) ![x]({payload})\n\n> [!citat] {payload}"))
        if found:
            left[name] = found

    assert left == {}


@pytest.mark.parametrize("source", BY_SOURCE)
def test_no_payload_passes_the_field_of_a_form(source):
    found = []
    for name, html in BY_SOURCE[source]:
        for place in ("alone", "in a paragraph", "in a text attribute", "after an open tag"):
            try:
                taken = take_in(AROUND[place].format(html), keeps_lines=True).html
            except Invalid:
                continue
            found += [(name, place, danger) for danger in dangers(taken)]
    assert found == []
