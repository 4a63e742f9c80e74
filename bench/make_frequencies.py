"""Makes `kb/language/data/frequencies.txt`, how common words are in Swedish, from the list of the package wordfreq.

Run it when the stemmer or the package changes: `python -m bench.make_frequencies …/wordfreq/data/large_sv.msgpack.gz`.
The forms of a word are taken together under its term, since a query does not care which of them was typed.
"""

import gzip
import math
import struct
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kb.language.analysis import term_of
from kb.language.rarity import FILE, RAREST
from kb.language.words import normalise, words_of

BYTES_OF_LENGTH = {0xD9: ">B", 0xDA: ">H", 0xDB: ">I", 0xDC: ">H", 0xDD: ">I"}


def main(path: Path) -> None:
    """Read the list, take forms together, write the file."""
    shares: defaultdict[str, float] = defaultdict(float)
    for word, share in read(gzip.decompress(path.read_bytes())):
        parts = words_of([normalise(word)])
        if len(parts) == 1 and word.isalpha():
            shares[term_of(parts[0])] += share
    kept = {term: zipf for term, share in shares.items() if (zipf := math.log10(share) + 9) >= RAREST}
    lines = sorted(f"{term} {round(10 * zipf)}\n".encode() for term, zipf in kept.items())
    FILE.write_bytes(b"".join(lines))
    print(f"{len(lines)} terms, {FILE.stat().st_size} bytes")


def read(packed: bytes) -> Iterator[tuple[str, float]]:
    """Each word with its share of all words: the n-th list holds those of 10^(-n/100)."""
    _header, *lists = _value(packed, 0)[0]
    for place, words in enumerate(lists):
        for word in words:
            yield word, 10 ** (-place / 100)


def _value(packed: bytes, place: int) -> tuple[Any, int]:
    """The value that begins at a place of a MessagePack, of the types that occur here, and where it ends."""
    kind = packed[place]
    place += 1
    if kind < 0x80:
        return kind, place
    if kind < 0x90:
        pairs, place = _several(packed, place, 2 * (kind & 0x0F))
        return dict(zip(pairs[::2], pairs[1::2], strict=True)), place
    if kind < 0xA0:
        return _several(packed, place, kind & 0x0F)
    if kind < 0xC0:
        return packed[place : place + (kind & 0x1F)].decode(), place + (kind & 0x1F)
    form = BYTES_OF_LENGTH[kind]
    length = struct.unpack_from(form, packed, place)[0]
    place += struct.calcsize(form)
    if kind > 0xDB:
        return _several(packed, place, length)
    return packed[place : place + length].decode(), place + length


def _several(packed: bytes, place: int, count: int) -> tuple[list[Any], int]:
    found = []
    for _ in range(count):
        value, place = _value(packed, place)
        found.append(value)
    return found, place


if __name__ == "__main__":
    main(Path(sys.argv[1]))
