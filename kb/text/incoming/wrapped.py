"""Links that mail filters and chat programs have wrapped: they lead to the address itself again."""

import re
from html import escape, unescape
from urllib.parse import parse_qs, quote, unquote, urlsplit

from kb.text.profile import is_outside, link_address
from kb.text.tags import pieces

_MOST_LAYERS = 3
# Hosts (or the ends of them) → the parameters that hold the address.
_WRAPPERS: dict[str, tuple[str, ...]] = {
    "safelinks.protection.outlook.com": ("url",),
    "statics.teams.cdn.office.net": ("url",),
    "teams.microsoft.com": ("url",),
    "www.google.com": ("q", "url"),
    "google.com": ("q", "url"),
    "www.google.se": ("q", "url"),
    "l.facebook.com": ("u",),
    "lm.facebook.com": ("u",),
    "l.instagram.com": ("u",),
    "www.linkedin.com": ("url",),
    "slack-redir.net": ("url",),
    "linkprotect.cudasvc.com": ("a",),
    "deref-gmx.net": ("redirectUrl",),
    "deref-web.de": ("redirectUrl",),
    "urldefense.proofpoint.com": ("u",),
    "urldefense.com": ("u",),
    "eu.urldefense.com": ("u",),
}
# A page of these hosts is a wrapper only under these paths.
_PATHS = {
    "www.google.com": "/url",
    "google.com": "/url",
    "www.google.se": "/url",
    "www.linkedin.com": "/redir",
    "teams.microsoft.com": "/dl/launcher",
}
_PROOFPOINT_3 = re.compile(r"https://(?:eu\.)?urldefense\.(?:com|us)/v3/__(.+?)__;[^!]*!", re.I)
_CLOSED = re.compile(
    r"https?://(?:protect-[a-z]{2}\.mimecast\.com/s/|url\.[a-z]{2}\.m\.mimecastprotect\.com/s/"
    r"|clicktime\.symantec\.com/|link\.edgepilot\.com/s/|[a-z0-9.-]+\.cloud-sec-av\.com/|secure-web\.cisco\.com/)",
    re.I,
)


def unwrapped(address: str) -> str:
    """The address that a wrapped one leads to; any other as it is."""
    for _ in range(_MOST_LAYERS):
        inner = _inner(address)
        if inner is None:
            break
        address = inner
    return address


def is_closed(address: str) -> bool:
    """Whether the address goes through a filter that does not say where it leads."""
    return _CLOSED.match(address) is not None


def with_plain_links(html: str) -> tuple[str, list[tuple[str, str, str]]]:
    """Clean HTML with its links unwrapped, and for each (words, address before, address after).

    A link that cannot be unwrapped stays and is named with an empty address after.
    """
    found: list[tuple[str, str, str]] = []
    shown: list[str] = []
    parts = list(pieces(html))
    for place, part in enumerate(parts):
        address = unescape(part.attribute("href")) if part.opens("a") else ""
        inner = unwrapped(address) if address else ""
        if inner != address:
            found.append((_words(parts[place + 1 : place + 8]), address, inner))
            shown.append(part.source.replace(part.attribute("href"), escape(inner), 1))
            continue
        if address and is_closed(address):
            found.append((_words(parts[place + 1 : place + 8]), address, ""))
        shown.append(part.source)
    return "".join(shown), found


def _inner(address: str) -> str | None:
    try:
        parts = urlsplit(address)
        host = (parts.hostname or "").lower()
    except ValueError:
        return None
    proofpoint = _PROOFPOINT_3.match(address)
    if proofpoint:
        return _usable(proofpoint[1].replace("*", "%2A"))
    name = _wrapper(host)
    if name is None or not parts.path.startswith(_PATHS.get(name, "/")):
        return None
    values = parse_qs(parts.query)
    given = next((values[key][0] for key in _WRAPPERS[name] if key in values), "")
    if name.startswith("urldefense.proof"):
        given = unquote(given.replace("-", "%").replace("_", "/"))
    return _usable(given)


def _wrapper(host: str) -> str | None:
    """The filter that the host belongs to."""
    return next((name for name in _WRAPPERS if host == name or host.endswith(f".{name}")), None)


def _usable(address: str) -> str | None:
    """An address on the web that may be stored, in signs that every program takes; None for anything else."""
    found = link_address(quote(address.strip(), safe="!#$%&'()*+,/:;=?@[]~"))
    return found if found is not None and is_outside(found) else None


def _words(parts: list) -> str:  # type: ignore[type-arg]
    inside = []
    for part in parts:
        if part.name == "a":
            break
        if not part.name:
            inside.append(part.source)
    return " ".join(unescape("".join(inside)).split())
