"""The control of rare words: the only text that holds what was typed stands among the first three.

`python -m bench.search_rare` takes words by program, with a seed: everyday words in an inflection (of the shipped
texts, neither very common nor rare in Swedish) that no made-up text (`corpus.py`) holds, and compounds that none
of its texts holds. Each is put once into the running text of one of 2,000 made-up texts, and is said to be a synonym of
two words that hundreds of the others hold, in titles too. It is searched alone, and beside another common word. The
bench prints how often its text stands first and among the first three, and what is lost.
"""

import argparse
import random
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import mean

from bench import corpus
from bench.search_quality import Find, document, engine
from kb.language.analysis import term_of
from kb.language.rarity import share_of
from kb.language.words import read_words
from kb.search.finding.query import parse

STARTER = Path(__file__).resolve().parent.parent / "kb" / "starter"
TEXTS = 2000
EACH = 60  # words of a kind
FIRST = 3
EVERYDAY = (1e-6, 1e-4)  # of all words of Swedish
COMMON = ("hot", "våld", "barn", "beslut", "information", "stöd", "samtal", "protokoll")
TARGETS = 2  # of them, for each word


@dataclass(frozen=True)
class Rare:
    """A query with a word that one text holds, and where that stands (0 first); None when it is not found."""

    kind: str
    query: str
    place: int | None

    @property
    def is_in_three(self) -> bool:
        """Whether the text stands among the first three."""
        return self.place is not None and self.place < FIRST


def main() -> None:
    """Print the shares, and what is lost."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--texts", type=int, default=TEXTS)
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = measure(Path(folder), texts=chosen.texts, each=EACH)
    for kind in dict.fromkeys(one.kind for one in found):
        some = [one for one in found if one.kind == kind]
        three, first = mean(one.is_in_three for one in some), mean(one.place == 0 for one in some)
        print(f"{kind:<18} first {first:.3f}  in three {three:.3f}  of {len(some)}")
    for one in found:
        if not one.is_in_three:
            print(f"   {one.kind}: {one.query}: {one.place}")


def measure(folder: Path, *, texts: int, each: int) -> list[Rare]:
    """So many words of each kind, alone and beside a common word."""
    chance = random.Random(1)
    made = list(corpus.texts(texts))
    drawn = [(kind, word, chance.randrange(texts)) for kind, word in draw(made, each, chance)]
    for _, word, number in drawn:
        made[number] = _with_word(made[number], word, chance)
    rows = [(word, target) for _, word, _ in drawn for target in chance.sample(COMMON, TARGETS)]
    documents = (document(one.number + 1, one.slug, one.title, one.summary, one.plain) for one in made)
    find = engine(folder, list(documents), rows)
    return [_ask(find, name, query, made[number].slug) for name, query, number in _queries(drawn, chance)]


def draw(made: Sequence[corpus.Text], each: int, chance: random.Random) -> Iterator[tuple[str, str]]:
    """(kind, word): so many of each that stand in none of the texts, in no form."""
    held = _held(made)
    compounds = sorted({form for forms in corpus.lexicon().compounds for form in forms[1:]})
    for kind, words in (("everyday", _everyday()), ("compound", compounds)):
        free = [word for word in words if term_of(word) not in held]
        by_term = {term_of(word): word for word in free}
        yield from ((kind, word) for word in chance.sample(list(by_term.values()), min(each, len(by_term))))


def _held(made: Sequence[corpus.Text]) -> set[str]:
    """The terms of all words of the texts."""
    texts = (f"{text.title} {text.summary} {text.plain}" for text in made)
    return {term_of(word) for word in {word for text in texts for word in read_words(text)}}


def _everyday() -> list[str]:
    """The everyday words of the shipped texts, in the order of their letters."""
    texts = [path.read_text("utf-8") for path in STARTER.glob("*/*.md")]
    return sorted(filter(_is_everyday, {word for text in texts for word in read_words(text)}))


def _is_everyday(word: str) -> bool:
    """Whether a word is inflected, in everyday use, and one that is looked for."""
    least, most = EVERYDAY
    term = term_of(word)
    is_used = word.isalpha() and term != word and least <= share_of(term) <= most
    return is_used and [one.word for one in parse(f"{word} hot").wanted] == [word, "hot"]


def _with_word(text: corpus.Text, word: str, chance: random.Random) -> corpus.Text:
    """The text with the word once in its running text."""
    body = list(text.body)
    number = chance.randrange(len(body))
    words = body[number].split()
    words.insert(chance.randrange(1, len(words)), word)
    body[number] = " ".join(words)
    return replace(text, body=tuple(body))


def _queries(drawn: Sequence[tuple[str, str, int]], chance: random.Random) -> Iterator[tuple[str, str, int]]:
    for kind, word, number in drawn:
        beside = chance.choice(COMMON)
        yield kind, word, number
        yield f"{kind} beside", f"{beside} {word}", number


def _ask(find: Find, kind: str, query: str, slug: str) -> Rare:
    hits = find(query)
    return Rare(kind, query, hits.index(slug) if slug in hits else None)


if __name__ == "__main__":
    main()
