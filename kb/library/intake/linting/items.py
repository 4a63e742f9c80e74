"""Rules about a text as a whole: what must be stated, and what Kontroll finds in any text."""

from collections.abc import Iterator
from datetime import date

from kb.library.content.checks import Check, run_checks
from kb.library.content.dates import wrong_days
from kb.library.content.document import Document
from kb.library.intake.linting.entries import Entry, place_of
from kb.library.intake.linting.findings import ERROR, WARNING, Finding

# What the lint has its own rule for, and what weighs more in shipped content than while somebody writes.
_OWN = frozenset({"identity", "phone", "lix", "imperative", "checked"})
_STRICTER = frozenset({"paragraph", "section", "step"})
_MARKS = frozenset("\"'”“„»«’‘")


def lint_item(entry: Entry, document: Document, today: date) -> Iterator[Finding]:
    """Title, source, owner, checked date and interval, and all of Kontroll."""
    yield from _title(entry, document)
    yield from _dates(entry, document, today)
    for check in run_checks(document):
        if check.tone != "ok" and check.rule not in _OWN:
            yield _of_check(entry, document, check)


def _title(entry: Entry, document: Document) -> Iterator[Finding]:
    """Lists, links and mail set a title as it is: marks around all of it are those of a file, or stand there twice."""
    title = document.title.strip()
    if title[:1] in _MARKS and title[-1:] in _MARKS and not _MARKS & set(title[1:-1]):
        yield Finding(entry.file, "title", WARNING, "title", "Ta bort citattecknen runt titeln.")


def _dates(entry: Entry, document: Document, today: date) -> Iterator[Finding]:
    if not document.checked_on:
        yield Finding(
            entry.file, "checked_on", ERROR, "checked", "Ange när texten kontrollerades mot källorna."
        )
    for wrong in wrong_days(document.to_dict(), today):
        yield Finding(entry.file, place_of(document, wrong.field), ERROR, "checked", wrong.message)
    if entry.fields is not None and "review_interval_months" not in entry.fields:
        yield Finding(entry.file, "review_interval_months", ERROR, "interval", "Ange granskningsintervallet.")


def _of_check(entry: Entry, document: Document, check: Check) -> Finding:
    level = ERROR if check.tone == "error" or check.rule in _STRICTER else WARNING
    return Finding(
        entry.file, place_of(document, check.field), level, check.rule or "kontroll", check.message
    )
