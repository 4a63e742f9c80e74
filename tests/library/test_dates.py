"""Dates act: a text is shown from its first day to its last, by Swedish midnight, wherever readers look."""

import json
from datetime import UTC, date, datetime

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from kb.accounts.roles import Role
from kb.accounts.viewer import ANONYMOUS, SYSTEM
from kb.errors import Invalid, NotFound
from kb.library.content.dates import wrong_days
from kb.library.content.document import Kind, Provision
from kb.library.core.models.items import ContentItem
from kb.library.core.models.lists import GlossaryTerm
from kb.library.core.queries.reading import get_reading
from kb.library.core.visibility import Term, Validity, valid_on
from kb.library.intake.loading import load
from kb.library.services import addresses, publication, revisions
from tests.addresses import path_of
from tests.cases import CASES
from tests.factories import make_document, make_item, make_user
from tests.forms import page_of, typed_in

WORD = "ordsomingenhar"
LAW = Provision(statute="Arbetsmiljölag (1977:1160)", section="3 kap. 3 a §", short="AML")
PLACES = (
    "/",
    "/nu/hot",
    "/efter/hot",
    "/amnen/hot",
    "/lagrum/aml-3-kap-3-a",
    "/andrat",
    "/andrat.atom",
    "/ordlista",
    f"/sok?q={WORD}",
    f"/sok?q={WORD}&typ=mall",
    f"/sok/forslag?q={WORD[:6]}",
)
LISTS = ("/vagledning", "/checklistor", "/berattelser", "/mallar", "/pastaenden")


def days(**values):
    """A document that names the word everywhere."""
    kind = values.pop("kind", "vagledning")
    return make_document(kind, title=f"Om {WORD}", summary=f"Mer om {WORD}.", provisions=(LAW,), **values)


@pytest.fixture
def editor(session, sign_in):
    """The browser of an editor."""
    return sign_in(make_user(session, Role.EDITOR))


@pytest.mark.parametrize("kind", list(Kind))
def test_a_text_for_a_later_day_is_nowhere_before_it(client, session, app, kind):
    item = make_item(session, days(kind=kind, valid_from="2027-07-01", valid_to="2027-09-30"), slug="kommer")
    other = make_item(session, make_document(related=("kommer",), provisions=(LAW,)))
    term = session.scalar(select(GlossaryTerm).limit(1))
    if term is not None:
        term.item_slug = "kommer"
    session.commit()
    app.extensions["search"].indexer.drain()

    with time_machine.travel("2027-06-30 21:59:59+00:00", tick=False):
        before = {
            path: client.get(path) for path in (*PLACES, *LISTS, path_of(other), f"{path_of(other)}/historik")
        }
        own = [client.get(f"{path_of(item)}{tail}") for tail in ("", "/historik", ".txt")]

    assert [path for path, answer in before.items() if _shows(answer)] == []
    assert [answer.status_code for answer in own] == [404] * 3
    assert not any(WORD in answer.text for answer in own)


def _shows(answer):
    """Whether the answer holds the words of the text; a search page echoes what was typed."""
    return f"Om {WORD}" in answer.text or f"Mer om {WORD}" in answer.text


@pytest.mark.parametrize("kind", list(Kind))
def test_on_its_first_day_it_is_everywhere_without_a_worker(client, session, app, kind):
    """What was kept in memory the night before turns with the day."""
    item = make_item(session, days(kind=kind, valid_from="2027-07-01", valid_to="2027-09-30"))
    session.commit()
    app.extensions["search"].indexer.drain()
    with time_machine.travel("2027-06-30 21:59:59+00:00", tick=False):
        for path in (path_of(item), "/", f"/sok?q={WORD}", f"/sok/forslag?q={WORD[:6]}", *LISTS):
            client.get(path)

    with time_machine.travel("2027-06-30 22:00:01+00:00", tick=False):
        assert client.get(path_of(item)).status_code == 200
        found = [path for path in ("/", f"/sok?q={WORD}", f"/sok/forslag?q={WORD[:6]}", *LISTS)
                 if WORD in client.get(path).text.replace(f'value="{WORD}"', "")]  # fmt: skip

    assert {f"/sok?q={WORD}", f"/sok/forslag?q={WORD[:6]}"} < set(found)
    assert sum(path in LISTS for path in found) == 1


def test_on_its_first_day_it_is_the_newest(client, session):
    coming = make_item(session, days(valid_from="2027-07-01"))
    make_item(session, make_document(title="En annan"))
    session.commit()

    with time_machine.travel("2027-07-01 10:00:00+00:00", tick=False):
        page, start = client.get("/andrat").text, client.get("/").text
        feed = client.get("/andrat.atom").text

    assert page.index(coming.title) < page.index("En annan")
    assert "1 juli 2027" in page
    assert start.index(coming.title) < start.index("En annan")
    assert feed.count("<updated>2027-07-01T00:00:00+02:00") == 2, "the feed and its newest entry"


def test_past_its_last_day_a_text_says_so_and_what_to_read_instead(client, session):
    new = make_item(session, make_document(title="Ny rutin"))
    other = make_item(session, make_document(title="En lista", kind="checklista"), slug="en-lista")
    item = make_item(session, days(valid_to="2027-03-31", related=("en-lista",), replaced_by=new.slug))
    session.commit()

    with time_machine.travel("2027-03-31 21:59:59+00:00", tick=False):
        last_evening = client.get(path_of(item))
    with time_machine.travel("2027-03-31 22:00:00+00:00", tick=False):
        gone = client.get(path_of(item))

    assert last_evening.status_code == 200
    assert gone.status_code == 410
    assert "gällde till och med 31 mars 2027" in gone.text
    assert f'href="{path_of(new)}"' in gone.text
    assert f'href="{path_of(other)}"' in gone.text


def test_what_replaces_a_text_is_named_in_its_form_and_read_back(session, editor):
    new = make_item(session, make_document(title="Ny rutin"))
    item = make_item(session, days(valid_to="2027-03-31"))
    session.commit()
    page = page_of(editor.get(f"/redaktion/vagledning/{item.public_id}"))
    typed = typed_in(page, replaced_by=f"https://localhost{path_of(new)}", reason="Ny rutin finns")

    answer = editor.post(f"/redaktion/vagledning/{item.public_id}", data=typed)
    session.expire_all()

    assert answer.status_code == 303
    assert item.latest_revision.content.replaced_by == new.slug
    again = page_of(editor.get(f"/redaktion/vagledning/{item.public_id}"))
    assert again.find(attrs={"name": "replaced_by"})["value"] == new.slug


def test_what_replaces_a_text_is_no_way_while_readers_have_it(client, session):
    new = make_item(session, make_document("checklista", title="Ny lista"))
    item = make_item(session, make_document(valid_to="2099-03-31", replaced_by=new.slug))
    session.commit()

    assert "Ny lista" not in client.get(path_of(item)).text
    assert item.title not in client.get(path_of(new)).text


@pytest.mark.parametrize(
    ("moment", "first", "last", "shown"),
    [
        ("2027-03-27 22:59:59", None, "2027-03-27", True),
        ("2027-03-27 23:00:00", None, "2027-03-27", False),
        ("2027-03-28 21:59:59", None, "2027-03-28", True),
        ("2027-03-28 22:00:00", None, "2027-03-28", False),
        ("2027-03-27 23:00:00", "2027-03-28", None, True),
        ("2027-10-30 21:59:59", "2027-10-31", None, False),
        ("2027-10-30 22:00:00", "2027-10-31", None, True),
        ("2027-10-31 22:59:59", None, "2027-10-31", True),
        ("2027-10-31 23:00:00", None, "2027-10-31", False),
    ],
)
def test_the_day_turns_at_swedish_midnight_also_when_clocks_change(session, moment, first, last, shown):
    item = make_item(session, days(valid_from=first or "", valid_to=last or "", checked_on="2026-11-01"))

    with time_machine.travel(datetime.fromisoformat(moment).replace(tzinfo=UTC), tick=False):
        try:
            get_reading(session, ANONYMOUS, "vagledning", item.slug)
            is_read = True
        except NotFound:
            is_read = False

    assert is_read is shown


def test_editors_see_it_with_a_notice_and_the_state_in_their_list(session, editor, client):
    coming = make_item(session, days(valid_from="2031-05-01"))
    ended = make_item(session, make_document(title="Gammal rutin", valid_to="2026-01-31"))
    session.commit()

    assert (
        "Texten gäller från 1 maj 2031. Läsarna ser den inte före den dagen."
        in editor.get(path_of(coming)).text
    )
    assert "Texten gällde till och med 31 januari 2026." in editor.get(path_of(ended)).text
    assert editor.get(f"{path_of(coming)}/historik").status_code == 200
    edited = editor.get(f"/redaktion/vagledning/{coming.public_id}").text
    assert "Version 1 är publicerad. Läsarna ser den inte i dag." in edited
    listed = editor.get("/redaktion/innehall").text
    assert "Visas från 1 maj 2031" in listed
    assert "Slutade gälla 31 januari 2026" in listed
    assert client.get(path_of(coming)).status_code == 404


def test_an_account_without_a_place_at_the_desk_sees_what_readers_see(session, sign_in):
    coming = make_item(session, days(valid_from="2031-05-01"))
    browser = sign_in(make_user(session, Role.LEADER))

    assert browser.get(path_of(coming)).status_code == 404
    assert browser.get("/vagledning").text.count(WORD) == 0


def test_no_address_tells_that_a_text_will_come(client, session):
    coming = make_item(session, days(valid_from="2031-05-01"), slug="gammal-adress")
    addresses.rename(session, coming, "hemlig-adress", by=SYSTEM)
    withdrawn = make_item(session, days(valid_from="2031-05-01"))
    publication.withdraw(session, withdrawn, reason="Fel.", replacement=None, by=SYSTEM)
    session.commit()

    for path in ("/vagledning/gammal-adress", "/checklistor/hemlig-adress", path_of(withdrawn)):
        answer = client.get(path)
        assert answer.status_code == 404
        assert "hemlig-adress" not in answer.text.replace(path, "")


@pytest.mark.parametrize("values", [{"valid_from": "2031-05-01"}, {"valid_to": "2026-01-31"}])
def test_a_checklist_outside_its_days_is_not_started(session, sign_in, values):
    item = make_item(session, make_document("checklista", **values))
    browser = sign_in(make_user(session, Role.LEADER))

    answer = browser.get(f"/genomforanden/nytt?checklista={item.slug}")

    assert answer.status_code in (303, 404)


def test_a_version_for_a_later_day_never_takes_away_what_readers_have(session):
    item = make_item(session)
    later = revisions.add_revision(
        session, item, make_document(valid_from="2031-05-01"), by=SYSTEM, reason="x"
    )

    with pytest.raises(Invalid, match="gäller nu"):
        publication.put_public(session, item, later, by=SYSTEM, way="prov")


@pytest.mark.parametrize("name", ["valid-from-1.md", "valid-from-2.md"])
def test_a_file_that_is_valid_later_is_loaded_and_not_shown(client, session, app, tmp_path, name):
    (tmp_path / name).write_bytes((CASES / "edit" / name).read_bytes())

    report = load(app.extensions["database"], tmp_path, publish=True, by=SYSTEM)
    app.extensions["search"].indexer.drain()
    session.expire_all()
    item = session.scalar(select(ContentItem).order_by(ContentItem.id.desc()))

    assert not report.failed
    assert item.status == "publicerad"
    assert client.get(path_of(item)).status_code == 404
    assert item.title not in client.get("/vagledning").text
    assert f'href="{path_of(item)}"' not in client.get("/sok?q=gäller+längre+fram").text


# Days that cannot be


@pytest.mark.parametrize("name", ["future-1.tsv", "future-2.tsv"])
def test_a_day_to_come_is_refused_in_the_form(session, editor, name):
    field, day = (CASES / "edit" / name).read_text(encoding="utf-8").strip().split("\t")
    page = page_of(editor.get("/redaktion/ny?typ=vagledning"))
    typed = typed_in(page, title="Ny text", **{field: day, "sources-0-title": "Egen anteckning"})

    answer = editor.post("/redaktion/ny?typ=vagledning", data=typed)

    assert answer.status_code == 422
    assert "den dagen har inte kommit än" in answer.text
    assert page_of(answer).find(attrs={"name": field})["value"] == day
    assert session.scalar(select(ContentItem).where(ContentItem.title == "Ny text")) is None


WRONG = [
    ({"checked_on": "2099-12-31"}, "checked_on"),
    ({"valid_from": "2027-05-02", "valid_to": "2027-05-01"}, "valid_to"),
    ({"valid_to": "9999-12-31"}, "valid_to"),
    ({"valid_from": "0202-05-01"}, "valid_from"),
    ({"sources": [{"title": "a"}, {"title": "b", "fetched": "2098-01-01"}]}, "sources-1-fetched"),
    (
        {"provisions": [{"statute": "x", "section": "1 §", "checked_on": "2098-01-01"}]},
        "provisions-0-checked_on",
    ),
    (
        {
            "provisions": [
                {"statute": "x", "section": "1 §", "in_force_from": "2020-01-02", "in_force_to": "2020-01-01"}
            ]
        },
        "provisions-0-in_force_to",
    ),
]


@pytest.mark.parametrize(("values", "field"), WRONG, ids=[field for _values, field in WRONG])
def test_days_that_cannot_be_are_named_by_their_field(values, field):
    assert [wrong.field for wrong in wrong_days(values)] == [field]


@pytest.mark.parametrize(("values", "field"), WRONG, ids=[field for _values, field in WRONG])
def test_the_loader_refuses_the_same_days(app, tmp_path, values, field):
    record = {"kind": "vagledning", "title": "A", "summary": "B", **values}
    (tmp_path / "a.jsonl").write_text(json.dumps(record), encoding="utf-8")

    report = load(app.extensions["database"], tmp_path, publish=False, by=SYSTEM)

    assert len(report.failed) == 1


DAYS = st.dates(date(2026, 1, 1), date(2026, 1, 9))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=st.none() | DAYS, last=st.none() | DAYS, day=DAYS)
def test_the_condition_in_sql_says_what_the_rule_says(session_of_days, first, last, day):
    session, item = session_of_days
    item.valid_from, item.valid_to = first, last
    session.flush()

    found = session.scalar(select(ContentItem.id).where(ContentItem.id == item.id, valid_on(day)))

    assert (found is not None) is (Term(first, last).on(day) == Validity.NOW)


@pytest.fixture
def session_of_days(live_app):
    """A session with one item, for many examples."""
    with live_app.extensions["database"].transaction() as session:
        yield session, make_item(session)
