"""The synonyms as editors keep them: listed, checked, saved, removed."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from kb.accounts.viewer import Viewer
from kb.audit.services import record
from kb.errors import Invalid, NotFound
from kb.language.words import fold
from kb.search.finding.query import normal_query
from kb.search.finding.searching import touch
from kb.search.models import Synonym
from kb.search.tuning.counting import may_point_out
from kb.text.order import swedish_key

QUOTES = frozenset('"“”„«»')


def list_synonyms(session: Session, words: str = "") -> list[Synonym]:
    """The synonyms in Swedish order; with `words` those that hold them on either side."""
    wanted = fold(normal_query(words))
    rows = sorted(session.scalars(select(Synonym)), key=lambda row: (swedish_key(row.typed), row.target))
    return [row for row in rows if wanted in fold(f"{row.typed} {row.target}".lower())]


def get_synonym(session: Session, synonym_id: int) -> Synonym:
    """One synonym. Raises `NotFound`."""
    synonym = session.get(Synonym, synonym_id)
    if synonym is None:
        raise NotFound
    return synonym


def check_synonym(session: Session, synonym_id: int | None, *, typed: str, target: str) -> tuple[str, str]:
    """Both sides as they would be stored. Raises `Invalid` for what cannot be saved."""
    typed, target = " ".join(typed.split()), _with_quotes(" ".join(target.split()))
    if QUOTES.intersection(typed):
        raise Invalid("typed", "Skriv ordet utan citattecken. De betyder något bara i det som ska hittas.")
    for field, text in (("typed", typed), ("target", target)):
        if not normal_query(text):
            raise Invalid(field, "Skriv ett ord med bokstäver eller siffror.")
        if may_point_out(text):
            raise Invalid(field, "Skriv inga person- eller telefonnummer.")
    if QUOTES.intersection(target[1:-1]) or QUOTES.intersection(target[:1]) != QUOTES.intersection(
        target[-1:]
    ):
        raise Invalid("target", "Sätt citattecken runt allt som ska hittas, eller inga alls.")
    if normal_query(typed) == normal_query(target):
        raise Invalid("target", "Skriv ett annat ord än det som människor skriver.")
    same = select(Synonym.id).where(
        Synonym.typed == typed, Synonym.target == target, Synonym.id != (synonym_id or 0)
    )
    if session.scalar(same) is not None:
        raise Invalid("typed", f"”{typed}” hittar redan ”{target}”.")
    return typed, target


def _with_quotes(target: str) -> str:
    """What is in quotes of any kind in the Swedish ones; the rest as it is."""
    return f"”{target[1:-1].strip()}”" if len(target) > 2 and {target[0], target[-1]} <= QUOTES else target


def save_synonym(
    session: Session, synonym_id: int | None, *, typed: str, target: str, note: str, by: Viewer
) -> Synonym:
    """Add or change a synonym; every process searches with it at once. Raises `Invalid`, `NotFound`."""
    synonym = get_synonym(session, synonym_id) if synonym_id else Synonym(created_by=by.name)
    typed, target = check_synonym(session, synonym_id, typed=typed, target=target)
    synonym.typed, synonym.target, synonym.note = typed, target, note.strip()
    session.add(synonym)
    if synonym_id:
        record(session, "synonym.changed", actor=by.actor, typed=typed, target=target)
    else:
        record(session, "synonym.added", actor=by.actor, typed=typed, target=target)
    touch(session)
    return synonym


def remove_synonym(session: Session, synonym_id: int, *, by: Viewer) -> None:
    """Take a synonym away. Raises `NotFound`."""
    synonym = get_synonym(session, synonym_id)
    record(session, "synonym.removed", actor=by.actor, typed=synonym.typed, target=synonym.target)
    session.delete(synonym)
    touch(session)
