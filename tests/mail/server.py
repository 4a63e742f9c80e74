"""A real mail server on the loopback that can stumble in the ways that mail servers do."""

import subprocess
from email import message_from_bytes, policy

from aiosmtpd.controller import Controller

from tests.postgresql import free_port

# What the server does; `cut before` and `cut after` break the connection around the moment at which it keeps the text.
OK, REFUSES, BUSY, CUT_BEFORE, CUT_AFTER = "ok", "refuses", "busy", "cut before", "cut after"


class MailServer:
    """Keeps what it takes in `received`, a message for each delivery; starts and stops like a real one."""

    def __init__(self, **options):
        self.mode = OK
        self.received = []
        self.port = free_port()
        self._options = options
        self._controller = None

    @property
    def url(self):
        return f"smtp://127.0.0.1:{self.port}"

    def start(self):
        """Listen."""
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port, **self._options)
        self._controller.start()

    def stop(self):
        """Be gone; starting again is possible."""
        if self._controller is not None:
            self._controller.stop()
            self._controller = None

    # What aiosmtpd asks

    async def handle_MAIL(self, server, session, envelope, address, options):  # noqa: N802
        if self.mode == BUSY:
            return "421 kom tillbaka senare"
        envelope.mail_from = address
        return "250 ok"

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        if self.mode == REFUSES:
            return "550 nej"
        envelope.rcpt_tos.append(address)
        return "250 ok"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        if self.mode != CUT_BEFORE:
            self.received.append(message_from_bytes(envelope.original_content, policy=policy.default))
        if self.mode in (CUT_BEFORE, CUT_AFTER):
            server.transport.abort()
        return "250 ok"


def make_certificate(folder):
    """A certificate for the loopback, as (certificate, key)."""
    certificate, key = folder / "cert.pem", folder / "key.pem"
    command = "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=127.0.0.1"
    words = [*command.split(), "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", certificate]
    subprocess.run(words, check=True, capture_output=True)
    return certificate, key
