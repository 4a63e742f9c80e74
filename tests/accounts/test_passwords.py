import pytest

from kb.accounts import passwords
from kb.errors import Invalid


@pytest.mark.parametrize(
    "password",
    [
        "lösenord1234",
        "Sommaren2026!",
        "P@ssw0rd1234",
        "sommarsommar",
        "qwertyuiop123",
        "123456789012",
        "aaaaaaaaaaaa",
        "abcdefghijklm",
        "Stockholm12345",
        "correct horse battery staple",
    ],
)
def test_common_passwords_are_refused(password):
    with pytest.raises(Invalid, match="vanligt"):
        passwords.check(password)


@pytest.mark.parametrize("password", ["kort", "x" * 201])
def test_length_is_limited(password):
    with pytest.raises(Invalid, match=r"kort|långt"):
        passwords.check(password)


@pytest.mark.parametrize("password", ["anna.bergkvist", "Anna Bergkvist 1", "annabergkvist99"])
def test_name_and_address_are_refused(password):
    with pytest.raises(Invalid, match="liknar"):
        passwords.check(password, email="anna.bergkvist@kommun.example", name="Anna Bergkvist")


def test_some_words_will_do():
    passwords.check("kanot lind 4 spegel", email="anna@kommun.example", name="Anna Berg")


def test_hash_is_argon2id_with_our_parameters():
    assert passwords.hash_password("kanot lind 4 spegel").startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_only_the_right_password_fits():
    stored = passwords.hash_password("kanot lind 4 spegel")

    assert passwords.verify(stored, "kanot lind 4 spegel")
    assert not passwords.verify(stored, "kanot lind 5 spegel")
    assert not passwords.verify(None, "kanot lind 4 spegel")


def test_missing_account_costs_the_same_hash():
    assert not passwords.is_outdated(passwords._DUMMY)


def test_hash_with_weaker_parameters_is_outdated():
    weak = "$argon2id$v=19$m=8192,t=1,p=1$c29tZXNhbHRzb21l$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

    assert passwords.is_outdated(weak)


def test_list_holds_at_least_a_thousand_entries():
    assert len(passwords._common()) >= 1000
