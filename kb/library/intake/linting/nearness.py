"""The rule that a text is in own words: no sentence too near a source that an organisation keeps in a folder."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from kb.errors import Invalid
from kb.library.intake.linting.entries import Entry
from kb.library.intake.linting.findings import ERROR, Finding
from kb.text import plain

RUN = 8  # so many words in a row are a quotation; names of laws and authorities are shorter
SHARE = 0.8  # of a sentence's words inside one sentence of a source
SUFFIXES = (".txt", ".md")
_OWN_NAMES = frozenset({"title", "labels", "sources", "provisions", "municipality", "claim"})


@dataclass(frozen=True)
class Source:
    """A source as it is compared: its runs of words, its sentences, and where each word stands among them."""

    name: str
    runs: frozenset[tuple[str, ...]]
    sentences: tuple[Counter[str], ...]
    holders: Mapping[str, tuple[int, ...]]


def read_sources(folder: Path) -> list[Source]:
    """The texts of a folder and the folders in it. Raises `Invalid` when there is none, or one cannot be read."""
    files = sorted(path for path in folder.rglob("*") if path.suffix.casefold() in SUFFIXES)
    if not files:
        raise Invalid("sources", f"I {folder} finns inga källtexter ({', '.join(SUFFIXES)}).")
    try:
        return [source_of(str(file.relative_to(folder)), file.read_text(encoding="utf-8")) for file in files]
    except UnicodeDecodeError:
        raise Invalid("sources", f"En källtext i {folder} är inte sparad som UTF-8.") from None


def source_of(name: str, text: str) -> Source:
    """A source text, ready to be compared. Line ends are spaces: a printed page breaks sentences."""
    joined = " ".join(text.split())
    words = _words(joined)
    sentences = tuple(Counter(_words(sentence)) for sentence in plain.sentences(joined))
    holders: dict[str, list[int]] = defaultdict(list)
    for number, sentence in enumerate(sentences):
        for word in sentence:
            holders[word].append(number)
    return Source(
        name, frozenset(_runs(words)), sentences, {word: tuple(rows) for word, rows in holders.items()}
    )


def lint_nearness(entry: Entry, sources: Iterable[Source]) -> Iterator[Finding]:
    """Sentences of at least eight words that stand in a source, wholly or for the most part."""
    sources = list(sources)
    for place, text in entry.texts():
        if place.split(".")[0] in _OWN_NAMES:
            continue
        for sentence in plain.sentences(text):
            words = _words(sentence)
            near = next((found for source in sources if (found := _nearness(words, source))), "")
            if near:
                begun = " ".join(sentence.split()[:6])
                yield Finding(entry.file, place, ERROR, "nearness", f"{near} Skriv om ”{begun}…”")


def _nearness(words: list[str], source: Source) -> str:
    """What of the sentence stands in the source; empty when it is in own words."""
    if len(words) < RUN:
        return ""
    if not source.runs.isdisjoint(_runs(words)):
        return f"{RUN} ord i rad står också i {source.name}."
    share = _share(words, source)
    return (
        f"{round(share * 100)} procent av orden står i en mening i {source.name}." if share >= SHARE else ""
    )


def _share(words: list[str], source: Source) -> float:
    """The largest part of the words that one sentence of the source holds."""
    own = Counter(words)
    shared: Counter[int] = Counter()
    for word, count in own.items():
        for number in source.holders.get(word, ()):
            shared[number] += min(count, source.sentences[number][word])
    return max(shared.values(), default=0) / len(words)


def _runs(words: list[str]) -> Iterator[tuple[str, ...]]:
    return (tuple(words[start : start + RUN]) for start in range(len(words) - RUN + 1))


def _words(text: str) -> list[str]:
    return [word.casefold() for word in plain.words(text)]
