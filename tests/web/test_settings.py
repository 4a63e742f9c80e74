"""Settings: a value that cannot be used stops the start with one line that says which."""

import pytest

from kb import config
from kb.db import Database, upgrade
from kb.errors import Refused


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("RADRUM_ENV", "produktion"),
        ("RADRUM_BASE_URL", "radrum.kommun.se"),
        ("RADRUM_BASE_URL", "https://kommun.se/radrum"),
        ("RADRUM_TRUSTED_PROXIES", "-1"),
        ("RADRUM_TRUSTED_PROXIES", "en"),
        ("RADRUM_LOG_LEVEL", "LOUD"),
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
