"""Counting attempts in the database, so that passwords cannot be guessed and nobody is locked out for long.

A window opens with its first attempt. When it is full, a rule with a longer window still lets a few through
in each short one: a stranger who floods an address never locks it for more than `window`.
"""

from dataclasses import dataclass
from datetime import timedelta
from ipaddress import IPv6Address, ip_address, ip_network

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from kb import clock
from kb.accounts.models import Attempt
from kb.errors import TooMany


@dataclass(frozen=True, kw_only=True)
class Rule:
    """At most `limit` in `window`; more only while there are fewer than `burst` in `burst_window`."""

    limit: int
    window: timedelta
    burst: int = 0
    burst_window: timedelta = timedelta(0)


ACCOUNT = Rule(limit=10, window=timedelta(minutes=1))
ADDRESS = Rule(limit=25, window=timedelta(minutes=15), burst=100, burst_window=timedelta(hours=1))
_OLDEST = timedelta(hours=2)


def count(session: Session, key: str, rule: Rule) -> None:
    """Count one attempt. Raises `TooMany`, without counting, when there were enough."""
    now = clock.now()
    since = now - max(rule.window, rule.burst_window)
    query = (
        select(Attempt)
        .where(Attempt.key_hash == key, Attempt.started_at > since)
        .order_by(Attempt.started_at)
    )
    rows = session.scalars(query.with_for_update()).all()
    current = next((row for row in reversed(rows) if row.started_at > now - rule.window), None)
    if current is None:
        current = Attempt(key_hash=key, started_at=now, count=0)
        session.add(current)
    if current.count >= rule.limit and sum(row.count for row in rows) >= rule.burst:
        wait = current.started_at + rule.window - now
        raise TooMany(_message(wait), retry_after=max(1, int(wait.total_seconds()) + 1))
    current.count += 1
    session.flush()


def forget(session: Session, key: str) -> None:
    """Forget the attempts of a key: the right password was given."""
    session.execute(delete(Attempt).where(Attempt.key_hash == key))


def give_back(session: Session, key: str) -> None:
    """Take back the latest attempt: it was a good one, and many good ones may come from one address."""
    query = select(Attempt).where(Attempt.key_hash == key).order_by(Attempt.started_at.desc()).limit(1)
    latest = session.scalars(query).first()
    if latest is not None and latest.count > 0:
        latest.count -= 1


def remove_old(session: Session) -> None:
    """Remove windows that no rule looks at any more."""
    session.execute(delete(Attempt).where(Attempt.started_at < clock.now() - _OLDEST))


def network_of(address: str) -> str:
    """The address as it is counted: an IPv6 reader owns a whole /64."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped is None:
        return str(ip_network(f"{parsed}/64", strict=False))
    return str(parsed)


def _message(wait: timedelta) -> str:
    minutes = max(1, -(-int(wait.total_seconds()) // 60))
    words = "en minut" if minutes == 1 else f"{minutes} minuter"
    return f"Det har gjorts för många försök. Vänta {words} och försök igen."
