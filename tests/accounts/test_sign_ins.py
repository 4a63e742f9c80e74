"""Sign-ins are rows: alive for a while, dead on the server."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from kb import clock
from kb.accounts import cleaning, queries
from kb.accounts.models import SignIn
from kb.accounts.roles import Role
from kb.accounts.secrets import passwords
from kb.accounts.services import sign_ins, users
from kb.accounts.viewer import SYSTEM
from kb.audit.models import AuditEvent
from tests.factories import make_unit, make_user, viewer_of


def test_a_token_opens_the_sign_in_with_roles(session):
    user = make_user(session, Role.STAFF, Role.EDITOR)
    token = sign_ins.begin_sign_in(session, user, device="Firefox på Windows")

    viewer = queries.find_sign_in(session, token).viewer

    assert viewer == viewer_of(session, user)
    assert viewer.has_role(Role.EDITOR)


def test_only_the_hash_of_the_token_is_stored(session):
    token = sign_ins.begin_sign_in(session, make_user(session), device="")

    assert token not in session.scalars(select(SignIn.token_hash)).all()


LIMITS = [
    ((Role.STAFF, Role.LEADER), False, timedelta(hours=12)),
    ((Role.READER,), False, timedelta(hours=12)),
    ((Role.STAFF, Role.EDITOR), False, timedelta(hours=2)),
    ((Role.REVIEWER,), False, timedelta(hours=2)),
    ((Role.LEADER, Role.ADMIN), False, timedelta(minutes=30)),
    ((Role.LEADER,), True, timedelta(minutes=30)),
    ((Role.EDITOR,), True, timedelta(minutes=30)),
]


@pytest.mark.parametrize(("roles", "is_shared", "limit"), LIMITS)
def test_a_sign_in_dies_when_nobody_is_there(session, roles, is_shared, limit):
    user = make_user(session, *roles)
    token = sign_ins.begin_sign_in(session, user, device="", is_shared=is_shared)
    start = clock.now()

    with time_machine.travel(start + limit - timedelta(seconds=5), tick=False):
        assert queries.find_sign_in(session, token) is not None
        assert len(queries.alive_sign_ins(session, user.id)) == 1
    with time_machine.travel(start + limit + timedelta(seconds=5), tick=False):
        assert queries.find_sign_in(session, token) is None
        assert queries.alive_sign_ins(session, user.id) == []


def test_a_new_role_shortens_the_sign_ins_that_are_there(session):
    user, unit = make_user(session, Role.STAFF), make_unit(session)
    token = sign_ins.begin_sign_in(session, user, device="")
    users.set_roles(session, user, unit, {Role.ADMIN}, by=SYSTEM, besides=token)

    with time_machine.travel(clock.now() + timedelta(minutes=31), tick=False):
        assert queries.find_sign_in(session, token) is None


def test_a_sign_in_dies_after_a_day_however_busy(session):
    token = sign_ins.begin_sign_in(session, make_user(session, Role.STAFF), device="")
    sign_in = session.scalars(select(SignIn)).one()
    start = clock.now()

    for hours in range(1, 24):
        with time_machine.travel(start + timedelta(hours=hours), tick=False):
            assert queries.find_sign_in(session, token) is not None
            sign_ins.touch(session, sign_in.id)

    with time_machine.travel(start + timedelta(hours=24, seconds=1), tick=False):
        assert queries.find_sign_in(session, token) is None


def test_ending_all_spares_the_browser_in_use(session):
    user = make_user(session)
    here = sign_ins.begin_sign_in(session, user, device="")
    there = sign_ins.begin_sign_in(session, user, device="")

    assert sign_ins.end_all(session, user, reason="avslutad av användaren", by=SYSTEM, besides=here) == 1

    assert queries.find_sign_in(session, here) is not None
    assert queries.find_sign_in(session, there) is None


def test_a_password_that_was_changed_meanwhile_is_not_accepted(session):
    user = make_user(session)
    user.password_hash = "nyare"

    assert not sign_ins.accept_password(user, password="kanot lind 4 spegel", checked="äldre")


def test_a_hash_with_older_parameters_is_renewed(session):
    user = make_user(session)
    weak = "$argon2id$v=19$m=8192,t=1,p=1$c29tZXNhbHRzb21l$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
    user.password_hash = weak

    assert sign_ins.accept_password(user, password="kanot lind 4 spegel", checked=weak)

    assert not passwords.is_outdated(user.password_hash)


def test_dead_sign_ins_are_removed_after_a_month(session):
    user = make_user(session)
    token = sign_ins.begin_sign_in(session, user, device="")
    sign_ins.end_by_token(session, token, by=viewer_of(session, user))
    sign_ins.begin_sign_in(session, user, device="")

    with time_machine.travel(clock.now() + timedelta(days=30, hours=12)):
        cleaning.remove_old(session)

    assert len(session.scalars(select(SignIn)).all()) == 1


def test_what_has_ended_stays_ended_whoever_ends_it_again(session):
    user = make_user(session)
    viewer, token = viewer_of(session, user), sign_ins.begin_sign_in(session, user, device="")
    sign_in = session.scalars(select(SignIn)).one()
    sign_ins.end_by_token(session, token, by=viewer)
    ended = sign_in.ended_at, sign_in.end_reason, sign_in.last_seen_at

    with time_machine.travel(clock.now() + timedelta(minutes=5), tick=False):
        sign_ins.end_by_token(session, token, by=viewer)
        sign_ins.end_sign_in(session, sign_in, by=viewer)
        sign_ins.touch(session, sign_in.id)

    assert (sign_in.ended_at, sign_in.end_reason, sign_in.last_seen_at) == ended
    told = select(func.count(AuditEvent.id)).where(
        AuditEvent.name.in_(["account.signed_out", "account.session_ended"])
    )
    assert session.scalar(told) == 1


def test_a_browser_that_is_not_known_can_be_signed_out(session):
    sign_ins.end_by_token(session, "finns inte", by=viewer_of(session, make_user(session)))
    sign_ins.note_password(session, "finns inte")
    sign_ins.touch(session, 4711)

    assert session.scalars(select(SignIn)).all() == []
