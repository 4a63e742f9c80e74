"""While nothing can be stored people sign in all the same; such a sign-in is no stronger than one that is a row."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select, text

from kb import clock
from kb.accounts.entry import unstored
from kb.accounts.lifetimes import idle_limit
from kb.accounts.models import SignIn, Unit
from kb.accounts.roles import Role
from kb.accounts.services import sign_ins, users
from kb.accounts.viewer import SYSTEM
from tests.accounts.conftest import enter
from tests.conftest import SERVER

pytestmark = pytest.mark.skipif(bool(SERVER), reason="a server that takes no writes is tried in tests/ops")


class Disk:
    """Whether the database takes anything: SQLite refuses as it does on a disk that is mounted for reading."""

    def __init__(self, session):
        self._session = session

    def refuse(self):
        self._session.execute(text("PRAGMA query_only = ON"))

    def heal(self):
        self._session.execute(text("PRAGMA query_only = OFF"))


@pytest.fixture
def disk(app, session):
    disk = Disk(session)
    yield disk
    disk.heal()
    for kept in ("kept_counts", "unstored_tried_at"):
        app.extensions.pop(kept, None)


@pytest.fixture
def full(disk, anna):
    disk.refuse()
    return disk


def is_in(client):
    return client.get("/konto").status_code == 200


def rows(session):
    session.expire_all()
    return session.scalar(select(func.count(SignIn.id)))


def token_of(client):
    with client.session_transaction() as cookie:
        return cookie["_user_id"]


def with_token(app, token):
    browser = app.test_client()
    with browser.session_transaction() as cookie:
        cookie["_user_id"] = token
    return browser


def test_the_right_password_opens_and_a_wrong_one_does_not(app, session, full, client):
    assert enter(client).status_code == 303
    assert is_in(client)
    assert rows(session) == 0

    stranger = app.test_client()
    assert enter(stranger, password="fel lösenord helt").status_code == 422
    assert not is_in(stranger)


def test_attempts_are_counted_all_the_same(full, client):
    statuses = [enter(client, password="fel lösenord helt").status_code for _ in range(6)]

    assert statuses == [422] * 5 + [429]


def test_it_becomes_a_row_when_something_can_be_stored_and_can_be_ended(app, session, full, client):
    enter(client)
    copy = with_token(app, token_of(client))
    assert is_in(client)
    full.heal()

    with time_machine.travel(clock.now() + timedelta(seconds=21), tick=False):
        assert is_in(client)
        assert is_in(copy)
        assert rows(session) == 1
        client.post("/utloggning")
        assert not is_in(client)
        assert not is_in(copy), "the row has ended: the signature alone opens nothing"


def test_signing_out_works_while_nothing_can_be_stored(full, client):
    enter(client)

    assert client.post("/utloggning").status_code == 303
    assert not is_in(client)


ENDINGS = {
    "closed": lambda session, anna: users.close_account(session, anna, by=SYSTEM),
    "new password": lambda session, anna: users.change_password(
        session, anna, password="grön båt 7 ekorre", by=SYSTEM, way="konto"
    ),
    "ended everywhere": lambda session, anna: sign_ins.end_all(session, anna, reason="avslutad", by=SYSTEM),
}


@pytest.mark.parametrize("ending", ENDINGS)
def test_what_ends_all_sign_ins_ends_this_one(session, anna, full, client, ending):
    enter(client)
    full.heal()
    ENDINGS[ending](session, anna)
    session.commit()

    assert not is_in(client)
    assert rows(session) == 0


@pytest.mark.parametrize("roles", [{Role.STAFF}, {Role.EDITOR}, {Role.ADMIN}])
@pytest.mark.parametrize("is_shared", [False, True])
def test_it_lives_no_longer_than_an_idle_one(app, session, anna, disk, roles, is_shared):
    users.set_roles(session, anna, session.scalars(select(Unit)).one(), roles, by=SYSTEM)
    session.commit()
    begun = clock.now().replace(microsecond=0) + timedelta(seconds=2)
    limit = idle_limit(frozenset(roles), is_shared=is_shared)
    with time_machine.travel(begun, tick=False), app.test_request_context():
        browser = with_token(app, unstored.make_token(anna, is_shared=is_shared))
    disk.refuse()

    for later, lives in ((limit - timedelta(seconds=5), True), (limit + timedelta(seconds=5), False)):
        with time_machine.travel(begun + later, tick=False):
            assert is_in(browser) is lives


@pytest.mark.parametrize(
    "change",
    [lambda token: token[:-1] + ("A" if token[-1] != "A" else "B"), lambda token: unstored.PREFIX, str.upper],
)
def test_a_forged_token_is_nobody(app, session, anna, full, client, change):
    enter(client)

    assert not is_in(with_token(app, change(token_of(client))))


def test_it_is_not_tried_at_each_request_whether_something_can_be_stored(app, full, client):
    with time_machine.travel(clock.now(), tick=False) as now, app.app_context():
        tries = []
        for _ in range(8):
            tries.append(unstored.may_try_to_store())
            now.shift(5)

    assert tries == [True, False, False, False, True, False, False, False]
