"""What commands on the terminal share: errors as one Swedish line with exit status 1, progress on stderr."""

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import click
from flask.cli import AppGroup
from sqlalchemy.exc import DatabaseError

from kb.db import DAMAGED, is_damaged, is_unavailable
from kb.errors import RadrumError, Unavailable


@contextmanager
def reported() -> Iterator[None]:
    """Say what went wrong and leave; unknown errors pass through."""
    try:
        yield
    except RadrumError as error:
        click.echo(error.message, err=True)
        raise SystemExit(1) from error
    except DatabaseError as error:
        words = DAMAGED if is_damaged(error) else Unavailable.message if is_unavailable(error) else None
        if words is None:
            raise
        click.echo(f"{words} ({error.orig})", err=True)
        raise SystemExit(1) from error


class CommandGroup(AppGroup):
    """A group whose commands all say in one line what went wrong."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command that was asked for."""
        with reported():
            return super().invoke(ctx)


@contextmanager
def progress_bar(label: str) -> Iterator[Callable[[int, int], None]]:
    """Gives `show(done, total)`, which draws a bar on stderr from its first call on."""
    with ExitStack() as stack:
        bars: list[Any] = []

        def show(done: int, total: int) -> None:
            if not bars:
                bars.append(
                    stack.enter_context(click.progressbar(length=total, label=label, file=sys.stderr))
                )
            bars[0].update(done - bars[0].pos)

        yield show
