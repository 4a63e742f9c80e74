"""Rules about steps and actions: what they begin with, what they state, whether their times hold together."""

import re
from collections.abc import Iterator

from kb.library.content.document import Action, Deadline, Document, Step
from kb.library.content.fields import table
from kb.library.content.verbs import begins_with_a_verb
from kb.library.intake.linting.entries import Entry
from kb.library.intake.linting.findings import ERROR, WARNING, Finding

_STATED = {
    "role": "Ange vem som gör steget.",
    "deadline": "Ange när steget ska vara gjort.",
    "why": "Ange varför.",
    "guidance": "Länka till vägledningen som förklarar steget.",
}
_UNITS = {"min": 1, "timm": 60, "tim": 60, "dygn": 1440, "dag": 1440, "veck": 10080}
_SPAN = re.compile(r"(?:inom|efter|senast) (\d+) (min|timm|dygn|dag|veck)", re.IGNORECASE)
_WORDS_OF_LAW = re.compile(r"\b(?:utan dröjsmål|snarast|omedelbart|skyndsamt)\b", re.IGNORECASE)
# Regulations of the EU have articles.
_SECTION_OR_ARTICLE = re.compile(r"§|\bart(?:ikel|\.) ?\d", re.IGNORECASE)


def lint_steps(entry: Entry, document: Document) -> Iterator[Finding]:
    """Everything about the steps of a checklist, the actions of guidance, what to check before a text is sent."""
    for number, section in enumerate(document.sections, start=1):
        for step in section.steps:
            place = f"sections.{number}.steps.{step.id}"
            yield from _step(entry.file, place, step)
    for number, action in enumerate(document.actions, start=1):
        yield from _beginning(entry.file, f"actions.{number}.do", action.do)
        yield from _stray(entry.file, f"actions.{number}", action)
    for number, line in enumerate(document.check_before, start=1):
        yield from _beginning(entry.file, f"check_before.{number}", line)


def _beginning(file: str, place: str, text: str) -> Iterator[Finding]:
    if not begins_with_a_verb(text):
        first = next(iter(text.split()), "")
        message = f"”{first}” står inte i listan över uppmaningar. Börja med ett verb eller med ”Om”."
        yield Finding(file, place, ERROR, "imperative", message)


def _step(file: str, place: str, step: Step) -> Iterator[Finding]:
    yield from _beginning(file, f"{place}.text", step.text)
    for name, message in _STATED.items():
        if not getattr(step, name):
            yield Finding(file, f"{place}.{name}", ERROR, name, message)
    yield from _stray(file, place, step)
    yield from _basis(file, place, step)
    for message in _time(step):
        yield Finding(file, f"{place}.deadline", ERROR, "deadline", message)
    if step.deadline_sort == Deadline.RELATIVE and _WORDS_OF_LAW.search(step.deadline):
        message = f"”{step.deadline}” är lagens ord. Använd deadline_sort: lag."
        yield Finding(file, f"{place}.deadline", WARNING, "deadline", message)


def _basis(file: str, place: str, step: Step) -> Iterator[Finding]:
    """What the step depends on and what it rests on."""
    if step.condition and not step.condition.startswith("Om "):
        message = "Frågan när en lista startas är ”Om …”. Börja villkoret med ”Om”."
        yield Finding(file, f"{place}.condition", ERROR, "condition", message)
    if step.legal and not _SECTION_OR_ARTICLE.search(step.legal):
        message = f"”{step.legal}” är inget lagrum. Ange paragrafen eller artikeln."
        yield Finding(file, f"{place}.legal", ERROR, "section", message)


def _stray(file: str, place: str, part: Step | Action) -> Iterator[Finding]:
    for field in table(type(part)):
        if field.is_text and "|" in getattr(part, field.name):
            message = "Ett ”|” ur en tabell står kvar. Ta bort det."
            yield Finding(file, f"{place}.{field.name}", ERROR, "stray", message)


def _time(step: Step) -> Iterator[str]:
    is_relative = step.deadline_sort == Deadline.RELATIVE
    if is_relative != (step.minutes is not None):
        yield "Minuter hör ihop med deadline_sort: relativ, båda eller ingen."
    if step.deadline and step.deadline_sort == Deadline.LEGAL and not step.legal:
        yield "En tid enligt lag behöver sitt lagrum (legal)."
    span = _SPAN.match(step.deadline)
    if span and step.minutes is not None and int(span[1]) * _UNITS[span[2].lower()] != step.minutes:
        yield f"”{step.deadline}” är inte {step.minutes} minuter."
