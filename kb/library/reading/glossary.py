"""The glossary for pages: all terms with the text that explains each, and the terms that occur in a text."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from kb.accounts.viewer import Viewer
from kb.cache import SHARED
from kb.language.terms import Vocabulary, is_abbreviation
from kb.library.content.document import Document
from kb.library.core.models.items import ContentItem
from kb.library.core.models.lists import GlossaryTerm
from kb.library.core.outline import outlined
from kb.library.core.visibility import visible
from kb.text.order import swedish_key
from kb.text.slugs import slugify

MOST = 12
# Words that the site is made of or that everybody knows: in the glossary for search, no help on a page.
_EVERYDAY = """
    bemanning checklista dödsfall efter enhetschef fall före handläggare hembesök hot kris media rapport rykte
    samverkan socialchef socialtjänst under utredning vägledning väktare våld återgång övning
"""
EVERYDAY = frozenset(_EVERYDAY.split())
# An abbreviation is also meant by the full name of the law or the authority.
_FULL_NAME = re.compile(
    r"lag(?:en)?\b|förordning|balk|myndighet|inspektionen |styrelse|regioner|arbetsmiljö\w* "
)


@dataclass(frozen=True)
class Term:
    """A term; `kind`, `slug` and `title` of the text that explains it are empty where the viewer can see none."""

    term: str
    definition: str
    synonyms: tuple[str, ...] = ()
    kind: str = ""
    slug: str = ""
    title: str = ""

    @property
    def anchor(self) -> str:
        """Where it stands on the page of the glossary."""
        return f"ord-{slugify(self.term)}"


def list_terms(session: Session, viewer: Viewer, ids: Sequence[int] | None = None) -> list[Term]:
    """All terms (or those with the ids) in Swedish order."""
    query = select(
        GlossaryTerm.term,
        GlossaryTerm.definition,
        GlossaryTerm.synonyms,
        ContentItem.kind,
        ContentItem.slug,
        ContentItem.title,
    ).outerjoin(ContentItem, and_(ContentItem.slug == GlossaryTerm.item_slug, visible(viewer)))
    if ids is not None:
        query = query.where(GlossaryTerm.id.in_(ids))
    found = [
        Term(
            term,
            definition,
            tuple(synonyms),
            kind or "",
            slug or "",
            title or "",
        )
        for term, definition, synonyms, kind, slug, title in session.execute(query)
    ]
    return sorted(found, key=lambda term: swedish_key(term.term))


def terms_in(session: Session, viewer: Viewer, document: Document, digest: str) -> list[Term]:
    """The terms that occur in the text, at most twelve, in Swedish order; `digest` is that of the document."""
    rows = select(GlossaryTerm.id, GlossaryTerm.term, GlossaryTerm.synonyms).order_by(GlossaryTerm.id)
    terms = [(key, term, tuple(synonyms)) for key, term, synonyms in session.execute(rows)]
    stamp = sha256(repr(terms).encode()).hexdigest()

    def find() -> tuple[int, ...]:
        vocabulary = SHARED.take("vocabulary", stamp, lambda: vocabulary_of(terms))
        return occurring(vocabulary, [(key, term) for key, term, _synonyms in terms], document)

    ids = SHARED.take(("terms in", digest), stamp, find)
    return list_terms(session, viewer, ids) if ids else []


def occurring(
    vocabulary: Vocabulary[int], terms: Iterable[tuple[int, str]], document: Document
) -> tuple[int, ...]:
    """The ids of the terms in a document: abbreviations and expressions before single words, at most twelve."""
    text = "\n".join((document.title, document.summary, outlined(document)[0]))
    met = dict.fromkeys(found.key for found in vocabulary.find(text))
    special = {key for key, term in terms if is_abbreviation(term) or " " in term}
    return tuple(sorted(met, key=lambda key: key not in special)[:MOST])


def vocabulary_of(terms: Iterable[tuple[int, str, Sequence[str]]]) -> Vocabulary[int]:
    """The words by which (id, term, synonyms) are found in a text."""
    return Vocabulary(
        (key, name)
        for key, term, synonyms in terms
        if term not in EVERYDAY
        for name in (term, *(full_names(synonyms) if is_abbreviation(term) else ()))
    )


def full_names(synonyms: Iterable[str]) -> list[str]:
    """Those of an abbreviation's synonyms that are names of laws and authorities."""
    return [word for word in synonyms if _FULL_NAME.search(word)]
