"""Rules about law: what a text says must be done rests on provisions that it names, and they agree everywhere."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

from kb.library.content import lawtexts
from kb.library.content.document import Document, Provision
from kb.library.intake.linting.entries import Entry, documents
from kb.library.intake.linting.findings import ERROR, WARNING, Finding
from kb.library.intake.linting.known import is_former, statute_terms
from kb.text import plain

_DUTY = re.compile(r"\b(?:ska|måste|skyldig\w*)\b", re.IGNORECASE)
_LABEL = re.compile(r"att verifiera", re.IGNORECASE)
_SECTIONS = re.compile(r"[ ,(]*(?:\d+ kap\. )?\d+(?: [a-z])?(?:(?:–|, | och )\d+(?: [a-z])?)* §")
_AND_MORE = re.compile(rf"{_SECTIONS.pattern}§?(?:(?: och| samt)?{_SECTIONS.pattern}§?)*")
_SECTION = re.compile(r"[ ,(]*((?:\d+ kap\. )?\d+(?: [a-z])?) §(?!§)")


def lint_law(entry: Entry, document: Document) -> Iterator[Finding]:
    """Statutes named with a duty, and sections that are cited, stand among the provisions."""
    named = {law.statute for law in document.provisions}
    cited = {(law.statute, _bare(law.section)) for law in document.provisions}
    for place, text in entry.texts():
        if place.split(".")[0] in {"sources", "provisions"}:
            continue
        for statute, words in dict(_statutes_with_duty(text)).items():
            if statute not in named:
                message = (
                    f"Texten säger vad som ska göras enligt {words}, men lagen står inte bland lagrummen."
                )
                yield Finding(entry.file, place, WARNING, "duty", message)
        for statute, section, words in dict.fromkeys(_citations(text)):
            if (statute, section) not in cited:
                message = f"”{words}” står inte bland lagrummen."
                yield Finding(entry.file, place, WARNING, "citation", message)


def lint_unread(entry: Entry, document: Document) -> Iterator[Finding]:
    """What rests on a statute whose wording nobody has read says so, where it stands."""
    yield from _unread_steps(entry, document)
    labelled = _labelled(document)
    for place, text in entry.texts():
        part, *_ = place.split(".")
        if part in {"sources", "provisions"} or place.endswith(".legal") or _LABEL.search(text):
            continue
        holder = place.rpartition(".")[0]
        if holder in labelled:
            continue
        how = (
            "Märk det ”Att verifiera”"
            if part in {"actions", "sections"}
            else "Skriv ”[att verifiera]” i stycket"
        )
        for statute in dict.fromkeys(_cited_unread(text)):
            message = f"Hur {statute} lyder har ingen läst. {how}, eller stryk paragrafen."
            yield Finding(entry.file, place, ERROR, "unread", message)


def _labelled(document: Document) -> set[str]:
    """The places of the actions and the steps that have the label themselves."""
    actions = {
        f"actions.{number}" for number, action in enumerate(document.actions, start=1) if action.verify
    }
    steps = {
        f"sections.{number}.steps.{step.id}"
        for number, section in enumerate(document.sections, start=1)
        for step in section.steps
        if step.verify
    }
    return actions | steps


def _cited_unread(text: str) -> Iterator[str]:
    """What nobody has read and the text cites: statutes of which it cites a section, and single sections."""
    for found in statute_terms().find(text):
        cited = _AND_MORE.match(text, found.end)
        if not cited:
            continue
        if lawtexts.missing(found.key, ""):
            yield found.key
        for section in lawtexts.unread_sections(found.key):
            if re.search(rf"(?<!\d){re.escape(_bare(section))}(?!\d| [a-z]\b)", cited[0]):
                yield f"{found.key}, {section},"


def _unread_steps(entry: Entry, document: Document) -> Iterator[Finding]:
    for number, section in enumerate(document.sections, start=1):
        for step in section.steps:
            unread = [
                *(found.key for found in statute_terms().find(step.legal) if lawtexts.missing(found.key, "")),
                *_cited_unread(step.legal),
            ]
            if unread and not step.verify:
                message = f"Hur {unread[0]} lyder har ingen läst. Märk steget ”Att verifiera”."
                yield Finding(
                    entry.file, f"sections.{number}.steps.{step.id}.legal", ERROR, "unread", message
                )


def _statutes_with_duty(text: str) -> Iterator[tuple[str, str]]:
    """(statute, what the text calls it) for each that stands in a sentence with a duty."""
    for sentence in plain.sentences(text):
        if _DUTY.search(sentence):
            for found in statute_terms().find(sentence):
                if not is_former(found.key):
                    yield found.key, sentence[found.start : found.end]


def _citations(text: str) -> Iterator[tuple[str, str, str]]:
    """(statute, section, the words) for each single section that is cited."""
    for found in statute_terms().find(text):
        section = _SECTION.match(text, found.end)
        if section and not is_former(found.key):
            yield found.key, section[1], text[found.start : section.end()]


def _bare(section: str) -> str:
    return section.rstrip("§ ")


def lint_agreement(entries: Iterable[Entry]) -> Iterator[Finding]:
    """The same section has the same dates, and a statute the same short name, in all texts."""
    first_dates: dict[tuple[str, str], set[str]] = defaultdict(set)
    shorts: dict[str, set[str]] = defaultdict(set)
    laws = [
        (entry, n, law) for entry, doc in documents(entries) for n, law in enumerate(doc.provisions, start=1)
    ]
    for _entry, _number, law in laws:
        first_dates[law.statute, law.section].add(law.in_force_from)
        shorts[law.statute].add(law.short)
    for entry, number, law in laws:
        for message in _disagreement(law, first_dates[law.statute, law.section], shorts[law.statute]):
            yield Finding(entry.file, f"provisions.{number}", WARNING, "agreement", message)


def _disagreement(law: Provision, dates: set[str], shorts: set[str]) -> Iterator[str]:
    name = f"{law.short or law.statute} {law.section}"
    if "" in dates and len(dates) > 1:
        known = ", ".join(sorted(date for date in dates if date))
        yield f"{name} har datum för ikraftträdande i vissa texter ({known}) men inte i alla."
    if len(shorts) > 1:
        yield f"{law.statute} förkortas olika: {', '.join(sorted(shorts))}."
