"""Who may have a new binder made; to take it along is open to all, as are the texts in it."""

from enum import StrEnum

from kb.accounts import permissions as registry
from kb.accounts.permissions import Predicate
from kb.accounts.roles import Role


class Permission(StrEnum):
    """Permissions of the binder."""

    MAKE = "binder.make"


PERMISSIONS: dict[Permission, Predicate] = {
    Permission.MAKE: lambda viewer: any(
        viewer.has_role(role) for role in (Role.EDITOR, Role.REVIEWER, Role.LEADER, Role.ADMIN)
    ),
}
registry.register(PERMISSIONS)
