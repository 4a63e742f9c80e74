"""Light, dark or as the device: the one cookie that anonymous readers may get."""

from flask import Blueprint, Flask, Response, current_app, redirect, request

from kb.config import version
from kb.errors import Invalid
from kb.web.addresses import page_path
from kb.web.guards import public_form
from kb.web.landmarks import Landmark
from kb.web.redirects import own_path

bp = Blueprint("web", __name__)
COOKIE = "utseende"
THEMES = {"ljust", "mork"}
YEAR = 31_536_000


def chosen_theme() -> str | None:
    """The theme that the reader chose: "ljust", "mork" or None (as the device)."""
    value = request.cookies.get(COOKIE)
    return value if value in THEMES else None


def way_back() -> str:
    """The page on which the choice is made; the start page where the address is none to go back to."""
    return own_path(request.full_path.rstrip("?")) or page_path(Landmark.START)


@bp.post("/utseende")
@public_form
def theme_update() -> Response:
    """Keep the choice and go back."""
    choice = request.form.get("tema", "")
    if choice not in THEMES | {"enheten"}:
        raise Invalid("tema", "Välj Ljust, Mörkt eller Som enheten.")
    response = redirect(own_path(request.form.get("tillbaka")) or page_path(Landmark.START), 303)
    if choice in THEMES:
        secure = current_app.config["SETTINGS"].is_tls
        response.set_cookie(COOKIE, choice, max_age=YEAR, httponly=True, samesite="Lax", secure=secure)
    else:
        response.delete_cookie(COOKIE)
    return response  # type: ignore[return-value]


def init_app(app: Flask) -> None:
    """Register the form and give templates `theme`."""
    app.register_blueprint(bp)
    app.context_processor(
        lambda: {"theme": chosen_theme(), "way_back": way_back(), "site_version": version()}
    )
