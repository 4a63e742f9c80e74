"""Every part of `python3 dev.py check` holds."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.structure.source import ROOT
from tools.checks import CHECKS

PROGRAMS = Path(sys.executable).parent
OTHERS = CHECKS[:-1]  # the last is this folder


@pytest.mark.slow
@pytest.mark.parametrize("command", dict(OTHERS).values(), ids=dict(OTHERS))
def test_check_passes(command):
    found = subprocess.run([PROGRAMS / command[0], *command[1:]], cwd=ROOT, capture_output=True, text=True)

    assert found.returncode == 0, found.stdout + found.stderr
