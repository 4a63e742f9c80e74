"""The service worker with what it has to know, the lists of what it keeps, and the page that says what is kept."""

import json

from flask import Blueprint, Response, current_app, jsonify, render_template, url_for

from kb.accounts.entry.signin import current_viewer
from kb.config import ROOT, Settings
from kb.language.words import fold
from kb.library.core.visibility import visibility_terms
from kb.offline import queries
from kb.runs.permissions import Permission
from kb.search.finding.wordlists import STOP_WORDS
from kb.web.guards import public, requires
from kb.web.input import PASSWORDS
from kb.web.landmarks import Landmark
from kb.web.pages.assets import STYLESHEET, Assets
from kb.web.sessions import reader

bp = Blueprint("offline", __name__)
WORKER = "js/worker.js"
HOURS = 72  # what is a person's own is kept so long


@bp.get("/sw.js")
@public
def worker_show() -> Response:
    """The service worker; a new version of the static files makes it a new one."""
    known = {
        "build": _assets().digest,
        "files": _files(),
        "statics": _assets().address(STYLESHEET).split(_assets().digest)[0],
        "index": url_for(".copy_index"),
        "open": url_for(".open_index"),
        "own": url_for(".own_index"),
        "start": url_for(Landmark.START_HERE, slug="_"),
        "begin": url_for(Landmark.START_RUN),
        "runs": url_for(Landmark.RUNS),
        "signOut": url_for(Landmark.SIGN_OUT),
        "secret": [*PASSWORDS],
        "hours": HOURS,
    }
    script = (ROOT / "static" / WORKER).read_text(encoding="utf-8")
    response = Response(f"const KNOWN = {json.dumps(known)}\n{script}", mimetype="text/javascript")
    response.headers["Cache-Control"] = "no-cache"
    return response


@bp.get("/utan-nat")
@public
def copy_index() -> str:
    """What lies on the phone; also shown in place of a page that cannot be reached."""
    return render_template("offline/copy_index.html", may_keep=_settings().keeps_copies)


@bp.get("/utan-nat/oppet.json")
@public
def open_index() -> Response:
    """What the phone keeps for everybody."""
    pages = queries.open_pages(reader()) if _settings().keeps_copies else []
    return _list(pages)


@bp.get("/utan-nat/mina.json")
@requires(Permission.SEE)
def own_index() -> Response:
    """What the phone keeps for the person who is signed in: what goes on in their units."""
    session, viewer = reader(), current_viewer()
    if not _settings().keeps_runs:
        return _list([])
    about = {"person": viewer.public_id, "units": queries.own_units(session, viewer)}
    stamp = repr((sorted(visibility_terms(viewer)), sorted(map(str, viewer.held_roles)), _settings().phone))
    return _list(queries.own_pages(session, viewer, stamp), **about)


@bp.get("/utan-nat/sok.json")
@public
def word_index() -> Response:
    """What the phone searches when there is no net, with the small words that it leaves out."""
    rows = queries.search_index(reader()) if _settings().keeps_copies else []
    small = sorted({fold(word) for word in STOP_WORDS})
    return jsonify({"small": small, "rows": rows})


def _list(pages: list[queries.Kept], **about: object) -> Response:
    build = _assets().digest
    rows = [page.as_plain() | {"stamp": f"{page.stamp}-{build}"} for page in pages]
    return jsonify({"build": build, "pages": rows} | about)


def _files() -> list[str]:
    """The static files that pages ask for."""
    assets = _assets()
    below = (path for kind in ("js", "img") for path in sorted((assets.folder / kind).rglob("*")))
    paths = [path.relative_to(assets.folder).as_posix() for path in below if path.is_file()]
    return [assets.address(path) for path in (STYLESHEET, *paths) if path != WORKER]


def _assets() -> Assets:
    found: Assets = current_app.extensions["assets"]
    return found


def _settings() -> Settings:
    found: Settings = current_app.config["SETTINGS"]
    return found
