"""Handing one message to the mail server that `RADRUM_SMTP_URL` names."""

import contextlib
import smtplib
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from urllib.parse import SplitResult, unquote, urlsplit

from kb.errors import Refused

_TIMEOUT = 20  # for each answer: some servers let strangers wait for a dozen seconds
SLICE = 60.0  # for all of a message: an answer that comes letter by letter never times out


def build(*, sender: str, to: str, subject: str, body: str, name: str, written_at: datetime) -> EmailMessage:
    """The message as it goes over the wire; `name` makes its Message-ID, the same at every try."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = f"Rådrum <{sender}>", to, subject
    message["Date"] = format_datetime(written_at)
    message["Message-ID"] = f"<{name}@{sender.rpartition('@')[2] or 'localhost'}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(body, cte="quoted-printable")  # arrives whole over old servers too
    return message


def deliver(url: str, message: EmailMessage, *, plain: bool = False) -> None:
    """Send it; `plain` allows a server without encryption.

    Raises `OSError` (smtplib's errors are of that kind), `ValueError` for an address that cannot be sent to, and
    `Refused` for a useless `url` and for a server that offers no encryption.
    """
    parts = _split(url)
    server = _make(parts)
    with _cut_off_late(server):
        try:
            _connect(server, parts)
            _encrypt(server, plain=plain)
            if parts.username:
                server.login(unquote(parts.username), unquote(parts.password or ""))
            server.send_message(message)
        except BaseException:
            server.close()
            raise
        # The message is delivered: whatever goes wrong with the farewell changes nothing.
        with contextlib.suppress(OSError):
            server.quit()
        server.close()


def _split(url: str) -> SplitResult:
    """The parts of a usable address: what is wrong with it is wrong for every message, and no fault of one of them."""
    parts = urlsplit(url)
    try:
        is_usable = parts.scheme in ("smtp", "smtps") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:  # a port that is none
        is_usable = False
    if not is_usable:
        raise Refused("RADRUM_SMTP_URL ska se ut så här: smtp://namn:lösenord@server:587")
    if not unquote(f"{parts.username or ''}{parts.password or ''}").isascii():
        raise Refused(
            "Namnet och lösenordet i RADRUM_SMTP_URL får bara ha tecken ur ASCII: inte å, ä eller ö."
        )
    return parts


def _make(parts: SplitResult) -> smtplib.SMTP:
    """An unconnected client: so that it can be cut off while it connects."""
    server: smtplib.SMTP
    if parts.scheme == "smtps":
        server = smtplib.SMTP_SSL(timeout=_TIMEOUT, context=ssl.create_default_context())
    else:
        server = smtplib.SMTP(timeout=_TIMEOUT)
    server._host = parts.hostname or ""  # type: ignore[attr-defined]  # whom TLS asks the certificate for
    return server


def _connect(server: smtplib.SMTP, parts: SplitResult) -> None:
    code, words = server.connect(parts.hostname or "", parts.port or (465 if parts.scheme == "smtps" else 25))
    if code != 220:
        raise smtplib.SMTPConnectError(code, words)


def _encrypt(server: smtplib.SMTP, *, plain: bool) -> None:
    if isinstance(server, smtplib.SMTP_SSL):
        return
    server.ehlo_or_helo_if_needed()
    if server.has_extn("starttls"):
        server.starttls(context=ssl.create_default_context())
    elif not plain:
        raise Refused(
            "Mejlservern erbjuder ingen kryptering (STARTTLS), så inget skickades. "
            "Använd en annan port eller smtps://, eller tillåt det med RADRUM_SMTP_PLAIN=1."
        )


@contextmanager
def _cut_off_late(server: smtplib.SMTP) -> Iterator[None]:
    """End the connection when its time is up: what waits for it then fails as for a server that went away."""

    def cut() -> None:
        if server.sock is not None:
            with contextlib.suppress(OSError):
                server.sock.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(SLICE, cut)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
