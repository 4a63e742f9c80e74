"""Who may try a password when: the rules, and whole days of patient strangers with a turned clock."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select

from kb.accounts.entry import throttle
from kb.accounts.entry.attempts import KeptCounts, StoredCounts, remove_old
from kb.accounts.entry.throttle import Trier
from kb.accounts.models import Attempt, KnownNetwork

NOON = datetime(2026, 11, 30, 12, 3, tzinfo=UTC)


@pytest.fixture
def times():
    with time_machine.travel(NOON, tick=False) as turned:
        yield turned


def trier(account="anna", network="192.0.2.1", device=None):
    place = f"place {account} {network}"
    own = f"device {account} {device}" if device else place
    return Trier(account=account, address=network, own=own, place=place, is_known_device=device is not None)


@pytest.fixture
def counts():
    """Counts in memory: a day has seventeen thousand tries."""
    return KeptCounts()


def fail(counts, who, tries=1):
    """How many of the tries were let through to the password."""
    return sum(throttle.begin(counts, who) == throttle.NONE for _ in range(tries))


def enters(counts, who):
    """Whether the right password is let in."""
    if throttle.begin(counts, who) > throttle.NONE:
        return False
    throttle.succeed(counts, who)
    return True


def test_a_browser_waits_longer_and_longer(counts, times):
    waits = []
    fail(counts, trier(), 5)
    for _ in range(8):
        wait = throttle.begin(counts, trier(network="192.0.2.1"))
        waits.append(int(wait.total_seconds()) // 60)
        times.shift(wait)
        assert fail(counts, trier()) == 1

    assert waits == [1, 2, 4, 8, 16, 32, 60, 60]


def test_right_passwords_cost_an_address_nothing(counts, times):
    for number in range(300):
        assert enters(counts, trier(account=f"person {number}"))


def test_an_address_has_a_hundred_tries_an_hour_over_all_accounts(counts, times):
    assert sum(fail(counts, trier(account=f"person {number}")) for number in range(150)) == 100

    times.shift(timedelta(minutes=59))
    assert fail(counts, trier(account="annan")) == 0


def test_refused_tries_keep_an_address_out(counts, times):
    for number in range(100):
        fail(counts, trier(account=f"person {number}"))
    let_through = 0
    for number in range(36):
        times.shift(timedelta(minutes=5))
        let_through += sum(fail(counts, trier(account=f"ny {number} {n}")) for n in range(10))

    assert let_through == 0
    times.shift(timedelta(minutes=71))
    assert fail(counts, trier(account="annan")) == 1


def test_a_known_browser_gets_in_from_an_address_that_is_used_up(counts, times):
    fail(counts, trier(), 10)
    for number in range(200):
        fail(counts, trier(account=f"person {number}"))

    assert enters(counts, trier(device="Annas dator"))


def test_a_known_network_gets_in_from_an_address_that_is_used_up(counts, times):
    assert enters(counts, trier(account="karin"))
    for number in range(200):
        fail(counts, trier(account=f"person {number}"))

    assert enters(counts, trier(account="karin"))
    assert not enters(counts, trier(account="aldrig här"))


def test_a_known_network_gives_one_try_for_each_account_when_its_address_is_used_up(counts, times):
    people = [trier(account=f"person {number}") for number in range(30)]
    for who in people:
        enters(counts, who)
    for number in range(100):
        fail(counts, trier(account=f"annan {number}"))

    assert [fail(counts, who, 5) for who in people] == [1] * 30


def test_a_lost_device_waits_as_a_stranger_does(counts, times):
    enters(counts, trier(device="Annas dator"))

    assert fail(counts, trier(device="Annas dator"), 50) == 5


def test_the_right_password_forgets_the_failures_of_that_browser(counts, times):
    fail(counts, trier(), 4)
    assert enters(counts, trier())

    assert fail(counts, trier(), 9) == 5


def test_a_thousand_networks_get_no_more_than_the_limit(counts, times):
    tried = sum(fail(counts, trier(network=f"net {number}"), 3) for number in range(1000))

    assert tried <= 500
    assert enters(counts, trier(network="net 3", device="Annas dator"))


def test_other_accounts_and_networks_are_not_touched(counts, times):
    fail(counts, trier(), 50)

    assert enters(counts, trier(account="bo"))
    assert enters(counts, trier(network="192.0.2.2"))


def test_counts_are_removed_when_no_rule_looks_at_them(session, times):
    counts = StoredCounts(session)
    fail(counts, trier())
    enters(counts, trier(account="karin"))
    times.shift(timedelta(days=2))
    remove_old(session)
    assert session.scalars(select(Attempt)).all() == []
    assert len(session.scalars(select(KnownNetwork)).all()) == 1

    times.shift(timedelta(days=90))
    remove_old(session)
    assert session.scalars(select(KnownNetwork)).all() == []


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8:1:2:aaaa::1", "2001:db8:1:2:bbbb::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("192.0.2.1", "192.0.2.2", False),
        ("::ffff:192.0.2.1", "192.0.2.1", True),
        ("192.0.2.1:50123", "192.0.2.1:50124", True),  # some proxies write the port too
        ("192.0.2.1:50123", "192.0.2.1", True),
        ("192.0.2.1:50123", "192.0.2.2:50123", False),
        ("[2001:db8:1:2::1]:443", "2001:db8:1:2::2", True),
        ("[::ffff:192.0.2.1]", "192.0.2.1", True),
    ],
)
def test_readers_are_counted_by_their_network(one, other, same):
    assert (throttle.network_of(one) == throttle.network_of(other)) is same


STEPS = st.tuples(
    st.sampled_from(["fails", "enters", "asks"]),
    st.sampled_from(["anna", "bo"]),
    st.sampled_from(["192.0.2.1", "192.0.2.2"]),
    st.sampled_from([None, "dator"]),
    st.integers(0, 4000),
)


@given(steps=st.lists(STEPS, max_size=25))
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_database_counts_as_memory_does(session, steps):
    session.execute(delete(Attempt))
    session.execute(delete(KnownNetwork))
    stored, kept = StoredCounts(session), KeptCounts()
    with time_machine.travel(NOON, tick=False) as turned:
        for verb, account, network, device, seconds in steps:
            turned.shift(seconds)
            who = trier(account, network, device)
            answers = []
            for counts in (stored, kept):
                answer = throttle.spend(counts, network) if verb == "asks" else throttle.begin(counts, who)
                if verb == "enters" and answer == throttle.NONE:
                    throttle.succeed(counts, who)
                answers.append((answer, counts.tallies(who.windows), counts.knows(who.place)))

            assert answers[0] == answers[1]


def test_a_hundred_tries_at_once_are_a_hundred(live_app):
    """Each in a transaction of its own, as requests are: none slips through between looking and counting."""
    database = live_app.extensions["database"]

    def attempt(_number):
        with database.transaction() as session:
            return throttle.begin(StoredCounts(session), trier()) == throttle.NONE

    with ThreadPoolExecutor(10) as pool:
        assert sum(pool.map(attempt, range(30))) == throttle.FREE


# Whole days


def live_through(counts, times, strangers, colleagues, *, days=1):
    """One try each five seconds; `colleagues` come in turn every ten minutes. Tried passwords; how many got in."""
    tried = entered = came = 0
    for number in range(days * 24 * 720):
        times.shift(5)
        tried += fail(counts, strangers[number % len(strangers)])
        if number % 120 == 119:
            came += 1
            entered += enters(counts, colleagues(came))
        if number % 720 == 719:
            counts.remove_old()
    return tried, entered / came


def everybody(came):
    """Anna on her own browser behind the stranger's address and on a new one elsewhere, and her colleagues."""
    ways = [
        trier(network="192.0.2.66", device="Annas dator"),
        trier(network=f"hemma {came}"),
        trier(network="kommunen"),
        trier(account=f"person {came % 300}", network="kommunen"),
        trier(account=f"person {came % 40}", network="192.0.2.66"),
    ]
    return ways[came % len(ways)]


def test_a_patient_stranger_locks_nobody_out(counts, times):
    for number in range(40):
        enters(counts, trier(account=f"person {number}", network="192.0.2.66"))
    tried, share = live_through(counts, times, [trier(network="192.0.2.66")], everybody)

    assert tried <= 500
    assert share >= 0.999


def test_two_hundred_patient_strangers_lock_nobody_out(counts, times):
    for number in range(40):
        enters(counts, trier(account=f"person {number}", network="192.0.2.66"))
    strangers = [trier(network=f"198.51.100.{number}") for number in range(200)]
    tried, share = live_through(counts, times, strangers, everybody)

    assert tried <= 500
    assert share >= 0.999
