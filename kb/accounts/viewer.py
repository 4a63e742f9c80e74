"""Who is looking: a small value that queries and permission checks take, whatever the request is."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum

from kb.accounts.roles import INCLUDES, Role


@dataclass(frozen=True)
class Viewer:
    """A reader. `roles` maps unit id → roles held there; empty for the anonymous one.

    `actor` is what the audit log stores: the user's public id, or "anonymous".
    """

    user_id: int | None = None
    public_id: str | None = None
    name: str = ""
    email: str = ""
    roles: Mapping[int, frozenset[Role]] = field(default_factory=dict)

    @property
    def is_signed_in(self) -> bool:
        """Whether there is an account behind."""
        return self.user_id is not None

    @property
    def actor(self) -> str:
        """The name for the audit log."""
        return self.public_id or "anonymous"

    @property
    def held_roles(self) -> frozenset[Role]:
        """The roles held in any unit, without those that they include."""
        return frozenset(role for held in self.roles.values() for role in held)

    @property
    def unit_ids(self) -> frozenset[int]:
        """The units the viewer belongs to in any role."""
        return frozenset(self.roles)

    def has_role(self, role: Role, unit_id: int | None = None) -> bool:
        """Whether the viewer holds `role` (or one that includes it) in `unit_id`, or anywhere."""
        held = self.roles.values() if unit_id is None else [self.roles.get(unit_id, frozenset())]
        return any(role in INCLUDES[own] for roles in held for own in roles)

    def units_with(self, role: Role) -> frozenset[int]:
        """The units where the viewer holds `role` (or one that includes it)."""
        return frozenset(unit for unit in self.roles if self.has_role(role, unit))

    def can(self, permission: Enum | str) -> bool:
        """Whether the viewer holds a permission (by member or by name, as "library.edit")."""
        return PREDICATES[permission.value if isinstance(permission, Enum) else permission](self)


PREDICATES: dict[str, Callable[[Viewer], bool]] = {}  # by permission; `kb.accounts.permissions` fills it
ANONYMOUS = Viewer()
SYSTEM = Viewer(public_id="system", name="Systemet")
