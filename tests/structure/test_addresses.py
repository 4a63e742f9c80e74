"""Every route is described, and what was an address once leads somewhere still."""

import re

import pytest

from tests.structure.source import ROOT, text_of
from tools.addresses import PAGE, page, plain

# Every method and address that a version had, the newest too. A line is never taken away: who removes or renames a
# route lets the old address answer 301 or 308.
ONCE = [tuple(line.split()) for line in text_of(ROOT / "tests" / "data" / "addresses-once.txt").splitlines()]


def pairs(app):
    """Each method with each address of the site."""
    return {
        (method, plain(rule.rule))
        for rule in app.url_map.iter_rules()
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }


def moved(client, method, address):
    """Whether an address that is no route leads to another."""
    example = re.sub(r"<\w+>", "x", address)
    return client.open(example, method=method).status_code in {301, 308}


def test_every_view_says_in_one_sentence_what_it_is(app):
    silent = [
        name
        for name, view in app.view_functions.items()
        if not re.match(r"\S.*\.$", (view.__doc__ or "").strip().partition("\n")[0])
    ]

    assert silent == []


def test_the_list_of_addresses_is_true(app):
    assert text_of(PAGE) == page(app), "write it anew: python -m tools.addresses"


def test_every_address_that_was_is_there_or_leads_to_the_new_one(app, client):
    there = pairs(app)

    assert [one for one in ONCE if one not in there and not moved(client, *one)] == []


def test_every_address_that_is_will_be_remembered(app):
    assert pairs(app) - set(ONCE) == set()


@pytest.mark.parametrize("address", ["/finns-inte", "/stilguide/annat"])
def test_an_address_that_never_was_does_not_count_as_moved(client, address):
    assert not moved(client, "GET", address)
