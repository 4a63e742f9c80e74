"""How much a call does, counted and not timed: the same on an idle machine and on a busy one."""

import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType


def calls_of(act: Callable[[], object]) -> int:
    """How many functions are called while `act` runs, Python's own included."""
    count = 0

    def counted(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(counted)
    try:
        act()
    finally:
        sys.setprofile(before)
    return count


@contextmanager
def cut_off(seconds: float) -> Iterator[None]:
    """Fail what has used so much CPU time: ten times what it takes, so that only what hangs is struck."""

    def fail(_number: int, _frame: FrameType | None) -> None:
        raise AssertionError(f"not done after {seconds} s of CPU time")

    before = signal.signal(signal.SIGPROF, fail)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
