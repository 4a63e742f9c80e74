"""The six roles and what each includes."""

from enum import StrEnum


class Role(StrEnum):
    """A role in a unit. One person may hold several, in several units."""

    READER = "lasare"
    STAFF = "medarbetare"
    LEADER = "krisledare"
    EDITOR = "redaktor"
    REVIEWER = "granskare"
    ADMIN = "administrator"


ROLE_NAMES: dict[Role, str] = {
    Role.READER: "Läsare",
    Role.STAFF: "Medarbetare",
    Role.LEADER: "Krisledare",
    Role.EDITOR: "Redaktör",
    Role.REVIEWER: "Granskare",
    Role.ADMIN: "Administratör",
}

INCLUDES: dict[Role, frozenset[Role]] = {
    Role.READER: frozenset({Role.READER}),
    Role.STAFF: frozenset({Role.READER, Role.STAFF}),
    Role.LEADER: frozenset({Role.READER, Role.STAFF, Role.LEADER}),
    Role.EDITOR: frozenset({Role.READER, Role.EDITOR}),
    Role.REVIEWER: frozenset({Role.READER, Role.REVIEWER}),
    Role.ADMIN: frozenset({Role.READER, Role.ADMIN}),
}
