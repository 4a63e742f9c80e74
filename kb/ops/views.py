"""Health for machines, status for administrators."""

from flask import Blueprint, Response, current_app, jsonify, render_template

from kb.ops.permissions import Permission
from kb.web.guards import public, requires
from kb.web.health import health_of
from kb.web.sessions import database, reader

bp = Blueprint("ops", __name__)


@bp.get("/halsa")
@public
def health_show() -> Response:
    """The process serves; nothing else is asked."""
    return _uncached(jsonify(status="ok"))


@bp.get("/halsa/redo")
@public
def readiness_show() -> Response:
    """Whether database and index can be used; 503 names the parts that cannot."""
    parts = health_of(current_app).unready(database())
    response = jsonify(status="otillgänglig" if parts else "ok", delar=parts)
    response.status_code = 503 if parts else 200
    return _uncached(response)


@bp.get("/administration/drift")
@requires(Permission.VIEW)
def status_show() -> str:
    """What each part says of itself."""
    return render_template("ops/status_show.html", parts=health_of(current_app).figures(reader()))


def _uncached(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response
