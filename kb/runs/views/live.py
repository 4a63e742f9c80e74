"""The page of a run as it is asked for again and again: by a thousand people each other second, mostly for nothing.

What is drawn is kept by process, under everything that it is made from: the newest line of the log, the state of the
library, what the viewer may read and lead, and ten seconds of time. It is the one place where markup is kept (see
`kb.cache`); what is each viewer's own, the token and the names of forms, is not in it but put in where it is sent.
"""

import hashlib
import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import brotli
from flask import Response, make_response, render_template, request
from flask_wtf.csrf import generate_csrf
from sqlalchemy.orm import Session

from kb import clock
from kb.accounts.entry.signin import current_viewer
from kb.accounts.queries import unit_members
from kb.accounts.viewer import Viewer
from kb.cache import Cache, entries
from kb.library.core.queries.lists import list_numbers
from kb.library.core.shelf import read_stamp
from kb.library.core.visibility import visibility_terms
from kb.runs.followups.queries import of_run
from kb.runs.handover.queries import Lead, lead_of
from kb.runs.log.kinds import EntryKind
from kb.runs.permissions import Permission, holds
from kb.runs.queries import RunState, get_run, get_state
from kb.runs.views.blueprint import load_view, new_client_id
from kb.web.sessions import reader

PACKING = 4  # once for all who look
SECONDS = 10  # one page holds so long
PLACE, TOKEN, CLIENT = (secrets.token_hex(16) for _ in range(3))  # nobody can write these in a note
DRAWN = Cache(64, weigh=entries)  # some 90 kB each


@dataclass(frozen=True)
class Live:
    """What a run looks like. `tag` is equal as long as it looks the same; `is_still`: only a change makes it new."""

    public_id: str
    title: str
    done: int
    total: int
    is_ended: bool
    is_still: bool
    sequence: int
    tag: str
    markup: str
    packed: bytes

    def fragment(self) -> Response:
        """For a script, which has the token and names its changes itself."""
        if request.accept_encodings["br"] and not request.query_string:
            response = make_response(self.packed)
            response.headers["Content-Encoding"] = "br"
        else:
            response = make_response(_plain(self.markup))
        response.vary.add("Accept-Encoding")
        response.set_etag(self.tag, weak=True)
        return response

    def page(self, frame: str) -> str:
        """The frame with the run in its place, and with forms that can be sent without a script."""
        own = self.markup.replace(TOKEN, generate_csrf()).replace(CLIENT, new_client_id())
        return frame.replace(PLACE, own)


def look_at(public_id: str, *, with_log: bool = True) -> Live:
    """The run as the viewer of this request sees it now, or without the lines of its log. Raises `NotFound`."""
    session, viewer = reader(), current_viewer()
    state = get_state(session, viewer, public_id)
    moment = _moment(state.event_at)
    stamp = (state.sequence, state.head, state.ended_at, read_stamp(session), moment)
    return DRAWN.take(
        (public_id, with_log, *_sees(viewer, state)),
        stamp,
        lambda: _draw(session, public_id, moment, with_log=with_log),
    )


def _moment(event_at: datetime) -> datetime:
    """Now, in whole steps since it happened: every process draws for the same moment, and a step turns late in time."""
    step = timedelta(seconds=SECONDS)
    return event_at + (clock.now() - event_at) // step * step


def _sees(viewer: Viewer, state: RunState) -> tuple[bool, bool, bool, frozenset[str]]:
    """What of a viewer decides what is drawn: leading it, its unit, having started it ("du"), what may be read."""
    may_lead = holds(viewer, Permission.LEAD, state.unit_id)
    is_staff = holds(viewer, Permission.START, state.unit_id)
    return may_lead, is_staff, viewer.user_id == state.started_by_id, visibility_terms(viewer)


def _draw(session: Session, public_id: str, moment: datetime, *, with_log: bool) -> Live:
    run = load_view(public_id, now=moment)
    run = run if with_log else replace(run, log=())
    people = [] if run.is_ended else [member.name for member in unit_members(session, run.unit_id)]
    follow_ups = of_run(session, current_viewer(), public_id, moment)
    own = {
        "follow_ups": follow_ups,
        "lead": lead_of(session, get_run(session, current_viewer(), public_id), moment),
        "people": people,
        "csrf": TOKEN,
        "client_id": CLIENT,
    }
    markup = render_template("runs/_run.html", run=run, **(beside(session) | own))
    plain = _plain(markup)
    return Live(
        public_id=run.public_id,
        title=run.title,
        done=run.progress.done,
        total=run.progress.total,
        is_ended=run.is_ended,
        is_still=not (run.progress.late or run.recalls or any(row.late_words for row in follow_ups)),
        sequence=run.sequence,
        tag=hashlib.sha256(plain.encode()).hexdigest()[:32],
        markup=markup,
        packed=brotli.compress(plain.encode(), quality=PACKING),
    )


def beside(session: Session) -> dict[str, object]:
    """What `runs/_run.html` asks for beside the run, for a run that nobody follows yet."""
    return {
        "follow_ups": [],
        "lead": Lead(0, "den som startade"),
        "people": [],
        "numbers": list_numbers(session),
        "entry_kinds": EntryKind.names(),
        "csrf": "",
        "client_id": "",
    }


def _plain(markup: str) -> str:
    return markup.replace(TOKEN, "").replace(CLIENT, "")
