"""How an account, a password or a link came about, as the audit log and letters say it."""

from enum import StrEnum


class Way(StrEnum):
    """The ways that are not the purpose of a one-time link."""

    ADMINISTRATION = "administration"
    TERMINAL = "terminal"
    DEMO = "demo"
    LINK = "engångslänk"
    ACCOUNT = "konto"
    SHOWN = "visad"
    MAILED = "mejlad"
