"""Whatever differs between two versions is shown: each field, each address, each mark, at each place that compares."""

import re
from dataclasses import replace

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from kb.accounts.roles import Role
from kb.accounts.viewer import SYSTEM
from kb.library.content.comparing import changed_words, compare
from kb.library.content.document import Section, Step
from kb.library.content.fields import TABLES, Type, table
from kb.library.core.models.items import ContentItem
from kb.library.intake.loading import load
from kb.library.services import review
from kb.text.sanitize import clean
from tests.addresses import path_of
from tests.factories import make_document, make_draft, make_item, make_user, viewer_of
from tests.forms import page_of, typed_in
from tests.library.documents import documents
from tests.library.drafts import save
from tests.library.test_fields import CASES, ROWS

FEW = settings(max_examples=120, deadline=None)
BODIES = [
    row.split("\t")[0].removesuffix("-before.html") for row in ROWS if re.match(r"diff-.*-before\.html", row)
]
FILES = [
    row.split("\t")[0].removesuffix("-before.yaml") for row in ROWS if re.match(r"diff-.*-before\.yaml", row)
]
SHOWN = {  # case → what stands only in the older version, and only in the newer
    "diff-link-gone": ("/mallar/anmalan", ""),
    "diff-bold-gone": ("‹fet›", ""),
    "diff-bold-new": ("", "‹fet›"),
    "diff-struck": ("", "‹struket›"),
    "diff-superscript": ("‹upphöjt›", ""),
    "diff-box-gone": ("ruta Lagkrav", ""),
    "diff-list-start": ("från 4", "från 7"),
}


def rows_of(old, new):
    """What the comparison shows."""
    return compare(old, new, topics={}, units={})


def parts(rows, wanted):
    """What is removed ("del") or added ("ins") in all rows, as one text."""
    return " ".join(text for row in rows for op, text in row.get("parts", ()) if op == wanted)


def case(name):
    """The older and the newer body of a case, as they are stored."""
    return [
        clean((CASES / f"{name}-{side}.html").read_text(encoding="utf-8")) for side in ("before", "after")
    ]


@pytest.mark.parametrize("name", BODIES)
def test_a_change_in_a_body_is_shown_with_what_was_and_what_is(name):
    before, after = case(name)

    rows = rows_of(
        make_document(title="T", summary="S", body=before), make_document(title="T", summary="S", body=after)
    )

    assert changed_words(rows) != "Ingen skillnad."
    removed, added = parts(rows, "del"), parts(rows, "ins")
    old, new = SHOWN.get(name, ("", ""))
    assert old in removed
    assert new in added
    for side, found in ((before, removed), (after, added)):
        other = after if side is before else before
        for address in set(re.findall(r'href="([^"]+)"', side)) - set(re.findall(r'href="([^"]+)"', other)):
            assert address in found


@pytest.mark.parametrize("name", BODIES)
def test_every_place_that_compares_shows_it(session, sign_in, name):
    before, after = case(name)
    author = viewer_of(session, make_user(session, Role.EDITOR))
    item = make_item(session, make_document(body=before))
    desk = sign_in(make_user(session, Role.EDITOR, Role.REVIEWER))
    path = f"/redaktion/{item.kind}/{item.public_id}"
    form = typed_in(page_of(desk.get(path)), body=after, reason="Rättat")
    save(session, item, author, body=after)
    session.commit()

    conflict = desk.post(path, data={**form, "summary": "En egen ingress."})
    item.workflow = "granskning"  # also where Kontroll would stop it
    session.commit()
    pages = [desk.get(f"/redaktion/granska/{item.public_id}"), desk.get(f"{path}/historik")]
    reviewer = viewer_of(session, make_user(session, Role.REVIEWER))
    review.approve_and_publish(session, item, by=reviewer)
    session.commit()
    pages.append(desk.get(f"{path_of(item)}/historik"))

    assert conflict.status_code == 409
    assert [
        ("<ins>" in page.text or "<del>" in page.text, "Ingen skillnad" in page.text) for page in pages
    ] == [(True, False)] * 3


@pytest.mark.parametrize("name", ["dead-link-1", "dead-link-2"])
def test_dead_links_are_named_on_the_edit_page_and_at_review(session, sign_in, name):
    body = (CASES / f"{name}.html").read_text(encoding="utf-8")
    author = viewer_of(session, make_user(session, Role.EDITOR))
    item = make_draft(session, make_document(body=clean(body)), by=author)
    review.submit_for_review(session, item, by=author)
    desk = sign_in(make_user(session, Role.EDITOR, Role.REVIEWER))
    [address] = re.findall(r'href="(/[^"]+)"', body)

    for page in (f"/redaktion/{item.kind}/{item.public_id}", f"/redaktion/granska/{item.public_id}"):
        assert f"Länken {address} leder ingenstans." in desk.get(page).text


@pytest.mark.parametrize("name", FILES)
def test_a_change_in_a_file_is_shown_in_the_public_history(app, session, client, name):
    for side in ("before", "after"):
        folder = CASES / f"{name}-{side}.yaml"
        report = load(app.extensions["database"], folder, publish=True, by=SYSTEM)
        assert report.failed == []
    item = session.query(ContentItem).one()

    page = client.get(f"{path_of(item)}/historik").text

    assert "Ingen skillnad" not in page
    assert "<ins>" in page or "<del>" in page


def other_value(field, value):
    """Another value for a field."""
    if field.type is Type.NUMBER:
        return (value or 0) + 1
    if field.type is Type.FLAG:
        return not value
    if field.type is Type.WORDS:
        return (*value, "annat")
    if field.type is Type.RICH:
        return value + "<p>Tillägg</p>"
    if field.type is Type.DATE:
        return "2001-02-03" if value != "2001-02-03" else ""
    if field.names:
        return next(name for name in field.names if name != value)
    return value + "x"


@st.composite
def single_changes(draw):
    """A document, and the same with one field of it or of one of its parts changed."""
    document = draw(documents())
    field = draw(st.sampled_from([f for f in table(type(document), document.kind) if f.name != "kind"]))
    return document, changed(draw, document, field)


def changed(draw, holder, field):
    """The document or the part with another value in one field, however deep."""
    value = getattr(holder, field.name)
    if field.part is None:
        return replace(holder, **{field.name: other_value(field, value)})
    assume(value)
    place = draw(st.integers(0, len(value) - 1))
    inner = draw(st.sampled_from([f for f in TABLES[field.part] if f.name != "id"]))
    part = changed(draw, value[place], inner)
    return replace(holder, **{field.name: (*value[:place], part, *value[place + 1 :])})


@given(single_changes())
@FEW
def test_any_single_change_of_any_field_is_shown(pair):
    old, new = pair

    assert changed_words(rows_of(old, new)) != "Ingen skillnad."
    assert changed_words(rows_of(new, old)) != "Ingen skillnad."


TEXTS = st.text("ab ‹›\u00a0\u00ad.", min_size=1, max_size=6)
MARKS = (
    "strong",
    "em",
    "s",
    "sub",
    "sup",
    "code",
    'a href="/vagledning/x"',
    'abbr title="Ord"',
    "b",
    "u",
    "mark",
)
SHELLS = (
    "<p>{}</p>", "<h2>{}</h2>", "<h3>{}</h3>", "<ul><li>{}</li></ul>", "<ol><li>{}</li></ol>",
    '<ol start="3"><li>{}</li></ol>', "<ul><li>Ett<ul><li>{}</li></ul></li></ul>", "<blockquote>{}</blockquote>",
    '<aside class="callout callout--warn"><p>{}</p></aside>', '<aside class="callout callout--info"><p>{}</p></aside>',
    "<table><thead><tr><th>{}</th></tr></thead></table>", "<table><tbody><tr><td>{}</td></tr></tbody></table>",
    '<table><tbody><tr><td colspan="2">{}</td></tr></tbody></table>', "<pre>{}</pre>", "<dl><dt>{}</dt></dl>",
    '<p><img src="/media/a.png" alt="{}"></p>', "<details><summary>{}</summary></details>", "<p>{}</p><hr>",
    "<p>Ett<br>{}</p>", "<figure><figcaption>{}</figcaption></figure>",
)  # fmt: skip


@st.composite
def bodies(draw):
    """A few blocks with a mark here and there."""
    found = []
    for shell in draw(st.lists(st.sampled_from(SHELLS), min_size=1, max_size=3)):
        words = draw(TEXTS)
        mark = draw(st.sampled_from(("", *MARKS)))
        text = f"<{mark}>{words}</{mark.split()[0]}>" if mark and "alt" not in shell else words
        found.append(shell.format(text))
    return clean("".join(found))


@given(bodies(), bodies())
@settings(max_examples=250, deadline=None)
def test_two_bodies_that_differ_are_never_shown_as_alike(one, other):
    assume(one != other)
    document = make_document(title="T", summary="S")

    rows = rows_of(replace(document, body=one), replace(document, body=other))

    assert changed_words(rows) != "Ingen skillnad."


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("<p>A</p><div>B</div>", "<p>A</p><p>B</p>"),
        ("<p>A</p>", "<p>A</p><p></p>"),
        ('<table><tr><th scope="col">A</th></tr></table>', '<table><tr><th scope="row">A</th></tr></table>'),
    ],
)
def test_what_is_built_in_another_way_is_shown_as_such(one, other):
    document = make_document(title="T", summary="S")

    rows = rows_of(replace(document, body=clean(one)), replace(document, body=clean(other)))

    assert changed_words(rows) != "Ingen skillnad."
    assert rows[-1]["label"] == "Text, uppbyggnad"


def test_a_new_text_shows_its_addresses_and_marks():
    body = '<p>Fyll i <a href="/mallar/anmalan">blanketten</a>. Gå <strong>inte</strong> in.</p>'

    shown = parts(rows_of(None, make_document(body=body)), "ins")

    assert "‹länk›blanketten‹till /mallar/anmalan›" in shown
    assert "‹fet›inte‹slut fet›" in shown


def test_a_step_that_is_put_first_leaves_the_others_alone():
    old = make_document("checklista", title="T", summary="S")
    section = old.sections[0]
    new_step = replace(section.steps[0], id="ny", text="Stäng av telefonen.", short="", why="")
    new = replace(old, sections=(replace(section, steps=(new_step, *section.steps)), *old.sections[1:]))

    rows = [row for row in rows_of(old, new) if any(op != "same" for op, _ in row.get("parts", ()))]

    assert {row["label"] for row in rows} == {"Steg 1", "Steg 1, uppgifter"}


def test_a_hard_space_is_named():
    old, new = (make_document(title="T", summary=f"Den 3{space}maj") for space in (" ", "\u00a0"))

    assert "‹no-break space›" in parts(rows_of(old, new), "ins")


def test_what_changed_since_the_last_look_comes_first(session, sign_in):
    author = viewer_of(session, make_user(session, Role.EDITOR))
    reviewer = make_user(session, Role.REVIEWER)
    item = make_draft(session, make_document(summary="Första."), by=author)
    review.submit_for_review(session, item, by=author)
    review.request_changes(session, item, "Skriv om ingressen.", by=viewer_of(session, reviewer))
    save(session, item, author, summary="Andra.")
    review.submit_for_review(session, item, by=author)
    browser = sign_in(reviewer)

    page = browser.get(f"/redaktion/granska/{item.public_id}")

    assert "Ändrat sedan du läste" in page.text
    assert "Första." in page.text
    assert 'href="?jamfor=allt' in page.text
    whole = browser.get(f"/redaktion/granska/{item.public_id}?jamfor=allt")
    assert "Hela texten" in whole.text
    assert "Första." not in whole.text


STRUCTURES = {
    "tone of a label": (
        '<p><span class="state state--warn">a</span></p>',
        '<p><span class="state">a</span></p>',
    ),
    "list split": ("<ol><li>a</li><li>b</li></ol>", "<ol><li>a</li></ol><ol><li>b</li></ol>"),
    "text goes on": ("<ol><li><p>a</p><p>b</p></li></ol>", "<ol><li>a</li><li>b</li></ol>"),
    "box split": (
        '<aside class="callout callout--warn"><p>a</p><p>b</p></aside>',
        '<aside class="callout callout--warn"><p>a</p></aside><aside class="callout callout--warn"><p>b</p></aside>',
    ),
    "item of its own": (
        "<ul><li>a<ul><li>b</li></ul></li></ul>",
        "<ul><li>a</li><li><ul><li>b</li></ul></li></ul>",
    ),
    "heading of a wide cell": (
        '<table><tbody><tr><th colspan="2">A</th><td>x</td></tr></tbody></table>',
        '<table><tbody><tr><td colspan="2">A</td><td>x</td></tr></tbody></table>',
    ),
    "paragraphs in a cell": (
        "<table><tbody><tr><td><p>a</p><p>b</p></td></tr></tbody></table>",
        "<table><tbody><tr><td>a b</td></tr></tbody></table>",
    ),
}


@pytest.mark.parametrize("name", STRUCTURES)
def test_what_is_built_in_another_way_shows_beside_another_change(name):
    """Somebody who changes the numbers of a list and a word must not have the word alone shown."""
    document = make_document(title="T", summary="S")
    one, other = (
        replace(document, body=clean(html + f"<p>Hej {word}</p>"))
        for html, word in zip(STRUCTURES[name], ("du", "dig"), strict=True)
    )

    for old, new in ((one, other), (other, one)):
        changed = [r for r in rows_of(old, new) if any(op != "same" for op, _ in r.get("parts", ()))]
        assert len(changed) == 2


def a_checklist(*sections):
    """Sections without heading, each of the steps named; a step may have a role, a time and more."""
    document = make_document("checklista", title="T", summary="S")
    steps = [
        tuple(Step(id=s["text"], **s) if isinstance(s, dict) else Step(id=s, text=s) for s in section)
        for section in sections
    ]
    return replace(document, sections=tuple(Section(title="", steps=part) for part in steps))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (a_checklist("ab", "c"), a_checklist("a", "bc")),
        (a_checklist("ab"), a_checklist("a", "b")),
        (a_checklist("a"), a_checklist("a", "")),
        (
            a_checklist([{"text": "a", "role": "x; när: y"}]),
            a_checklist([{"text": "a", "role": "x", "deadline": "y"}]),
        ),
        (
            a_checklist([{"text": "a", "role": "x; får inte hoppas över"}]),
            a_checklist([{"text": "a", "role": "x", "critical": True}]),
        ),
    ],
)
def test_steps_that_change_section_and_words_that_look_like_facts_are_shown(one, other):
    other = replace(other, led_by="Chef")

    for old, new in ((one, other), (other, one)):
        labels = [r["label"] for r in rows_of(old, new) if any(op != "same" for op, _ in r.get("parts", ()))]
        assert [label for label in labels if label != "Leds av"]


def test_words_of_a_choice_that_look_like_two_are_shown():
    one, other = (make_document(title="T", summary="S", labels=labels) for labels in (("a, b",), ("a", "b")))

    assert changed_words(rows_of(one, other)) != "Ingen skillnad."
