"""What operations see of the binder: its day, its size, and what is wrong with it."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from sqlalchemy.orm import Session

from kb import clock
from kb.binder import files
from kb.text.wording import swedish_date
from kb.web.health import Figures, Part

OLDEST = timedelta(days=2)
TITLE = "Krispärm"


def part(instance: Path) -> Part:
    """The part as it is registered."""
    return Part(title=TITLE, place=60, figures=lambda session: _figures(session, instance))


def _figures(_session: Session, instance: Path) -> Figures:
    newest = files.newest(instance)
    if newest is None:
        return Figures(rows=[("Senast gjord", "Aldrig")], warnings=[_NONE])
    size = f"{newest.size / 1_000_000:.1f}".replace(".", ",")
    rows = [("Senast gjord", swedish_date(newest.day)), ("Storlek", f"{size} MB")]
    return Figures(rows=rows, warnings=list(_warnings(newest)))


_NONE = ("Ingen krispärm är gjord.", "Den görs varje natt av jobs work. Gör en nu med flask binder make.")


def _warnings(newest: files.Stored) -> Iterator[tuple[str, str]]:
    if clock.today() - newest.day > OLDEST:
        yield "Krispärmen är gammal.", "Den görs varje natt av jobs work. Kontrollera att det kör."
    if newest.size > files.MOST_BYTES:
        yield "Krispärmen är över 20 MB.", "Den kan vara för stor för äldre telefoner."
