"""Misspelt words: how often the right text stays among the first three when one word of a title or label has a slip.

`python -m bench.search_slips` takes short titles and labels of the shipped texts, and puts a slip of each kind
(`slips.py`; `--seed`, `--each` how many of a kind) into one of their words: alone, and in its phrase. Right is what
comes first without the slip. A slip that makes another word of the texts, or of the language, cannot be seen: it is
left out. Half of the words are for tuning (`-v` shows what they lose), half are only counted. Last: what a correction
costs among 50,000 words.
"""

import argparse
import random
import tempfile
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from statistics import mean

from flask import Flask

from bench.search_quality import document, finder, is_counted, shipped_app
from bench.slips import KINDS, slips
from kb.language.compounds import is_known, lexicon
from kb.language.words import read_words
from kb.library.core.indexable import Seen, list_indexable
from kb.search.engine.schema import make_document
from kb.search.engine.store import Store
from kb.search.finding.correction import corrected, errors_allowed
from kb.search.finding.query import parse
from kb.search.finding.ranking import Filters
from kb.search.finding.wordlists import STOP_WORDS

FIRST = 3
MOST_WORDS = 6
WORDS = 50_000


@dataclass(frozen=True)
class Slip:
    """A query with a slip in one word, and whether the right text came among the first three."""

    kind: str
    word: str
    typed: str
    is_kept: bool

    @property
    def is_counted(self) -> bool:
        """Whether its word is only counted: by a checksum, so that nobody chose it."""
        return is_counted(self.word)

    @property
    def is_alone(self) -> bool:
        """Whether the word stood alone."""
        return len(self.typed.split()) == (2 if self.kind == "extra space" else 1)


def main() -> None:
    """Print the shares and what a correction costs."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("-v", "--verbose", action="store_true", help="show what the half for tuning loses")
    options.add_argument("--seed", default="1")
    options.add_argument("--each", type=int, default=100, help="slips of each kind")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as folder, shipped_app(Path(folder)) as app:
        found = measure(app, seed=chosen.seed, each=chosen.each)
    show(found)
    if chosen.verbose:
        for one in found:
            if not one.is_kept and not one.is_counted:
                print(f"  {one.kind:<14}{one.word:<24}{one.typed}")
    first, later = cost()
    print(f"a correction among {WORDS} words: {later:.1f} ms of CPU, the first one {first:.0f} ms")


def measure(app: Flask, *, seed: str, each: int) -> list[Slip]:
    """So many slips of each kind, half of them in words that are only counted."""
    find = finder(app, ())
    with app.extensions["database"].reading() as session:
        items = list_indexable(session)
    texts = " ".join(f"{item.title} {item.summary} {item.text}" for item in items)
    words = frozenset(read_words(texts))
    phrases = list(chain.from_iterable((item.title, *item.labels) for item in items))
    random.Random(seed).shuffle(phrases)
    count = dict.fromkeys(KINDS, 0)
    found: list[Slip] = []
    for query, word in chain.from_iterable(_queries(phrase, seed) for phrase in phrases):
        if min(count.values()) == each:
            break
        rights = find(query)[:1]
        for kind, slipped in _visible(word, seed, words):
            if rights and count[kind] < each:
                count[kind] += 1
                typed = query.replace(word, slipped)
                found.append(Slip(kind, word, typed, rights[0] in find(typed)[:FIRST]))
    return found


def _visible(word: str, seed: str, words: Collection[str]) -> Iterator[tuple[str, str]]:
    """The slips of a word that make no other."""
    return ((kind, slipped) for kind, slipped in slips(word, seed) if not _is_word(slipped, words))


def _queries(phrase: str, seed: str) -> Iterator[tuple[str, str]]:
    """(what is typed, the word that gets a slip): one word of a phrase, in it and alone."""
    words = read_words(phrase)
    content = [word for word in words if word not in STOP_WORDS and word.isalpha() and errors_allowed(word)]
    if content and len(words) <= MOST_WORDS:
        word = random.Random(f"{seed} {phrase}").choice(content)
        yield " ".join(words), word
        yield word, word


def _is_word(slipped: str, words: Collection[str]) -> bool:
    """Whether a slip made another word: of the texts, or one of the language."""
    return any(part in words or is_known(part) for part in slipped.split())


def show(found: Sequence[Slip]) -> None:
    """Print the share that is kept, by kind and by half, alone and in phrases."""
    print(f"{'kept in three':<16}{'tuned':>8}{'counted':>8}{'alone':>8}{'phrase':>8}{'n':>6}")
    for kind in (*KINDS, "all"):
        of_kind = [one for one in found if kind in (one.kind, "all")]
        parts = (
            *_apart(of_kind, lambda one: one.is_counted)[::-1],
            *_apart(of_kind, lambda one: one.is_alone),
        )
        print(f"{kind:<16}{''.join(f'{_share(part):8.3f}' for part in parts)}{len(of_kind):6}")


def _apart(found: Sequence[Slip], is_in: Callable[[Slip], bool]) -> tuple[list[Slip], list[Slip]]:
    """Those that are in it, and the others."""
    return [one for one in found if is_in(one)], [one for one in found if not is_in(one)]


def _share(found: Sequence[Slip]) -> float:
    return mean(one.is_kept for one in found) if found else 0.0


def cost() -> tuple[float, float]:
    """Milliseconds of CPU: the first correction in an index of many words, and the mean of later ones."""
    chance = random.Random(1)
    words = chance.sample(sorted(lexicon().lasts), WORDS)
    texts = [" ".join(words[start : start + 500]) for start in range(0, WORDS, 500)]
    items = [document(number, str(number), "", "", text) for number, text in enumerate(texts, 1)]
    filters = Filters(Seen("all", frozenset(item.item_id for item in items)), {})
    with tempfile.TemporaryDirectory() as folder:
        store = Store(Path(folder))
        store.build(make_document(item) for item in items)
        snapshot = store.snapshot()
        typed = [slip for word in chance.sample(words, 60) for _, slip in slips(word, "1") if " " not in slip]
        times = []
        for slip in typed:
            query = parse(slip)
            started = time.process_time()
            corrected(snapshot, query, filters)
            times.append(1000 * (time.process_time() - started))
    return times[0], mean(times[1:])


if __name__ == "__main__":
    main()
