"""The rule that no two texts say the same: sentences, normalised, that stand in both."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from itertools import combinations

from kb.library.content.checks import running_texts
from kb.library.content.document import Document
from kb.library.intake.linting.entries import Entry, documents
from kb.library.intake.linting.findings import ERROR, Finding
from kb.text import plain

SHARE = 0.6
_WORDS = re.compile(r"[^\W\d_]+")
_FEWEST_WORDS = 3


def lint_likeness(entries: Iterable[Entry]) -> Iterator[Finding]:
    """Pairs of texts with more than 60 % of their sentences alike (of the shorter one)."""
    sentences = {entry: _sentences(document) for entry, document in documents(entries)}
    for (one, other), shared in _shared(sentences).items():
        share = shared / min(len(sentences[one]), len(sentences[other]))
        if share > SHARE:
            message = f"{round(share * 100)} procent av meningarna står också i {other.file}."
            yield Finding(one.file, "text", ERROR, "likeness", message)


def _sentences(document: Document) -> frozenset[str]:
    found = set()
    for _field, text in running_texts(document):
        for sentence in plain.sentences(text):
            words = _WORDS.findall(sentence.casefold())
            if len(words) >= _FEWEST_WORDS:
                found.add(" ".join(words))
    return frozenset(found)


def _shared(sentences: dict[Entry, frozenset[str]]) -> Counter[tuple[Entry, Entry]]:
    """How many sentences each pair has in common, for pairs that have any."""
    holders: dict[str, list[Entry]] = defaultdict(list)
    for entry, own in sentences.items():
        for sentence in own:
            holders[sentence].append(entry)
    pairs: Counter[tuple[Entry, Entry]] = Counter()
    for entries in holders.values():
        pairs.update(combinations(entries, 2))
    return pairs
