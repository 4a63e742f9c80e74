"""What can be done with runs, and who may. Which run is seen is decided by unit and invitation: see `queries`."""

from enum import StrEnum

from kb.accounts import permissions as registry
from kb.accounts.permissions import Predicate, role
from kb.accounts.roles import Role
from kb.accounts.viewer import Viewer


class Permission(StrEnum):
    """Permissions of runs."""

    SEE = "runs.see"
    START = "runs.start"
    LEAD = "runs.lead"
    DISPOSE = "runs.dispose"


PERMISSIONS: dict[Permission, Predicate] = {
    Permission.SEE: lambda viewer: viewer.is_signed_in,
    Permission.START: role(Role.STAFF),
    Permission.LEAD: role(Role.LEADER),
    Permission.DISPOSE: role(Role.ADMIN),
}
UNIT_ROLES = {Permission.START: Role.STAFF, Permission.LEAD: Role.LEADER}
registry.register(PERMISSIONS)


def holds(viewer: Viewer, permission: Permission, unit_id: int) -> bool:
    """Whether the viewer may start or lead runs in this very unit."""
    return viewer.has_role(UNIT_ROLES[permission], unit_id)
