"""Who may import what, besides the layers that import-linter holds."""

import pytest

from tests.structure.source import files, imports_any, name_of

FLASK = ("flask", "flask_login", "flask_wtf", "werkzeug", "wtforms", "flask_compress")
FLASK_FILES = {"views", "blueprint", "forms", "cli", "start"}
FLASK_PLACES = ("kb/web/",)
FLASK_OTHERS = {
    "kb/__init__.py",
    "kb/extensions.py",
    "kb/accounts/entry/carrying.py",
    "kb/accounts/entry/enforce.py",
    "kb/accounts/secrets/known_devices.py",
    "kb/accounts/entry/signin.py",
    "kb/accounts/entry/unstored.py",
}
ONLY_IN = {
    "whoosh": ("kb/search/engine/whoosh_files.py",),
    "nh3": ("kb/text/sanitize.py",),
    "bleach": ("kb/text/sanitize.py", "kb/text/profile.py", "kb/text/limits.py", "kb/text/tags.py"),
    "markdown_it": ("kb/text/",),
    "smtplib": ("kb/mail/",),
    "argon2": ("kb/accounts/secrets/passwords.py",),
    "alembic": ("kb/db.py", "kb/ops/"),
    "psycopg": ("kb/db.py",),
    "sqlite3": ("kb/db.py", "kb/sqlite.py"),
}


def may_know_flask(name):
    """Whether the house lets the module know about requests and pages."""
    parts = name.removeprefix("kb/").removesuffix(".py").split("/")
    return name in FLASK_OTHERS or name.startswith(FLASK_PLACES) or bool(FLASK_FILES & set(parts[1:]))


def test_only_faces_know_flask():
    others = [path for path in files("kb", ".py") if not may_know_flask(name_of(path))]

    assert [name_of(path) for path in others if imports_any(path, *FLASK)] == []


@pytest.mark.parametrize("package", ONLY_IN)
def test_a_library_is_used_in_its_place_only(package):
    users = [name_of(path) for path in files("kb", ".py") if imports_any(path, package)]

    assert [name for name in users if not name.startswith(ONLY_IN[package])] == []


def test_only_the_cleaner_declares_text_safe():
    callers = [name_of(path) for path in files("kb", ".py") if "Markup(" in path.read_text(encoding="utf-8")]

    assert callers == ["kb/text/sanitize.py"]


def test_services_never_commit():
    callers = [
        name_of(path)
        for path in files("kb", ".py")
        if "services" in name_of(path) and ".commit()" in path.read_text(encoding="utf-8")
    ]

    assert callers == []


def test_the_current_time_comes_from_the_clock():
    sources = ("datetime.now(", "datetime.utcnow(", "date.today(")
    users = [
        name_of(path)
        for path in files("kb", ".py")
        if any(word in path.read_text(encoding="utf-8") for word in sources)
    ]

    assert users == ["kb/clock.py"]
