"""Shared fixtures: the application on a real database, rolled back around each test; a client that checks pages."""

import atexit
import functools
import os
import secrets
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, settings
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session

from kb import create_app, make_ready
from kb.accounts.models import User
from kb.accounts.secrets import passwords
from kb.accounts.services.sign_ins import begin_sign_in
from kb.db import WRITING, Database, make_engine
from tests.pages import check_page
from tests.shared import NO_DATA, SHARED

ROOT = Path(__file__).resolve().parent.parent
SERVER = os.environ.get("RADRUM_TEST_DATABASE_URL", "")
IN_CI = bool(os.environ.get("RADRUM_CI"))

# How long an example takes to make says how busy the machine is, nothing about the code.
settings.register_profile("radrum", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("radrum")


class CheckedClient(FlaskClient):
    """A test client that looks at every page it gets (see `tests/pages.py`); `reads_all`: the markup of each."""

    reads_all = False

    def open(self, *args: Any, **kwargs: Any) -> Any:
        expected = kwargs.pop("expect_error", False)
        response = super().open(*args, **kwargs)
        if not expected:
            assert response.status_code < 500, response.get_data(as_text=True)[:2000]
        check_page(self.application, response, everything=self.reads_all)
        return response


def new_database_url(folder: Path) -> str:
    """An empty database of the kind under test."""
    if not SERVER:
        return f"sqlite:///{folder / 'radrum.sqlite3'}"
    return _on_server("template1")


def ready_database_url(folder: Path) -> str:
    """A database of the kind under test as a first start leaves it: a copy of one that is made once in a process."""
    if SERVER:
        return _on_server(str(make_engine(_made_ready()).url.database))
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(str(make_engine(_made_ready()).url.database), folder / "radrum.sqlite3")
    return f"sqlite:///{folder / 'radrum.sqlite3'}"


@functools.cache
def _made_ready() -> str:
    """The address of the one that is copied, closed: tables and basics take longer than all else of a start."""
    folder = Path(tempfile.mkdtemp(prefix="radrum-ready-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    url = new_database_url(folder)
    database = Database(url)
    make_ready(database, folder)
    if not SERVER:
        with database.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.dispose()
    return url


def _on_server(template: str) -> str:
    """A new database beside the one that is named for the tests."""
    name = f"radrum_{secrets.token_hex(6)}"
    engine = create_engine(make_engine(SERVER).url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f'CREATE DATABASE "{name}" TEMPLATE "{template}"'))
    engine.dispose()
    return make_engine(SERVER).url.set(database=name).render_as_string(hide_password=False)


def build_app(folder: Path, **overrides: Any) -> Flask:
    """An application of its own in `folder`."""
    if "database_url" not in overrides:
        overrides["database_url"] = ready_database_url(folder)
    app = create_app(**{"instance": folder, "log_level": "ERROR", **overrides})
    app.testing = True
    app.test_client_class = CheckedClient
    app.config["WTF_CSRF_ENABLED"] = False
    app.config["PROPAGATE_EXCEPTIONS"] = False
    return app


@pytest.fixture(scope="session", autouse=True)
def true_hasher() -> Iterator[tuple[PasswordHasher, str]]:
    """Passwords are hashed fast in tests; this gives the hasher, and the hash of nobody, that the site uses."""
    true = passwords._HASHER, passwords._DUMMY
    passwords._HASHER = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
    passwords._DUMMY = passwords._HASHER.hash("")
    yield true
    passwords._HASHER, passwords._DUMMY = true


@pytest.fixture(scope="session")
def shared_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """One application for all tests of a process; use `app`."""
    app = build_app(tmp_path_factory.mktemp("instance"))
    yield app
    app.extensions["database"].dispose()


@pytest.fixture
def app(shared_app: Flask) -> Iterator[Flask]:
    """The application; everything that the test stores is rolled back."""
    database = shared_app.extensions["database"]
    before = database._reading, database._writing, database._session_options
    with database.engine.connect().execution_options(**{WRITING: True}) as connection:
        outer = connection.begin()
        database.join(connection)
        yield shared_app
        outer.rollback()
    database._reading, database._writing, database._session_options = before


@pytest.fixture
def live_app(tmp_path: Path) -> Iterator[Flask]:
    """An application with a database of its own, for threads, processes and what must really commit."""
    app = build_app(tmp_path)
    yield app
    app.extensions["database"].dispose()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """An anonymous browser without script."""
    return app.test_client()


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    """A session inside the test's transaction; `session.commit()` makes its data visible to the client."""
    with app.extensions["database"].reading() as session:
        yield session


@pytest.fixture
def sign_in(app: Flask, session: Session) -> Callable[[User], FlaskClient]:
    """`sign_in(user)` gives a browser that is signed in as `user`."""

    def enter(user: User) -> FlaskClient:
        token = begin_sign_in(session, user, device="Provläsare")
        session.commit()
        browser = app.test_client()
        with browser.session_transaction() as cookie:
            cookie["_user_id"] = token
        return browser

    return enter


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder with public test data; the test is skipped where it is missing."""
    if not SHARED.is_dir():
        pytest.skip(f"{NO_DATA} {SHARED} (RADRUM_SHARED)")
    return SHARED


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Against a server only what has to do with its database runs: the rest has run, and would run no differently."""
    if not SERVER:
        return
    left = [item for item in items if not touches_database(item)]
    config.hook.pytest_deselected(items=left)
    items[:] = [item for item in items if touches_database(item)]


# What gives a test a database of the kind under test: fixtures, or names that its module has taken from here.
WITH_DATABASE = frozenset({"shared_app", "live_app", "other"})
MAKING_DATABASE = ("build_app", "new_database_url", "SERVER")


def touches_database(item: pytest.Item) -> bool:
    """Whether a test asks for a database, or stands in a module that makes some or asks for their kind."""
    asked = set(getattr(item, "fixturenames", ()))
    module = getattr(item, "module", None)
    return bool(WITH_DATABASE & asked) or any(hasattr(module, name) for name in MAKING_DATABASE)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """In CI nothing may be skipped because a part is missing; data beside the repository only where there is such."""
    if not IN_CI or hasattr(session.config, "workerinput"):
        return
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    reasons = [str(report.longrepr) for report in reporter.stats.get("skipped", [])]
    missing = sum("saknas:" in reason for reason in reasons)
    without_data = sum(NO_DATA in reason for reason in reasons)
    if without_data and not SHARED.is_dir():
        reporter.write_line(f"{without_data} skipped: this machine has no test data in {SHARED}.")
        missing -= without_data
    if missing:
        reporter.write_line(f"{missing} tests were skipped for a missing part; in CI that is a failure.")
        session.exitstatus = 1
