"""What one looks up: important numbers and the glossary."""

from flask import render_template

from kb import clock
from kb.accounts.entry.signin import current_viewer
from kb.library.blueprint import bp
from kb.library.core.queries.lists import list_numbers
from kb.library.reading import glossary
from kb.text.order import initial
from kb.web.addresses import external_url
from kb.web.guards import public
from kb.web.sessions import reader


@bp.get("/viktiga-nummer")
@public
def number_index() -> str:
    """The important numbers."""
    return render_template(
        "library/number_index.html",
        numbers=list_numbers(reader()),
        full_address=external_url("library.number_index"),
        printed_on=clock.today(),
    )


@bp.get("/ordlista")
@public
def glossary_index() -> str:
    """The glossary, in Swedish order."""
    groups: dict[str, list[glossary.Term]] = {}
    for term in glossary.list_terms(reader(), current_viewer()):
        groups.setdefault(initial(term.term), []).append(term)
    return render_template("library/glossary_index.html", groups=groups)
