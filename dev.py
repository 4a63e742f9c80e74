#!/usr/bin/env python3
"""Set-up, start, tests and checks: needs nothing but Python 3.11 with venv. `python3 dev.py` says how."""

from __future__ import annotations

import os
import sys

from tools.checks import check
from tools.environment import prepare
from tools.places import PYTHON, ROOT, fail, say
from tools.serving import environment, run
from tools.testing import test

OLDEST = (3, 11)
HELP = """Rådrum

  python3 dev.py run [--demo]       startar Rådrum på http://127.0.0.1:8000 (annan port: PORT=8001)
  python3 dev.py test [...]         kör testerna; det som följer går vidare till pytest
  python3 dev.py test --postgresql  kör testerna utan webbläsare mot en tillfällig PostgreSQL
  python3 dev.py test --whoosh3     kör sökningens tester med efterföljaren whoosh3 i stället för whoosh
  python3 dev.py test --coverage    säger vilka grenar av koden som inget test tar
  python3 dev.py check              kontrollerar format, kod, typer, importer och mallar
  python3 dev.py setup              installerar det som behövs och slutar
  python3 dev.py flask ...          kör ett av programmets kommandon, till exempel ops backup FIL
"""


def main(arguments: list[str]) -> int:
    """Do what the first word says; the exit status."""
    if sys.version_info < OLDEST:
        return fail(
            f"Rådrum behöver Python 3.11 eller nyare. Det här är {sys.version_info[0]}.{sys.version_info[1]}."
        )
    commands = {"run": run, "test": test, "check": check, "setup": setup, "flask": flask}
    word, rest = (arguments[0], arguments[1:]) if arguments else ("", [])
    if word not in commands:
        print(HELP)
        return 0 if word in ("", "help", "-h", "--help") else 2
    os.chdir(ROOT)
    return commands[word](rest)


def setup(_arguments: list[str]) -> int:
    """Install everything."""
    prepare(dev=True)
    say("Allt är installerat.")
    return 0


def flask(arguments: list[str]) -> int:
    """Hand over to the environment's flask."""
    prepare()
    os.execve(PYTHON, [str(PYTHON), "-m", "flask", *arguments], environment())  # noqa: S606


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
