"""Front pages: start, what to do now, after and before, the boards of the desk, and the pages about the site."""

from typing import Any

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from kb import clock
from kb.accounts.entry.signin import current_viewer
from kb.accounts.permissions import Permission
from kb.accounts.queries import colleagues_with
from kb.accounts.roles import Role
from kb.accounts.viewer import Viewer
from kb.desk import queries
from kb.library.content.document import Phase
from kb.library.core.queries.lists import Number, list_numbers
from kb.library.core.queries.topics import list_topics
from kb.library.core.shelf import kept
from kb.library.permissions import Permission as LibraryPermission
from kb.runs.followups.queries import coming_soon
from kb.runs.queries import running_for
from kb.web.addresses import absolute, page_address
from kb.web.guards import public, public_form, requires
from kb.web.landmarks import Landmark
from kb.web.registry import Board, boxes_of, first_steps
from kb.web.sessions import reader

bp = Blueprint("desk", __name__)
FOLLOW_UPS = 5  # on the start page; the others are a link away

PHASE_PAGES = {
    Phase.DURING: {
        "index": ".now_index",
        "show": ".now_show",
        "title": "Det händer nu",
        "question": "Vad händer?",
        "lead": "Välj det som ligger närmast. Du får det första du ska göra direkt.",
        "suffix": "gör så här nu",
        "do": "Gör så här nu",
    },
    Phase.AFTER: {
        "index": ".after_index",
        "show": ".after_show",
        "title": "Det har hänt",
        "question": "Vad har hänt?",
        "lead": "Ta hand om varandra, anmäl, dokumentera och lär.",
        "suffix": "efteråt",
        "do": "Gör så här efteråt",
    },
    Phase.BEFORE: {
        "index": ".before_index",
        "show": ".before_show",
        "title": "Förbered",
        "question": "Vad vill du förbereda?",
        "lead": "Rutiner, övningar och kontaktlistor som håller när det gäller.",
        "suffix": "förbered",
        "do": "Gör så här i förväg",
    },
}
SITUATION_NAMES = {"lex-sarah": "Misstänkt missförhållande (lex Sarah)", "kriskommunikation": "Medietryck"}


@bp.get("/")
@public
def start_show() -> str:
    """The start page."""
    viewer = current_viewer()
    parts = kept(reader(), viewer, "start", lambda: _start_parts(viewer))
    running = running_for(reader(), viewer) if viewer.is_signed_in else []
    follow_ups = coming_soon(reader(), viewer, FOLLOW_UPS) if viewer.is_signed_in else []
    return render_template("desk/start.html", running=running, follow_ups=follow_ups, **parts)


def _start_parts(viewer: Viewer) -> dict[str, Any]:
    """What the page shows of the library. The fifty addresses of the map are kept with it: they cost a millisecond."""
    parts = queries.start_parts(reader(), viewer)
    for row in parts["map_rows"]:
        topic = row["topic"]["slug"]
        row["url"] = page_address(Landmark.TOPIC, slug=topic)
        for cell in row["cells"]:
            cell["url"] = page_address(Landmark.SEARCH, amne=topic, skede=cell["phase"])
    return parts


@bp.get("/nu")
@public
def now_index() -> str:
    """What is happening: the situations to choose from."""
    return _choices(Phase.DURING)


@bp.get("/nu/<slug>")
@public
def now_show(slug: str) -> str:
    """The first actions for a topic."""
    return _situation(Phase.DURING, slug)


@bp.get("/efter")
@public
def after_index() -> str:
    """What has happened: the situations to choose from."""
    return _choices(Phase.AFTER)


@bp.get("/efter/<slug>")
@public
def after_show(slug: str) -> str:
    """Afterwards, for a topic."""
    return _situation(Phase.AFTER, slug)


@bp.get("/fore")
@public
def before_index() -> str:
    """What to prepare: the themes to choose from."""
    return _choices(Phase.BEFORE)


@bp.get("/fore/<slug>")
@public
def before_show(slug: str) -> str:
    """Preparing, for a topic."""
    return _situation(Phase.BEFORE, slug)


def _choices(phase: Phase) -> str:
    topics = list_topics(reader())
    if phase in queries.TEXTS_WHEN_FILMED:
        topics.append(queries.FILMED)
    if phase == Phase.DURING:
        topics.append(queries.OTHER)
    names = SITUATION_NAMES if phase == Phase.DURING else {}
    choices = [
        {
            "title": names.get(t.slug, t.name),
            "icon": t.icon,
            "url": url_for(PHASE_PAGES[phase]["show"], slug=t.slug),
        }
        for t in topics
    ]
    return render_template(
        "desk/phase_index.html", page=PHASE_PAGES[phase], phase=phase.value, choices=choices
    )


def _situation(phase: Phase, slug: str) -> str:
    viewer = current_viewer()

    def build() -> tuple[queries.Situation, list[Number]]:
        session = reader()
        return queries.get_situation(session, viewer, phase, slug), list_numbers(session)

    situation, numbers = kept(reader(), viewer, ("situation", phase, slug), build)
    name = SITUATION_NAMES.get(slug, situation.topic.name) if phase == Phase.DURING else situation.topic.name
    return render_template(
        "desk/phase_show.html",
        page=PHASE_PAGES[phase],
        phase=phase.value,
        situation=situation,
        name=name,
        numbers=numbers,
        full_address=absolute(url_for(PHASE_PAGES[phase]["show"], slug=slug)),
        printed_on=clock.today(),
        starters=colleagues_with(reader(), viewer, Role.STAFF),
    )


@bp.get("/redaktion")
@requires(LibraryPermission.DESK)
def worklist_show() -> str:
    """What waits for the person who is signed in: the boxes that capabilities have registered."""
    return render_template("desk/worklist_show.html", boxes=boxes_of(Board.DESK, reader(), current_viewer()))


@bp.get("/administration")
@requires(Permission.ADMINISTER)
def administration_show() -> str:
    """What there is and what waits, and where it is done."""
    return render_template(
        "desk/administration_show.html", boxes=boxes_of(Board.ADMINISTRATION, reader(), current_viewer())
    )


@bp.get("/administration/kom-igang")
@requires(Permission.ADMINISTER)
def first_day_show() -> str:
    """What the first administrator does on the first day."""
    return render_template("desk/first_day.html", steps=first_steps(reader()))


@bp.get("/om")
@public
def about_show() -> str:
    """About the site."""
    return render_template("desk/about.html")


@bp.get("/tillganglighet")
@public
def accessibility_show() -> str:
    """The accessibility statement."""
    return render_template("desk/accessibility.html")


@bp.get("/personuppgifter")
@public
def privacy_show() -> str:
    """Privacy."""
    return render_template("desk/privacy.html")


@bp.get("/stilguide")
@public
def style_index() -> str:
    """The components: basics."""
    return render_template("stilguide/index.html")


@bp.get("/stilguide/lasa")
@public
def style_reading_show() -> str:
    """The components for reading."""
    return render_template("stilguide/lasa.html")


@bp.get("/stilguide/arbeta")
@public
def style_working_show() -> str:
    """The components for working."""
    return render_template("stilguide/arbeta.html")


@bp.post("/stilguide/<any(lasa, arbeta):page>")
@public_form
def style_sample_create(page: str) -> Response:
    """Where the forms among the components lead: nothing is stored, the page is shown again."""
    endpoint = {"lasa": ".style_reading_show", "arbeta": ".style_working_show"}[page]
    return redirect(url_for(endpoint), 303)
