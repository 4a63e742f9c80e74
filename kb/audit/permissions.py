"""Permissions of the audit log; who holds them is said in `kb.accounts.permissions`."""

from enum import StrEnum


class Permission(StrEnum):
    """What can be done with the audit log."""

    VIEW = "audit.view"
