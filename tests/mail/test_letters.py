"""The texts of messages."""

import pytest
from jinja2 import UndefinedError

from kb.mail.letters import compose


def test_first_line_is_the_subject():
    letter = compose("test", name="Anna <Berg>", address="https://radrum.example/")

    assert letter.subject == "Provmejl från Rådrum"
    assert letter.body.startswith("Hej Anna <Berg>!\n")
    assert "https://radrum.example/" in letter.body


def test_a_missing_value_is_an_error():
    with pytest.raises(UndefinedError):
        compose("test", name="Anna")
