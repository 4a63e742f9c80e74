"""Gallring: ended runs are removed by an administrator under a decision, without their content being shown."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from kb.accounts.entry.signin import current_viewer
from kb.accounts.forms import show_error
from kb.errors import Invalid
from kb.runs import queries
from kb.runs.forms import DisposalForm
from kb.runs.permissions import Permission
from kb.runs.services.ending import dispose
from kb.runs.views.blueprint import bp
from kb.web.guards import requires
from kb.web.pagination import page_number
from kb.web.sessions import reader, transaction

LIST = "/administration/gallring"


@bp.get(LIST)
@requires(Permission.DISPOSE)
def disposal_index() -> str:
    """Ended runs, the oldest first."""
    page = queries.page_disposable(reader(), page_number(request.args.get("sida")))
    return render_template("runs/disposal_index.html", page=page)


@bp.get(f"{LIST}/<public_id>")
@requires(Permission.DISPOSE)
def disposal_new(public_id: str) -> str:
    """What will be removed, and the question for the decision."""
    return _page(public_id, DisposalForm())


@bp.post(f"{LIST}/<public_id>")
@requires(Permission.DISPOSE, with_password=True)
def disposal_create(public_id: str) -> tuple[str, int] | Response:
    """Remove it."""
    form = DisposalForm()
    try:
        with transaction() as session:
            run = queries.get_disposable(session, public_id)
            dispose(session, run, decision=form.decision.data or "", by=current_viewer())
    except Invalid as error:
        show_error(form, error)
        return _page(public_id, form), 422
    flash("Genomförandet är gallrat.")
    return redirect(url_for(".disposal_index"), 303)


def _page(public_id: str, form: DisposalForm) -> str:
    return render_template(
        "runs/disposal_new.html", form=form, run=queries.get_disposable(reader(), public_id)
    )
