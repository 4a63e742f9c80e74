"""Tables for spreadsheets, as Swedish ones want them."""

import csv
import io
from collections.abc import Iterable, Sequence

FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")


def sheet(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """CSV with semicolons and a byte order mark; no cell becomes a formula, a cell keeps its lines."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";")
    writer.writerow(header)
    for row in rows:
        writer.writerow([harmless(cell) for cell in row])
    return "\ufeff" + out.getvalue()


def harmless(cell: str) -> str:
    """The cell, with an apostrophe before what a spreadsheet would take as a formula."""
    return f"'{cell}" if cell.startswith(FORMULA_SIGNS) else cell
