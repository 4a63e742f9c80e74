"""The nodes on one database: each has an instance folder, an index of its own, and tells how far that has come."""

import contextlib
import hmac
import os
import platform
import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from kb.audit.services import record
from kb.db import upsert
from kb.errors import NotFound
from kb.machines import moment
from kb.search.engine import changes
from kb.search.engine.manifest import Manifest
from kb.search.models import SearchNode

NAME = "node"
QUIET = timedelta(minutes=10)  # a worker tells twice a minute; who has not for so long is no longer there
GONE = timedelta(days=30)
LATE = timedelta(minutes=1)  # an index that has not followed for so long does not follow by itself
_ID = re.compile(r"[0-9a-f]{16}")


def key_print_of(secret: str) -> str:
    """What is equal for equal secret keys and does not give them away."""
    return hmac.new(secret.encode(), b"node", "sha256").hexdigest()[:32]


class Node:
    """This node. Its name lies in its instance folder: one that is copied should have the file removed."""

    def __init__(self, folder: Path, key_print: str = "") -> None:
        self._path = folder / NAME
        self.key_print = key_print

    @property
    def id(self) -> str | None:
        """The name, made once by whichever process comes first; None where none can be kept."""
        try:
            if not self._path.exists():
                self._make()
            name = self._path.read_text(encoding="ascii").strip()
            if not _ID.fullmatch(name):  # half a file, after a power cut: a new name costs nothing
                self._path.unlink()
                self._make()
                name = self._path.read_text(encoding="ascii").strip()
        except (OSError, UnicodeDecodeError):
            return None
        return name if _ID.fullmatch(name) else None

    def _make(self) -> None:
        fresh = self._path.with_name(f"{NAME}.{os.getpid()}.{secrets.token_hex(4)}")
        try:
            fresh.write_text(secrets.token_hex(8), encoding="ascii")
            with contextlib.suppress(FileExistsError):
                os.link(fresh, self._path)
        finally:
            fresh.unlink(missing_ok=True)

    def tell(self, session: Session, manifest: Manifest | None) -> None:
        """Say how far the index of this node has come."""
        if (name := self.id) is None:
            return
        place = manifest.place if manifest else None
        told = {
            "host": platform.node()[:255],
            "number": place.number if place else None,
            "generation": manifest.folder if manifest else "",
            "key_print": self.key_print,
            "seen_at": moment(session),
        }
        upsert(session, SearchNode, [{"id": name, **told}], unique=["id"], change=told)


@dataclass(frozen=True)
class Told:
    """What a node told last. `waits_since`: of the first change that its index does not hold."""

    id: str
    host: str
    number: int | None
    last: int
    generation: str
    seen_at: datetime
    age: timedelta
    waits_since: datetime | None
    has_same_key: bool

    @property
    def is_late(self) -> bool:
        """Whether it is there, and its index does not follow."""
        if self.age > QUIET or self.waits_since is None:
            return False
        return self.number is None or self.seen_at - self.waits_since > LATE


def list_nodes(session: Session, own: Node) -> list[Told]:
    """All that ever told of themselves and were not forgotten, those that were heard last first."""
    now, last = moment(session), changes.newest(session).number
    return [
        Told(
            id=row.id,
            host=row.host,
            number=row.number,
            last=last,
            generation=row.generation,
            seen_at=row.seen_at,
            age=now - row.seen_at,
            waits_since=changes.waits_since(session, -1 if row.number is None else row.number),
            has_same_key=row.key_print == own.key_print,
        )
        for row in session.scalars(select(SearchNode).order_by(SearchNode.seen_at.desc(), SearchNode.id))
    ]


def forget(session: Session, node_id: str) -> None:
    """Forget a node that is gone; one that is not tells of itself again. Raises `NotFound`."""
    row = session.get(SearchNode, node_id)
    if row is None:
        raise NotFound(f"Det finns ingen nod {node_id}. Vilka som finns visar ops status.")
    record(session, "search.node_forgotten", actor="system", host=row.host)
    session.delete(row)


def forget_silent(session: Session) -> None:
    """Forget those that have told nothing for a month."""
    session.execute(delete(SearchNode).where(SearchNode.seen_at < moment(session) - GONE))
