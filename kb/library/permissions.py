"""What can be done with content, and who may."""

from enum import StrEnum

from kb.accounts import permissions as registry
from kb.accounts.permissions import Predicate, role
from kb.accounts.roles import Role


class Permission(StrEnum):
    """Permissions of the library."""

    DESK = "library.desk"
    EDIT = "library.edit"
    REVIEW = "library.review"
    SETTINGS = "library.settings"


PERMISSIONS: dict[Permission, Predicate] = {
    Permission.DESK: lambda viewer: viewer.has_role(Role.EDITOR) or viewer.has_role(Role.REVIEWER),
    Permission.EDIT: role(Role.EDITOR),
    Permission.REVIEW: role(Role.REVIEWER),
    Permission.SETTINGS: role(Role.ADMIN),
}
registry.register(PERMISSIONS)
