"""What can be done with search beyond searching, and who may."""

from enum import StrEnum

from kb.accounts import permissions as registry
from kb.accounts.permissions import Predicate, role
from kb.accounts.roles import Role


class Permission(StrEnum):
    """Permissions of search."""

    COUNTS = "search.counts"
    EDIT = "search.edit"


PERMISSIONS: dict[Permission, Predicate] = {
    Permission.COUNTS: lambda viewer: viewer.has_role(Role.EDITOR) or viewer.has_role(Role.REVIEWER),
    Permission.EDIT: role(Role.EDITOR),
}
registry.register(PERMISSIONS)
