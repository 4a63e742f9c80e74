"""Handing over the lead of a run: offering it, the brief, confirming, taking back."""

from collections.abc import Callable

from flask import flash, redirect, render_template, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from kb import clock
from kb.accounts.entry.signin import current_viewer
from kb.accounts.forms import show_error
from kb.accounts.queries import unit_members
from kb.errors import Invalid
from kb.runs.handover.forms import ConfirmationForm, HandoverForm
from kb.runs.handover.models import Handover
from kb.runs.handover.queries import get_handover, lead_of, waiting_of
from kb.runs.permissions import Permission, holds
from kb.runs.queries import get_run
from kb.runs.services import changing, handing_over
from kb.runs.views.blueprint import bp, load_view, new_client_id, sent_by_form
from kb.web.guards import requires
from kb.web.sessions import reader, transaction

PLACE = "/genomforanden/<public_id>/overlamning"


@bp.get(PLACE)
@requires(Permission.SEE)
def handover_new(public_id: str) -> str | Response:
    """To whom; the one that waits where there is one."""
    session, viewer = reader(), current_viewer()
    run = get_run(session, viewer, public_id)
    changing.refuse_ended(run)
    if (waiting := waiting_of(session, run)) is not None:
        return redirect(_address(public_id, waiting), 303)
    handing_over.require_hand(session, run, viewer)
    return _new_page(public_id, HandoverForm(data={"client_id": new_client_id()}))


@bp.post(PLACE)
@requires(Permission.SEE)
def handover_create(public_id: str) -> tuple[str, int] | Response:
    """Offer it; the brief follows."""
    form = HandoverForm()
    try:
        with transaction() as session:
            run = get_run(session, current_viewer(), public_id)
            values = {"to": form.to.data or "", "message": form.message.data or ""}
            made = handing_over.offer(session, run, sent=sent_by_form(), **values)
            leads_to = _address(public_id, made) if made else url_for(".run_show", public_id=public_id)
    except Invalid as error:
        show_error(form, error)
        return _new_page(public_id, form), 422
    return redirect(leads_to, 303)


@bp.get(f"{PLACE}/<handover_id>")
@requires(Permission.SEE)
def handover_show(public_id: str, handover_id: str) -> str:
    """The brief, made for one page of paper, and what is to be done with it."""
    return _page(public_id, handover_id)


@bp.post(f"{PLACE}/<handover_id>/bekraftelse")
@requires(Permission.SEE)
def handover_confirmation_create(public_id: str, handover_id: str) -> tuple[str, int] | Response:
    """Take over."""
    form = ConfirmationForm()

    def change(session: Session, found: Handover) -> None:
        handing_over.confirm(session, found, name=form.name.data or "", sent=sent_by_form())

    try:
        return _change(public_id, handover_id, change, "Du leder genomförandet nu.")
    except Invalid as error:
        show_error(form, error)
        return _page(public_id, handover_id, form), 422


@bp.post(f"{PLACE}/<handover_id>/atertagande")
@requires(Permission.SEE)
def handover_withdrawal_create(public_id: str, handover_id: str) -> Response:
    """Take it back."""

    def change(session: Session, found: Handover) -> None:
        handing_over.take_back(session, found, sent=sent_by_form())

    return _change(public_id, handover_id, change, "Överlämningen är återtagen.")


def _change(
    public_id: str, handover_id: str, change: Callable[[Session, Handover], None], done: str
) -> Response:
    with transaction() as session:
        change(session, get_handover(session, current_viewer(), public_id, handover_id))
    flash(done)
    return redirect(url_for(".handover_show", public_id=public_id, handover_id=handover_id), 303)


def _address(public_id: str, handover: Handover) -> str:
    return url_for(".handover_show", public_id=public_id, handover_id=handover.public_id)


def _new_page(public_id: str, form: HandoverForm) -> str:
    run = load_view(public_id)
    people = [member.name for member in unit_members(reader(), run.unit_id)]
    return render_template("runs/handover_new.html", form=form, run=run, people=people)


def _page(public_id: str, handover_id: str, form: ConfirmationForm | None = None) -> str:
    session, viewer = reader(), current_viewer()
    found = get_handover(session, viewer, public_id, handover_id)
    is_giver = viewer.user_id == found.offered_by_id
    first = {"client_id": new_client_id(), "name": viewer.name}
    return render_template(
        "runs/handover_show.html",
        handover=found,
        run=found.run,
        lead=lead_of(session, found.run, clock.now()),
        form=form or ConfirmationForm(formdata=None, data=first),
        is_wrong=form is not None,
        may_confirm=found.is_open and not is_giver and found.to_user_id in (None, viewer.user_id),
        may_take_back=found.is_open and (is_giver or holds(viewer, Permission.LEAD, found.run.unit_id)),
        brief=found.brief,
    )
