"""Somebody with a password, and the form to sign in with."""

import pytest

from kb.accounts.roles import Role
from kb.accounts.secrets import passwords
from tests.factories import make_user

PASSWORD = "kanot lind 4 spegel"
EMAIL = "anna@kommun.example"


@pytest.fixture
def anna(session):
    user = make_user(session, Role.STAFF, email=EMAIL, name="Anna Berg")
    user.password_hash = passwords.hash_password(PASSWORD)
    session.commit()
    return user


def enter(client, password=PASSWORD, email=EMAIL, path="/logga-in"):
    return client.post(path, data={"email": email, "password": password})
