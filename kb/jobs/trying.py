"""What the worker does about things that fail: they wait longer each time, keep nothing else up and fill no log."""

import logging
import threading
import time
from collections.abc import Callable

from sqlalchemy.exc import DatabaseError

from kb.db import is_unavailable
from kb.logs import words_of

log = logging.getLogger(__name__)
Stop = Callable[[], bool]
LONGEST_PAUSE = 15.0
SAY_EVERY = 60.0
HOUR = 3600.0


def never() -> bool:
    """A `stop()` of those who go on to the end."""
    return False


def is_away(error: Exception) -> bool:
    """Whether the store cannot be used just now: nothing that a job did wrong."""
    return isinstance(error, DatabaseError) and is_unavailable(error)


def reason_of(error: Exception) -> str:
    """Why a job failed, for who looks after it: never the text that somebody wrote, which an error may quote."""
    message = getattr(error, "message", None)
    return f"{type(error).__name__}: {message}" if isinstance(message, str) else words_of(error)


class Tried:
    """An action that may fail without keeping the others from running; then it rests, up to a minute.

    What is wrong with the database is passed on: it concerns all.
    """

    def __init__(self, action: Callable[..., None]) -> None:
        self._action = action
        self._not_before = 0.0
        self._rest = 1.0

    def __call__(self, *arguments: object) -> None:
        """Do it, unless it rests."""
        if time.monotonic() < self._not_before:
            return
        try:
            self._action(*arguments)
            self._rest = 1.0
        except Exception as error:
            if is_away(error):
                raise
            self._not_before = time.monotonic() + self._rest
            self._rest = min(SAY_EVERY, self._rest * 2)
            log.exception("a recurring action failed")


class Seldom:
    """An action that is done when it is asked for, at most once an hour; it passes on what is wrong."""

    def __init__(self, action: Callable[[], object]) -> None:
        self._action = action
        self._done_at = -HOUR

    def __call__(self) -> None:
        """Do it, unless it was done lately."""
        if time.monotonic() - self._done_at >= HOUR:
            self._action()
            self._done_at = time.monotonic()


class Outage:
    """How long to wait while the database is away, and when to say so: once a minute, in one line."""

    def __init__(self, first: float) -> None:
        self._first = first
        self._pause = first
        self._said_at = -SAY_EVERY

    def next(self, error: Exception) -> float:
        """The pause after one more failure."""
        pause, self._pause = self._pause, min(LONGEST_PAUSE, self._pause * 2)
        if time.monotonic() - self._said_at >= SAY_EVERY:
            self._said_at = time.monotonic()
            log.error("the worker cannot use the database and tries again: %s", reason_of(error))
        return pause

    def over(self) -> None:
        """It works again."""
        if self._pause != self._first:
            log.warning("the worker can use the database again")
            self._pause, self._said_at = self._first, -SAY_EVERY


class Beside:
    """A slow drain in a thread of its own: one at a time, and nobody waits for it, not even the end of the process."""

    def __init__(self, name: str, drain: Callable[[Stop], None], stop: Stop) -> None:
        self._name = name
        self._drain = Tried(drain)
        self._stop = stop
        self._thread: threading.Thread | None = None

    def go_on(self) -> None:
        """See to it that the drain runs."""
        if self._thread is None or not self._thread.is_alive():
            self._thread = threading.Thread(target=self._run, daemon=True, name=f"drain-{self._name}")
            self._thread.start()

    def _run(self) -> None:
        try:
            self._drain(self._stop)
        except DatabaseError:
            return  # the worker itself meets it too, and tells
