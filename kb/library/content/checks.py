"""Kontroll: what an editor should mend before a text goes to review. Errors stop it, warnings do not."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice

from kb import clock
from kb.library.content.bounds import problems
from kb.library.content.dates import wrong_days
from kb.library.content.deadlinks import DeadLink
from kb.library.content.document import LANGUAGE_NAMES, Document, Kind
from kb.library.content.fields import table
from kb.library.content.texts import paragraphs, passages, rich_texts, texts
from kb.library.content.translations import is_outdated
from kb.library.content.verbs import begins_with_a_verb
from kb.text import plain
from kb.text.identity import find_identity_numbers, looks_like_phone
from kb.text.tags import Piece, pieces
from kb.text.wording import swedish_date

LIX_MAX = 45
SENTENCE_WORDS = 30
PARAGRAPH_WORDS = 120
STEP_CHARACTERS = 140
SECTION_STEPS = 9
LISTED = 5
# A link of only such words says nothing about where it leads.
_GENERIC = """
    annan den denna det detta du en följande gå hit hitta hittar här hämta info information klicka kan knappen ladda
    länk länken läs läsa mer mera ned ner nedan om på se sida sidan tryck vidare via öppna
"""
_EMPTY_LINK_WORDS = frozenset(_GENERIC.split())


@dataclass(frozen=True)
class Check:
    """One finding. `tone` is error, warn or ok; `field` is the field of the form that it concerns, or empty.

    `rule` names the rule where others (the lint) weigh it in their own way.
    """

    tone: str
    title: str
    text: str = ""
    field: str = ""
    rule: str = ""

    @property
    def message(self) -> str:
        """Title and text as one sentence or two."""
        return f"{self.title} {self.text}".strip()


def run_checks(document: Document, dead: Iterable[DeadLink] = ()) -> list[Check]:
    """Everything there is to say about the text, errors first. `dead` are its links that lead nowhere."""
    found = [
        *_required(document),
        *_days(document),
        *_structure(document),
        *_personal(document),
        *_readability(document),
        *_checklist(document),
        *_beginnings(document),
        *_translations(document),
        *_dead(dead),
    ]
    order = {"error": 0, "warn": 1, "ok": 2}
    return sorted(found, key=lambda check: order[check.tone])


def blocking(document: Document) -> list[Check]:
    """The errors: what stops the text from going to review."""
    return [check for check in run_checks(document) if check.tone == "error"]


def _translations(document: Document) -> Iterator[Check]:
    seen: set[str] = set()
    for one in document.translations:
        name = LANGUAGE_NAMES.get(one.language, one.language)
        if one.language in seen:
            yield Check("error", f"Det finns två översättningar till {name}.", "Ta bort en.", "translations")
        if is_outdated(document, one):
            yield Check(
                "warn",
                f"Svaret har ändrats sedan det översattes till {name}.",
                "Låt översätta det igen, eller ta bort översättningen.",
                "translations",
                "translation",
            )
        seen.add(one.language)


def _dead(dead: Iterable[DeadLink]) -> Iterator[Check]:
    for link in dead:
        text = f"{link.reason} Läsarna kommer ingenstans."
        yield Check("warn", f"Länken {link.address} leder ingenstans.", text, link.spot.form_name, "link")


def _required(document: Document) -> Iterator[Check]:
    for problem in problems(document):
        title = problem.title or problem.message
        yield Check("error", title, problem.message if problem.title else "", problem.field)
    for field in table(Document):
        needed = field.before_review.get(Kind(document.kind))
        if needed and not getattr(document, field.name):
            yield Check("error", *needed, field.name)
        wanted = field.wanted.get(Kind(document.kind))
        if wanted and not getattr(document, field.name):
            yield Check("warn", *wanted, field.name)


def _days(document: Document) -> Iterator[Check]:
    for wrong in wrong_days(document.to_dict()):
        yield Check("error", wrong.message, field=wrong.field, rule="checked")
    today = clock.today().isoformat()
    if document.valid_from > today:
        first = swedish_date(date.fromisoformat(document.valid_from))
        yield Check("ok", f"Läsarna ser texten från {first}.", "Före den dagen visas den ingenstans.")
    if document.valid_to and document.valid_to < today:
        yield Check("warn", "Sista dagen har passerat.", "Läsarna ser inte texten.", "valid_to", "ended")


def _structure(document: Document) -> Iterator[Check]:
    found: list[Check] = []
    for spot in rich_texts(document):
        parts, name = list(pieces(spot.value)), spot.form_name
        found += [*_headings(parts, name), *_tables(parts, name), *_images(parts, name), *_links(parts, name)]
    yield from found
    if not any(check.tone == "error" for check in found):
        yield Check("ok", "Rubriker och tabeller är rätt byggda.")


def _headings(parts: list[Piece], field: str) -> Iterator[Check]:
    last = 1
    for place, part in enumerate(parts):
        if part.opens("h2", "h3", "h4"):
            level = int(part.name[1])
            if level > last + 1:
                words = _inner(parts, place)
                text = f"”{words}” är nivå {level} utan en rubrik på nivå {level - 1} före."
                yield Check("error", "En rubriknivå hoppas över.", text, field)
            last = level


def _tables(parts: list[Piece], field: str) -> Iterator[Check]:
    open_tables: list[bool] = []
    for part in parts:
        if part.opens("table"):
            open_tables.append(False)
        elif part.opens("th") and open_tables:
            open_tables[-1] = True
        elif part.name == "table" and open_tables and not open_tables.pop():
            yield Check("error", "En tabell saknar rubriker.", "Gör första raden till rubrikrad.", field)


def _images(parts: list[Piece], field: str) -> Iterator[Check]:
    if any(part.opens("img") and " alt=" not in part.attributes for part in parts):
        yield Check("error", "En bild saknar beskrivning.", "Skriv vad bilden visar.", field)


def _links(parts: list[Piece], field: str) -> Iterator[Check]:
    for place, part in enumerate(parts):
        if part.opens("a"):
            words = _inner(parts, place)
            if all(word in _EMPTY_LINK_WORDS for word in plain.words(words.casefold())):
                yield Check("warn", f"Länktexten ”{words}” säger inget.", "Skriv vart länken leder.", field)


def _inner(parts: list[Piece], place: int) -> str:
    """The words inside the element that opens at `place`."""
    name = parts[place].name
    inside = []
    for part in parts[place + 1 :]:
        if part.name == name and part.closes:
            break
        inside.append(part.source)
    return plain.to_text("".join(inside)).replace("\n", " ")


def _personal(document: Document) -> Iterator[Check]:
    numbers = phones = 0
    for spot, text in passages(document):
        field = spot.form_name
        for number in islice(find_identity_numbers(text), LISTED):
            numbers += 1
            yield Check(
                "error", "Det ser ut som ett personnummer.", f"Ta bort ”{number}”.", field, "identity"
            )
        if looks_like_phone(text):
            phones += 1
            tone = "error" if document.kind == Kind.STORY else "warn"
            yield Check(
                tone,
                "Det ser ut som ett telefonnummer.",
                f"Får det stå här? ”{_start(text)}”",
                field,
                "phone",
            )
    if not numbers and not phones:
        yield Check("ok", "Inga personnummer eller telefonnummer.")


def _readability(document: Document) -> Iterator[Check]:
    texts = list(running_texts(document))
    lix = plain.lix("\n".join(text for _field, text in texts))
    if lix > LIX_MAX:
        yield Check(
            "warn",
            f"LIX {lix}.",
            f"Texten är svår. Försök komma under {LIX_MAX}: kortare meningar och ord.",
            rule="lix",
        )
    elif lix:
        yield Check("ok", f"LIX {lix}.", "Lättläst." if lix < 40 else "Ganska lättläst.")
    yield from islice(_long_sentences(texts), LISTED)
    for field, text in texts:
        number = len(plain.words(text))
        if number > PARAGRAPH_WORDS:
            yield Check(
                "warn",
                f"Långt stycke, {number} ord.",
                f"Dela det som börjar ”{_start(text)}”",
                field,
                "paragraph",
            )


def _long_sentences(texts: list[tuple[str, str]]) -> Iterator[Check]:
    for field, text in texts:
        for sentence in plain.sentences(text):
            number = len(plain.words(sentence))
            if number > SENTENCE_WORDS:
                yield Check(
                    "warn",
                    f"Lång mening, {number} ord.",
                    f"Dela den som börjar ”{_start(sentence)}”",
                    field,
                    "sentence",
                )


def _checklist(document: Document) -> Iterator[Check]:
    if document.kind == Kind.CHECKLIST and not document.step_count:
        yield Check("error", "Checklistan saknar steg.", "Lägg till minst ett steg.", "sections")
    for number, section in enumerate(document.sections):
        if len(section.steps) > SECTION_STEPS:
            title = f"Avsnittet ”{section.title or number + 1}” har {len(section.steps)} steg."
            text = f"Dela det: högst {SECTION_STEPS} steg före nästa paus."
            yield Check("warn", title, text, f"sections-{number}-title", "section")
        for place, step in enumerate(section.steps):
            if len(step.text) > STEP_CHARACTERS:
                title = f"Långt steg, {len(step.text)} tecken."
                text = f"Korta det till högst {STEP_CHARACTERS}: ”{_start(step.text)}”"
                yield Check("warn", title, text, f"sections-{number}-steps-{place}-text", "step")


def _beginnings(document: Document) -> Iterator[Check]:
    """What somebody is to do begins with what to do."""
    for spot in texts(document):
        if spot.field.is_task and not begins_with_a_verb(spot.value):
            title = f"{spot.label} börjar inte med ett verb."
            text = f"Skriv vad som ska göras, till exempel ”Ring …”, eller ”Om …”: ”{_start(spot.value)}”"
            yield Check("warn", title, text, spot.form_name, "imperative")


def running_texts(document: Document) -> Iterator[tuple[str, str]]:
    """(field of the form, paragraph) of all running text."""
    return ((spot.form_name, text) for spot, text in paragraphs(document))


def _start(text: str, words: int = 6) -> str:
    first = text.split()
    return " ".join(first[:words]) + ("…" if len(first) > words else "")
