"""The cases in `tests/data/cases`: inputs that went wrong once, with their right outcomes in `EXPECTED.tsv`."""

from pathlib import Path

CASES = Path(__file__).resolve().parent / "data" / "cases"


def read_case(name: str) -> str:
    """The text of a case as it is, line ends and all."""
    return (CASES / name).read_bytes().decode()
