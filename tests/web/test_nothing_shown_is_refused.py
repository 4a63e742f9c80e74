"""Nobody is shown a link or a button that answers 403: every page that a role can reach is walked through."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import parse_qsl, urljoin, urlsplit

import pytest
from bs4 import BeautifulSoup
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException

from kb import clock
from kb.accounts.permissions import is_allowed
from kb.accounts.roles import Role
from kb.accounts.viewer import ANONYMOUS
from kb.library.content.document import Kind
from kb.library.core.queries.reading import get_reading
from kb.library.services import review
from kb.runs.services import ending
from kb.runs.services.changing import Sent
from kb.runs.services.following_up import add_follow_up
from kb.runs.services.handing_over import offer
from kb.runs.services.starting import start_run
from kb.web.guards import guard_of
from tests.factories import make_document, make_draft, make_item, make_unit, make_user, viewer_of

ROLES = [None, *Role]
# Addresses that differ only in what a query asks for show the same links; so do the pages of one endpoint.
PAGES_OF_A_KIND = 3


@dataclass(frozen=True)
class Form:
    """A form that changes something: the page it stands on, where it goes, and what it sends as it stands."""

    page: str
    address: str
    values: tuple[tuple[str, str], ...]


@dataclass
class Walk:
    """What a walk through the site came upon."""

    refused: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    forms: list["Form"] = field(default_factory=list)
    visited: set[str] = field(default_factory=set)


@pytest.fixture
def organisation(app, session):
    """A unit with a person in every role, texts in every state, runs that go on and one that is over."""
    unit = make_unit(session)
    people = {role: make_user(session, role, unit=unit) for role in Role}
    other = {role: make_user(session, role, unit=unit) for role in (Role.EDITOR, Role.REVIEWER)}
    editor, colleague = viewer_of(session, people[Role.EDITOR]), viewer_of(session, other[Role.EDITOR])
    checklist = make_item(session, make_document("checklista"), slug="akut-hot")
    for kind in Kind:
        related = () if kind == Kind.CHECKLIST else ("akut-hot",)
        make_item(session, make_document(kind.value, related=related))
        make_draft(session, make_document(kind.value), by=editor)
        review.submit_for_review(
            session, make_draft(session, make_document(kind.value), by=colleague), by=colleague
        )
    approved = make_draft(session, make_document(), by=colleague)
    review.submit_for_review(session, approved, by=colleague)
    review.approve(session, approved, by=viewer_of(session, other[Role.REVIEWER]))
    both = make_user(session, Role.EDITOR, Role.REVIEWER, unit=unit)
    own = make_draft(session, make_document(), by=viewer_of(session, both))
    review.submit_for_review(session, own, by=viewer_of(session, both))
    make_runs(session, unit, people, checklist)
    session.commit()
    return {**people, "both": both}


def make_runs(session, unit, people, checklist):
    """Two runs of the unit, one of them over; everybody is invited to the one that goes on."""
    staff, leader = (viewer_of(session, people[role]) for role in (Role.STAFF, Role.LEADER))
    for is_over in (False, True):
        reading = get_reading(session, staff, Kind.CHECKLIST, checklist.slug)
        run = start_run(session, reading, unit_id=unit.id, sent=Sent(staff), because="Ett till")
        for person in people.values():
            ending.invite(session, run, email=person.email, sent=Sent(leader))
        due_at = clock.now() + timedelta(days=3)
        add_follow_up(session, run, text="Ring dem.", due_at=due_at, sent=Sent(leader))
        offer(session, run, to="Krisledare", sent=Sent(leader))
        if is_over:
            ending.finish(session, run, closing_note="Det är över nu.", diary_number="", sent=Sent(leader))


@pytest.mark.parametrize("who", [*ROLES, "both"])
def test_no_link_and_no_button_that_is_shown_answers_403(app, client, session, sign_in, organisation, who):
    browser = sign_in(organisation[who]) if who else client
    viewer = viewer_of(session, organisation[who]) if who else ANONYMOUS

    walk = walk_through(browser)

    assert len(walk.visited) > 20
    assert walk.refused == []
    assert walk.missing == []
    assert [form for form in walk.forms if not may_send(app, viewer, form)] == []
    assert refused_sendings(browser, walk.forms) == []


def walk_through(browser):
    """Follow every own link from the start page, and note the forms."""
    walk, waiting = Walk(), [("/", "")]
    kinds: Counter[str] = Counter()
    browser.reads_all = True
    while waiting:
        address, origin = waiting.pop(0)
        kind = kind_of(address)
        if address in walk.visited or kinds[kind] >= PAGES_OF_A_KIND:
            continue
        walk.visited.add(address)
        kinds[kind] += 1
        answer = browser.get(address)
        if answer.status_code == 403:
            walk.refused.append(f"{origin} -> {address}")
        if answer.status_code == 404:
            walk.missing.append(f"{origin} -> {address}")
        if answer.status_code in (301, 302, 303):
            waiting.append((own_address(address, answer.location), address))
        elif answer.mimetype == "text/html":
            waiting += [
                (found, address) for found in shown(BeautifulSoup(answer.data, "html.parser"), address, walk)
            ]
    return walk


def kind_of(address):
    """The first part of a path, its length, and which questions are asked."""
    parts = urlsplit(address)
    names = tuple(sorted({name for name, _ in parse_qsl(parts.query)}))
    pieces = parts.path.split("/")
    last = pieces[-1] if len(pieces) > 3 else ""
    return pieces[1], len(pieces), last, names


def shown(page, address, walk):
    """The own addresses that a page leads to with GET; its other forms are noted."""
    found = [own_address(address, link["href"]) for link in page.select("a[href]")]
    for form in page.select("form"):
        targets = [form.get("action") or address]
        targets += [button["formaction"] for button in form.select("[formaction]")]
        for target in targets:
            if (form.get("method") or "get").lower() == "get":
                found.append(own_address(address, target))
            else:
                walk.forms.append(Form(address, own_address(address, target), values_of(form)))
    return [one for one in found if one and not one.startswith("/static/")]


def values_of(form):
    """What a form sends when its first button is pressed and nothing is filled in."""
    sent = [
        (one["name"], one.get("value", ""))
        for one in form.select("input[name]")
        if one.get("type") not in {"checkbox", "radio"} or one.has_attr("checked")
    ]
    sent += [(one["name"], one.get_text()) for one in form.select("textarea[name]")]
    for choice in form.select("select[name]"):
        option = choice.select_one("option[selected]") or choice.option
        sent.append((choice["name"], option.get("value", option.get_text()) if option else ""))
    button = form.select_one("button[name]")
    return tuple([*sent, (button["name"], button.get("value", ""))] if button else sent)


def own_address(address, target):
    """The address on this site, without what follows #; empty for others."""
    parts = urlsplit(urljoin(f"http://localhost{address}", target))
    if parts.netloc != "localhost" or not parts.scheme.startswith("http"):
        return ""
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def may_send(app, viewer, form):
    """Whether the guard of the endpoint lets this viewer send the form."""
    try:
        endpoint, _ = app.url_map.bind("localhost").match(urlsplit(form.address).path, method="POST")
    except HTTPException:
        return False
    permission = guard_of(app, endpoint).permission
    return permission is None or is_allowed(viewer, permission)


def refused_sendings(browser, forms):
    """The forms that answer 403 when they are sent as they stand; what ends the sign-in comes last."""
    once = {(kind_of(form.address), form.address): form for form in forms}
    order = sorted(once.values(), key=lambda form: ends_sign_in(form.address))
    refused = []
    for form in order:
        answer = browser.post(
            form.address, data=MultiDict(form.values), headers={"Referer": f"http://localhost{form.page}"}
        )
        if answer.status_code == 403:
            refused.append(f"{form.page} -> {form.address}")
    return refused


def ends_sign_in(address):
    """Signing out and ending sign-ins come after all that needs one."""
    return address.startswith(("/utloggning", "/konto")) and address != "/konto/losenord"
