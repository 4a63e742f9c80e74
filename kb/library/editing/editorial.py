"""What the editors' pages show, made ready for templates: rows with waiting times, states, findings, comparisons."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from kb import clock
from kb.library.addresses import address
from kb.library.content.checks import Check
from kb.library.content.document import KIND_NAMES, Kind, Visibility
from kb.library.core.freshness import Freshness
from kb.library.core.models.items import ContentItem, Revision
from kb.library.core.models.reviewing import ReviewNote, Withdrawal
from kb.library.core.visibility import Validity, validity
from kb.library.core.workflow import STATE_NAMES, State, Status, Verdict
from kb.text.wording import counted, swedish_date, swedish_moment
from kb.web.addresses import page_address

STATE_TONES = {State.REVIEW: "law", State.CHANGES: "warn", State.APPROVED: "efter"}
STATUS_NAMES: dict[str, str] = {status: status.label for status in (Status.PUBLISHED, Status.WITHDRAWN)}
FILTER_NAMES: dict[str, str] = {
    **{state: state.label for state in State if state != State.REST},
    **STATUS_NAMES,
}
WHO_READS = {
    Visibility.OPEN: "Läsarna",
    Visibility.INTERNAL: "De som är inloggade",
    Visibility.UNIT: "De som hör till enheten",
}
_QUOTED = 160


def title_of(item: ContentItem) -> str:
    """The title of the working copy; that of the item where the copy cannot be read."""
    document = item.latest_revision.readable if item.latest_revision else None
    return document.title if document else item.title


def edit_path(item: ContentItem) -> str:
    """The address of the edit page."""
    return page_address("library.draft_edit", kind=item.kind, public_id=item.public_id)


def review_path(item: ContentItem) -> str:
    """The address of the review page."""
    return page_address("library.review_show", public_id=item.public_id)


def item_path(item: ContentItem, *, can_edit: bool) -> str:
    """Where somebody goes on with the item: editors to the form, reviewers to the review."""
    return edit_path(item) if can_edit else review_path(item)


def states_of(item: ContentItem, asked: Withdrawal | None = None) -> list[dict[str, str | None]]:
    """What readers see, what is `asked` for, and where the working copy is, as words with their tone."""
    found: list[dict[str, str | None]] = []
    if item.status in STATUS_NAMES:
        tone = "efter" if item.is_published else "danger"
        found.append({"text": Status(item.status).label, "tone": tone})
        if item.is_published and (words := validity_words(item)):
            found.append({"text": words, "tone": "warn"})
    if asked is not None:
        words = "Väntar på bekräftelse" if asked.is_urgent else withdrawal_words(asked)
        found.append({"text": words, "tone": "warn"})
    if has_draft(item):
        state = State(item.workflow)
        found.append({"text": STATE_NAMES[state], "tone": STATE_TONES.get(state)})
    return found


def validity_words(item: ContentItem) -> str:
    """From when, or since when, readers see nothing of a published text; empty while they see it."""
    match validity(item):
        case Validity.BEFORE:
            return f"Visas från {swedish_date(item.valid_from)}"
        case Validity.AFTER:
            return f"Slutade gälla {swedish_date(item.valid_to)}"
    return ""


def shown_words(item: ContentItem) -> str:
    """What readers see of a published text; empty for others."""
    if not item.is_published:
        return ""
    is_shown = validity(item) == Validity.NOW
    seen = "Läsarna ser den tills en ny publiceras." if is_shown else "Läsarna ser den inte i dag."
    return f"Version {item.version} är publicerad. {seen}"


def published_words(item: ContentItem) -> str:
    """What publishing has done: who sees the text, where, and from or until when."""
    who = WHO_READS[Visibility(item.visibility)]
    seen = {
        Validity.BEFORE: f"{who} ser den från {swedish_date(item.valid_from)}, inte före den dagen.",
        Validity.NOW: f"{who} ser den på {address(item.kind, item.slug)}.",
        Validity.AFTER: f"Ingen läsare ser den: den gällde till och med {swedish_date(item.valid_to)}.",
    }
    return f"Texten är publicerad, version {item.version}. {seen[validity(item)]}"


def has_draft(item: ContentItem) -> bool:
    """Whether there is a working copy that readers do not see."""
    return item.workflow != State.REST and item.latest_revision_id != item.published_revision_id


def waited(since: datetime | None) -> str:
    """ "i dag", "väntat 1 dag", "väntat 6 dagar"."""
    if since is None:
        return ""
    days = (clock.today() - clock.local(since).date()).days
    return f"väntat {counted(days, 'dag', 'dagar')}" if days > 0 else "i dag"


# Rows of the work list


def draft_rows(items: Sequence[ContentItem], requests: Mapping[int, ReviewNote]) -> list[dict[str, Any]]:
    """The viewer's own drafts; a request for changes is quoted."""
    return [_draft_row(item, requests.get(item.id)) for item in items]


def _draft_row(item: ContentItem, note: ReviewNote | None) -> dict[str, Any]:
    state = State(item.workflow)
    meta = f"{KIND_NAMES[Kind(item.kind)]}, ändrad {swedish_moment(item.updated_at)}"
    if state == State.CHANGES and note is not None:
        meta = f"{note.author_name}: ”{_short(note.text)}”"
    tone = STATE_TONES.get(state)
    return {
        "title": title_of(item), "url": edit_path(item), "meta": meta, "state": STATE_NAMES[state], "tone": tone
    }  # fmt: skip


def waiting_rows(waiting: Sequence[tuple[ContentItem, bool]]) -> list[dict[str, Any]]:
    """What waits for review: from whom, and how long."""
    rows = []
    for item, is_own in waiting:
        sender = item.submitted_by_name or (item.latest_revision.author_name if item.latest_revision else "")
        words = [f"Från {sender}" if sender else "", waited(item.submitted_at)]
        state = (
            "Din egen text"
            if is_own
            else STATE_NAMES[State.APPROVED]
            if item.workflow == State.APPROVED
            else None
        )
        tone = "efter" if state == STATE_NAMES[State.APPROVED] else None
        meta = ", ".join(word for word in words if word)
        rows.append(
            {"title": title_of(item), "url": review_path(item), "meta": meta, "state": state, "tone": tone}
        )
    return rows


def withdrawal_words(asked: Withdrawal) -> str:
    """What has to be decided on, in two words or three."""
    return "Borttagen genast, ej bekräftad" if asked.is_urgent else "Borttagning begärd"


def withdrawal_rows(
    asked_for: Iterable[tuple[ContentItem, Withdrawal]], user_id: int | None, *, can_review: bool
) -> list[dict[str, Any]]:
    """Texts that somebody wants away or took away: who, when and why; one's own are marked."""
    return [
        {
            "title": title_of(item),
            "url": review_path(item) if can_review else edit_path(item),
            "meta": f"{asked.asked_by_name}, {swedish_moment(asked.asked_at)}: ”{_short(asked.reason)}”",
            "state": "Din egen begäran" if asked.asked_by_id == user_id else withdrawal_words(asked),
            "tone": "danger" if asked.is_urgent else "warn",
        }
        for item, asked in asked_for
    ]


def due_rows(
    due: Iterable[tuple[ContentItem, Freshness]], today: date, *, can_edit: bool
) -> list[dict[str, Any]]:
    """What has to be reviewed again soon, or should have been."""
    rows = []
    for item, fresh in due:
        row: dict[str, Any] = {"title": item.title, "url": item_path(item, can_edit=can_edit)}
        if fresh.is_late and fresh.due_on:
            late = counted((today - fresh.due_on).days, "dag", "dagar")
            row |= {"state": f"Försenad {late}", "tone": "warn"}
        else:
            row["meta"] = f"Senast {swedish_date(fresh.due_on)}"
        rows.append(row)
    return rows


def note_rows(notes: Iterable[ReviewNote]) -> list[dict[str, Any]]:
    """What reviewers have said."""
    return [
        {
            "who": note.author_name,
            "when": swedish_moment(note.created_at),
            "verdict": Verdict(note.verdict).label,
            "text": note.text,
        }
        for note in notes
    ]


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _QUOTED else line[:_QUOTED].rsplit(" ", 1)[0] + "…"


# Kontroll


def check_rows(checks: Iterable[Check], page: str = "") -> list[dict[str, Any]]:
    """The findings with links to the fields, on this page or on `page`."""
    return [
        {
            "tone": check.tone,
            "title": check.title,
            "text": check.text,
            "url": f"{page}#{_anchor(check.field)}" if check.field and check.tone != "ok" else None,
            "link": "Gå till fältet",
        }
        for check in checks
    ]


def _anchor(field: str) -> str:
    return f"{field}-0" if field in {"topics", "phases", "visibility"} else field


def check_words(checks: Iterable[Check]) -> str:
    """ "1 fel, 2 varningar."."""
    tones = [check.tone for check in checks]
    errors, warnings = tones.count("error"), tones.count("warn")
    if not errors and not warnings:
        return "Inga fel."
    return f"{errors} fel, {counted(warnings, 'varning', 'varningar')}."


def revision_name(revision: Revision) -> str:
    """ "14: i går 15.20, Anna, version 7" for a choice among all revisions."""
    published = f", version {revision.version}" if revision.version else ""
    return f"{revision.number}: {swedish_moment(revision.created_at)}, {revision.author_name}{published}"
