"""E-mail addresses in one spelling: two that look the same to a person are one account."""

import unicodedata

from kb.text.characters import normal


def normal_email(email: str) -> str:
    """The address as it is stored and looked up: lower case, composed, of ordinary width, nothing invisible in it."""
    email = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", normal(email)).lower())
    return normal("".join(sign for sign in email if unicodedata.category(sign) != "Cf")).strip()
