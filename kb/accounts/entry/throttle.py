"""How often passwords may be tried. Failures count; whoever is known here is never shut out by a stranger.

An attempt is counted before the password is looked at (a hundred at once are a hundred) and given back when the
password was right. The rules are explained in docs/permissions.md, "Trying passwords".
"""

import re
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import IPv6Address, ip_address, ip_network

from kb import clock
from kb.accounts.entry.attempts import DAY, HOUR, Counts, Tally, Window

NONE = timedelta(0)
# Some proxies write 192.0.2.7:50123 or [2001:db8::1]:443: each connection would be a network of its own.
_WITH_PORT = re.compile(r"([0-9.]+):[0-9]+|\[([^\]]+)\](?::[0-9]+)?")
ADDRESS_LIMIT = 100
FREE = 5
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=1)
# Failures of an account in a day. From HOT on a network that is new to the account has one try, and from CLOSED on
# none: 200 networks get through 250 + 200 tries, and a right password from one that has not failed is still let in.
HOT = 250
CLOSED = 480


@dataclass(frozen=True, kw_only=True)
class Trier:
    """Who tries the password of which account, as keyed hashes.

    `own` is what waits longer and longer: the account on this browser, when it has signed in there before
    (`is_known_device`), else the account in this network. `place` is the account in this network.
    """

    account: str
    address: str
    own: str
    place: str
    is_known_device: bool = False

    @property
    def windows(self) -> dict[str, Window]:
        """Over how long each key is looked at."""
        return {self.address: HOUR, self.account: DAY, self.own: DAY}


def begin(counts: Counts, trier: Trier) -> timedelta:
    """Count an attempt that is about to be made; how long to wait instead, when it may not be (else zero).

    Commit in either case: what was refused counts against the address too.
    """
    counts.add({trier.address: HOUR})
    wait = _wait(counts, trier)
    if wait == NONE:
        counts.add({trier.account: DAY, trier.own: DAY})
    return wait


def succeed(counts: Counts, trier: Trier) -> None:
    """The password was right: take the attempt back, forget the failures of this browser, know the network."""
    counts.forget(trier.own)
    counts.give_back({trier.address: HOUR, trier.account: DAY})
    counts.know(trier.place)


def spend(counts: Counts, key: str) -> timedelta:
    """Count something that an address may do a hundred times an hour; how long to wait, when it has."""
    counts.add({key: HOUR})
    spent = counts.tallies({key: HOUR})[key]
    return _until_free(spent) if spent.count > ADDRESS_LIMIT else NONE


def network_of(address: str) -> str:
    """The address as it is counted: an IPv6 reader owns a whole /64, and a port is not part of it."""
    match = _WITH_PORT.fullmatch(address)
    try:
        parsed = ip_address(match[1] or match[2] if match else address)
    except ValueError:
        return address
    if isinstance(parsed, IPv6Address):
        if parsed.ipv4_mapped is not None:
            return str(parsed.ipv4_mapped)
        return str(ip_network((int(parsed) >> 64 << 64, 64)))
    return str(parsed)


def refusal(wait: timedelta) -> str:
    """What a person who has to wait is told."""
    minutes = max(1, -(-int(wait.total_seconds()) // 60))
    words = "en minut" if minutes == 1 else f"{minutes} minuter"
    return f"Det har gjorts för många försök. Vänta {words} och försök igen."


def _wait(counts: Counts, trier: Trier) -> timedelta:
    """How long to wait. A browser that has signed in here before looks at nothing but its own failures."""
    found = counts.tallies(trier.windows)
    address, account, own = found[trier.address], found[trier.account], found[trier.own]
    wait, is_first = _own_wait(own), own.count == 0
    if trier.is_known_device:
        return wait
    is_known = counts.knows(trier.place)
    if address.count > ADDRESS_LIMIT and not (is_known and is_first):
        # People of the house share the address with whoever used it up: one try each.
        return max(wait, _until_free(address))
    if is_known or account.count < (CLOSED if is_first else HOT):
        return wait
    return max(wait, LONGEST_WAIT)


def _own_wait(own: Tally) -> timedelta:
    """Five tries are free, then a minute, two, four …, at last an hour between tries."""
    if own.count < FREE:
        return NONE
    doubled: int = 1 << min(own.count - FREE, 10)
    pause = min(FIRST_WAIT * doubled, LONGEST_WAIT)
    return max(own.latest_at + pause - clock.now(), NONE)


def _until_free(spent: Tally) -> timedelta:
    return max(spent.oldest_at + HOUR.length + HOUR.step - clock.now(), FIRST_WAIT)
