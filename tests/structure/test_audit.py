"""Known weaknesses of the pins: told where their list is reached, and when it last was where it is not."""

import json
import re
import subprocess
from datetime import date

import pytest

from tests.structure.source import ROOT, text_of
from tools import audit

SOUND = {"name": "flask", "version": "3.1.0", "vulns": []}
WEAK = {"name": "jinja2", "version": "3.0.0", "vulns": [{"id": "PYSEC-1"}, {"id": "GHSA-2"}]}
PASSED = {"name": "nh3", "skip_reason": "not there"}
LINE = re.compile(
    r"\| (\d{4}-\d\d-\d\d) \| requirements\.txt, \d+ of \d+ pins \| pip-audit [\d.]+ \| [^|]+ \|"
)


@pytest.fixture(autouse=True)
def pip_audit(monkeypatch):
    """Some version of the tool, whether it is installed here or not."""
    monkeypatch.setattr(audit, "version", lambda _name: "2.9.0")


@pytest.fixture
def answer(monkeypatch):
    """Let pip-audit answer so (the network is the outer wall)."""

    def give(output):
        def run(command, **_):
            if isinstance(output, Exception):
                raise output
            return subprocess.CompletedProcess(command, 0, stdout=output, stderr="")

        monkeypatch.setattr(subprocess, "run", run)

    return give


def listed(*dependencies):
    return json.dumps({"dependencies": dependencies})


def test_a_known_weakness_fails_and_is_named(answer, capsys):
    answer(listed(SOUND, WEAK, PASSED))

    assert audit.main() == 1
    told = capsys.readouterr()
    assert "jinja2 3.0.0: PYSEC-1, GHSA-2" in told.out + told.err
    assert "2 of 3 pins" in told.out + told.err


def test_a_look_that_finds_nothing_gives_the_line_to_note(answer, capsys):
    answer(listed(SOUND))

    assert audit.main() == 0
    told = capsys.readouterr()
    assert LINE.search(told.out + told.err)


@pytest.mark.parametrize(
    "output",
    [subprocess.TimeoutExpired("pip-audit", 1), "", "{}", listed(PASSED)],
    ids=["hangs", "says nothing", "says something else", "reaches nobody"],
)
def test_without_the_list_nothing_fails_and_the_last_look_is_named(answer, capsys, output):
    answer(output)

    assert audit.main() == 0
    told = capsys.readouterr()
    assert f"Senast granskat: {audit.last_noted()}." in told.out + told.err


def test_the_newest_look_is_the_last_line_of_the_table(tmp_path, monkeypatch):
    noted = tmp_path / "audited.md"
    monkeypatch.setattr(audit, "NOTED", noted)
    noted.write_text("| date |\n| --- |\n", encoding="utf-8")
    assert audit.last_noted() == "aldrig"

    noted.write_text(f"| date |\n| --- |\n{audit.line_of([SOUND], [])}\n", encoding="utf-8")
    assert date.fromisoformat(audit.last_noted())


def test_the_table_has_a_line_for_each_look_in_the_order_of_days():
    rows = [line for line in text_of(ROOT / "docs/audited.md").splitlines() if line.startswith("| 2")]
    days = [match[1] for row in rows if (match := LINE.fullmatch(row))]

    assert len(days) == len(rows)
    assert days == sorted(days)
    assert bool(rows) is ("Nobody has looked yet" not in text_of(ROOT / "docs/audited.md"))
