"""Hanging the library into the application."""

from flask import Flask

from kb.audit.events import Event, Events, register_events
from kb.audit.queries import has_happened
from kb.library import permissions
from kb.library.addresses import address, provision_address
from kb.library.blueprint import bp
from kb.library.content.document import Channel, Kind, Phase
from kb.library.content.lawtexts import basis
from kb.library.core import integrity
from kb.library.core.naming import names_by_public_id
from kb.library.core.queries.lists import has_own_numbers
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
from kb.library.reading import answering
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
from kb.web.answering import Answerer, PageNames, answering_of
from kb.web.health import Part, health_of
from kb.web.landmarks import Landmark
from kb.web.registry import Entry, FirstStep, Menu, registry_of

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

STEPS = (
    FirstStep(
        title="Lägg in era egna nummer",
        text="Chef i beredskap, socialjouren, säkerhetsavdelningen: de ska finnas när någon behöver dem.",
        endpoint="lists.number_index",
        link="Viktiga nummer",
        place=30,
        is_done=has_own_numbers,
    ),
    FirstStep(
        title="Läs och bekräfta en första text",
        text="Läs Det händer nu och texterna bakom. En granskare öppnar en text i arbetslistan, under Inte granskade "
        "av er, och väljer Texten stämmer.",
        endpoint=Landmark.NOW,
        link="Det händer nu",
        place=70,
        is_done=lambda session: has_happened(session, "item.confirmed", "item.approved"),
    ),
)

EVENTS = Events(
    place=10,
    names={
        "item.created": Event("Text skapad", "kind", "slug"),
        "item.saved": Event("Utkast sparat", "slug", "revision"),
        "item.deleted": Event("Utkast raderat", "kind", "slug"),
        "item.submitted": Event("Skickad till granskning", "slug", "revision"),
        "item.approved": Event("Godkänd", "slug", "revision"),
        "item.changes_requested": Event("Ändring begärd", "slug", "revision"),
        "item.published": Event("Publicerad", "slug", "version", "way"),
        "item.withdrawal_requested": Event("Borttagning begärd", "slug", "replacement"),
        "item.withdrawn": Event("Avpublicerad", "slug", "replacement", "way"),
        "item.withdrawal_confirmed": Event("Borttagning bekräftad", "slug"),
        "item.withdrawal_declined": Event("Borttagning avslagen", "slug"),
        "item.put_back": Event("Borttagen text tillbakalagd", "slug"),
        "item.restored": Event("Äldre version hämtad", "slug", "revision", "from_revision"),
        "item.confirmed": Event("Granskad av organisationen", "slug", "version"),
        "item.renamed": Event("Adress ändrad", "slug", "old_slug"),
        "item.shipped_taken": Event("Ny version från Rådrum tagen", "slug", "way"),
        "item.shipped_declined": Event("Ny version från Rådrum avböjd", "slug"),
        "library.loaded": Event(
            "Innehåll inläst", "source", "created", "updated", "unchanged", "kept", "offered", "failed"
        ),
    },
    keys={
        "created": "nya",
        "failed": "felaktiga",
        "from_revision": "hämtad från ändring",
        "kept": "orörda",
        "kind": "typ",
        "offered": "väntar på beslut",
        "old_slug": "tidigare adress",
        "replacement": "ersatt av",
        "revision": "ändring",
        "slug": "adress",
        "source": "källa",
        "unchanged": "oförändrade",
        "updated": "uppdaterade",
        "version": "version",
    },
)


def init_app(app: Flask) -> None:
    """Register pages, menu entries, boxes, first steps and commands."""
    app.register_blueprint(bp)
    app.register_blueprint(lists.bp)
    register_events(EVENTS)
    registry_of(app).add(*ENTRIES, *boxes.BOXES, *STEPS)
    answering_of(app).add(
        Answerer(place=20, answer=answering.answer), PageNames(place=20, read=answering.page_names)
    )
    app.cli.add_command(library_cli)
    health_of(app).add(Part(title="Texter", place=35, problems=integrity.problems))
    app.jinja_env.globals.update(Kind=Kind, Phase=Phase, Channel=Channel, State=State)
    app.jinja_env.globals.update(address=address, provision_address=provision_address, legal_basis=basis)
    app.extensions["audit_people"].things.append(names_by_public_id)
    jobs.register(app.extensions["jobs"])
