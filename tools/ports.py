"""Whether the port can be had, and whether the server answers there."""

from __future__ import annotations

import socket
import time
import urllib.error
import urllib.request

from tools.places import fail


def refusal(port: str) -> int | None:
    """The exit status after saying why nobody can be served there; None when it will do."""
    if not port.isdecimal() or not 0 < int(port) < 65536:
        return fail(f"PORT ska vara ett tal mellan 1 och 65535, inte ”{port}”.")
    if not is_allowed(int(port)):
        return fail(
            f"Du har inte rätt att använda port {port}: portar under 1024 kräver särskilda rättigheter. "
            "Välj en annan, till exempel: PORT=8001 python3 dev.py run"
        )
    if not becomes_free(int(port)):
        return fail(f"Port {port} används redan. Välj en annan, till exempel: PORT=8001 python3 dev.py run")
    return None


def is_free(port: int) -> bool:
    """Whether nobody listens on the port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def is_allowed(port: int) -> bool:
    """Whether this user may listen on the port."""
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except PermissionError:
            return False
        except OSError:
            pass
    return True


def becomes_free(port: int) -> bool:
    """Whether the port is free, now or soon: a server that was just killed lets go of it in a moment."""
    deadline = time.monotonic() + 5
    while not is_free(port):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.2)
    return True


def answers(port: int) -> bool:
    """Whether the server gives an answer."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/halsa", timeout=5) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False
