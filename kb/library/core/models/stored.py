"""Documents as rows hold them: JSON that may be damaged, and parsed once for each content."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import (
    JSON,
    Dialect,
    TypeDecorator,
)

from kb.cache import Cache, entries
from kb.library.content.document import Document, from_dict

DOCUMENTS = Cache(1024, weigh=entries)  # to weigh a document takes as long as to parse it: 18 kB each


class DocumentJson(TypeDecorator[Any]):
    """JSON that may be damaged: what cannot be parsed comes as the text that stands there, and fails when it is read.

    A list of revisions would otherwise fail for the sake of one row.
    """

    impl = JSON
    cache_ok = True

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any] | None:
        """Parse, or hand over what there is."""
        parse = super().result_processor(dialect, coltype)

        def read(value: Any) -> Any:
            try:
                return parse(value) if parse else value
            except (ValueError, TypeError, RecursionError):
                return str(value)

        return read


def parsed(digest: str, data: dict[str, Any]) -> Document:
    """The document of these data, kept by its digest. Raises `ValueError`, `RecursionError`."""
    return DOCUMENTS.take("document", digest, lambda: from_dict(data))
