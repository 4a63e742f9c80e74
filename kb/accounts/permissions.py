"""Permissions: every capability declares an enum and a map to predicates; here they meet."""

from collections.abc import Callable, Mapping
from enum import Enum, StrEnum
from typing import Any

from kb.accounts.roles import Role
from kb.accounts.viewer import PREDICATES, Viewer
from kb.audit.permissions import Permission as AuditPermission

Predicate = Callable[[Viewer], bool]
_REGISTER = PREDICATES


def register(mapping: Mapping[Any, Predicate]) -> None:
    """Make the permissions of a capability known; registering the same again changes nothing."""
    _REGISTER.update({permission.value: predicate for permission, predicate in mapping.items()})


def is_allowed(viewer: Viewer, permission: Enum | str) -> bool:
    """Whether `viewer` holds `permission`. Raises `KeyError` for an unknown one."""
    return viewer.can(permission)


def known() -> dict[str, Predicate]:
    """All registered permissions by name."""
    return dict(_REGISTER)


def role(needed: Role) -> Predicate:
    """The predicate "holds this role in any unit"."""
    return lambda viewer: viewer.has_role(needed)


class Permission(StrEnum):
    """What can be done with accounts."""

    OWN = "accounts.own"
    ADMINISTER = "admin.view"
    USERS = "accounts.users"
    UNITS = "accounts.units"
    MAIL = "mail.view"


PERMISSIONS: dict[Permission, Predicate] = {
    Permission.OWN: lambda viewer: viewer.is_signed_in,
    Permission.ADMINISTER: role(Role.ADMIN),
    Permission.USERS: role(Role.ADMIN),
    Permission.UNITS: role(Role.ADMIN),
    Permission.MAIL: role(Role.ADMIN),
}
register(PERMISSIONS)
# The audit log lies below and knows no roles.
register({AuditPermission.VIEW: role(Role.ADMIN)})
