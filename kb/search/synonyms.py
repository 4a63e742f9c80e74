"""Synonyms: typed word → standard term, at query time. Read once a process and again when the state row changes."""

import secrets

from sqlalchemy.orm import Session

from kb.search.models import SearchSetting

STATE = "synonyms"


def touch(session: Session) -> None:
    """Say that the synonyms changed, so that every process reads them anew at its next search."""
    session.merge(SearchSetting(name=STATE, value=secrets.randbelow(2**31)))
    session.flush()
