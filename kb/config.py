"""Settings: from `RADRUM_*` in the environment, then `config.toml` in the instance folder, then the default."""

import contextlib
import difflib
import logging
import os
import re
import secrets
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, fields
from functools import cache
from pathlib import Path
from typing import Any

from kb import instance as folder
from kb.errors import Refused

log = logging.getLogger(__name__)
PREFIX = "RADRUM_"
_SHORTEST_SECRET = 32
ROOT = Path(__file__).resolve().parent.parent
_PORT = r"(?::(?:[1-5]?[0-9]{1,4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5]))?"
_HOST = r"(?:\[[0-9A-Fa-f:.]+\]|[^\s/?#@:\[\]]+)"
_ADDRESS = r"[^\s@<>,;?&\"]+@[^\s@<>,;?&\"]+"
PHONE = ("inget", "oppet", "genomforanden", "logg")  # what may lie on a phone; each includes those before it
_FORMS = {
    "env": (r"development|production", "development eller production"),
    "secret_key": (rf"(?s).{{{_SHORTEST_SECRET},}}|", f"minst {_SHORTEST_SECRET} tecken som ingen kan gissa"),
    "base_url": (rf"https?://{_HOST}{_PORT}", "en adress utan sökväg, som https://radrum.kommun.se"),
    "smtp_url": (rf"smtps?://(?:[^\s/]*@)?{_HOST}{_PORT}/?|", "skriven så: smtp://namn:lösenord@server:587"),
    "mail_from": (_ADDRESS, "en e-postadress, som radrum@kommun.se"),
    "contact_email": (rf"{_ADDRESS}|", "en e-postadress, som redaktionen@kommun.se"),
    "smtp_plain": (r"(?i)1|0|true|false|ja|nej", "1 eller 0"),
    "trusted_proxies": (r"[0-9]{1,2}", "ett heltal"),
    "phone": ("|".join(PHONE), f"{', '.join(PHONE[:-1])} eller {PHONE[-1]}"),
    "log_level": (r"DEBUG|INFO|WARNING|ERROR|CRITICAL", "DEBUG, INFO, WARNING eller ERROR"),
}
_SECRET = ("secret_key", "smtp_url")  # never shown, not even when they are wrong


@dataclass(frozen=True, kw_only=True)
class Settings:
    """All settings, typed. docs/settings.md describes each (a test holds the two together)."""

    instance: Path = field(default_factory=lambda: ROOT / "instance")
    database_url: str = ""
    secret_key: str = field(default="", repr=False)
    env: str = "development"
    base_url: str = "http://127.0.0.1:8000"
    trusted_proxies: int = 0
    smtp_url: str = field(default="", repr=False)
    smtp_plain: bool = False
    mail_from: str = "radrum@localhost"
    contact_email: str = ""
    phone: str = "genomforanden"
    log_level: str = "INFO"

    @property
    def is_production(self) -> bool:
        """Whether demo accounts and the like are refused."""
        return self.env == "production"

    @property
    def keeps_copies(self) -> bool:
        """Whether phones may keep anything for when there is no net."""
        return self.phone != "inget"

    @property
    def keeps_runs(self) -> bool:
        """Whether phones may keep running checklists."""
        return self.phone in PHONE[2:]

    @property
    def keeps_log(self) -> bool:
        """Whether phones may keep the log of running checklists."""
        return self.phone == "logg"

    @property
    def is_tls(self) -> bool:
        """Whether readers reach the site over TLS: then cookies are Secure with the `__Host-` prefix."""
        return self.base_url.startswith("https://")


@cache
def version() -> str:
    """The version of this code: it stands in pyproject.toml alone."""
    found = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return str(found["project"]["version"])


def load(environ: Mapping[str, str] | None = None, **overrides: Any) -> Settings:
    """Read the settings; makes the instance folder and, once, the secret key (mode 0600).

    Raises `kb.errors.Refused` with a Swedish message for a malformed setting, and for a name in the file that is none.
    """
    environ = os.environ if environ is None else environ
    found = {k.removeprefix(PREFIX).lower(): v for k, v in environ.items() if k.startswith(PREFIX)}
    instance = Path(overrides.get("instance") or found.get("instance") or ROOT / "instance").resolve()
    known = {f.name: f for f in fields(Settings)}
    _warn_of_misspelt(found, known)
    merged = {**_from_file(instance / "config.toml", known), **found, **overrides, "instance": instance}
    values = {name: _typed(name, merged[name]) for name in known if name in merged}
    folder.make(instance)
    return Settings(**_completed(values, instance))


def _completed(values: dict[str, Any], instance: Path) -> dict[str, Any]:
    """The values with a database and a secret of the instance's own where none are named."""
    database_url = values.get("database_url") or f"sqlite:///{instance / 'radrum.sqlite3'}"
    secret_key = values.get("secret_key") or _own_secret(instance / "secret_key")
    return {**values, "database_url": database_url, "secret_key": secret_key}


def _from_file(path: Path, known: Collection[str]) -> dict[str, Any]:
    """The settings of the file. A byte order mark, which simple editors put first, is no part of them."""
    try:
        values = tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except OSError as error:
        raise Refused(f"Inställningsfilen {path} går inte att läsa: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise Refused(
            f"Inställningsfilen {path} är inte sparad som UTF-8. Öppna den, välj Spara som och kodningen UTF-8."
        ) from error
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"line (\d+)", str(error))
        where = f"rad {line[1]} går" if line else "slutet går"
        raise Refused(
            f'Inställningsfilen {path}: {where} inte att förstå. Skriv en inställning på varje rad, namn = "värde".'
        ) from error
    for name, value in values.items():
        if name not in known or name == "instance":
            raise Refused(f"Inställningsfilen {path}: {name} är ingen inställning.{_nearest(name, known)}")
        if isinstance(value, dict | list):
            raise Refused(f'Inställningsfilen {path}: {name} ska ha ett enda värde, {name} = "värde".')
    return values


def _warn_of_misspelt(found: Collection[str], known: Collection[str]) -> None:
    """Name what looks like a slip in the environment. Others may use the prefix too, so that it is no refusal."""
    for name in sorted(set(found) - set(known)):
        if near := _nearest(name, known):
            log.warning("%s%s är ingen inställning och används inte.%s", PREFIX, name.upper(), near)


def _nearest(name: str, known: Collection[str]) -> str:
    near = difflib.get_close_matches(name.lower(), [*known], n=1, cutoff=0.75)
    return f" Menade du {near[0]}?" if near else ""


def _typed(name: str, value: Any) -> Any:
    if name == "instance":
        return Path(value).resolve()
    if name == "base_url":
        value = str(value).strip().rstrip("/")
    elif name == "log_level":
        value = str(value).upper()
    pattern, words = _FORMS.get(name, (r"(?s).*", ""))
    if not re.fullmatch(pattern, str(value)):
        found = "" if name in _SECRET else f", inte ”{value}”"
        raise Refused(f"{PREFIX}{name.upper()} ska vara {words}{found}.")
    if name == "smtp_plain":
        return str(value).lower() in ("1", "true", "ja")
    return int(value) if name == "trusted_proxies" else str(value)


def _own_secret(path: Path) -> str:
    """The installation's own secret; made once, by whichever process comes first."""
    try:
        if not path.exists():
            _make_secret(path)
        secret = path.read_text(encoding="ascii").strip()
    except OSError as error:
        raise Refused(f"Nyckeln {path} går inte att läsa eller skapa: {error.strerror}.") from error
    except UnicodeDecodeError:
        secret = ""
    if len(secret) < _SHORTEST_SECRET:
        raise Refused(
            f"Nyckeln {path} är skadad. Ta tillbaka den från en kopia, eller ta bort filen: "
            "då görs en ny, och alla loggas ut."
        )
    return secret


def _make_secret(path: Path) -> None:
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(48))
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(fresh, path)
    finally:
        fresh.unlink(missing_ok=True)
