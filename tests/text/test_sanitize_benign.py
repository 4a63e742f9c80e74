"""Ordinary rich text stays as it is: test data beside the repository (`RADRUM_SHARED`)."""

import pytest

from kb.text.sanitize import clean
from tests.shared import NO_DATA, SHARED, shared_json
from tests.text.reading import Reading, dangers

DATA = shared_json("benign_html.json")
if DATA is None:
    pytest.skip(f"{NO_DATA} {SHARED}: benign_html.json", allow_module_level=True)

FRAGMENTS = pytest.mark.parametrize("fragment", DATA["fragments"], ids=lambda one: one["id"])


@FRAGMENTS
def test_what_must_survive_survives_in_its_number(fragment):
    reading = Reading(clean(fragment["html"]))

    for kept in fragment["keep"]:
        assert reading.count(kept["tag"], kept.get("attrs", {})) == kept["n"], kept


@FRAGMENTS
def test_text_can_still_be_read(fragment):
    text = Reading(clean(fragment["html"])).text()

    assert [wanted for wanted in fragment["text"] if " ".join(wanted.split()) not in text] == []


@FRAGMENTS
def test_what_must_go_is_gone(fragment):
    html = clean(fragment["html"])

    assert [gone for gone in fragment["drop"] if gone in html] == []
    assert dangers(html) == []


@FRAGMENTS
def test_cleaning_twice_changes_nothing(fragment):
    once = clean(fragment["html"])

    assert clean(once) == once
