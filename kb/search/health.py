"""How the index is doing."""

from collections.abc import Callable, Iterator

from sqlalchemy.orm import Session

from kb.db import Database
from kb.library.core.indexable import list_stamps
from kb.search.engine.indexer import Indexer
from kb.web.health import Figures, Part

DAMAGED = "Sökningen lagas av sig själv. Hjälper det inte inom några minuter: kör python3 dev.py flask search rebuild."
BEHIND = (
    "Sökindexet stämmer inte med de publicerade texterna",
    "Det rättar sig oftast inom en minut. Annars säger python3 dev.py flask search why ADRESS varför en "
    "text inte hittas, och search repair lagar indexet.",
)


def part(current: Callable[[], Indexer]) -> Part:
    """The index as it is registered; `current` gives the indexer."""

    def figures(session: Session) -> Figures:
        indexer = current()
        damage, published = indexer.store.damage(), len(list_stamps(session))
        documents = None if damage else indexer.store.manifest().documents
        is_behind = documents is not None and documents != published
        return Figures(
            rows=[
                ("Läge", "Skadat" if damage else "Stämmer inte" if is_behind else "I ordning"),
                ("Texter", "" if documents is None else str(documents)),
                ("Publicerade texter", str(published)),
            ],
            warnings=[(damage, DAMAGED)] if damage else [BEHIND] if is_behind else [],
        )

    def problems(_database: Database) -> Iterator[str]:
        report = current().check()
        if report.damage:
            yield f"Sökindexet: {report.damage}"
        elif not report.agrees:
            yield "Sökindexet skiljer sig från databasen. Kör: python3 dev.py flask search repair"

    return Part(
        title="Sökindex",
        place=40,
        figures=figures,
        problems=problems,
        is_ready=lambda _database: not current().store.damage(),
    )
