"""The blueprint that the pages of runs share, and what several of them need."""

import secrets
from datetime import datetime

from flask import Blueprint, Response, request

from kb import clock
from kb.accounts.entry.signin import current_viewer
from kb.extensions import compress
from kb.runs.forms import device_time, waited
from kb.runs.guidance import guidance_of
from kb.runs.presenting import RunView, view_run
from kb.runs.queries import get_whole_run
from kb.runs.recall import recalls_of
from kb.runs.services.changing import Sent
from kb.web.sessions import reader

bp = Blueprint("runs", __name__)
# Signed-in pages are not compressed since they hold secrets beside echoed input. These echo nothing of a request that
# another site can make: no query is allowed, and cookies do not follow a form of another site.
PACKED = {
    "runs.run_show",
    "runs.copy_show",
    "runs.fragment_show",
    "runs.state_update",
    "runs.assignment_update",
    "runs.note_create",
}


@bp.after_request
def keep_nowhere(response: Response) -> Response:
    """No copy of a run stays in a browser or on the way; what is fetched again and again is packed."""
    response.headers["Cache-Control"] = "no-store"
    if request.endpoint in PACKED and not request.query_string:
        response = compress.after_request(response)
    return response


def load_view(public_id: str, *, for_record: bool = False, now: datetime | None = None) -> RunView:
    """The run as the viewer of this request sees it, now or at another moment. Raises `NotFound`."""
    session, viewer = reader(), current_viewer()
    run = get_whole_run(session, viewer, public_id)
    guidance = guidance_of(session, viewer, run)
    now = now or clock.now()
    recalls = recalls_of(session, viewer, run, None if for_record else now)
    return view_run(run, viewer, now, guidance=guidance, recalls=recalls, for_record=for_record)


def new_client_id() -> str:
    """A name for what a form is about to do, so that sending it twice does it once."""
    return secrets.token_urlsafe(9)


def sent_by_form() -> Sent:
    """Who sends the form of this request, and what it says about itself. Raises `Invalid` for an odd name."""
    client_id, device_at = request.form.get("client_id"), device_time(request.form.get("enhetstid"))
    passed = waited(device_at, device_time(request.form.get("enhetsnu")))
    made_at = None if passed is None else clock.now() - passed
    return Sent(current_viewer(), client_id or None, device_at, made_at)
