"""The instance folder: made where it is missing, kept from everybody but its owner, whatever the umask."""

import contextlib
import os
import stat
from collections.abc import Iterator
from pathlib import Path

from kb.errors import Refused

UMASK = 0o077  # wsgi.py sets it, for servers, worker and commands alike
_OTHERS = 0o077


def make(folder: Path) -> None:
    """Make the folder and take from others what right they have to it and what lies in it.

    Raises `Refused` where there can be no folder. One that belongs to somebody else is used as it is.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError):
        raise Refused(
            f"RADRUM_INSTANCE ska vara en mapp, men {_in_the_way(folder)} är en fil. Inget har ändrats."
        ) from None
    except OSError as error:
        raise Refused(f"Mappen {folder} går inte att skapa: {error.strerror}. Inget har ändrats.") from error
    for path in (folder, *_below(folder)):
        _close(path)


def _in_the_way(folder: Path) -> Path:
    return next((path for path in (folder, *folder.parents) if path.exists()), folder)


def _below(folder: Path) -> Iterator[Path]:
    for place, folders, files in os.walk(folder):  # follows no links
        yield from (Path(place, name) for name in (*folders, *files))


def _close(path: Path) -> None:
    """Others' rights go; what vanishes meanwhile, or is not ours, is passed over."""
    with contextlib.suppress(OSError):
        mode = path.lstat().st_mode
        if stat.S_IMODE(mode) & _OTHERS and not stat.S_ISLNK(mode):
            path.chmod(stat.S_IMODE(mode) & ~_OTHERS)
