"""What goes into the log: where something went wrong and of what kind it was, never what a person typed.

Exceptions quote: a value that does not fit, the row that a constraint refused. So their own words are left out.
"""

import logging
import sys
import traceback
from types import TracebackType
from typing import Any

FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
UNKNOWN_ADDRESS = "(okänd adress)"
_OF_THE_CODE = (ImportError, SyntaxError, NameError, AttributeError)  # their words are names in our own files
_Caught = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class QuietFormatter(logging.Formatter):
    """As usual, but of an exception the places and the kind alone."""

    def format(self, record: logging.LogRecord) -> str:
        """A line, and what another handler has made of the exception is not taken over."""
        kept, record.exc_text = record.exc_text, None
        try:
            return super().format(record)
        finally:
            record.exc_text = kept

    def formatException(self, ei: _Caught) -> str:  # noqa: N802 - the name is logging's
        """The lines of code that led to it, causes first."""
        error = ei[1]
        return "" if error is None else "\n".join(_lines(error, set()))


def configure(level: str) -> None:
    """Log to standard error, unless somebody has set up logging already."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(QuietFormatter(FORMAT))
    logging.basicConfig(level=level, handlers=[handler])


def words_of(error: BaseException) -> str:
    """What kind of error it is, with the details that nobody typed."""
    name = type(error).__name__
    if isinstance(error, _OF_THE_CODE):
        return f"{name}: {error}"
    if isinstance(error, OSError) and error.errno is not None:
        return f"{name} {error.errno} ({error.strerror})"
    cause = getattr(error, "orig", None)
    if type(cause).__module__ == "sqlite3":  # its words are about tables and the disk
        return f"{name} ({cause})"
    if cause is not None:
        return f"{name} ({type(cause).__name__} {getattr(cause, 'sqlstate', None) or ''})".replace(" )", ")")
    return name


def _lines(error: BaseException, seen: set[int]) -> list[str]:
    seen.add(id(error))
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    before = [*_lines(cause, seen), "which led to"] if cause is not None and id(cause) not in seen else []
    places = [line.rstrip() for line in traceback.format_tb(error.__traceback__)]
    return [*before, *places, words_of(error)]


def pattern_of(environ: dict[str, Any]) -> str:
    """The address of a request as a pattern, "/lank/<token>": the address itself may hold a secret."""
    return str(environ.get(PATTERN, UNKNOWN_ADDRESS))


PATTERN = "radrum.pattern"  # in the environment of a request, set once its address is known
