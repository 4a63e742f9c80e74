"""How gunicorn serves us: no client, however slow, keeps the others waiting, and the log holds no addresses.

A connection gets a thread when it has something to say, READING seconds to say it and WRITING to take the answer. The
application itself is entered by a few requests at a time: more threads would only wait for each other.
"""

import contextlib
import gc
import io
import socket
import threading
import time
from collections.abc import Callable, Iterable
from functools import partial
from importlib import import_module
from selectors import EVENT_READ
from typing import Any

from gunicorn.glogging import Logger
from gunicorn.workers.gthread import TConn, ThreadWorker

from kb.logs import FORMAT, QuietFormatter, pattern_of
from kb.web.security import BODY_LIMIT

READING = 20.0
WRITING = 60.0
AT_ONCE = 2  # an article cost 9 ms of CPU with four at a time, 5 with two
DRAINED = 64 << 20
ALWAYS_IN = "/halsa"
Environ = dict[str, Any]
Start = Callable[..., Any]
App = Callable[[Environ, Start], Iterable[bytes]]


class DeadlineWorker(ThreadWorker):  # type: ignore[misc]
    """A worker with threads that ends connections which take too long."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._due: dict[socket.socket, float] = {}

    def load_wsgi(self) -> None:
        """Put the entrance before the application."""
        super().load_wsgi()
        app: App = self.wsgi  # type: ignore[has-type]
        self.wsgi = Entrance(app, self.allow)

    def allow(self, client: socket.socket, seconds: float | None) -> None:
        """From now on the client has so many seconds; None: it is not its turn."""
        if seconds is None:
            self._due.pop(client, None)
        else:
            self._due[client] = time.monotonic() + seconds

    def accept(self, listener: socket.socket) -> None:
        """Take a connection, and wait for its first words without a thread."""
        try:
            client, address = listener.accept()
        except OSError:  # it went away, or another worker was faster
            return
        client.setblocking(False)
        conn = TConn(self.cfg, client, address, listener.getsockname())
        conn.timeout = time.monotonic() + READING
        self.nr_conns += 1
        self.pending_conns.append(conn)
        self.poller.register(client, EVENT_READ, partial(self.on_pending_socket_readable, conn))

    def handle(self, conn: TConn) -> Any:
        """Serve one request, in a thread."""
        client = conn.sock
        self.allow(client, READING)
        try:
            return super().handle(conn)
        finally:
            self.allow(client, None)

    def murder_pending(self) -> None:
        """Called each second: end what is late. The thread that waits for it then finds the connection closed."""
        super().murder_pending()
        now = time.monotonic()
        for client, due in list(self._due.items()):
            if due < now:
                self.allow(client, None)
                with contextlib.suppress(OSError):
                    client.shutdown(socket.SHUT_RDWR)


class Entrance:
    """Reads a request whole before the application is asked, and lets a few in at a time."""

    def __init__(self, app: App, allow: Callable[[socket.socket, float | None], None]) -> None:
        self._app = app
        self._allow = allow
        self._gate = threading.BoundedSemaphore(AT_ONCE)

    def __call__(self, environ: Environ, start_response: Start) -> Iterable[bytes]:
        client = environ["gunicorn.socket"]
        if not _read_body(environ):
            start_response("408 Request Timeout", [("Content-Length", "0"), ("Connection", "close")])
            return []
        self._allow(client, None)
        if environ["PATH_INFO"] == ALWAYS_IN:
            answer = self._app(environ, start_response)
        else:
            with self._gate:
                answer = self._app(environ, start_response)
        self._allow(client, WRITING)
        return answer


def _read_body(environ: Environ) -> bool:
    """Bring the body into memory; False when it ends too early. Of one that is too large nothing is kept.

    It is read nevertheless: a browser that cannot send all of it would show no answer.
    """
    length = int(environ.get("CONTENT_LENGTH") or 0)
    is_chunked = bool(environ.get("wsgi.input_terminated")) and "CONTENT_LENGTH" not in environ
    if not (length or is_chunked):
        return True
    source = environ["wsgi.input"]
    if length > BODY_LIMIT:
        environ["wsgi.input"] = io.BytesIO()
        return length > DRAINED or sum(map(len, iter(partial(source.read, 1 << 16), b""))) == length
    body = source.read(BODY_LIMIT + 1 if is_chunked else length)
    environ["wsgi.input"] = io.BytesIO(body)
    return is_chunked or len(body) == length


def load_what_is_shared(capabilities: Iterable[str]) -> None:
    """Read code and word lists into gunicorn's master: its workers begin as copies of it and share that memory.

    The application itself is made in each of them: no thread, lock or connection may be older than its process.
    """
    pages = [f"web.pages.{name}" for name in ("assets", "filters", "templates", "theme")]
    for name in ("models", "search.finding.query", *pages, *(f"{name}.start" for name in capabilities)):
        import_module(f"kb.{name}")
    import_module("sqlalchemy.dialects.sqlite")
    from kb.search.finding.query import parse

    parse("kommitte uthängd hembesöksrutin")  # the stemmer, the parts of compounds, words with an accent
    gc.collect()
    gc.freeze()  # so that looking for rubbish writes nothing into the shared pages


class QuietLogger(Logger):  # type: ignore[misc]
    """gunicorn's own log: addresses as patterns, exceptions without their words."""

    error_fmt = FORMAT

    def setup(self, cfg: Any) -> None:
        """As gunicorn does it, with our form for errors."""
        super().setup(cfg)
        for handler in self.error_log.handlers:
            handler.setFormatter(QuietFormatter(FORMAT))

    def atoms(self, resp: Any, req: Any, environ: Environ, request_time: Any) -> dict[str, Any]:
        """What a line about a request is made of."""
        atoms: dict[str, Any] = super().atoms(resp, req, environ, request_time)
        address = pattern_of(environ)
        method = environ.get("REQUEST_METHOD", "-")
        return atoms | {"r": f"{method} {address}", "U": address, "q": "", "f": "-"}
