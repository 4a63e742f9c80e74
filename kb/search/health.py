"""How the index of this node is doing, and how far those of the others have come."""

from collections.abc import Callable, Iterator
from datetime import timedelta

from sqlalchemy.orm import Session

from kb.db import Database
from kb.library.core.indexable import list_stamps
from kb.search.engine.indexer import Indexer
from kb.search.engine.nodes import QUIET, Node, Told, list_nodes
from kb.text.wording import span_words, swedish_moment
from kb.web.health import Figures, Part

DAMAGED = "Sökningen lagas av sig själv. Hjälper det inte inom några minuter: kör python3 dev.py flask search rebuild."
BEHIND = (
    "Sökindexet stämmer inte med de publicerade texterna",
    "Det rättar sig oftast inom en minut. Annars säger python3 dev.py flask search why ADRESS varför en "
    "text inte hittas, och search repair lagar indexet.",
)
AWAY = "Är den borttagen: kör python3 dev.py flask ops forget-node {}. Annars: starta den, eller dess arbetsprocess."
LATE = (
    "Kör arbetsprocessen där? Starta den med python3 dev.py flask jobs work, eller läs i dess logg vad som "
    "hindrar den. Rör det sig om minuter byggs kanske dess index."
)
OTHER_KEY = (
    "Den som loggar in på den ena är utloggad på den andra. Ge alla noder samma RADRUM_SECRET_KEY, "
    "se docs/operations.md."
)


def parts(current: Callable[[], Indexer]) -> tuple[Part, Part]:
    """The index and the nodes, as they are registered; `current` gives the indexer."""
    return _index(current), _nodes(current)


def _nodes(current: Callable[[], Indexer]) -> Part:
    def figures(session: Session) -> Figures:
        own = current().node
        told = list_nodes(session, own)
        return Figures(
            rows=[(_name(node, own), _state(node)) for node in told]
            or [("Noder", "Ingen har hört av sig än")],
            warnings=[wrong for node in told for wrong in _wrong(node, own)],
        )

    def problems(database: Database) -> Iterator[str]:
        own = current().node
        with database.reading() as session:
            for node in list_nodes(session, own):
                yield from (f"{words}. {advice}" for words, advice in _wrong(node, own))

    return Part(title="Noder", place=45, figures=figures, problems=problems)


def _name(node: Told, own: Node) -> str:
    return f"{node.host} ({node.id})" + (", den här" if node.id == own.id else "")


def _state(node: Told) -> str:
    """ "vid ändring 118 av 120, index g-18f…, hördes för 4 sekunder sedan"."""
    place = "utan index" if node.number is None else f"vid ändring {node.number} av {node.last}"
    index = f", index {node.generation}" if node.generation else ""
    return f"{place}{index}, hördes {_ago(node.age)}"


def _ago(age: timedelta) -> str:
    return "nyss" if age < timedelta(minutes=1) else f"för {span_words(age)} sedan"


def _wrong(node: Told, own: Node) -> Iterator[tuple[str, str]]:
    if node.id != own.id and node.age > QUIET:
        since = swedish_moment(node.seen_at)
        yield f"Noden {_name(node, own)} har inte hörts av sedan {since}", AWAY.format(node.id)
    elif node.is_late:
        since = swedish_moment(node.waits_since)
        yield f"Indexet på noden {_name(node, own)} har inte följt med sedan {since}", LATE
    if node.age <= QUIET and not node.has_same_key:
        yield f"Noden {_name(node, own)} har en annan nyckel", OTHER_KEY


def _index(current: Callable[[], Indexer]) -> Part:
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
