"""What can be done in operations, and who may."""

from enum import StrEnum

from kb.accounts import permissions as registry
from kb.accounts.permissions import Predicate, role
from kb.accounts.roles import Role


class Permission(StrEnum):
    """Permissions of operations."""

    VIEW = "ops.view"


PERMISSIONS: dict[Permission, Predicate] = {Permission.VIEW: role(Role.ADMIN)}
registry.register(PERMISSIONS)
