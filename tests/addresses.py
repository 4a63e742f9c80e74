"""Where texts stand, written out: tests ask for the addresses that people have, whatever the code makes of them."""

from typing import Any

FOLDERS = {
    "vagledning": "vagledning",
    "berattelse": "berattelser",
    "checklista": "checklistor",
    "mall": "mallar",
    "pastaende": "pastaenden",
}


def path_of(text: Any) -> str:
    """The address of a text, a card or whatever else carries kind and slug."""
    return f"/{FOLDERS[text.kind]}/{text.slug}"
