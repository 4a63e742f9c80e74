"""Settings: a value that cannot be used stops the start with one line that says which."""

import shutil
from pathlib import Path

import pytest

from kb import config
from kb.db import Database, upgrade
from kb.errors import Refused
from tests.ops.serving import CASES, command


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("RADRUM_ENV", "produktion"),
        ("RADRUM_BASE_URL", "radrum.kommun.se"),
        ("RADRUM_BASE_URL", "https://kommun.se/radrum"),
        ("RADRUM_TRUSTED_PROXIES", "-1"),
        ("RADRUM_TRUSTED_PROXIES", "en"),
        ("RADRUM_LOG_LEVEL", "LOUD"),
        ("RADRUM_SMTP_PLAIN", "kanske"),
    ],
)
def test_a_value_that_cannot_be_used_is_refused_by_name(tmp_path, name, value):
    with pytest.raises(Refused, match=name):
        config.load({"RADRUM_INSTANCE": str(tmp_path), name: value})


def test_values_are_read_as_people_write_them(tmp_path):
    settings = config.load(
        {
            "RADRUM_INSTANCE": str(tmp_path),
            "RADRUM_BASE_URL": "https://radrum.kommun.se/",
            "RADRUM_LOG_LEVEL": "warning",
            "RADRUM_TRUSTED_PROXIES": "1",
        }
    )

    assert (settings.base_url, settings.log_level) == ("https://radrum.kommun.se", "WARNING")
    assert settings.trusted_proxies == 1


@pytest.mark.parametrize("url", ["nonsense", "postgresql://nobody:hemligt@127.0.0.1:1/none"])
def test_a_database_that_does_not_answer_is_refused_without_its_password(tmp_path, url):
    with pytest.raises(Refused) as refused:
        upgrade(Database(url), tmp_path / "lock")

    assert "RADRUM_DATABASE_URL" in refused.value.message
    assert "hemligt" not in refused.value.message


def test_a_file_that_is_no_database_is_refused(tmp_path):
    (tmp_path / "radrum.sqlite3").write_bytes(b"nonsense" * 1000)

    with pytest.raises(Refused):
        upgrade(Database(f"sqlite:///{tmp_path / 'radrum.sqlite3'}"), tmp_path / "lock")


def load_with(tmp_path, content):
    """The settings of an instance whose config.toml is `content`."""
    (tmp_path / "config.toml").write_bytes(content)
    return config.load({"RADRUM_INSTANCE": str(tmp_path)})


def test_a_byte_order_mark_is_no_part_of_the_settings(tmp_path):
    settings = load_with(tmp_path, (CASES / "config-1.toml").read_bytes())

    assert settings.base_url == "https://raddrum.kommun.example"


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ((CASES / "config-2.toml").read_bytes(), "UTF-8"),
        ('base_url = "https://råd.example"'.encode("utf-16"), "UTF-8"),
        ((CASES / "config-3.toml").read_bytes(), "base_ulr är ingen inställning. Menade du base_url?"),
        (b"base_url = https://kommun.example\n", "rad 1"),
        (b'log_level = "INFO"\nbase_url = "https', "slutet"),
        (b"[base_url]\nvalue = 1\n", "ett enda värde"),
        (b'instance = "/srv"\n', "instance"),
    ],
    ids=["latin-1", "utf-16", "misspelt", "no quotes", "cut", "table", "not from here"],
)
def test_a_file_that_cannot_be_used_is_refused_in_one_swedish_line(tmp_path, content, says):
    with pytest.raises(Refused) as refused:
        load_with(tmp_path, content)

    assert says in refused.value.message
    assert str(tmp_path / "config.toml") in refused.value.message
    assert "\n" not in refused.value.message


def test_a_slip_in_the_environment_is_named(tmp_path, caplog):
    config.load({"RADRUM_INSTANCE": str(tmp_path), "RADRUM_BASE_ULR": "x", "RADRUM_SERVICE_HOST": "10.0.0.1"})

    assert [record.getMessage() for record in caplog.records] == [
        "RADRUM_BASE_ULR är ingen inställning och används inte. Menade du base_url?"
    ]


@pytest.mark.parametrize("secret", [b"", b"kort", "åäö".encode() * 20], ids=["empty", "short", "not ours"])
def test_a_damaged_secret_is_refused_and_never_used(tmp_path, secret):
    (tmp_path / "secret_key").write_bytes(secret)

    with pytest.raises(Refused, match="secret_key är skadad"):
        config.load({"RADRUM_INSTANCE": str(tmp_path)})


@pytest.mark.parametrize(("case", "below"), [("instance-1.txt", ""), ("instance-2.txt", "instans")])
def test_an_instance_that_cannot_be_a_folder_is_told_in_one_line(tmp_path, case, below):
    place = shutil.copy(CASES / case, tmp_path)

    found = command({"RADRUM_INSTANCE": str(Path(place, below))}, "accounts", "list")

    assert found.returncode != 0
    assert f"{place} är en fil" in found.stderr
    assert len(found.stderr.splitlines()) == 1


def test_the_instance_is_for_its_owner_only_whatever_the_umask(tmp_path):
    folder = tmp_path / "inst"
    folder.mkdir(mode=0o755)
    (folder / "config.toml").write_text('log_level = "INFO"\n')
    (folder / "config.toml").chmod(0o644)

    found = command({"RADRUM_INSTANCE": str(folder)}, "ops", "start", umask=0)

    assert found.returncode == 0, found.stderr
    modes = {path: path.stat().st_mode & 0o777 for path in (folder, *folder.rglob("*"))}
    assert len(modes) > 6
    assert {path.name: oct(mode) for path, mode in modes.items() if mode & 0o077} == {}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", "a"),  # whoever guesses it forges what the cookies say
        ("SECRET_KEY", " "),
        ("SMTP_URL", "smtp://server:99999"),
        ("SMTP_URL", "smtp://[::1"),
        ("SMTP_URL", "smtp://kim:hemligt@"),
        ("SMTP_URL", "http://server"),
        ("MAIL_FROM", "a@b.se\nBcc: alla@b.se"),
        ("MAIL_FROM", "a@b.se>, <c@d.se"),
        ("MAIL_FROM", ""),
        ("BASE_URL", "https://radrum.kommun.se:70000"),
        ("BASE_URL", "https://[::1"),
    ],
)
def test_a_value_that_cannot_be_used_is_refused_and_a_secret_one_not_repeated(tmp_path, name, value):
    with pytest.raises(Refused) as refused:
        config.load({"RADRUM_INSTANCE": str(tmp_path), f"RADRUM_{name}": value})

    assert refused.value.message.startswith(f"RADRUM_{name} ska vara ")
    assert "hemligt" not in refused.value.message


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", "lång nog för att ingen ska gissa den"),
        ("SMTP_URL", ""),
        ("SMTP_URL", "smtp://namn:p%40ss:w@rd@mejl.kommun.se:587"),
        ("SMTP_URL", "smtps://[2001:db8::1]:465/"),
        ("MAIL_FROM", "rådrum@kommun.se"),
        ("BASE_URL", "https://råd.kommun.se:8443"),
        ("BASE_URL", "http://[::1]:65535"),
    ],
)
def test_a_value_that_can_be_used_is(tmp_path, name, value):
    settings = config.load({"RADRUM_INSTANCE": str(tmp_path), f"RADRUM_{name}": value})

    assert getattr(settings, name.lower()) == value
