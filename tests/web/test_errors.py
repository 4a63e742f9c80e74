"""Whatever goes wrong becomes a page, JSON for a script, or a line on the terminal, and says what kind it was."""

import errno
import json
import sqlite3

import pytest
from sqlalchemy.exc import DatabaseError, IntegrityError, OperationalError
from werkzeug.exceptions import BadRequest, Forbidden, ImATeapot, MethodNotAllowed, NotFound
from werkzeug.routing import RequestRedirect

from kb import errors
from kb.logs import words_of
from kb.web.commands import reported
from kb.web.errors import STATUS, TITLES, UNAVAILABLE_PAGE
from kb.web.guards import public

SECRET = "hemlighetsson@kommun.example"


def of_the_database(words, kind=OperationalError):
    """An error as SQLAlchemy passes it on."""
    return kind("INSERT", {"email": SECRET}, sqlite3.OperationalError(words))


AWAY = [
    OSError(errno.ENOSPC, "No space left on device"),
    OSError(errno.EROFS, "Read-only file system"),
    OSError(errno.EACCES, "Permission denied"),
    OSError(errno.EDQUOT, "Disk quota exceeded"),
    of_the_database("database or disk is full"),
    of_the_database("attempt to write a readonly database"),
    of_the_database("database is locked"),
    of_the_database("unable to open database file"),
    OperationalError("SELECT 1", {}, Exception("connection refused")),
]
OURS = [
    OSError(errno.ENOENT, "No such file or directory"),
    OSError("utan nummer"),
    of_the_database("no such table: utan"),
    of_the_database("UNIQUE constraint failed", IntegrityError),
    ValueError(SECRET),
    KeyError(SECRET),
]
KNOWN = [
    (kind("typ", "Ord.") if kind is errors.Invalid else kind("Ord."), code) for kind, code in STATUS.items()
]
HTTP = [
    (BadRequest(), 400),
    (Forbidden(), 403),
    (NotFound(), 404),
    (MethodNotAllowed(["GET"]), 405),
    (ImATeapot(), 400),
]
ALL = [
    *((error, 503) for error in AWAY),
    *((error, 500) for error in OURS),
    *KNOWN,
    *HTTP,
    (errors.RadrumError("Ord."), 400),
]


@pytest.fixture
def fails(app, client, monkeypatch):
    """`fails(error)` asks for a page whose view raises it."""

    def ask(error, **headers):
        def view() -> str:
            raise error

        monkeypatch.setitem(app.view_functions, "desk.about_show", public(view))
        return client.get("/om", headers=headers, expect_error=True)

    return ask


@pytest.mark.parametrize(("error", "status"), ALL, ids=[repr(error)[:60] for error, _status in ALL])
def test_each_error_is_one_page_and_the_same_words_for_a_script(fails, error, status):
    shown = fails(error)
    told = fails(error, **{"X-Requested-With": "fetch"})

    assert (shown.status_code, told.status_code) == (status, status)
    assert TITLES[status][0] in shown.text
    assert "<" not in json.dumps(told.json)
    assert (told.json["status"], bool(told.json["message"])) == (status, True)
    assert SECRET not in shown.text + told.text
    assert ("Felets nummer" in shown.text) == (status == 500)
    if isinstance(error, errors.RadrumError):
        assert error.message in shown.text
        assert told.json["message"] == error.message
    assert ("Retry-After" in shown.headers) == (status == 429)
    assert ("Allow" in shown.headers) == (status == 405)


def test_a_redirect_that_is_raised_is_one(fails):
    answer = fails(RequestRedirect("http://localhost/vagledning"))

    assert (answer.status_code, answer.location) == (308, "http://localhost/vagledning")


def test_an_error_page_that_fails_itself_is_a_still_one(app, fails, monkeypatch):
    monkeypatch.setattr("kb.web.errors.render_template", lambda *_names, **_values: 1 / 0)

    answer = fails(errors.Conflict("Ord."))

    assert (answer.status_code, answer.text) == (409, UNAVAILABLE_PAGE.read_text(encoding="utf-8"))


# The terminal


@pytest.mark.parametrize(
    "error",
    [*AWAY[4:], of_the_database("file is not a database", DatabaseError), errors.Refused("Ord.")],
    ids=repr,
)
def test_a_command_says_in_one_swedish_line_what_went_wrong(error, capsys):
    with pytest.raises(SystemExit) as ended, reported():
        raise error

    said = capsys.readouterr()
    assert (ended.value.code, said.out, len(said.err.splitlines())) == (1, "", 1)
    assert SECRET not in said.err


@pytest.mark.parametrize("error", OURS[2:], ids=repr)
def test_a_fault_of_ours_passes_through_a_command(error):
    with pytest.raises(type(error)), reported():
        raise error


# The log


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (AttributeError("no attribute 'slug'"), "AttributeError: no attribute 'slug'"),
        (OSError(28, "No space left on device"), "OSError 28 (No space left on device)"),
        (OSError(SECRET), "OSError"),
        (of_the_database("database is locked"), "OperationalError (database is locked)"),
        (OperationalError("SELECT 1", {}, RuntimeError(SECRET)), "OperationalError (RuntimeError)"),
        (ValueError(SECRET), "ValueError"),
        (KeyError(SECRET), "KeyError"),
    ],
    ids=repr,
)  # fmt: skip
def test_the_log_says_the_kind_and_never_what_was_typed(error, words):
    assert words_of(error) == words


def test_the_log_says_the_state_that_a_server_of_databases_gave():
    class Cut(Exception):
        sqlstate = "57P01"

    assert words_of(OperationalError("SELECT 1", {}, Cut(SECRET))) == "OperationalError (Cut 57P01)"
