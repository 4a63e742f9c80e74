"""How common words are in Swedish at large: a list of terms with their Zipf values, looked up where it lies."""

from functools import lru_cache
from pathlib import Path

FILE = Path(__file__).parent / "data" / "frequencies.txt"
RAREST = 2.0  # Zipf value: what is rarer, and what is not in the list, is as rare as this
_BILLION = 9


@lru_cache(maxsize=8192)
def share_of(term: str) -> float:
    """How many of all words of Swedish texts are a form of this term.

    >>> round(1e6 * share_of("hot")), round(1e6 * share_of("blorp"), 1)
    (158, 0.1)
    """
    return float(10.0 ** (max(zipf(term), RAREST) - _BILLION))


def zipf(term: str) -> float:
    """The Zipf value that the list gives; 0 without one. The lines lie in the order of their bytes."""
    lines, wanted = _lines(), f"{term} ".encode()
    low, high = 0, len(lines)
    while low < high:
        start = lines.rfind(b"\n", 0, (low + high) // 2) + 1
        end = lines.find(b"\n", start)
        if lines.startswith(wanted, start):
            return int(lines[start + len(wanted) : end]) / 10
        if lines[start:end] < wanted:
            low = end + 1
        else:
            high = start
    return 0.0


@lru_cache(maxsize=1)
def _lines() -> bytes:
    return FILE.read_bytes()
