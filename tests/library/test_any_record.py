"""A file with anything anywhere in it is read, or refused with a field and words in Swedish; nothing else happens."""

from copy import deepcopy
from dataclasses import replace
from datetime import date, datetime

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kb.errors import Invalid
from kb.library.content.bounds import SIZE_MAX, STEPS_MAX, check_sizes
from kb.library.content.document import Section, Step, from_dict
from kb.library.content.fields import DOCUMENT
from kb.library.intake.parsing import parse_record
from kb.library.intake.records import read_records
from kb.library.intake.starter import CONTENT, STARTER
from tests.factories import make_document

TOPICS = {topic: topic for topic in ("hot", "vald", "desinformation", "lex-sarah", "kriskommunikation")}
# One file of each kind, the smallest: what stands in a record is tried place by place.
RECORDS = [
    read_records(min((STARTER / folder).iterdir(), key=lambda path: path.stat().st_size))[0]
    for folder in CONTENT
]


def places(value, path=()):
    """The path to each value of a record, the whole lists and parts too."""
    if path:
        yield path
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, entry in inside:
        yield from places(entry, (*path, key))


def put(data, path, value):
    """The record with another value at a path."""
    changed = deepcopy(data)
    holder = changed
    for key in path[:-1]:
        holder = holder[key]
    holder[path[-1]] = value
    return changed


PLACES = [(number, path) for number, record in enumerate(RECORDS) for path in places(record.data)]
NAMES = sorted({field.name for field in DOCUMENT})
simple = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**9), 10**9),
    st.floats(allow_nan=True),
    st.dates(),
    st.datetimes(),
    st.sampled_from(
        ["", "-", "enhet", "checklista", "öppen", "8 §", "https://", "javascript:x", "x" * 5000, "\0"]
    ),
    st.text(max_size=20),
)
anything = st.recursive(
    simple,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8) | st.integers(), inner, max_size=3)
    ),
    max_leaves=6,
)


@settings(max_examples=250, deadline=None)
@given(place=st.sampled_from(PLACES), value=anything)
def test_any_value_at_any_place_is_read_or_refused_in_words(place, value):
    number, path = place

    read_or_refused(put(RECORDS[number].data, path, value))


@settings(max_examples=100, deadline=None)
@example(name="slug", value="!!!", number=0)
@example(name="unit", value="", number=1)
@given(
    name=st.sampled_from([*NAMES, "slug", "annat"]),
    value=anything,
    number=st.sampled_from(range(len(RECORDS))),
)
def test_any_value_of_a_field_that_was_not_there_is_read_or_refused_in_words(name, value, number):
    read_or_refused({**RECORDS[number].data, name: value})


def read_or_refused(data):
    """Read a record; what is read comes back from how it is stored, what is not is told by a field and in words."""
    try:
        slug, document = parse_record(data, topics=TOPICS)
    except Invalid as error:
        is_told = bool(error.field and error.message.strip())
    else:
        is_told = bool(slug) and from_dict(document.to_dict()) == document

    assert is_told


LIST = {"kind": "checklista", "title": "Prov", "topics": ["hot"]}
STEP = {"id": "a", "text": "Ring."}


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        ({"title": ""}, "title", "Titel saknas"),
        ({"slug": "???"}, "slug", "bokstäver eller siffror"),
        ({"visibility": "enhet", "unit": ""}, "unit", "Välj vilken enhet"),
        ({"sections": [{"title": "S", "steps": [STEP, STEP]}]}, "sections", "samma id, ”a”"),
        ({"sections": [{"title": "S", "steps": [{**STEP, "id": "Stort Å"}]}]}, "sections", "små bokstäver"),
        (
            {"sections": [{"title": "S", "steps": [{**STEP, "minutes": 5, "deadline_sort": "lag"}]}]},
            "sections",
            "kan ha minuter",
        ),
        ({"sources": [{"title": "Lag", "url": "javascript:alert(1)"}]}, "sources", "https://"),
        ({"summary": ["a", "b"]}, "summary", "ska vara text"),
        ({"topics": {"hot": 1}}, "topics", "ska vara en lista"),
        ({"topics": [["hot"]]}, "topics", "ska vara en lista"),
        ({"sources": [17]}, "sources", "inte går att läsa"),
    ],
)
def test_what_cannot_be_meant_is_refused_where_it_stands(change, field, words):
    with pytest.raises(Invalid, match=words) as refused:
        parse_record({**LIST, **change}, topics=TOPICS)

    assert refused.value.field == field


@pytest.mark.parametrize("day", [date(2026, 11, 1), datetime(2026, 11, 1, 12, 30)])  # noqa: DTZ001  (YAML has no zone)
def test_a_day_is_read_as_yaml_gives_it(day):
    _slug, document = parse_record({**LIST, "checked_on": day}, topics=TOPICS)

    assert document.checked_on == "2026-11-01"


def test_a_list_and_a_text_have_an_end():
    step = Step(id="a", text="Ring.")
    for steps, fits in ((STEPS_MAX, True), (STEPS_MAX + 1, False)):
        sections = tuple(
            Section(title="S", steps=tuple(replace(step, id=f"s{n}-{place}") for place in range(50)))
            for n in range(steps // 50)
        )
        left = Section(title="S", steps=tuple(replace(step, id=f"r{n}") for n in range(steps % 50)))
        document = make_document("checklista", sections=(*sections, left) if left.steps else sections)
        assert document.step_count == steps
        assert holds(document) is fits
    assert not holds(make_document(body="<p>" + "å" * SIZE_MAX + "</p>"))
    assert not holds(make_document(topics=tuple(f"a{n}" for n in range(1000))))
    assert not holds(make_document(review_interval_months=10**6))


def holds(document):
    """Whether there is room for a document."""
    try:
        check_sizes(document)
    except Invalid:
        return False
    return True
