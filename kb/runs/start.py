"""Hanging runs into the application: pages, and the alert bar on every page."""

from flask import Flask, request, url_for
from sqlalchemy.exc import SQLAlchemyError

from kb.accounts.entry.signin import current_viewer
from kb.accounts.viewer import Viewer
from kb.audit.events import Event, Events, register_events
from kb.runs import answering
from kb.runs.handover.models import HandoverState
from kb.runs.log.cli import runs_cli
from kb.runs.log.health import LOGS
from kb.runs.naming import names_by_public_id
from kb.runs.operations import StepState
from kb.runs.permissions import Permission
from kb.runs.queries import alerts
from kb.runs.reminders import jobs
from kb.runs.reminders.cli import remind_command
from kb.runs.views.pages import bp
from kb.web.answering import Answerer, Emphasiser, PageNames, answering_of
from kb.web.health import health_of
from kb.web.registry import Entry, Menu, registry_of
from kb.web.sessions import reader

ENTRIES = (
    Entry(menu=Menu.MAIN, title="Pågående", endpoint="runs.run_index", place=40, to_all=True),
    Entry(menu=Menu.ACCOUNT, title="Mejl till mig", endpoint="runs.mail_choice_edit", place=15),
    Entry(menu=Menu.ADMINISTRATION, title="Gallring", endpoint="runs.disposal_index", place=80),
)

EVENTS = Events(
    place=30,
    names={
        "run.started": Event("Checklista startad", "unit", "checklist", "exercise"),
        "run.invited": Event("Person inbjuden till genomförande", "person"),
        "run.finished": Event("Checklista avslutad", "unit"),
        "run.cancelled": Event("Checklista avbruten, startad av misstag", "unit"),
        "run.disposed": Event("Genomförande gallrat", "unit", "decision", "lines", "head"),
    },
    keys={
        "checklist": "checklista",
        "decision": "beslut",
        "exercise": "övning",
        "head": "loggens kontrollsumma",
        "lines": "loggrader",
        "person": "person",
    },
)


def init_app(app: Flask) -> None:
    """Register pages, commands, menu lines, health and what answers a search, and give templates `alert_runs`."""
    app.register_blueprint(bp)
    runs_cli.add_command(remind_command)
    app.cli.add_command(runs_cli)
    jobs.register(app.extensions["jobs"], app.extensions["database"])
    health_of(app).add(LOGS)
    app.jinja_env.globals.update(
        handover_states=HandoverState.names(), StepState=StepState, may_start_runs=_may_start
    )
    register_events(EVENTS)
    registry_of(app).add(*ENTRIES)
    answering_of(app).add(
        Answerer(place=10, answer=answering.answer),
        PageNames(place=30, read=answering.page_names),
        Emphasiser(read=answering.emphases),
    )
    app.extensions["audit_people"].things.append(names_by_public_id)
    app.context_processor(lambda: {"alert_runs": _alert_runs()})


def _may_start(viewer: Viewer) -> bool:
    return viewer.can(Permission.START)


def _alert_runs() -> list[dict[str, str]]:
    """What goes on for the viewer, without the run whose page this is; nothing where the database is away."""
    try:
        viewer = current_viewer()
        if not viewer.is_signed_in:
            return []
        shown = (request.view_args or {}).get("public_id")
        return [
            {"name": alert.name, "url": url_for("runs.run_show", public_id=alert.public_id)}
            for alert in alerts(reader(), viewer, besides=shown)
        ]
    except SQLAlchemyError:
        return []
