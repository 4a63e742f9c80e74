"""What rests on a statute that is about to change is read again before it does."""

from datetime import date

from kb.library.core.freshness import due_day
from kb.library.intake.linting.entries import documents
from tests.shipped_content import entries

CHANGE = date(
    2027, 1, 1
)  # the day that was proposed for LVU in December 2025; nobody has read what became of it


def rests_on_unread(entry, document):
    """Whether a paragraph, a step or the words on how a list is begun are about LVU, with the label or as not read."""
    steps = [f"{step.text} {step.why} att verifiera" for step in document.steps() if step.verify]
    words = [*(text for _, text in entry.texts()), *steps]
    return any("LVU" in text and ("att verifiera" in text.lower() or "inte läst" in text) for text in words)


def test_each_text_about_the_statute_is_due_before_it_may_change():
    late = {
        entry.slug
        for entry, document in documents(entries())
        if rests_on_unread(entry, document)
        and due_day(date.fromisoformat(document.checked_on), document.review_interval_months, None) >= CHANGE
    }

    assert late == set()
