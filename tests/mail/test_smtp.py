"""The address of the mail server: what is wrong with it is said once, and blamed on no message."""

import pytest

from kb import clock
from kb.errors import Refused
from kb.mail import smtp


@pytest.mark.parametrize(
    "url",
    [
        "mejl.kommun.se:587",
        "smtp://",
        "smtp://mejl.kommun.se:port",
        "smtp://mejl.kommun.se:99999",
        "smtp://rådrum:ord@mejl.kommun.se",
        "smtp://namn:l%C3%B6sen@mejl.kommun.se",
    ],
)
def test_what_is_wrong_with_the_setting_is_no_fault_of_a_message(url):
    letter = smtp.build(
        sender="a@b.example", to="c@d.example", subject="Hej", body="", name="x", written_at=clock.now()
    )

    with pytest.raises(Refused, match="RADRUM_SMTP_URL"):
        smtp.deliver(url, letter)
