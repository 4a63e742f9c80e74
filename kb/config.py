"""Settings: from `RADRUM_*` in the environment, then `config.toml` in the instance folder, then the default."""

import os
import re
import secrets
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from kb.errors import Refused

PREFIX = "RADRUM_"
ROOT = Path(__file__).resolve().parent.parent
_FORMS = {
    "env": (r"development|production", "development eller production"),
    "base_url": (r"https?://[^\s/?#@]+", "en adress utan sökväg, som https://radrum.kommun.se"),
    "contact_email": (r"[^\s@<>,;?&\"]+@[^\s@<>,;?&\"]+|", "en e-postadress, som redaktionen@kommun.se"),
    "trusted_proxies": (r"[0-9]{1,2}", "ett heltal"),
    "log_level": (r"DEBUG|INFO|WARNING|ERROR|CRITICAL", "DEBUG, INFO, WARNING eller ERROR"),
}


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
    mail_from: str = "radrum@localhost"
    contact_email: str = ""
    log_level: str = "INFO"

    @property
    def is_production(self) -> bool:
        """Whether demo accounts and the like are refused."""
        return self.env == "production"

    @property
    def is_tls(self) -> bool:
        """Whether readers reach the site over TLS: then cookies are Secure with the `__Host-` prefix."""
        return self.base_url.startswith("https://")


def load(environ: Mapping[str, str] | None = None, **overrides: Any) -> Settings:
    """Read the settings; makes the instance folder and, once, the secret key (mode 0600).

    Raises `kb.errors.Refused` with a Swedish message for a malformed setting; names that are none are passed over.
    """
    environ = os.environ if environ is None else environ
    found = {k.removeprefix(PREFIX).lower(): v for k, v in environ.items() if k.startswith(PREFIX)}
    instance = Path(overrides.get("instance") or found.get("instance") or ROOT / "instance").resolve()
    merged = {**_from_file(instance / "config.toml"), **found, **overrides, "instance": instance}
    known = {f.name: f for f in fields(Settings)}
    values = {name: _typed(name, merged[name]) for name in known if name in merged}
    instance.mkdir(parents=True, exist_ok=True)
    values.setdefault("database_url", "")
    if not values["database_url"]:
        values["database_url"] = f"sqlite:///{instance / 'radrum.sqlite3'}"
    if not values.get("secret_key"):
        values["secret_key"] = _own_secret(instance / "secret_key")
    return Settings(**values)


def _from_file(path: Path) -> dict[str, Any]:
    if not path.is_file():
        return {}
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise Refused(f"Inställningsfilen {path} går inte att läsa: {error}") from error


def _typed(name: str, value: Any) -> Any:
    if name == "instance":
        return Path(value).resolve()
    if name == "base_url":
        value = str(value).strip().rstrip("/")
    elif name == "log_level":
        value = str(value).upper()
    pattern, words = _FORMS.get(name, (r"(?s).*", ""))
    if not re.fullmatch(pattern, str(value)):
        raise Refused(f"{PREFIX}{name.upper()} ska vara {words}, inte ”{value}”.")
    return int(value) if name == "trusted_proxies" else str(value)


def _own_secret(path: Path) -> str:
    """The installation's own secret; made once, by whichever process comes first."""
    if not path.exists():
        fresh = path.with_name(f"{path.name}.{os.getpid()}")
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(48))
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(fresh, path)
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return path.read_text(encoding="ascii").strip()
