"""`dev.py test --coverage` says which modules have branches left, and refuses a run that takes too few."""

import json

import pytest

from tools import coverage


def report(folder, **modules):
    """A report of coverage with `name=(taken, all)` for each module."""
    files = {
        name.replace("__", "/") + ".py": {"summary": {"covered_branches": taken, "num_branches": branches}}
        for name, (taken, branches) in modules.items()
    }
    path = folder / "report.json"
    path.write_text(json.dumps({"files": files}), encoding="utf-8")
    return path


def test_what_is_left_is_shown_with_its_room_and_the_whole(tmp_path, capsys):
    made = report(tmp_path, kb__runs__views=(3, 4), kb__runs__texts=(6, 6), kb__mail__forms=(0, 0))

    total = coverage.show(made)

    shown = capsys.readouterr().out
    assert total == 90.0
    assert "75.0 %     1 av     4  kb/runs/views.py" in shown
    assert "kb/runs/texts.py" not in shown, "nothing is left there"
    assert "90.0 %     1 av    10  kb/runs\n" in shown
    assert "100.0 %     0 av     0  kb/mail\n" in shown


@pytest.mark.parametrize(("total", "status"), [(95.9, 1), (96.0, 0), (100.0, 0)])
def test_a_whole_run_takes_most_branches(total, status):
    assert coverage.judge(total) == status
