import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.accounts.secrets import passwords
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


@pytest.mark.parametrize(
    "password",
    [
        "rådrum2026!!",
        "R4drum-R4drum",
        "Hemtjänst Väst 1",
        "hemtj@nstv@st99",
        "bergkvist-anna-1987",
        "4nn4b3rgkv1st!!!",
        "sommar-hemtjänst",
        "anna@kommun.example",
    ],
)
def test_names_of_the_person_and_the_organisation_are_refused_in_any_spelling(password):
    with pytest.raises(Invalid, match=r"liknar|vanligt"):
        passwords.check(
            password, email="anna@kommun.example", name="Anna Bergkvist", organisation=["Hemtjänst Väst"]
        )


@pytest.mark.parametrize(
    "password", ["anna kanot lind spegel", "rådrum äter paraplyer", "li bo kanot spegel"]
)
def test_a_name_among_other_words_will_do(password):
    passwords.check(password, email="anna@kommun.example", name="Anna Li Berg", organisation=["Väst"])


@given(
    word=st.sampled_from(sorted(word for word in passwords._common() if word.isalpha() or word.isdigit())),
    tail=st.sampled_from(["", "1", "2026!", "!!!", "12345678"]),
)
@settings(max_examples=100, deadline=None)
def test_no_common_password_with_a_tail_will_do(word, tail):
    assert passwords.is_common(word + tail)


@pytest.fixture
def real_hashing(monkeypatch, true_hasher):
    monkeypatch.setattr(passwords, "_HASHER", true_hasher[0])
    monkeypatch.setattr(passwords, "_DUMMY", true_hasher[1])


@pytest.mark.usefixtures("real_hashing")
def test_hash_is_argon2id_with_our_parameters():
    assert passwords.hash_password("kanot lind 4 spegel").startswith("$argon2id$v=19$m=47104,t=3,p=1$")


def test_only_the_right_password_fits():
    stored = passwords.hash_password("kanot lind 4 spegel")

    assert passwords.verify(stored, "kanot lind 4 spegel")
    assert not passwords.verify(stored, "kanot lind 5 spegel")
    assert not passwords.verify(None, "kanot lind 4 spegel")


@pytest.mark.usefixtures("real_hashing")
def test_missing_account_costs_the_same_hash():
    assert not passwords.is_outdated(passwords._DUMMY)


def test_hash_with_weaker_parameters_is_outdated():
    weak = "$argon2id$v=19$m=8192,t=1,p=1$c29tZXNhbHRzb21l$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

    assert passwords.is_outdated(weak)


def test_list_holds_at_least_ten_thousand_entries():
    assert len(passwords._common()) >= 10_000
