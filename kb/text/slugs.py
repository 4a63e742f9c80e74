"""Addresses made of titles: å and ä become a, ö becomes o."""

from collections.abc import Callable
from itertools import count

from slugify import slugify as _slugify

from kb.text.characters import without_unseen

MAX_LENGTH = 80
_NAMELESS = "namnlos"


def slugify(title: str) -> str:
    """The slug of a title: a–z, 0–9 and hyphens, cut between words at 80 characters; never empty."""
    slug = _slugify(
        without_unseen(title),
        max_length=MAX_LENGTH,
        word_boundary=True,
        save_order=True,
        replacements=[("§", " ")],
    )
    return slug or _NAMELESS


def unique_slug(base: str, taken: Callable[[str], bool]) -> str:
    """`base`, or `base-2`, `base-3`, … where it is taken; never longer than 80 characters."""
    base = base or _NAMELESS
    if not taken(base):
        return base
    endings = (f"-{number}" for number in count(2))
    numbered = (base[: MAX_LENGTH - len(ending)].rstrip("-") + ending for ending in endings)
    return next(slug for slug in numbered if not taken(slug))
