"""`dev.py run`: prepare the data, then the web server and the worker side by side."""

from __future__ import annotations

import os
import signal
import subprocess
from pathlib import Path
from typing import cast

from tools.children import end, start, wait, watch
from tools.environment import prepare
from tools.places import ROOT, fail, say
from tools.ports import answers, refusal

READY = 60
WORK = ["flask", "jobs", "work"]


def run(arguments: list[str]) -> int:
    """Prepare the data, then serve and work until one of the two ends or somebody says stop."""
    unknown = [argument for argument in arguments if argument != "--demo"]
    if unknown:
        return fail(f"Okänt tillägg: {' '.join(unknown)}. Det enda som finns är --demo.")
    port = os.environ.get("PORT", "8000")
    if (refused := refusal(port)) is not None:
        return refused
    prepare()
    variables = environment(port)
    stop: list[int] = []
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda number, _frame: stop.append(number))
    preparing = start(["flask", "ops", "start", *arguments], variables)
    if not was_prepared() and (wait(preparing, stop) or stop):
        return 0 if stop else preparing.returncode
    return serve(int(port), variables, preparing, stop)


def was_prepared() -> bool:
    """Whether this instance has been served before: then pages can be shown while it is prepared again."""
    return (instance() / "starter.digest").is_file()


def environment(port: str = "8000") -> dict[str, str]:
    """The variables of our children."""
    variables = {**os.environ, "FLASK_APP": "wsgi", "PYTHONUNBUFFERED": "1"}
    if port != "8000" and "RADRUM_BASE_URL" not in variables and not names_base_url():
        variables["RADRUM_BASE_URL"] = f"http://127.0.0.1:{port}"
    return variables


def names_base_url() -> bool:
    """Whether config.toml says where readers find the site."""
    import tomllib

    try:
        return "base_url" in tomllib.loads((instance() / "config.toml").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False


def instance() -> Path:
    """The folder with the data."""
    return Path(os.environ.get("RADRUM_INSTANCE") or ROOT / "instance")


def serve(port: int, variables: dict[str, str], preparing: subprocess.Popen[bytes], stop: list[int]) -> int:
    """The web server and then the worker, side by side; when one ends, all end."""
    children = {"Webbservern": start(["gunicorn", "--bind", f"127.0.0.1:{port}", "wsgi:app"], variables)}

    def stopped() -> bool:
        return bool(stop)

    def answered() -> bool:
        return stopped() or answers(port)

    try:
        status = watch(children, lambda: answered() or preparing.poll() is not None)
        status = status or unprepared(preparing, stop) or watch(children, answered, READY)
        if status:
            return status
        if not stopped():
            say(f"Rådrum är igång på http://127.0.0.1:{port}. Avsluta med Ctrl-C.")
            children["Bakgrundsjobben"] = start(WORK, variables)
        status = watch(children, stopped, revive={"Bakgrundsjobben": (WORK, variables)})
        say("\nAvslutar …")
        return status
    finally:
        end([*children.values(), preparing])


def unprepared(preparing: subprocess.Popen[bytes], stop: list[int]) -> int:
    """The exit status when preparing failed and there is nothing to go on with; 0 otherwise."""
    if not wait(preparing, stop) or stop:
        return 0
    if not was_prepared() or "--demo" in cast("list[str]", preparing.args):
        return preparing.returncode
    say("Förberedelsen blev inte klar. Rådrum fortsätter med det som finns.")
    return 0
