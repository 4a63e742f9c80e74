"""Handing one message to the mail server that `RADRUM_SMTP_URL` names."""

import smtplib
import ssl
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from urllib.parse import SplitResult, unquote, urlsplit

from kb.errors import Refused

_TIMEOUT = 20


def build(*, sender: str, to: str, subject: str, body: str) -> EmailMessage:
    """The message as it goes over the wire."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = f"Rådrum <{sender}>", to, subject
    message["Date"] = formatdate()
    message["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2] or "localhost")
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(body, cte="quoted-printable")  # arrives whole over old servers too
    return message


def deliver(url: str, message: EmailMessage) -> None:
    """Send it. Raises `OSError` (smtplib's errors are of that kind), or `Refused` for a useless `url`."""
    parts = urlsplit(url)
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        raise Refused("RADRUM_SMTP_URL ska se ut så här: smtp://namn:lösenord@server:587")
    with _connect(parts) as server:
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
        server.send_message(message)


def _connect(parts: SplitResult) -> smtplib.SMTP:
    host, context = parts.hostname or "", ssl.create_default_context()
    if parts.scheme == "smtps":
        return smtplib.SMTP_SSL(host, parts.port or 465, timeout=_TIMEOUT, context=context)
    server = smtplib.SMTP(host, parts.port or 25, timeout=_TIMEOUT)
    server.ehlo()
    if server.has_extn("starttls"):
        server.starttls(context=context)
        server.ehlo()
    return server
