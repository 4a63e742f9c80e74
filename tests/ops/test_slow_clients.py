"""Clients that send or take a byte now and then: everybody else is served, and they are sent away in time."""

import socket
import threading
import time

import pytest

from tests.ops.serving import Browser, Servers

# An answer takes some ms; who waits behind slow clients waits until they are sent away, more than 15 seconds.
HELD_UP = 12
HEAD = b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: " + b"x" * 200
BODY = b"POST /logga-in HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"
BODY += b"Content-Length: 3000\r\n\r\nemail="


@pytest.fixture
def servers(site):
    """The real servers."""
    settings = site.config["SETTINGS"]
    servers = Servers(settings.instance, settings.database_url)
    servers.start()
    servers.wait_until_ready()
    yield servers
    servers.kill()


class Trickle(threading.Thread):
    """A connection that sends the start at once and then a byte a second, until it is sent away."""

    def __init__(self, port, start):
        super().__init__(daemon=True)
        self._client = socket.create_connection(("127.0.0.1", port))
        self._client.sendall(start)
        self.lasted = None

    def run(self):
        began = time.monotonic()
        try:
            while time.monotonic() - began < 40:  # far beyond the limits: then nobody sends it away
                self._client.settimeout(1)
                try:
                    if self._client.recv(1000) == b"":
                        break
                except TimeoutError:
                    self._client.send(b"x")
        except OSError:
            pass
        self.lasted = time.monotonic() - began
        self._client.close()


def slowest(servers, path, seconds):
    """The longest answer to a new connection each quarter of a second, for so long."""
    times, end = [], time.monotonic() + seconds
    while time.monotonic() < end:
        began = time.monotonic()
        assert Browser(servers.port).get(path)[0] == 200
        times.append(time.monotonic() - began)
        time.sleep(0.25)
    return max(times)


@pytest.mark.slow
@pytest.mark.parametrize("start", [b"G", HEAD, BODY], ids=["first line", "headers", "body"])
def test_eight_slow_clients_hold_nobody_up_and_are_sent_away(servers, start):
    clients = [Trickle(servers.port, start) for _ in range(8)]
    for client in clients:
        client.start()

    assert slowest(servers, "/halsa", 8) < HELD_UP
    assert Browser(servers.port).get("/vagledning/text-om-oro-1")[0] == 200

    for client in clients:
        client.join(45)
    assert all(15 < client.lasted < 39 for client in clients), [client.lasted for client in clients]


@pytest.mark.slow
def test_connections_that_say_nothing_take_no_thread(servers):
    silent = [socket.create_connection(("127.0.0.1", servers.port)) for _ in range(100)]

    assert slowest(servers, "/halsa", 3) < HELD_UP

    for client in silent:
        client.close()


def test_a_body_that_ends_too_early_is_not_worked_on(servers):
    with socket.create_connection(("127.0.0.1", servers.port), timeout=20) as client:
        client.sendall(BODY + b"bo")
        client.shutdown(socket.SHUT_WR)
        answer = client.recv(1000)

    assert answer.startswith(b"HTTP/1.1 408")


def test_bodies_of_all_kinds_arrive_whole(servers):
    browser = Browser(servers.port)
    browser.get("/logga-in")

    assert browser.post("/logga-in", email="ingen@kommun.example", password="å" * 50)[0] == 422
    assert browser.post("/logga-in", email="x" * 100_000)[0] in (400, 422)
    assert browser.post("/logga-in", email="x" * 4_000_000)[0] == 413
    chunked = b"POST /utseende HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n"
    chunked += b"Content-Type: application/x-www-form-urlencoded\r\n\r\n9\r\ntema=mork\r\n0\r\n\r\n"
    with socket.create_connection(("127.0.0.1", servers.port), timeout=20) as client:
        client.sendall(chunked)
        assert client.recv(1000).startswith(b"HTTP/1.1 303")


def test_the_log_of_requests_holds_patterns(site):
    settings = site.config["SETTINGS"]
    servers = Servers(settings.instance, settings.database_url)
    servers.options = ["--access-logfile", "-"]
    servers.start()
    servers.wait_until_ready()
    try:
        Browser(servers.port).get("/lank/en-hemlig-lank?q=hemligt")
        Browser(servers.port).get("/finns-inte-hemlig")
    finally:
        servers.stop()

    text = servers.log.read_text()
    assert "GET /lank/<token>" in text
    assert "hemlig" not in text
