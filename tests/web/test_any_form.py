"""Whatever anybody sends in any form, nothing breaks: no page gives 5xx, then or afterwards, for anybody.

The forms are found by walking through the site as each role; what is sent is made by hypothesis from empty, edge-long,
odd and hostile values. All examples of a test go into one database, so that what one of them stored meets the next.
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest
from bs4 import BeautifulSoup, Tag
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException
from werkzeug.routing import MapAdapter

from kb import clock
from kb.accounts.models import User
from kb.accounts.roles import Role
from kb.library.core.models.lists import ImportantNumber
from kb.library.core.queries.reading import get_reading
from kb.library.services import review, withdrawals
from kb.runs.services.changing import Sent
from kb.runs.services.entries import Entry, add_entry
from kb.runs.services.following_up import add_follow_up
from kb.runs.services.handing_over import offer
from kb.runs.services.starting import start_run
from kb.search.models import PromotedAnswer
from tests.factories import make_document, make_draft, make_item, make_unit, make_user, viewer_of
from tests.forms import page_of, values_of

pytestmark = pytest.mark.slow
EXAMPLES = 80
WATCHED = 6  # pages that are looked at after each form
MOST_OF_A_KIND = 7  # pages of one address pattern that are visited
ENDS = {"accounts.signin_delete", "web.theme_update"}
ODD = (
    *(
        "",
        " ",
        "\n\n",
        "\u200b\u00ad\u2060",
        "\u202edcba",
        "\x0b",
        "a\u2028b",
        "\x00",
        "😀" * 60,
        "e\u0301" * 40,
    ),
    *(
        "<p>hej",
        "<b><i>x</b>",
        "<script>alert(1)</script>",
        "&lt;&amp;",
        "<namn>",
        "{{ 7 * 7 }}",
        "%s%n",
        "\\",
        "'\"",
    ),
    *("-1", "0", "1", "12:30", "1e9", "9" * 30, "١٢", "²", "on", "ja", "True", "None", "NaN"),
    *(
        "2099-01-01",
        "2026-02-30",
        "0001-01-01",
        "9999-12-31",
        "2026-11-29",
        "29 november",
        "2026-11-29T25:61",
    ),
    *(
        "javascript:alert(1)",
        "https://",
        "//evil.example/x",
        "https://exempel.se/" + "a" * 400,
        "../../etc/passwd",
    ),
    *("a@b", "ANNA@KOMMUN.EXAMPLE", "x" * 300 + "@kommun.example", "19121212-1212", "070-174 06 05"),
    *(
        "- punkt\n- punkt",
        "## Rubrik",
        "a\tb\tc\n1\t2\t3",
        "1. ett\n2. två",
        "rad\r\nrad",
        ", , ,",
        "hot|våld;x=y",
    ),
)
LENGTHS = (
    31,
    32,
    63,
    64,
    80,
    81,
    100,
    120,
    121,
    160,
    161,
    300,
    301,
    500,
    501,
    1000,
    1001,
    1500,
    10_000,
    10_001,
)


def value(rng: random.Random) -> str:
    """Something that somebody might send in a field."""
    way = rng.random()
    if way < 0.6:
        return rng.choice(ODD)
    if way < 0.8:
        return rng.choice("aåx \u00e9") * rng.choice(LENGTHS)
    return "".join(
        chr(rng.choice((rng.randrange(32, 126), rng.randrange(160, 0xD7FF))))
        for _ in range(rng.randrange(40))
    )


@dataclass
class Site:
    """A small site with something of everything, people of all roles, and the pages that were found."""

    app: Flask
    people: dict[str, User]
    enter: Callable[[User], FlaskClient]
    pages: dict[str, list[str]] = field(default_factory=dict)

    def browser(self, role: str) -> FlaskClient:
        """A browser of somebody with this role; a new one, for the last form may have ended the session."""
        return self.enter(self.people[role]) if role in self.people else self.app.test_client()

    def match(self, path: str, method: str) -> str | None:
        """The endpoint of an address, or None."""
        adapter: MapAdapter = self.app.url_map.bind("localhost")
        try:
            return str(adapter.match(urlsplit(path).path, method)[0])
        except HTTPException:
            return None


@pytest.fixture
def site(app: Flask, session: Session, sign_in: Callable[[User], FlaskClient]) -> Site:
    unit = make_unit(session, "Barn och familj")
    people = {
        role.value: make_user(
            session, role, unit=unit, name=f"Person {role.value}", email=f"{role.value}@kommun.example"
        )
        for role in Role
    }
    people["alla"] = make_user(session, *Role, unit=unit, name="Alla Roller", email="alla@kommun.example")
    for kind in ("vagledning", "berattelse", "checklista", "mall", "pastaende"):
        make_item(session, make_document(kind, title=f"Publicerad {kind}"), slug=f"publicerad-{kind}")
        by = viewer_of(session, people["redaktor"])
        make_draft(session, make_document(kind, title=f"Utkast {kind}"), by=by)
        review.submit_for_review(
            session, make_draft(session, make_document(kind, title=f"Till granskning {kind}"), by=by), by=by
        )
    asked, gone = (make_item(session, make_document(title=title)) for title in ("Ska bort", "Borta"))
    by, boss = viewer_of(session, people["redaktor"]), viewer_of(session, people["granskare"])
    withdrawals.request_withdrawal(session, asked, reason="Gammal.", replacement=None, by=by)
    withdrawals.withdraw_now(session, gone, reason="Fel.", replacement=None, by=boss)
    session.add(ImportantNumber(label="Egen jour", number="070-174 06 05", is_local=True))
    reading = get_reading(session, viewer_of(session, people["alla"]), "checklista", "publicerad-checklista")
    for number in range(3):
        sent = Sent(viewer_of(session, people["alla"]))
        run = start_run(session, reading, unit_id=unit.id, sent=sent, because="Något annat har hänt")
        add_entry(session, run, Entry(kind="beslut", text="Stäng dörren."), sent=sent)
        due_at = clock.now() + timedelta(days=number + 1)
        add_follow_up(session, run, text="Ring dem.", due_at=due_at, sent=sent)
        if not number:
            offer(session, run, to="Krisledare", sent=sent)
    run.ended_at = run.started_at
    session.add(PromotedAnswer(query="hot", item_id=gone.id, position=1))
    session.commit()
    found = Site(app, people, sign_in)
    for role in ("alla", "medarbetare", ""):
        found.pages[role] = list(walk(found, role))
    return found


def walk(site: Site, role: str) -> Iterator[str]:
    """The pages that somebody reaches by links, some of each kind."""
    browser, seen, kinds = site.browser(role), set(), dict[str, int]()
    waiting = [
        "/",
        "/redaktion",
        "/administration",
        "/genomforanden",
        "/konto",
        "/redaktion/ny?typ=vagledning",
    ]
    while waiting:
        path = waiting.pop(0)
        endpoint = site.match(path, "GET")
        if path in seen or endpoint is None or endpoint.startswith("static"):
            continue
        seen.add(path)
        kinds[endpoint] = kinds.get(endpoint, 0) + 1
        if kinds[endpoint] > MOST_OF_A_KIND:
            continue
        answer = browser.get(path)
        if answer.status_code != 200 or answer.mimetype != "text/html":
            continue
        yield path
        for link in page_of(answer).select("a[href]"):
            target = urldefrag(urljoin(path, str(link["href"])))[0]
            if target.startswith("/"):
                waiting.append(target)


def forms_of(page: BeautifulSoup) -> list[Tag]:
    """The forms that change something."""
    return [form for form in page.find_all("form") if str(form.get("method")).lower() == "post"]


def filled_in(form: Tag, rng: random.Random) -> MultiDict[str, str]:
    """What somebody might send of a form: most fields as they are or odd, some missing, some twice."""
    sent: MultiDict[str, str] = MultiDict()
    oddness = rng.choice((0.1, 0.5, 0.9))
    for control in form.find_all(["input", "textarea", "select"]):
        name = control.get("name")
        if not name or rng.random() < 0.03:
            continue
        hidden = control.name == "input" and control.get("type") == "hidden"
        if rng.random() > (oddness / 10 if hidden else oddness):
            given = (
                values_of(control)
                if control.get("type") or control.name != "input"
                else [control.get("value", "")]
            )
        elif control.name == "select" and rng.random() < 0.8:
            given = [rng.choice(control.find_all("option")).get("value", "")]
        elif control.get("type") in {"checkbox", "radio"} and rng.random() < 0.8:
            given = [control.get("value", "on")]
        else:
            given = [value(rng)] * rng.choice((1, 1, 1, 2))
        for one in given:
            sent.add(str(name), str(one))
    buttons = [
        b for b in form.find_all(["button", "input"]) if b.get("name") and b.get("type") in (None, "submit")
    ]
    if buttons:
        button = rng.choice(buttons)
        sent.add(str(button["name"]), str(button.get("value", "")))
    return sent


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
    ],
)
@given(seed=st.integers(0, 2**32))
def test_no_form_breaks_any_page(site: Site, seed: int) -> None:
    rng = random.Random(seed)  # not from hypothesis: what is drawn depends on what was stored before
    role = rng.choice(["alla", "alla", "medarbetare", ""])
    path = rng.choice(site.pages[role])
    browser = site.browser(role)
    page = browser.get(path)
    forms = forms_of(page_of(page)) if page.status_code == 200 and page.mimetype == "text/html" else []
    forms = [
        form
        for form in forms
        if site.match(urljoin(path, str(form.get("action") or path)), "POST") not in ENDS
    ]
    if not forms:
        return
    form = rng.choice(forms)
    action = urljoin(path, str(form.get("action") or path))

    answer = browser.post(
        action, data=filled_in(form, rng)
    )  # the client asserts that it is no 5xx and well made

    if answer.status_code in (302, 303):
        browser.get(answer.headers["Location"])
    for watcher in ("alla", ""):
        other = site.browser(watcher)
        for watched in [path, *rng.sample(site.pages[watcher], min(WATCHED, len(site.pages[watcher])))]:
            assert other.get(watched).status_code < 500, (action, watched)


def test_the_walk_meets_the_forms_of_the_whole_site(site: Site) -> None:
    """The property above is worth what it reaches: nearly every address that takes a form."""
    met = set()
    for role, paths in site.pages.items():
        browser = site.browser(role)
        for path in paths:
            met |= {
                site.match(urljoin(path, str(form.get("action") or path)), "POST")
                for form in forms_of(page_of(browser.get(path)))
            }
    takers = {rule.endpoint for rule in site.app.url_map.iter_rules() if "POST" in (rule.methods or ())}

    assert len(met & takers) >= 0.7 * len(takers), sorted(takers - met)
