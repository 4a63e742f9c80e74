"""The unit, the checklist and the run that the tests of runs have."""

from tests.runs.conftest import run, scene

__all__ = ["run", "scene"]
