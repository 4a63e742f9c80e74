"""A document as labelled blocks of plain text, in reading order: what two versions are compared by."""

from collections.abc import Iterator, Mapping

from kb.library.document import (
    AUDIENCE_NAMES,
    BASIS_NAMES,
    CHANNEL_NAMES,
    MODE_NAMES,
    PHASE_NAMES,
    VISIBILITY_NAMES,
    Document,
    Section,
    Step,
)
from kb.text import plain

Block = tuple[str, str]  # label, text


def document_blocks(
    document: Document, topics: Mapping[str, str] | None = None, units: Mapping[str, str] | None = None
) -> list[Block]:
    """All that the document says, part by part; `topics` and `units` give the names of slugs and ids."""
    found = [
        ("Titel", document.title),
        ("Ingress", document.summary),
        ("Varning för innehållet", document.content_warning),
        *_template(document),
        *_claim(document),
        *_actions(document),
        *_story(document),
        *_checklist(document),
        *_html("Text", document.body),
        *_references(document),
        *_sorting(document, topics or {}, units or {}),
    ]
    return [(label, text) for label, text in found if text]


def _template(document: Document) -> Iterator[Block]:
    names = {str(key): name for key, name in CHANNEL_NAMES.items()}
    yield "Används till", names.get(document.channel, document.channel)
    yield from (("Innan du skickar", line) for line in document.check_before)
    yield from (("Mallens text", line.strip()) for line in document.text.splitlines())
    yield from _html("Det här får du inte säga", document.secrecy)


def _claim(document: Document) -> Iterator[Block]:
    yield from (("Påståendet", wording) for wording in document.claim)
    yield "Kort svar", document.short_answer


def _actions(document: Document) -> Iterator[Block]:
    for number, action in enumerate(document.actions, start=1):
        label = f"Gör så här, punkt {number}"
        yield label, _verified(action.do, action.verify)
        yield label, action.detail
        yield f"{label}, varför", action.why


def _story(document: Document) -> Iterator[Block]:
    basis = next((name for key, name in BASIS_NAMES.items() if key == document.basis), document.basis)
    facts = (document.municipality, document.municipality_kind, document.year, document.setting, basis)
    yield "Fakta", ", ".join(fact for fact in facts if fact)
    yield from _html("Före", document.before)
    yield from _html("Under", document.during)
    yield from _html("Efter", document.after)
    yield from (("Det fungerade", line) for line in document.worked)
    yield from (("Det skulle vi göra annorlunda", line) for line in document.otherwise)
    for lesson in document.lessons:
        place = ", ".join(word for word in (lesson.item, lesson.step) if word)
        yield "Lärdom", f"{lesson.text} ({place})" if place else lesson.text
    yield from (("Fråga till arbetsplatsträffen", line) for line in document.questions)


def _checklist(document: Document) -> Iterator[Block]:
    yield (
        "Användning",
        next((name for key, name in MODE_NAMES.items() if key == document.mode), document.mode),
    )
    yield "Leds av", document.led_by
    yield "Tiden räknas från", document.starts_from
    number = 0
    for section in document.sections:
        yield "Avsnitt", section.title
        for step in section.steps:
            number += 1
            yield from _step(number, step)
        yield from _pause(section)


def _step(number: int, step: Step) -> Iterator[Block]:
    label = f"Steg {number}"
    yield f"{label}, villkor", step.condition
    yield label, _verified(step.text, step.verify)
    minutes = f"{step.minutes} minuter" if step.minutes is not None else ""
    critical = "Får inte hoppas över" if step.critical else ""
    yield (
        f"{label}, vem och när",
        ", ".join(word for word in (step.role, step.deadline, minutes, critical) if word),
    )
    yield f"{label}, kort", step.short
    yield f"{label}, varför", step.why
    yield f"{label}, lagstöd", step.legal
    yield f"{label}, läs mer", step.guidance


def _pause(section: Section) -> Iterator[Block]:
    yield "Paus", section.pause


def _html(label: str, html: str) -> Iterator[Block]:
    for kind, text in plain.blocks(html):
        yield f"{label}, {kind.lower()}" if kind != "Stycke" else label, text


def _references(document: Document) -> Iterator[Block]:
    for source in document.sources:
        fetched = f"hämtad {source.fetched}" if source.fetched else ""
        parts = (source.title, source.publisher, source.date, source.url, fetched)
        yield "Källa", ", ".join(part for part in parts if part)
    for law in document.provisions:
        force = (
            f"gäller {law.in_force_from}–{law.in_force_to}" if law.in_force_from or law.in_force_to else ""
        )
        checked = f"kontrollerad {law.checked_on}" if law.checked_on else ""
        parts = (law.statute, law.short, law.section, force, checked)
        yield "Lagrum", ", ".join(part for part in parts if part)
    yield "Relaterat", ", ".join(document.related)
    yield "Ersätts av", document.replaced_by


def _sorting(document: Document, topics: Mapping[str, str], units: Mapping[str, str]) -> Iterator[Block]:
    phases = {str(key): name for key, name in PHASE_NAMES.items()}
    visibility = {str(key): name for key, name in VISIBILITY_NAMES.items()}
    yield "Ämne", ", ".join(topics.get(slug, slug) for slug in document.topics)
    yield "Skede", ", ".join(phases.get(phase, phase) for phase in document.phases)
    yield "För vem", ", ".join(AUDIENCE_NAMES.get(word, word) for word in document.audiences)
    yield "Etiketter", ", ".join(document.labels)
    yield "Ansvarig", document.owner
    yield "Kontrollerad mot källor", document.checked_on
    yield "Granskas var", f"{document.review_interval_months} månader"
    yield (
        "Gäller",
        f"{document.valid_from}–{document.valid_to}" if document.valid_from or document.valid_to else "",
    )
    unit = units.get(document.unit, "") if document.unit else ""
    yield (
        "Vem får läsa",
        visibility.get(document.visibility, document.visibility) + (f": {unit}" if unit else ""),
    )


def _verified(text: str, verify: bool) -> str:
    return f"{text} (Att verifiera)" if verify else text
