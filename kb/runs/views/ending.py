"""Inviting people to a run, saying when it happened, ending it, and its record."""

import json

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from kb import clock
from kb.accounts.entry.signin import current_viewer
from kb.accounts.forms import show_error
from kb.errors import Invalid
from kb.runs.followups.queries import of_run
from kb.runs.forms import CancellationForm, EndingForm, InvitationForm, TimeForm
from kb.runs.letters import mail_invitation
from kb.runs.permissions import Permission
from kb.runs.queries import get_run, list_members
from kb.runs.record import record_data, record_sheet
from kb.runs.services import cancelling, changing, ending, following_up, operating
from kb.runs.views.blueprint import bp, load_view, new_client_id, sent_by_form
from kb.web.addresses import external_url
from kb.web.guards import requires
from kb.web.sessions import reader, transaction


@bp.get("/genomforanden/<public_id>/inbjudan")
@requires(Permission.SEE)
def invitation_new(public_id: str) -> str:
    """Who is invited, and the form for another."""
    _require_open_lead(public_id)
    return _invitation_page(public_id, InvitationForm(data={"client_id": new_client_id()}))


@bp.post("/genomforanden/<public_id>/inbjudan")
@requires(Permission.SEE)
def invitation_create(public_id: str) -> tuple[str, int] | Response:
    """Invite a person of the organisation."""
    form, by = InvitationForm(), current_viewer()
    try:
        with transaction() as session:
            run = get_run(session, by, public_id)
            person = ending.invite(session, run, email=form.email.data or "", sent=sent_by_form())
            if person is not None:
                mail_invitation(
                    session, to=person, address=external_url("runs.run_show", public_id=run.public_id), by=by
                )
            words = f"{person.name} är inbjuden." if person else "Personen ser redan genomförandet."
    except Invalid as error:
        show_error(form, error)
        return _invitation_page(public_id, form), 422
    flash(words)
    return redirect(url_for(".invitation_new", public_id=public_id), 303)


@bp.get("/genomforanden/<public_id>/avslut")
@requires(Permission.SEE)
def ending_new(public_id: str) -> str:
    """What is left, and the form."""
    run = get_run(reader(), current_viewer(), public_id)
    changing.refuse_ended(run)
    ending.require_end(reader(), run, current_viewer())
    return _ending_page(public_id, EndingForm(data={"client_id": new_client_id()}))


@bp.post("/genomforanden/<public_id>/avslut")
@requires(Permission.SEE)
def ending_create(public_id: str) -> tuple[str, int] | Response:
    """End it; the record follows."""
    form, by = EndingForm(), current_viewer()
    try:
        with transaction() as session:
            run = ending.finish(
                session,
                get_run(session, by, public_id),
                closing_note=form.closing_note.data or "",
                diary_number=form.diary_number.data or "",
                sent=sent_by_form(),
            )
            following_up.add_proposed(session, run, form.follow_ups.data or (), sent=sent_by_form())
    except Invalid as error:
        show_error(form, error)
        return _ending_page(public_id, form), 422
    return redirect(url_for(".record_show", public_id=public_id), 303)


@bp.get("/genomforanden/<public_id>/avbrott")
@requires(Permission.SEE)
def cancellation_new(public_id: str) -> str:
    """What becomes of a run that is taken back, and the form."""
    run = get_run(reader(), current_viewer(), public_id)
    changing.refuse_ended(run)
    cancelling.require_cancel(run, current_viewer(), clock.now())
    form = CancellationForm(data={"client_id": new_client_id(), "reason": "Startad av misstag"})
    return _cancellation_page(public_id, form)


@bp.post("/genomforanden/<public_id>/avbrott")
@requires(Permission.SEE)
def cancellation_create(public_id: str) -> tuple[str, int] | Response:
    """Take back a run that was started by mistake."""
    form = CancellationForm()
    try:
        with transaction() as session:
            run = get_run(session, current_viewer(), public_id)
            cancelling.cancel(session, run, reason=form.reason.data or "", sent=sent_by_form())
    except Invalid as error:
        show_error(form, error)
        return _cancellation_page(public_id, form), 422
    return redirect(url_for(".run_show", public_id=public_id), 303)


@bp.get("/genomforanden/<public_id>/tid")
@requires(Permission.SEE)
def time_edit(public_id: str) -> str:
    """The form for when it happened."""
    run = get_run(reader(), current_viewer(), public_id)
    changing.refuse_ended(run)
    at = clock.local(run.event_at).strftime("%Y-%m-%dT%H:%M")
    return _time_page(public_id, TimeForm(data={"client_id": new_client_id(), "event_at": at}))


@bp.post("/genomforanden/<public_id>/tid")
@requires(Permission.SEE)
def time_update(public_id: str) -> tuple[str, int] | Response:
    """Count all times from another moment."""
    form = TimeForm()
    try:
        with transaction() as session:
            run = get_run(session, current_viewer(), public_id)
            operating.retime(
                session, run, form.event_at.data or "", reason=form.reason.data or "", sent=sent_by_form()
            )
    except Invalid as error:
        show_error(form, error)
        return _time_page(public_id, form), 422
    return redirect(url_for(".run_show", public_id=public_id), 303)


@bp.get("/genomforanden/<public_id>/protokoll")
@requires(Permission.SEE)
def record_show(public_id: str) -> str:
    """Everything about the run, made for paper."""
    run = load_view(public_id, for_record=True)
    follow_ups = of_run(reader(), current_viewer(), public_id, None)
    return render_template("runs/record_show.html", run=run, follow_ups=follow_ups)


@bp.get("/genomforanden/<public_id>/protokoll.csv")
@requires(Permission.SEE)
def record_export(public_id: str) -> Response:
    """The record as a table: steps and log, with kinds and hashes."""
    return _file(public_id, "csv", "text/csv", record_sheet(load_view(public_id, for_record=True)))


@bp.get("/genomforanden/<public_id>/protokoll.json")
@requires(Permission.SEE)
def record_data_export(public_id: str) -> Response:
    """The record for other programs."""
    data = record_data(load_view(public_id, for_record=True))
    return _file(public_id, "json", "application/json", json.dumps(data, ensure_ascii=False, indent=1))


def _file(public_id: str, ending: str, kind: str, content: str) -> Response:
    response = Response(content, mimetype=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="protokoll-{public_id}.{ending}"'
    return response


def _require_open_lead(public_id: str) -> None:
    """Raise `NotFound`, `Forbidden` or `RunEnded` for who could not send the form either."""
    run = get_run(reader(), current_viewer(), public_id)
    changing.require_lead(run, current_viewer())
    changing.refuse_ended(run)


def _invitation_page(public_id: str, form: InvitationForm) -> str:
    members = list_members(reader(), get_run(reader(), current_viewer(), public_id))
    names = [member.user.name for member in members]
    run = load_view(public_id)
    return render_template("runs/invitation_new.html", form=form, run=run, names=names)


def _ending_page(public_id: str, form: EndingForm) -> str:
    return render_template("runs/ending_new.html", form=form, run=load_view(public_id))


def _cancellation_page(public_id: str, form: CancellationForm) -> str:
    return render_template("runs/cancellation_new.html", form=form, run=load_view(public_id))


def _time_page(public_id: str, form: TimeForm) -> str:
    return render_template("runs/time_edit.html", form=form, run=load_view(public_id))
