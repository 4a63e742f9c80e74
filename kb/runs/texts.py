"""What people write in a run: cut clean, kept short, and without identity numbers."""

from kb.errors import Invalid
from kb.text.characters import normal, one_line
from kb.text.identity import find_identity_numbers

WARNING = "Skriv inga namn eller ärendeuppgifter om enskilda här."
PLACE_MAX = 120
ASSIGNED_MAX = 80
REASON_MAX = 300
BECAUSE_MAX = 300
NOTE_MAX = 1000
DECIDED_BY_MAX = 120
GROUND_MAX = 1000
TOLD_MAX = 300
CLOSING_MAX = 4000
DIARY_MAX = 60
MESSAGE_MAX = 600  # stands on one page with the rest of a brief


def clean_line(field: str, text: str, limit: int) -> str:
    """One line with single spaces. Raises `Invalid` when it is too long or holds an identity number."""
    return _checked(field, one_line(text), limit)


def clean_text(field: str, text: str, limit: int) -> str:
    """Text of several lines. Raises `Invalid` when it is too long or holds an identity number."""
    lines = (line.rstrip() for line in normal(text).split("\n"))
    return _checked(field, "\n".join(lines).strip(), limit)


def _checked(field: str, text: str, limit: int) -> str:
    if len(text) > limit:
        raise Invalid(field, f"Texten är {len(text)} tecken. Korta den till högst {limit}.")
    if find_identity_numbers(text):
        raise Invalid(field, f"Texten ser ut att innehålla ett personnummer. Ta bort det. {WARNING}")
    return text
