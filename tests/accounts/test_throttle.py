from datetime import timedelta

import pytest
import time_machine

from kb import clock
from kb.accounts import throttle
from kb.errors import TooMany


def use_up(session, rule, times):
    for _ in range(times):
        throttle.count(session, "nyckel", rule)


def test_eleventh_attempt_at_an_account_within_a_minute_is_refused(session):
    use_up(session, throttle.ACCOUNT, 10)

    with pytest.raises(TooMany) as caught:
        throttle.count(session, "nyckel", throttle.ACCOUNT)
    assert 0 < caught.value.retry_after <= 61


def test_an_account_is_free_again_after_a_minute(session):
    use_up(session, throttle.ACCOUNT, 10)

    with time_machine.travel(clock.now() + timedelta(seconds=61)):
        throttle.count(session, "nyckel", throttle.ACCOUNT)


def test_hundred_and_first_attempt_from_an_address_is_refused(session):
    use_up(session, throttle.ADDRESS, 100)

    with pytest.raises(TooMany):
        throttle.count(session, "nyckel", throttle.ADDRESS)


def test_a_flooded_address_is_locked_for_a_quarter_of_an_hour_at_most(session):
    use_up(session, throttle.ADDRESS, 100)

    with time_machine.travel(clock.now() + timedelta(minutes=15, seconds=1)):
        use_up(session, throttle.ADDRESS, 25)
        with pytest.raises(TooMany):
            throttle.count(session, "nyckel", throttle.ADDRESS)


def test_other_keys_are_not_touched(session):
    use_up(session, throttle.ACCOUNT, 10)

    throttle.count(session, "annan", throttle.ACCOUNT)


def test_forgotten_attempts_do_not_count(session):
    use_up(session, throttle.ACCOUNT, 10)
    throttle.forget(session, "nyckel")

    throttle.count(session, "nyckel", throttle.ACCOUNT)


def test_attempts_that_were_given_back_do_not_count(session):
    use_up(session, throttle.ACCOUNT, 10)
    throttle.give_back(session, "nyckel")

    throttle.count(session, "nyckel", throttle.ACCOUNT)


def test_ipv6_readers_are_counted_by_their_network():
    assert throttle.network_of("2001:db8:1:2:aaaa::1") == throttle.network_of("2001:db8:1:2:bbbb::9")
    assert throttle.network_of("192.0.2.1") != throttle.network_of("192.0.2.2")
