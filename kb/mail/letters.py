"""The texts of messages, from `templates/mail/<name>.txt`: first a line with the subject, then the letter."""

from dataclasses import dataclass
from functools import cache

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from kb.config import ROOT

_SUBJECT = "Ämne: "


@dataclass(frozen=True)
class Letter:
    """What a message says."""

    subject: str
    body: str


def compose(name: str, /, **values: object) -> Letter:
    """Fill in the text `name`; a value that is missing is an error."""
    text = _environment().get_template(f"{name}.txt").render(**values)
    first, _, body = text.strip().partition("\n")
    return Letter(subject=first.removeprefix(_SUBJECT).strip(), body=body.strip() + "\n")


@cache
def _environment() -> Environment:
    # Plain text, not HTML: nothing to escape.
    return Environment(
        loader=FileSystemLoader(ROOT / "templates" / "mail"),
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701
    )
