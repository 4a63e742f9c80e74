"""The first page of the administration: what there is and what waits."""

from flask import render_template

from kb.accounts import queries
from kb.accounts.permissions import Permission
from kb.accounts.views.blueprint import bp
from kb.mail.queries import count_kept
from kb.web.guards import requires
from kb.web.sessions import reader


@bp.get("/administration")
@requires(Permission.ADMINISTER)
def administration_show() -> str:
    """Numbers, and links to where things are done."""
    numbers = queries.overview(reader())
    return render_template("accounts/administration_show.html", numbers=numbers, kept=count_kept(reader()))
