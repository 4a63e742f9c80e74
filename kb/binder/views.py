"""The page of the binder: what it is, how old, and the file itself."""

from pathlib import Path

from flask import Blueprint, Response, current_app, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from kb.accounts.entry.signin import current_viewer
from kb.binder import files, services
from kb.binder.permissions import Permission
from kb.errors import NotFound
from kb.web.guards import public, requires

bp = Blueprint("binder", __name__)


@bp.get("/krisparm")
@public
def binder_show() -> str:
    """What it is for, and the newest one."""
    return render_template(
        "binder/binder_show.html",
        newest=services.to_give(current_app.extensions["database"], _instance()),
        may_make=current_viewer().can(Permission.MAKE),
    )


@bp.get("/krisparm/fil")
@public
def file_show() -> Response:
    """The file, to be kept: never shown as a page of the site, whose pages hold no script of their own."""
    newest = _newest()
    return _attached(newest.content, newest.path.name, "application/octet-stream")


@bp.get("/krisparm/kontrollsumma")
@public
def checksum_show() -> Response:
    """The checksum beside it, as `sha256sum --check` reads it."""
    newest = _newest()
    line = f"{newest.checksum}  {newest.path.name}\n"
    return _attached(line.encode(), newest.path.name + files.CHECKSUM, "text/plain")


@bp.post("/krisparm")
@requires(Permission.MAKE)
def binder_create() -> AnyResponse:
    """Make one now."""
    services.make(current_app.extensions["database"], _instance())
    flash("Krispärmen är gjord på nytt.")
    return redirect(url_for(".binder_show"), 303)


def _attached(content: bytes, name: str, mimetype: str) -> Response:
    response = Response(content, mimetype=mimetype)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-cache"
    return response


def _newest() -> files.Stored:
    newest = services.to_give(current_app.extensions["database"], _instance())
    if newest is None:
        raise NotFound
    return newest


def _instance() -> Path:
    instance: Path = current_app.config["SETTINGS"].instance
    return instance
