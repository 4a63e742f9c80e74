"""How a text names another one: by its slug, or by an address on this site."""

import re

from kb.library.content.document import PATH_WORDS

_OWN_ADDRESS = re.compile(
    rf"(?:https?://[^/\s]+)?/(?:{PATH_WORDS})/([a-z0-9-]+)/?(?:\?[^#]*)?(?:#steg-([a-z0-9-]+))?(?:#.*)?"
)
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def read_reference(typed: str) -> tuple[str, str]:
    """(slug, step) of a slug or an address on this site; a slug of "" when it is neither."""
    found = _OWN_ADDRESS.fullmatch(typed)
    if found:
        return found[1], found[2] or ""
    return (typed if _SLUG.fullmatch(typed) else ""), ""


def slug_of(address: str) -> str:
    """The slug in what a person pasted: a slug, a path or a whole address of an own page."""
    return address.strip().split("?")[0].split("#")[0].rstrip("/").rsplit("/", 1)[-1].lower()
