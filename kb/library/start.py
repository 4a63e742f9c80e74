"""Hanging the library into the application."""

from flask import Flask

from kb.library import permissions
from kb.library.addresses import address, provision_address
from kb.library.blueprint import bp
from kb.library.content.document import Channel, Kind, Phase
from kb.library.core.naming import names_by_public_id
from kb.library.core.workflow import State
from kb.library.editing import jobs
from kb.library.editing.views import (
    boxes,
    editing,
    lifecycle,
    lists,
    reviewing,
    shipping,
    unreadable,
    withdrawing,
    worklist,
)
from kb.library.editing.views import history as revisions
from kb.library.intake.cli import library_cli
from kb.library.reading.views import (
    changes,
    history,
    lookup,
    messages,
    preview,
    provisions,
    texts,
    topics,
)
from kb.library.reading.views import lists as text_lists
from kb.web.registry import Entry, Menu, registry_of

assert permissions.PERMISSIONS
# Importing them puts their pages on `bp`.
READING = (changes, history, lookup, messages, preview, provisions, text_lists, texts, topics)
EDITING = (editing, lifecycle, reviewing, revisions, shipping, unreadable, withdrawing, worklist)

ENTRIES = (
    Entry(menu=Menu.MAIN, title="Vägledning", endpoint="library.article_index", place=10),
    Entry(menu=Menu.MAIN, title="Checklistor", endpoint="library.checklist_index", place=20),
    Entry(menu=Menu.MAIN, title="Berättelser", endpoint="library.story_index", place=30),
    Entry(menu=Menu.FOLDED, title="Viktiga nummer", endpoint="library.number_index", place=10),
    Entry(menu=Menu.CALLS, title="Viktiga nummer", endpoint="library.number_index", place=10),
    Entry(menu=Menu.MORE, title="Mallar", endpoint="library.template_index", place=10),
    Entry(menu=Menu.MORE, title="Svar på påståenden", endpoint="library.claim_index", place=20),
    Entry(menu=Menu.MORE, title="Ordlista", endpoint="library.glossary_index", place=30),
    Entry(menu=Menu.MORE, title="Nytt och ändrat", endpoint="library.change_index", place=40),
    Entry(menu=Menu.DESK, title="Allt innehåll", endpoint="library.item_index", place=20),
    Entry(menu=Menu.DESK, title="Nya versioner", endpoint="library.shipped_version_index", place=30),
    Entry(menu=Menu.DESK, title="Skriv ny text", endpoint="library.draft_new", place=40),
    Entry(menu=Menu.DESK, title="Vanliga lägen", endpoint="lists.situation_edit", place=50),
    Entry(
        menu=Menu.DESK_BUTTONS, title="Skriv ny text", endpoint="library.draft_new", place=10, icon="penna"
    ),
    Entry(menu=Menu.ADMINISTRATION, title="Ämnen", endpoint="lists.topic_index", place=50),
    Entry(menu=Menu.ADMINISTRATION, title="Viktiga nummer", endpoint="lists.number_index", place=60),
)


def init_app(app: Flask) -> None:
    """Register pages, menu entries, boxes and commands."""
    app.register_blueprint(bp)
    app.register_blueprint(lists.bp)
    registry_of(app).add(*ENTRIES, *boxes.BOXES)
    app.cli.add_command(library_cli)
    app.jinja_env.globals.update(Kind=Kind, Phase=Phase, Channel=Channel, State=State)
    app.jinja_env.globals.update(address=address, provision_address=provision_address)
    app.extensions["audit_people"].things.append(names_by_public_id)
    jobs.register(app.extensions["jobs"], app.config["SETTINGS"])
