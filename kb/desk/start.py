"""Hanging the front pages into the application."""

from flask import Flask

from kb.desk import answering, views
from kb.web.answering import Answerer, PageNames, answering_of
from kb.web.registry import Entry, Menu, registry_of

ENTRIES = (
    Entry(menu=Menu.ACCOUNT, title="Redaktion", endpoint="desk.worklist_show", place=20),
    Entry(menu=Menu.ACCOUNT, title="Administration", endpoint="desk.administration_show", place=30),
    Entry(menu=Menu.DESK, title="Arbetslista", endpoint="desk.worklist_show", place=10),
    Entry(menu=Menu.ADMINISTRATION, title="Översikt", endpoint="desk.administration_show", place=10),
    Entry(menu=Menu.ADMINISTRATION, title="Kom igång", endpoint="desk.first_day_show", place=20),
    Entry(menu=Menu.ABOUT, title="Om Rådrum", endpoint="desk.about_show", place=10),
    Entry(menu=Menu.ABOUT, title="Tillgänglighet", endpoint="desk.accessibility_show", place=20),
    Entry(menu=Menu.ABOUT, title="Personuppgifter", endpoint="desk.privacy_show", place=30),
)


def init_app(app: Flask) -> None:
    """Register the pages, their lines in menus, and how they are found by name."""
    app.register_blueprint(views.bp)
    registry_of(app).add(*ENTRIES)
    answering_of(app).add(
        Answerer(place=30, answer=answering.answer), PageNames(place=10, read=answering.page_names)
    )
