"""All pages of runs: importing this module puts them on `bp`."""

from kb.runs.views import (
    arriving,
    disposal,
    ending,
    following,
    followups,
    handover,
    log,
    reading,
    reminders,
    starting,
)
from kb.runs.views.blueprint import bp

__all__ = [
    "arriving",
    "bp",
    "disposal",
    "ending",
    "following",
    "followups",
    "handover",
    "log",
    "reading",
    "reminders",
    "starting",
]
