"""All that is used of Whoosh: for each segment of the index, its dictionary of terms and what is stored of documents.

The posting lists lie beside them as `lists.pack` makes them; Whoosh's codecs have a place for that. What that buys over
Whoosh's own lists is in docs/decisions/0006-whoosh-keeps-the-dictionary.md. No other module imports Whoosh.
"""

import io
import pickle
import zlib
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import whoosh
from whoosh.codec.whoosh3 import W3Codec, W3Segment, W3TermInfo
from whoosh.columns import VarBytesColumn
from whoosh.fields import ID
from whoosh.filedb.filestore import RamStorage
from whoosh.filedb.structfile import BufferFile, StructFile
from whoosh.reading import TermNotFound

from kb.search.engine.files import Content, Files, Pages
from kb.search.engine.lists import HEAD, NONE, Lists, pack, unpack
from kb.search.engine.manifest import IndexUnavailable, Segment

INDEX = "MAIN"
VERSION = str(getattr(whoosh, "__version__", "")).replace(" ", "")
STORED = "._stored.col"  # how the name of the file with what is stored of each document ends
COLUMN = VarBytesColumn()  # Whoosh's writer of documents would pack all of it again, the packed texts too
CHECKSUM = 4  # bytes before each stored value
Keep = Callable[[str, bytes], None]  # takes the name of a file and its content


class SegmentWriter:
    """Writes one segment: first what is stored of each document, then the lists of all terms."""

    def __init__(self) -> None:
        self._codec = _Codec()
        self._desk = _Desk()
        self._segment = self._codec.new_segment(self._desk, INDEX)
        self._file: Any = self._segment.create_file(self._desk, STORED)
        self._stored = COLUMN.writer(self._file)
        self.documents = 0

    def store(self, data: Mapping[str, Any]) -> int:
        """Store a document's values; its number."""
        number, self.documents = self.documents, self.documents + 1
        self._stored.add(number, _pack(data))
        return number

    def finish(self, fields: Mapping[str, dict[str, Lists]], keep: Keep) -> Segment:
        """Write the lists (field → term → list), which are let go of, and hand the files to `keep`."""
        self._stored.finish(self.documents)
        self._file.close()
        writer = self._codec.field_writer(self._desk, self._segment)
        for name, terms in fields.items():
            writer.start_field(name, ID())
            for term in sorted(terms):
                writer.start_term(term.encode())
                writer.add(terms[term], None, None, None)
                writer.finish_term()
            writer.finish_field()
            terms.clear()
        writer.close()
        for name in self._desk.list():
            keep(name, bytes(self._desk.files[name]))
        return Segment(self._segment.segid, self.documents)


class SegmentReader:
    """A segment as it lies in some files. Safe for all threads; raises `IndexUnavailable` for what is damaged."""

    def __init__(self, files: Files, segment: Segment) -> None:
        codec, storage = _Codec(), _Storage(files)
        whooshs = W3Segment(codec, INDEX, segment.size, segment.name)
        self._posts: Any = whooshs.open_file(storage, codec.POSTS_EXT)
        self._terms = codec.terms_reader(storage, whooshs)
        length = storage.file_length(whooshs.make_filename(STORED))
        self._stored = COLUMN.reader(whooshs.open_file(storage, STORED), 0, length, segment.size)

    def lists(self, field: str, term: str) -> Lists:
        """The posting list of a term as it is stored, deleted documents too; empty without the term."""
        with _Damage():
            try:
                info = self._terms.term_info(field, term.encode())
            except TermNotFound:
                return NONE
            return self._list(info)

    def frequency(self, field: str, term: str) -> int:
        """How many documents the list of a term has; the list itself is not read."""
        with _Damage():
            try:
                found: int = self._terms.doc_frequency(field, term.encode())
            except KeyError:
                return 0
            return found

    def terms(self, field: str) -> list[str]:
        """The terms of a field in order."""
        found = []
        with _Damage():
            for name, term in self._terms.terms_from(field, b""):
                if name != field:
                    break
                found.append(term.decode())
        return found

    def all_lists(self) -> Iterator[tuple[str, str, Lists]]:
        """Every field, term and list."""
        for (field, term), info in self._terms.items():
            yield field, term.decode(), self._list(info)

    def stored(self, doc: int) -> dict[str, Any]:
        """What is stored for a document."""
        with _Damage():
            return _unpack(self._stored[doc])

    def _list(self, info: Any) -> Lists:
        start = info.extent()[0]  # the length beside it is not what it should be in Whoosh
        head = self._posts.get(start, HEAD.size)
        return unpack(head, self._posts.get(start + HEAD.size, HEAD.unpack(head)[0]))


def _pack(data: Mapping[str, Any]) -> bytes:
    """Stored values, with a checksum before them."""
    body = pickle.dumps(data, pickle.HIGHEST_PROTOCOL)
    return zlib.crc32(body).to_bytes(CHECKSUM) + body


def _unpack(packed: bytes) -> dict[str, Any]:
    """The values that `_pack` made. Raises `ValueError` when they are damaged."""
    body = packed[CHECKSUM:]
    if zlib.crc32(body) != int.from_bytes(packed[:CHECKSUM]):
        raise ValueError("a stored value is damaged")
    data: dict[str, Any] = pickle.loads(body)  # noqa: S301 (its own files, see docs/decisions/0006)
    return data


def files_of(segment: Segment) -> str:
    """What the names of a segment's files begin with."""
    return f"{INDEX}_{segment.name}."


class _Damage:
    """Whatever goes wrong in reading is damage."""

    def __enter__(self) -> None: ...

    def __exit__(self, kind: object, error: BaseException | None, traceback: object) -> None:
        if isinstance(error, Exception) and not isinstance(error, IndexUnavailable):
            raise IndexUnavailable(f"Indexet är skadat ({type(error).__name__}).") from error


class _Codec(W3Codec):  # type: ignore[misc]
    """Whoosh's codec with our posting lists. Its field writer takes whole lists: `add(lists, None, None, None)`."""

    length_stats = False

    def postings_writer(self, dbfile: Any, byteids: bool = False) -> "_ListWriter":  # noqa: ARG002
        """What Whoosh's field writer hands the postings to."""
        return _ListWriter(dbfile)


class _ListWriter:
    """Writes one list after the other."""

    def __init__(self, file: Any) -> None:
        self._file = file
        self._info: Any = None

    def start_postings(self, _format: Any, _terminfo: Any) -> None:
        """The next term."""

    def add_posting(self, lists: Lists, _weight: Any, _value: Any, _length: Any = None) -> None:
        """The whole list of the term."""
        self._info = W3TermInfo(df=len(lists.docs), minid=lists.docs[0], maxid=lists.docs[-1])
        packed = pack(lists)
        self._info.set_extent(self._file.tell(), len(packed))
        self._file.write(packed)

    def finish_postings(self) -> Any:
        """Where the list lies, for the dictionary of terms."""
        return self._info


class _Desk(RamStorage):  # type: ignore[misc]
    """Where a segment is put together: in memory, also what Whoosh wants a temporary folder for."""

    def temp_storage(self, name: str | None = None) -> "_Desk":  # noqa: ARG002
        """Another piece of memory."""
        return _Desk()


class _Storage(RamStorage):  # type: ignore[misc]
    """The files of the index, as Whoosh opens them."""

    def __init__(self, files: Files) -> None:
        super().__init__()
        self.files: dict[str, Content] = dict(files)

    def open_file(self, name: str, **options: Any) -> Any:
        """A file with a position of its own over the shared content."""
        content = self.files[name]
        return (
            _PagedFile(content) if isinstance(content, Pages) else BufferFile(content, name=name, **options)
        )


class _PagedFile(BufferFile):  # type: ignore[misc]
    """Whoosh's view of a file that is read where it lies; after opening, Whoosh asks by position only."""

    def __init__(self, pages: Pages) -> None:
        StructFile.__init__(self, _Cursor(pages), name=pages.name)
        self._pages = pages

    def get(self, position: int, length: int) -> bytes:
        """A piece of it."""
        return self._pages.read(position, length)


class _Cursor(io.RawIOBase):
    """A position in a file, for what Whoosh reads when it opens one."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages
        self._position = 0

    def readable(self) -> bool:
        """Yes."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a position."""
        self._position = offset + (0, self._position, len(self._pages))[whence]
        return self._position

    def tell(self) -> int:
        """The position."""
        return self._position

    def readinto(self, buffer: Any) -> int:
        """Read from the position on."""
        length = max(0, min(len(buffer), len(self._pages) - self._position))
        buffer[:length] = self._pages.read(self._position, length)
        self._position += length
        return length
