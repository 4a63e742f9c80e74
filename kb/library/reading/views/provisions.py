"""Sections of statutes and the texts that rely on them."""

from flask import render_template

from kb import clock
from kb.accounts.entry.signin import current_viewer
from kb.library.blueprint import bp
from kb.library.content import lawtexts
from kb.library.reading import presenting, provisions
from kb.web.guards import public
from kb.web.sessions import reader


@bp.get("/lagrum")
@public
def provision_index() -> str:
    """The provisions that the texts rely on, by statute."""
    found = provisions.list_provisions(reader(), current_viewer())
    return render_template("library/provision_index.html", statutes=provisions.statute_rows(found))


@bp.get("/lagrum/<slug>")
@public
def provision_show(slug: str) -> str:
    """One section of a statute, and the texts that rely on it."""
    found = provisions.get_provision(reader(), current_viewer(), slug)
    law, today = found.provision, clock.today()
    is_over = bool(law.in_force_to) and law.in_force_to < today.isoformat()
    return render_template(
        "library/provision_show.html",
        law=law,
        is_over=is_over,
        state=provisions.comparison(law.statute, law.checked_on, law.section),
        statute=lawtexts.statutes().get(law.statute),
        held=None if is_over else lawtexts.section_text(law.statute, law.section, today),
        official=lawtexts.official_address(law.statute),
        rows=[presenting.card_row(card) for card in found.cards],
        wordings=found.wordings,
    )
