"""A phone: a browser with its own memory that is closed and opened again, and a way to the site that can fail."""

import http.client
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, Page

HOP = {"connection", "keep-alive", "transfer-encoding", "content-length", "host"}
Failure = Callable[["Handler"], None]


class Handler(BaseHTTPRequestHandler):
    """Hands each request on to the site, or fails as the way says."""

    protocol_version = "HTTP/1.1"
    server: "Way"

    def do_GET(self) -> None:
        """Hand it on."""
        length = int(self.headers.get("Content-Length") or 0)
        self.body = self.rfile.read(length) if length else b""
        self.server.seen.append((self.command, self.path))
        failure = self.server.failure
        if failure is None:
            self.pass_on(answer=True)
        else:
            failure(self)

    do_POST = do_GET  # noqa: N815

    def pass_on(self, *, answer: bool) -> None:
        """Ask the site; with `answer` the browser hears what it said."""
        site = urlsplit(self.server.target)
        connection = http.client.HTTPConnection(site.hostname or "", site.port or 80, timeout=60)
        headers = {name: value for name, value in self.headers.items() if name.lower() not in HOP}
        connection.request(self.command, self.path, self.body, {**headers, "Host": self.headers["Host"]})
        response = connection.getresponse()
        content = response.read()
        connection.close()
        if not answer:
            cut(self)
            return
        self.send_response(response.status)
        for name, value in response.getheaders():
            if name.lower() not in HOP:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class Way(ThreadingHTTPServer):
    """A proxy in front of the site; `failure` is what becomes of requests, None as long as all is well."""

    daemon_threads = True

    def __init__(self, target: str) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.target = target
        self.failure: Failure | None = None
        self.seen: list[tuple[str, str]] = []
        self.url = f"http://127.0.0.1:{self.server_port}"
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def handle_error(self, *_: object) -> None:
        """A connection that was cut is no news."""


def cut(handler: Handler) -> None:
    """End the connection without an answer."""
    handler.close_connection = True
    handler.connection.shutdown(socket.SHUT_RDWR)


def answer_as_proxy(handler: Handler) -> None:
    """What a proxy says when the site is away."""
    content = b"<h1>Bad gateway</h1>"
    handler.send_response(502)
    handler.send_header("Content-Type", "text/html")
    handler.send_header("Content-Length", str(len(content)))
    handler.end_headers()
    handler.wfile.write(content)


def never_answer(handler: Handler) -> None:
    """Say nothing for longer than anybody waits."""
    threading.Event().wait(12)
    cut(handler)


def take_and_cut(handler: Handler) -> None:
    """The site takes it, and the answer is lost on the way."""
    handler.pass_on(answer=False)


class Phone:
    """Opened and closed with all that its browser remembers: `with phone.on() as page`. `way` is its net."""

    def __init__(self, start: Callable[..., BrowserContext], way: Way) -> None:
        self._start = start
        self.way = way

    @contextmanager
    def on(self) -> Iterator[Page]:
        """The browser, started cold; its only page."""
        context = self._start(base_url=self.way.url, viewport={"width": 375, "height": 667})
        context.set_default_timeout(15_000)
        try:
            yield context.pages[0] if context.pages else context.new_page()
        finally:
            context.close()


def sign_in(page: Page, role: str, password: str) -> None:
    """Sign in as the demo account of a role."""
    page.goto("/logga-in")
    page.get_by_label("E-post").fill(f"{role}@demo.example")
    page.get_by_label("Lösenord", exact=True).fill(password)
    page.locator("main").get_by_role("button", name="Logga in").click()
    page.wait_for_url(lambda url: "/logga-in" not in url)


def keep_all(page: Page) -> None:
    """Have the worker keep now what it keeps by and by, and wait until it has."""
    page.evaluate(
        """async () => {
          const { active } = await navigator.serviceWorker.ready
          const channel = new MessageChannel()
          const done = new Promise((resolve) => { channel.port1.onmessage = resolve })
          active.postMessage({ kind: 'keep', person: document.body.dataset.person }, [channel.port2])
          await done
        }"""
    )


def kept_on(page: Page) -> list[str]:
    """What lies in the caches: cache and address of each page, static files left out."""
    found: list[str] = page.evaluate(
        """async () => {
          const found = []
          for (const name of await caches.keys()) {
            if (name.startsWith('radrum-files-')) continue
            for (const request of await (await caches.open(name)).keys()) {
              const { pathname, search } = new URL(request.url)
              found.push(`${name} ${pathname}${search}`)
            }
          }
          return found
        }"""
    )
    return found
