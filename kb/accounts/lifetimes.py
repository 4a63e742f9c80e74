"""How long a sign-in lasts: the more a person may do, the sooner it ends when nobody is there. How long links do."""

from collections.abc import Iterable
from datetime import timedelta

from kb.accounts.roles import Role

LONGEST = timedelta(hours=24)
FOLLOWING = timedelta(hours=12)  # a crisis goes on through the night, and the list lies open beside it
WRITING = timedelta(hours=2)
ADMINISTERING = timedelta(minutes=30)
SHARED = timedelta(minutes=30)
PASSWORD_AGAIN = timedelta(minutes=10)
# One-time links.
INVITATION = timedelta(days=7)
MAILED_LINK = timedelta(hours=2)
HANDED_LINK = timedelta(hours=24)


def idle_limit(roles: Iterable[Role], *, is_shared: bool = False) -> timedelta:
    """After how long without a visit a sign-in ends, for a person with these roles."""
    held = set(roles)
    if is_shared:
        return SHARED
    if Role.ADMIN in held:
        return ADMINISTERING
    return WRITING if held & {Role.EDITOR, Role.REVIEWER} else FOLLOWING
