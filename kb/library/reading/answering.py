"""What the library answers beside texts: important numbers, its lists by name, sections of law, terms, topics."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from textwrap import shorten

from sqlalchemy.orm import Session

from kb import clock
from kb.accounts.viewer import Viewer
from kb.language.analysis import term_of
from kb.language.asking import Question
from kb.language.namebook import NameBook
from kb.library.addresses import address, provision_address
from kb.library.content import lawtexts
from kb.library.content.document import Kind
from kb.library.core.shelf import kept
from kb.library.reading.citing import Citation, read_citation
from kb.library.reading.provisions import citing_cards
from kb.library.reading.reference import Law, Reference, reference
from kb.web.addresses import page_address
from kb.web.answering import Answer, PageName
from kb.web.landmarks import Landmark

MOST = 3  # of a kind
MOST_TEXTS = 3  # that cite a section
MOST_SECTIONS = 8  # of a chapter or a statute
WORDING = 220  # characters
DEFINITION = 300
NUMBERS_TITLE = "Viktiga nummer"
# What is kept among the numbers by an organisation, and asked for also before it has been.
_KEPT_THERE = (
    "socialjour, socialjouren, jour, jouren, jourtelefon, tjänsteman i beredskap, tjänsteperson i beredskap"
)
_ASKED_AS_NUMBERS = "viktiga nummer, viktiga telefonnummer, telefonlista, nummerlista, ringlista"


@dataclass(frozen=True)
class _Page:
    title: str
    endpoint: str
    icon: str
    text: str
    names: str  # after commas


PAGES = (
    _Page(
        NUMBERS_TITLE,
        Landmark.NUMBERS,
        "telefon",
        "Nummer att ringa i en kris, och era egna.",
        _ASKED_AS_NUMBERS,
    ),
    _Page(
        "Ordlista",
        "library.glossary_index",
        Kind.ARTICLE,
        "Ord och förkortningar som används här, förklarade.",
        "ordlista, ordbok, ordförklaringar, ordlexikon, förkortningar, begrepp, definitioner",
    ),
    _Page(
        "Lagrum",
        "library.provision_index",
        "lag",
        "Paragraferna som texterna bygger på, lag för lag.",
        "lagrum, lagtext, lagtexter, lagparagrafer, lagregister",
    ),
    _Page(
        "Nytt och ändrat",
        Landmark.CHANGES,
        "historik",
        "Det senaste som har publicerats, och varför.",
        "nytt och ändrat, nyheter, senaste ändringar, ändringar, nytt",
    ),
)
_BOOK = NameBook((name, at) for at, page in enumerate(PAGES) for name in page.names.split(", "))
_JOUR = NameBook((name, True) for name in _KEPT_THERE.split(", "))


def answer(session: Session, viewer: Viewer, question: Question) -> list[Answer]:
    """All that the library answers."""
    held = reference(session, viewer)
    ways: Sequence[Callable[[Session, Viewer, Question, Reference], Iterator[Answer]]] = (
        _numbers, _pages, _provisions, _terms, _topics,
    )  # fmt: skip
    return [one for way in ways for one in way(session, viewer, question, held)]


def page_names(session: Session, viewer: Viewer) -> list[PageName]:
    """The library's own pages by name, and the topics."""
    pages = [PageName(title=page.title, url=page_address(page.endpoint), icon=page.icon) for page in PAGES]
    topics = [
        PageName(title=topic.name, url=page_address(Landmark.TOPIC, slug=topic.slug), icon=topic.icon)
        for topic in reference(session, viewer).topics
    ]
    return pages + topics


# Numbers


def _numbers(_session: Session, _viewer: Viewer, question: Question, held: Reference) -> Iterator[Answer]:
    """The numbers that are named; all of them where only a number is asked for."""
    named = _named_numbers(question, held)
    if named:
        yield _number_answer(held, named[:MOST], is_asked_for=question.wants_number or _is_jour(question))
    elif question.wants_number and not question.subject:
        yield _number_answer(held, _first_numbers(held), is_asked_for=True, is_all=True)
    elif _is_jour(question):
        yield _number_answer(held, [], is_asked_for=True, is_all=True)


def _named_numbers(question: Question, held: Reference) -> list[int]:
    """The places of the numbers that the question names: whole, or by all its words when it asks for a number."""
    found = held.number_book.find(question.subject) or held.number_book.find(question.named)
    if found or not question.wants_number or not question.subject:
        return found
    asked = {term_of(word) for word in question.subject}
    return [at for at, words in enumerate(held.number_words) if asked <= words]


def _is_jour(question: Question) -> bool:
    return bool(_JOUR.find(question.subject))


def _first_numbers(held: Reference) -> list[int]:
    """For who knows no name: the two that come first in the list, and two of the organisation's own."""
    own = [at for at, number in enumerate(held.numbers) if number.is_local]
    others = [at for at, number in enumerate(held.numbers) if not number.is_local]
    return others[:2] + own[:2]


def _number_answer(
    held: Reference, places: Sequence[int], *, is_asked_for: bool, is_all: bool = False
) -> Answer:
    url = page_address(Landmark.NUMBERS)
    numbers = [held.numbers[at] for at in places if held.numbers[at].number]
    return Answer(
        label="Sida" if is_all else "Viktigt nummer",
        icon="telefon",
        title=NUMBERS_TITLE,
        url=url,
        text="" if numbers else "Numren i hela landet, och era egna när administratören har lagt in dem.",
        numbers=tuple((one.label, one.number, one.note) for one in numbers),
        page=(url, NUMBERS_TITLE) if is_asked_for else None,
    )


# Pages


def _pages(_session: Session, _viewer: Viewer, question: Question, _held: Reference) -> Iterator[Answer]:
    for at in _BOOK.find(question.named):
        page = PAGES[at]
        url = page_address(page.endpoint)
        if page.title != NUMBERS_TITLE or not question.wants_number:
            yield Answer(
                label="Sida",
                icon=page.icon,
                title=page.title,
                url=url,
                text=page.text,
                page=(url, page.title),
            )


# Sections of law


def _provisions(session: Session, viewer: Viewer, question: Question, held: Reference) -> Iterator[Answer]:
    """The section that is named; the sections of a chapter; what else there is of a statute without the section."""
    asked = read_citation(question.text) if any(map(str.isdigit, question.text)) else None
    if asked is None:
        return
    if asked.statute:
        for statute in held.statute_book.find(asked.statute):
            yield from _of_statute(session, viewer, held.laws[statute], asked)
    elif ":" in asked.place and not asked.is_chapter:
        found = list(chain.from_iterable(_laws_at(laws, asked) for laws in held.laws.values()))
        if len(found) <= MOST:
            yield from (_law_answer(session, viewer, law) for law in found)


def _of_statute(session: Session, viewer: Viewer, laws: Sequence[Law], asked: Citation) -> Iterator[Answer]:
    found = _laws_at(laws, asked)
    if not found:
        yield _beside(laws, asked)
    elif asked.is_chapter:
        yield _chapter_answer(found, asked)
    else:
        yield _law_answer(session, viewer, found[0])


def _laws_at(laws: Sequence[Law], asked: Citation) -> list[Law]:
    return [law for law in laws if _is_at(law, asked)]


def _is_at(law: Law, asked: Citation) -> bool:
    return law.place.startswith(asked.place) if asked.is_chapter else law.place == asked.place


def _law_answer(session: Session, viewer: Viewer, law: Law) -> Answer:
    held = lawtexts.section_text(law.statute, law.section, clock.today())
    cards = kept(session, viewer, ("citing", law.slug), lambda: _citing(session, viewer, law.slug))
    return Answer(
        label="Lagrum",
        icon="lag",
        title=law.name,
        url=provision_address(law.slug),
        text=shorten(" ".join(held.paragraphs), WORDING, placeholder=" …") if held else law.statute,
        note=f"{law.statute}, {lawtexts.statutes()[law.statute].wording}" if held else "",
        links=tuple(cards),
    )


def _citing(session: Session, viewer: Viewer, slug: str) -> list[tuple[str, str]]:
    """The first texts that rely on a section."""
    cards = citing_cards(session, viewer, slug, MOST_TEXTS)
    return [(card.name, address(card.kind, card.slug)) for card in cards]


def _chapter_answer(laws: Sequence[Law], asked: Citation) -> Answer:
    return Answer(
        label="Lagrum",
        icon="lag",
        title=f"{asked.place.rstrip(':')} kap. {laws[0].short or laws[0].statute}",
        url=page_address("library.provision_index"),
        text="Paragraferna som texterna här bygger på:",
        links=_section_links(laws),
    )


def _beside(laws: Sequence[Law], asked: Citation) -> Answer:
    """What there is of a statute when the section that was asked for is not there."""
    chapter = asked.place.partition(":")[0]
    same = [law for law in laws if ":" in asked.place and law.place.startswith(f"{chapter}:")]
    return Answer(
        label="Lagrum",
        icon="lag",
        title=laws[0].short or laws[0].statute,
        url=page_address("library.provision_index"),
        text="Ingen text här bygger på just den paragrafen. Det här finns ur "
        + ("samma kapitel:" if same else "samma lag:"),
        note=laws[0].statute,
        links=_section_links(same or laws),
    )


def _section_links(laws: Sequence[Law]) -> tuple[tuple[str, str], ...]:
    links = [(law.section, provision_address(law.slug)) for law in laws[:MOST_SECTIONS]]
    more = [("Alla lagrum", page_address("library.provision_index"))] if len(laws) > MOST_SECTIONS else []
    return (*links, *more)


# Terms


def _terms(_session: Session, _viewer: Viewer, question: Question, held: Reference) -> Iterator[Answer]:
    """The definition of a term that is all that was typed, or whose meaning is asked for."""
    found = held.term_book.find(question.subject) or held.term_book.find(question.named)
    if not found and question.wants_meaning:
        found = held.word_book.find(question.subject)
    for at in found[:MOST]:
        term = held.terms[at]
        yield Answer(
            label="Ur ordlistan",
            icon=Kind.ARTICLE,
            title=term.term,
            url=f"{page_address('library.glossary_index')}#{term.anchor}",
            text=shorten(term.definition, DEFINITION, placeholder=" …"),
            links=((term.title, address(term.kind, term.slug)),) if term.slug else (),
        )


# Topics


def _topics(_session: Session, _viewer: Viewer, question: Question, held: Reference) -> Iterator[Answer]:
    """A topic that is named alone, or whose page is asked for."""
    pages = held.topic_page_book.find(question.words)
    for at in pages or held.topic_book.find(question.named):
        topic = held.topics[at]
        url = page_address(Landmark.TOPIC, slug=topic.slug)
        yield Answer(
            label="Ämne",
            icon=topic.icon,
            title=topic.name,
            url=url,
            text=topic.intro.partition(". ")[0].rstrip(".") + "." if topic.intro else "",
            links=(("Gör så här nu", page_address(Landmark.TOPIC_NOW, slug=topic.slug)),),
            page=(url, topic.name) if pages else None,
        )
