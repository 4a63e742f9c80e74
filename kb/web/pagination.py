"""Pages of a long list: Föregående and Nästa, nothing else."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

T = TypeVar("T")
PER_PAGE = 20
MAX_PAGE = 10_000


@dataclass(frozen=True)
class Page(Generic[T]):
    """One page: `items`, the page's `number` from 1, the `total` over all pages."""

    items: Sequence[T]
    number: int
    total: int
    per_page: int = PER_PAGE

    @property
    def has_previous(self) -> bool:
        """Whether there is a page before."""
        return self.number > 1

    @property
    def has_next(self) -> bool:
        """Whether there is a page after."""
        return self.number * self.per_page < self.total

    def span(self, number: int) -> str:
        """ "21–40", the positions that page `number` holds."""
        first = (number - 1) * self.per_page + 1
        return f"{first}–{min(number * self.per_page, self.total)}"


def page_number(value: str | None) -> int:
    """A page number from an address; anything odd is page 1."""
    try:
        return min(max(int(value or 1), 1), MAX_PAGE)
    except ValueError:
        return 1


def paginate(session: Session, query: Select[Any], number: int, per_page: int = PER_PAGE) -> Page[Any]:
    """Page `number` of `query` (of entities)."""
    total = session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0
    rows = session.scalars(query.limit(per_page).offset((number - 1) * per_page)).unique().all()
    return Page(rows, number, total, per_page)
