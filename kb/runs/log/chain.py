"""The chain that holds the lines of a run together: each carries the hash of the one before, the run that of the last.

Whoever changes, removes or puts in a line by hand would have to write all that follow anew, and the run too.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from kb.runs.models import Run, RunEvent

BEGINNING = ""  # what stands in the place of a hash before the first line
# All that a line holds but its own hash; `run_id` is said by the run's public id, which a backup keeps too.
SEALED = (
    "id",
    "number",
    "previous_hash",
    "client_id",
    "kind",
    "step_key",
    "actor_id",
    "actor_name",
    "device_at",
    "server_at",
    "data",
)


def digest(public_id: str, line: Mapping[str, Any]) -> str:
    """The hash (SHA-256, hexadecimal) of a line of the run with this public id, over all columns in `SEALED`."""
    values = {name: line[name] for name in SEALED} | {"run": public_id}
    plain = json.dumps(values, sort_keys=True, separators=(",", ":"), default=_plain)
    return hashlib.sha256(plain.encode()).hexdigest()


def append(session: Session, run: Run, line: RunEvent) -> None:
    """Add a line as the last of the chain.

    The run is held by this transaction or made in it, so that no two lines follow the same one; where it were not, the
    database refuses the second line of a number.
    """
    line.run_id = run.id
    line.number, line.previous_hash, line.hash = run.log_count + 1, run.log_head, ""
    session.add(line)
    session.flush()  # gives the id, which is sealed too
    sealed = digest(run.public_id, {name: getattr(line, name) for name in SEALED})
    statement = update(RunEvent).where(RunEvent.id == line.id).values(hash=sealed)
    session.execute(statement, execution_options={"synchronize_session": False})
    set_committed_value(line, "hash", sealed)
    run.log_count, run.log_head = line.number, sealed
    session.flush()


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    raise TypeError(f"no plain form for {type(value).__name__}")
