"""The wording of statutes: what the texts were compared with, the sections we hold, where the official text is."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).resolve().parents[2] / "starter" / "lagtext"
REGISTER = "lagar.yaml"
OFFICIAL = "https://www.riksdagen.se/sv/dokument-och-lagar/dokument/svensk-forfattningssamling/_sfs-{}-{}/"
_HEADING = re.compile(r"^## (?P<section>.+? §)(?: \((?P<side>från|till) (?P<day>\d{4}-\d\d-\d\d)\))?$")
_OF_IT = r",? \d+(?: [a-z])?(?:(?:–|, | och )\d+(?: [a-z])?)* §§?"
_BESIDE = re.compile(r"\([^()]*\)|\b(?:och|samt)\b")
_NUMBER = re.compile(r"\((\d{4}):(\d+)\)")


@dataclass(frozen=True)
class Statute:
    """What is known of a statute: the version that texts were compared with, or what of it nobody has read.

    `missing` is about the whole statute; `unread` names single sections of one that was read otherwise.
    """

    wording: str = ""
    copied: str = ""
    parts: str = ""
    file: str = ""
    missing: str = ""
    unread: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Wording:
    """A section in one wording; `since` is in force that day, `until` no longer (ISO dates or empty)."""

    section: str
    paragraphs: tuple[str, ...]
    since: str = ""
    until: str = ""

    def is_in_force(self, day: date) -> bool:
        """Whether it is the wording of that day, as far as the copy says."""
        return self.since <= day.isoformat() and (not self.until or day.isoformat() < self.until)


def read_sections(text: str) -> list[Wording]:
    """The sections of a statute's file (see its README). Raises `ValueError` for a heading that is no section."""
    found = []
    for part in re.split(r"(?m)^(?=## )", text)[1:]:
        head, _, body = part.partition("\n")
        match = _HEADING.match(head)
        if match is None:
            raise ValueError(head)
        day = match["day"] or ""
        paragraphs = tuple(" ".join(block.split()) for block in body.split("\n\n") if block.strip())
        found.append(
            Wording(
                match["section"],
                paragraphs,
                since=day if match["side"] == "från" else "",
                until=day if match["side"] == "till" else "",
            )
        )
    return found


@cache
def statutes() -> dict[str, Statute]:
    """What is known of each statute, by its name."""
    return {name: Statute(**row) for name, row in _register()["statutes"].items()}


def compared_on() -> str:
    """The day on which the shipped texts were compared with what the register names."""
    return str(_register()["compared_on"])


def section_text(statute: str, section: str, day: date) -> Wording | None:
    """The section as it is in force that day, where we hold it."""
    known = statutes().get(statute)
    if known is None or not known.file:
        return None
    rows = _sections(known.file).get(section, ())
    return next((row for row in rows if row.is_in_force(day)), None)


def missing(statute: str, checked_on: str, section: str = "") -> str:
    """What nobody has read of the statute, or of the section of it; empty where that was read, here or later by the
    organisation itself."""
    known = statutes().get(statute)
    if known is None or checked_on > compared_on():
        return ""
    return known.missing or known.unread.get(section, "")


def unread_sections(statute: str) -> Mapping[str, str]:
    """The single sections that nobody has read of a statute that was read otherwise, with what is missing."""
    known = statutes().get(statute)
    return known.unread if known else {}


def wording(statute: str, checked_on: str) -> str:
    """The version that a text checked on that day was compared with; empty when it was checked after us."""
    known = statutes().get(statute)
    return known.wording if known and checked_on and checked_on <= compared_on() else ""


def basis(legal: str) -> str:
    """A step's legal basis as it is shown: what the law demands is "Lagkrav", what it only allows "Lagstöd"."""
    return f"{'Lagkrav' if is_demanded(legal) else 'Lagstöd'}: {legal}"


def is_demanded(legal: str) -> bool:
    """Whether a step's legal basis holds a section that demands it, and not only such as allow it."""
    rest = _BESIDE.sub("", _allowing().sub("", legal))
    return any(sign.isalnum() for sign in rest)


def official_address(statute: str) -> str:
    """Riksdagen's page of the statute, made of its number; empty where the name has none."""
    number = _NUMBER.search(statute)
    return OFFICIAL.format(*number.groups()) if number else ""


@cache
def _allowing() -> re.Pattern[str]:
    """Finds what the register says demands nothing: each section of a chapter or statute, or the one that is named."""
    names = [re.escape(name) + ("" if name.endswith("§") else _OF_IT) for name in _register()["allows"]]
    return re.compile("|".join(names))


@cache
def _register() -> dict[str, Any]:
    register: dict[str, Any] = yaml.safe_load((FOLDER / REGISTER).read_text(encoding="utf-8"))
    return register


@cache
def _sections(file: str) -> dict[str, list[Wording]]:
    rows: dict[str, list[Wording]] = {}
    for row in read_sections((FOLDER / file).read_text(encoding="utf-8")):
        rows.setdefault(row.section, []).append(row)
    return rows
