"""What people type for a field, the same in forms and files: ids of steps, addresses on the web, lists of words."""

import re
from collections.abc import Iterable

from kb.library.content.fields import Field
from kb.text.incoming.tidy import entries

ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")

ID_LENGTH = 60

_WEB = re.compile(r"https?://[^\s/]+\S*")


def is_web_address(text: str) -> bool:
    """Whether it can be the address of a source."""
    return bool(_WEB.fullmatch(text))


def split_words(field: Field, typed: Iterable[str]) -> tuple[str, ...]:
    """The entries of a list: what is typed, parted where the form parts it; labels stand once each."""
    found = [word for text in typed for word in entries(text, field.separator)]
    return tuple(found if field.separator == "\n" else dict.fromkeys(found))
