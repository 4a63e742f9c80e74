"""How people name a place in a statute: "27 kap. 1 § SoL", "SoL 27 kap 1", "OSL 26:1", "LSS 24b". Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from kb.language.words import normalise, query_words

_LETTER = r"(?P<letter> ?[a-z](?= ?§)| ?[a-hj-z](?!\w))?"  # "i" is mostly the small word
_SIGN = r"(?: ?§+| ?paragraf(?:en)?\b)?"
_KAP = r"kap(?:itel|itlet)?(?![a-zåäö])\.?"
_WAYS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"\b(?P<chapter>\d{{1,3}}) ?{_KAP},? ?§? ?(?P<number>\d{{1,3}})(?!\d){_LETTER}{_SIGN}",
        rf"(?:§ ?)?\b(?P<number>\d{{1,3}}){_LETTER}{_SIGN} (?:i )?(?P<chapter>\d{{1,3}}) ?{_KAP}",
        rf"\b{_KAP} ?(?P<chapter>\d{{1,3}}),?(?: ?§+ ?| paragraf(?:en)? | )(?P<number>\d{{1,3}})(?!\d){_LETTER}{_SIGN}",
        rf"(?<![\d:])(?P<chapter>\d{{1,3}}):(?P<number>\d{{1,3}})(?![\d:]){_LETTER}{_SIGN}",
        rf"\b(?P<chapter>\d{{1,3}}) ?{_KAP}",
        rf"\b{_KAP} ?(?P<chapter>\d{{1,3}})(?!\d)",
        r"\bart(?:ikel|ikeln)?\b\.? ?(?P<article>\d{1,3})(?:\.\d{1,2})?(?!\d)",
        rf"(?:§+ ?|\bparagraf(?:en)? )?(?<![\d:])\b(?P<number>\d{{1,3}})(?![\d:]){_LETTER}{_SIGN}",
    )
)
_WORDS_BESIDE = """
    § i enligt vad säger står det om den av lagrum lagrummet paragraf paragrafen stycket lydelse lydelsen lagtext
    lagtexten texten gäller är en ett och visa läsa läs
"""
_BESIDE = frozenset(_WORDS_BESIDE.split())


@dataclass(frozen=True)
class Citation:
    """A place in a statute that is named by the words `statute` (perhaps none).

    `place` is "27:1", "24b", "a33" for an article, or "27:" for a whole chapter.
    """

    place: str
    statute: tuple[str, ...]

    @property
    def is_chapter(self) -> bool:
        """Whether a whole chapter is named."""
        return self.place.endswith(":")


def read_citation(text: str) -> Citation | None:
    """The place that a query names, with what else stands there as the statute; None when it names none.

    >>> read_citation("14 kap. 3 § SoL")
    Citation(place='14:3', statute=('sol',))
    >>> read_citation("LSS 24b").place, read_citation("BrB 17 kap").place, read_citation("gdpr artikel 33").place
    ('24b', '17:', 'a33')
    """
    lowered = " ".join(normalise(text).lower().split())
    for way in _WAYS:
        found = way.search(lowered)
        if found:
            rest = f"{lowered[: found.start()]} {lowered[found.end() :]}"
            words = tuple(word for word in query_words(rest) if word not in _BESIDE)
            return Citation(_place(found), words)
    return None


def place_of(section: str) -> str:
    """The place of a stored section: "27 kap. 1 §" is "27:1"; empty for what is no place."""
    found = read_citation(section)
    return found.place if found and not found.statute else ""


def _place(found: re.Match[str]) -> str:
    parts = found.groupdict()
    if parts.get("article"):
        return f"a{parts['article']}"
    chapter, number = parts.get("chapter"), parts.get("number")
    before = f"{chapter}:" if chapter else ""
    return f"{before}{number or ''}{(parts.get('letter') or '').strip()}"


def statute_names(statute: str, short: str) -> list[str]:
    """By which names people know a statute: its short one, what stands before its number, its number, its subject.

    >>> statute_names("Socialtjänstlag (2025:400)", "SoL")
    ['SoL', 'Socialtjänstlag', '2025:400']
    >>> statute_names("Lag (1988:688) om kontaktförbud", "KFL")
    ['KFL', '1988:688', 'kontaktförbudslag', 'lag om kontaktförbud']
    """
    before, _, after = statute.partition("(")
    number, _, subject = after.partition(")")
    name, about = before.strip(), subject.strip().removeprefix("om ")
    names = [short] if short else []
    if name.lower() not in ("lag", "förordning", ""):
        names.append(name)
        names += _shorter(name.split())
    names += [number] if number else []
    if about:
        names += [f"{about}slag"] if " " not in about else []
        names.append(f"{name.lower()} om {about}")
    return names


def _shorter(words: Sequence[str]) -> list[str]:
    """The last word of a name of several: sekretesslag."""
    return [words[-1]] if len(words) > 1 and len(words[-1]) > len("sekretess") else []
