"""Documents as rows hold them: JSON that may be damaged, and parsed once for each content."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    JSON,
    Dialect,
    TypeDecorator,
)

from kb.library.content.document import Document, from_dict


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


class _Box:
    """Carries a document past the cache key: equal for all."""

    def __init__(self, data: dict[str, Any]) -> None:
        self.data = data

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Box)

    def __hash__(self) -> int:
        return 0


@lru_cache(maxsize=1024)
def _parsed(_digest: str, box: _Box) -> Document:
    return from_dict(box.data)


def parsed(digest: str, data: dict[str, Any]) -> Document:
    """The document of these data, kept by its digest. Raises `ValueError`, `RecursionError`."""
    return _parsed(digest, _Box(data))
