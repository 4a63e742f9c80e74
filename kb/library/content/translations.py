"""Translations of a claim's short answer: what they were made from, and whether that has changed since; pure."""

from dataclasses import replace

from kb.library.content.document import Document, Translation


def settle(document: Document) -> Document:
    """The document with each translation saying which answer it was made from: the one beside it when none is said."""
    return replace(
        document,
        translations=tuple(
            replace(one, swedish=one.swedish or document.short_answer) for one in document.translations
        ),
    )


def is_outdated(document: Document, translation: Translation) -> bool:
    """Whether the Swedish answer was changed after it was translated."""
    return translation.swedish != document.short_answer
