"""Hanging accounts into the application."""

from flask import Flask

from kb.accounts import jobs
from kb.accounts.cli import accounts_cli
from kb.accounts.entry import enforce
from kb.accounts.views.boxes import BOXES, ENTRIES, first_steps
from kb.accounts.views.pages import bp
from kb.audit.events import Event, Events, register_events
from kb.web.registry import registry_of

EVENTS = Events(
    place=20,
    names={
        "account.created": Event("Konto skapat", "way"),
        "account.invited": Event("Inbjudan skapad", "unit"),
        "account.signed_in": Event("Inloggning"),
        "account.sign_in_failed": Event("Misslyckad inloggning", "reason"),
        "account.signed_out": Event("Utloggning"),
        "account.session_ended": Event("Inloggning avslutad", "reason"),
        "account.password_changed": Event("Lösenord bytt", "way"),
        "account.link_created": Event("Engångslänk skapad", "purpose", "way"),
        "account.link_withdrawn": Event("Inbjudan återkallad", "purpose"),
        "account.roles_changed": Event("Roller ändrade", "unit", "roles"),
        "account.closed": Event("Konto stängt"),
        "account.reopened": Event("Konto öppnat"),
        "unit.created": Event("Enhet skapad", "name"),
        "unit.renamed": Event("Enhet ändrad", "name"),
        "settings.changed": Event("Inställning ändrad", "setting"),
        "mail.handled": Event("Sparat mejl hanterat", "message"),
        "mail.sent_again": Event("Sparat mejl skickat igen", "message"),
        "mail.tested": Event("Provmejl skickat"),
    },
    keys={
        "message": "mejl",
        "name": "namn",
        "purpose": "till för",
        "reason": "orsak",
        "roles": "roller",
        "setting": "inställning",
        "unit": "enhet",
        "way": "sätt",
    },
    values={
        "losenord": "nytt lösenord",
        "administrator": "administratör",
        "redaktor": "redaktör",
        "lasare": "läsare",
    },
)


def init_app(app: Flask) -> None:
    """Register guards, pages, menu entries, boxes, first steps, jobs and commands."""
    enforce.init_app(app)
    app.register_blueprint(bp)
    register_events(EVENTS)
    registry_of(app).add(*ENTRIES, *BOXES, *first_steps(app.config["SETTINGS"]))
    app.cli.add_command(accounts_cli)
    jobs.register(app.extensions["jobs"], app.extensions["database"])
