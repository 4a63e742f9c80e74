"""Static files: the CSS joined in layer order, everything under one digest so that it never goes stale."""

import hashlib
import mimetypes
from pathlib import Path

from flask import Blueprint, Flask, Response, abort, current_app, send_file

from kb.web.addresses import page_address
from kb.web.guards import public

bp = Blueprint("static", __name__)
STYLESHEET = "site.css"
CSS_ORDER = (
    "reset.css",
    "tokens.css",
    "base.css",
    "components/*.css",
    "views/*.css",
    "utilities.css",
    "print.css",
    "print-*.css",
)
YEAR = 31_536_000


class Assets:
    """The static folder as it was at start: digest and joined stylesheet."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()
        self.stylesheet = join_css(self.folder / "css")
        self.digest = _digest(self.folder)
        self._addresses: dict[str, str] = {}

    def address(self, path: str) -> str:
        """The address of a static file; "site.css" is all CSS in one. Kept, since every icon of a page asks for it."""
        if path not in self._addresses:
            self._addresses[path] = page_address("static.show", digest=self.digest, path=path)
        return self._addresses[path]

    def find(self, path: str) -> Path | None:
        """The file behind `path`, or None; never outside the folder."""
        try:
            found = (self.folder / path).resolve()
            return found if found.is_relative_to(self.folder) and found.is_file() else None
        except OSError:  # a name longer than files have
            return None


def join_css(folder: Path) -> bytes:
    """All CSS files in layer order, as one."""
    parts = [p.read_text(encoding="utf-8") for pattern in CSS_ORDER for p in sorted(folder.glob(pattern))]
    return "\n".join(parts).encode()


def _digest(folder: Path) -> str:
    total = hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        total.update(str(path.relative_to(folder)).encode() + b"\0" + path.read_bytes())
    return total.hexdigest()[:12]


def init_app(app: Flask, folder: Path) -> None:
    """Read the folder, serve it, and give templates `asset(path)`."""
    assets = Assets(folder)
    app.extensions["assets"] = assets
    app.jinja_env.globals["asset"] = assets.address
    app.register_blueprint(bp)


@bp.get("/static/<digest>/<path:path>")
@public
def show(digest: str, path: str) -> Response:
    """A static file; kept for a year under its digest."""
    assets: Assets = current_app.extensions["assets"]
    if path == STYLESHEET:
        response = Response(assets.stylesheet, mimetype="text/css")
    else:
        found = assets.find(path)
        if found is None:
            abort(404)
        kind = mimetypes.guess_type(found.name)[0] or "application/octet-stream"
        response = send_file(found, mimetype=kind, etag=False, conditional=False)
        response.direct_passthrough = False
    fresh = digest == assets.digest
    response.headers["Cache-Control"] = f"public, max-age={YEAR}, immutable" if fresh else "no-cache"
    return response
