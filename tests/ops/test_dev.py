"""dev.py: an environment that fits its pins, whatever was interrupted; clear refusals; children that end together."""

import socket
import subprocess
import sys

import pytest

import dev
from tools import children, environment, places, ports, serving


@pytest.fixture
def place(tmp_path, monkeypatch):
    """dev.py in a folder of its own; what it would build and install is only noted down."""
    for name, value in {
        "ROOT": tmp_path,
        "VENV": tmp_path / ".venv",
        "RUN_PINS": tmp_path / "requirements.txt",
        "DEV_PINS": tmp_path / "requirements-dev.txt",
        "RUN_STAMP": tmp_path / ".venv" / "run.stamp",
        "DEV_STAMP": tmp_path / ".venv" / "dev.stamp",
        "DEV_BEGUN": tmp_path / ".venv" / "dev.begun",
        "FORK": tmp_path / ".venv.whoosh3",
        "FORK_PINS": tmp_path / "requirements-whoosh3.txt",
    }.items():
        for module in (places, environment):
            if hasattr(module, name):
                monkeypatch.setattr(module, name, value)
    environment.RUN_PINS.write_text("flask==3\n")
    environment.DEV_PINS.write_text("pytest==9\n")
    environment.FORK_PINS.write_text("whoosh3==3\n")
    return tmp_path


@pytest.fixture
def done(place, monkeypatch):
    """What was built and installed, in order."""
    steps = []

    def build():
        steps.append("build")
        environment.remove(place / ".venv")
        (place / ".venv").mkdir()

    monkeypatch.setattr(environment, "build", build)

    def install(pins, *options):
        steps.append(pins.name)
        if "--target" in options:
            environment.FORK.mkdir()

    monkeypatch.setattr(environment, "install", install)
    return steps


RUN, DEV = "requirements.txt", "requirements-dev.txt"


def test_nothing_is_done_when_nothing_has_changed(done):
    environment.prepare()
    environment.prepare()

    assert done == ["build", RUN]


def test_tests_add_their_own_to_what_serving_needs(done):
    environment.prepare()
    environment.prepare(dev=True)
    environment.prepare()

    assert done == ["build", RUN, DEV]


def test_the_fork_is_installed_beside_and_only_once(done, place):
    for _ in range(2):
        variables = environment.with_fork({"HOME": "/"})

    assert done == ["requirements-whoosh3.txt"]
    assert variables["PYTHONPATH"] == str(place / ".venv.whoosh3")


@pytest.mark.parametrize("pins", [RUN, DEV])
def test_changed_pins_build_anew(done, place, pins):
    environment.prepare(dev=True)
    (place / pins).write_text("other==1\n")

    environment.prepare(dev=True)

    assert done == ["build", RUN, DEV] * 2


def test_pins_of_the_tests_do_not_matter_for_serving(done, place):
    environment.prepare()
    (place / DEV).write_text("other==1\n")

    environment.prepare()

    assert done == ["build", RUN]


@pytest.mark.parametrize("interrupted", [RUN, DEV])
def test_an_interrupted_install_is_done_anew(done, monkeypatch, interrupted):
    def install(pins):
        if pins.name == interrupted:
            raise KeyboardInterrupt
        done.append(pins.name)

    with monkeypatch.context() as patch:
        patch.setattr(environment, "install", install)
        with pytest.raises(KeyboardInterrupt):
            environment.prepare(dev=True)
    done.clear()

    environment.prepare(dev=True)

    assert done == ["build", RUN, DEV]


def test_python_without_venv_is_told_in_one_line(place, monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "ensurepip", None)

    with pytest.raises(SystemExit):
        environment.build()

    assert "python3-venv" in capsys.readouterr().err


def test_an_old_python_is_told_in_one_line(monkeypatch, capsys):
    monkeypatch.setattr(dev, "OLDEST", (99, 0))

    assert dev.main(["run"]) == 1
    assert "3.11" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "port", "says"),
    [(["--nej"], "8000", "--nej"), ([], "åtta", "åtta"), ([], "0", "65535")],
    ids=["unknown option", "no number", "no port"],
)
def test_what_cannot_be_is_refused_before_anything_is_done(done, monkeypatch, capsys, words, port, says):
    monkeypatch.setenv("PORT", port)

    assert serving.run(words) == 1
    assert says in capsys.readouterr().err
    assert done == []


def test_a_port_in_use_is_told(done, monkeypatch, capsys):
    monkeypatch.setattr(ports, "becomes_free", ports.is_free)
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        monkeypatch.setenv("PORT", str(other.getsockname()[1]))

        assert serving.run([]) == 1

    assert "används redan" in capsys.readouterr().err


def test_a_port_that_the_user_may_not_use_is_told_as_that(done, monkeypatch, capsys):
    class Ordinary(socket.socket):
        def bind(self, address):
            raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("tools.ports.socket.socket", Ordinary)
    monkeypatch.setenv("PORT", "80")

    assert serving.run([]) == 1

    said = capsys.readouterr().err
    assert "inte rätt att använda port 80" in said
    assert "används redan" not in said
    assert done == []


def test_one_child_that_ends_ends_the_watch(capsys):
    child = subprocess.Popen([sys.executable, "-c", "raise SystemExit(7)"])

    assert children.watch({"Webbservern": child}, lambda: False) == 1
    assert "Webbservern slutade oväntat (status 7)" in capsys.readouterr().err


def test_the_worker_is_started_again_when_it_ends(capsys, monkeypatch, tmp_path):
    mark = tmp_path / "igen"
    again = ["-c", f"import pathlib, time; pathlib.Path({str(mark)!r}).touch(); time.sleep(30)"]
    started = {"Bakgrundsjobben": subprocess.Popen([sys.executable, "-c", "raise SystemExit(9)"])}
    monkeypatch.setattr(
        children, "start", lambda command, _variables: subprocess.Popen([sys.executable, *command])
    )

    assert children.watch(started, mark.exists, revive={"Bakgrundsjobben": (again, {})}) == 0
    children.end(list(started.values()))

    assert "startas igen" in capsys.readouterr().out


def test_a_child_that_does_not_want_to_end_is_made_to(monkeypatch):
    monkeypatch.setattr(children, "PATIENCE", 0.2)
    script = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('ready', flush=True); signal.pause()"
    child = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE)
    child.stdout.readline()

    children.end([child])

    child.stdout.close()
    assert child.returncode == -9


def test_children_learn_the_address_of_another_port(monkeypatch, tmp_path):
    monkeypatch.setenv("RADRUM_INSTANCE", str(tmp_path))
    monkeypatch.delenv("RADRUM_BASE_URL", raising=False)

    assert serving.environment("8001")["RADRUM_BASE_URL"] == "http://127.0.0.1:8001"
    (tmp_path / "config.toml").write_text('base_url = "https://radrum.kommun.example"\n')
    assert "RADRUM_BASE_URL" not in serving.environment("8001")


def test_help_is_shown_without_a_word(capsys):
    assert dev.main([]) == 0
    assert "dev.py run" in capsys.readouterr().out


@pytest.fixture
def served(tmp_path, monkeypatch):
    """`serve` with children that do nothing; `end()` when the server has been started."""
    monkeypatch.setenv("RADRUM_INSTANCE", str(tmp_path))
    monkeypatch.setattr(serving, "answers", lambda _port: True)
    script = [sys.executable, "-c", "import time; time.sleep(60)"]
    monkeypatch.setattr(serving, "start", lambda _command, _variables: subprocess.Popen(script))
    (tmp_path / "starter.digest").write_text("x")

    def serve(*more):
        failing = subprocess.Popen([sys.executable, "-c", "raise SystemExit(1)", *more])
        failing.wait()
        stop = []
        monkeypatch.setattr(serving, "say", lambda words: stop.append(1) if "igång" in words else None)
        return serving.serve(8000, {}, failing, stop), bool(stop)

    return serve


def test_an_instance_that_is_prepared_is_served_though_preparing_failed(served):
    assert served() == (0, True)


def test_accounts_to_try_with_that_could_not_be_made_end_the_start(served):
    assert served("--demo") == (1, False)
