"""Rules about the words: hard to read, codes left behind, doubtful facts without label, numbers of persons."""

import re
from collections.abc import Iterator

from kb.library.content.checks import running_texts
from kb.library.content.document import Document, Kind
from kb.library.content.fields import Type, names_of
from kb.library.intake.linting.entries import Entry
from kb.library.intake.linting.findings import ERROR, WARNING, Finding
from kb.library.intake.linting.known import digits, easy_names, telephone_numbers
from kb.text import plain
from kb.text.identity import find_identity_numbers, find_phones

LIX_OF_LISTS, LIX_OF_TEXTS = 50, 55
_SHORT_LETTERS = 6
_RICH = names_of(Type.RICH)
_CODE = re.compile(
    r"\b(?:(?:W\d{1,2}|S[0-4])(?:-\d+)?|(?:LS|HV|DE|KK|BE)-\d+|P(?:89|131|141)|SoL-01|LEH-F)\b|\[V2?\]"
)
_DOUBT = re.compile(r"\[TV\]")
_LABEL = re.compile(r"\[att verifiera\]|\(att verifiera\)", re.IGNORECASE)
_SHORT_NUMBER = re.compile(r"(?<![\d.,:/–-])(?:11[345] \d{2}|116 \d{3})(?![\d.,:/–-]*\d)")


def lint_language(entry: Entry, document: Document) -> Iterator[Finding]:
    """Everything about the words of a text."""
    for place, text in entry.texts():
        yield from _codes(entry.file, place, text)
        yield from _numbers(entry.file, place, text)
    yield from _readability(entry, document)


def _codes(file: str, place: str, text: str) -> Iterator[Finding]:
    for code in _CODE.findall(text):
        yield Finding(
            file, place, ERROR, "code", f"”{code}” är en kod ur faktaunderlaget. Skriv källan i ord."
        )
    if _DOUBT.search(text):
        message = (
            "”[TV]” syns inte som en märkning. Skriv [att verifiera] i löpande text, annars verify: true."
        )
        yield Finding(file, place, ERROR, "label", message)
    if _LABEL.search(text):
        where = "inom hakparentes" if place in _RICH else "som verify: true"
        message = f"”Att verifiera” blir ingen märkning här. Skriv den {where}, eller stryk uppgiften."
        yield Finding(file, place, ERROR, "label", message)


def _numbers(file: str, place: str, text: str) -> Iterator[Finding]:
    for number in find_identity_numbers(text):
        yield Finding(file, place, ERROR, "identity", f"”{number}” ser ut som ett personnummer. Ta bort det.")
    for number in (*find_phones(text), *_SHORT_NUMBER.findall(text)):
        if digits(number) not in telephone_numbers():
            message = f"”{number}” är inget känt telefonnummer. Ta bort det eller anteckna det med källa."
            yield Finding(file, place, ERROR, "phone", message)


def _readability(entry: Entry, document: Document) -> Iterator[Finding]:
    lists: list[str] = []
    texts: list[str] = []
    for field, text in running_texts(document):
        in_list = field.startswith(("actions", "sections"))
        (lists if in_list else texts).append(shortened(text))
    for place, parts, highest in (
        ("sections" if document.kind == Kind.CHECKLIST else "actions", lists, LIX_OF_LISTS),
        ("text", texts, LIX_OF_TEXTS),
    ):
        lix = plain.lix("\n".join(parts))
        if lix > highest:
            message = f"LIX {lix}, högst {highest}. Skriv kortare meningar och ord."
            yield Finding(entry.file, place, WARNING, "lix", message)


def shortened(text: str) -> str:
    """The text with glossary terms and names of laws and authorities made short, so that LIX counts them so."""
    parts, end = [], 0
    for found in easy_names().find(text):
        words = re.sub(r"[^\W_]+", lambda word: word[0][:_SHORT_LETTERS], text[found.start : found.end])
        parts += [text[end : found.start], words.replace("-", "")[: found.end - found.start]]
        end = found.end
    return "".join([*parts, text[end:]])
