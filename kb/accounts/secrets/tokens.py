"""Random secrets, and the hashes that are stored in their place."""

import hashlib
import hmac
import secrets

TOKEN_LENGTH = 43  # of 32 bytes in base 64


def new_token() -> str:
    """A secret that nobody can guess (256 bits), safe in an address."""
    return secrets.token_urlsafe(32)


def hash_token(token: str) -> str:
    """What the database keeps of a random token."""
    return hashlib.sha256(token.encode()).hexdigest()


def keyed_hash(secret: str, kind: str, value: str) -> str:
    """What the database keeps of something that could be guessed, such as an address."""
    return hmac.new(secret.encode(), f"{kind}:{value}".encode(), hashlib.sha256).hexdigest()
