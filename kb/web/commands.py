"""What commands on the terminal share: known errors become one Swedish line and exit status 1."""

from collections.abc import Iterator
from contextlib import contextmanager

import click
from sqlalchemy.exc import DatabaseError

from kb.db import is_unavailable
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
        if not is_unavailable(error):
            raise
        click.echo(f"{Unavailable.message} ({error.orig})", err=True)
        raise SystemExit(1) from error
