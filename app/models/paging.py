"""Keyset paging: a page begins after the last row seen, so every page of a list costs the same."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import Executable, Select

from app.extensions import db

PAGE_SIZE = 20

#: After the numbers of all rows: where the first page of a list begins whose newest come first.
LAST_NUMBER = 2**31 - 1

_Item = TypeVar("_Item")


@dataclass(frozen=True)
class Page(Generic[_Item]):
    """A part of a list, and whether the list goes on."""

    items: list[_Item]
    has_more: bool

    @property
    def last(self) -> _Item | None:
        """The item after which the next page begins; None when there is none."""
        return self.items[-1] if self.has_more else None


def page(query: Select[Any], size: int = PAGE_SIZE) -> Page[Any]:
    """The first `size` results of a query for one entity or column."""
    return _cut(db.session.scalars(query.limit(size + 1)).all(), size)


def page_of_prepared(query: Executable, parameters: dict[str, Any], size: int = PAGE_SIZE) -> Page[Any]:
    """The same for a query whose limit is its parameter `size`, without the session's own work for each row."""
    rows = db.session.connection().execute(query, {**parameters, "size": size + 1})
    return _cut(rows.all(), size)


def prepared_page(query: Executable, parameters: dict[str, Any], size: int = PAGE_SIZE) -> Page[Any]:
    """The same for a query of one entity, whose limit is its parameter `size`."""
    return _cut(db.session.scalars(query, {**parameters, "size": size + 1}).all(), size)


def prepared_page_of_rows(query: Executable, parameters: dict[str, Any], size: int = PAGE_SIZE) -> Page[Any]:
    """The same for a query of an entity and more."""
    return _cut(db.session.execute(query, {**parameters, "size": size + 1}).all(), size)


def _cut(rows: Sequence[_Item], size: int) -> Page[_Item]:
    """One row more than the page holds was read, to know whether the list goes on."""
    return Page(list(rows[:size]), len(rows) > size)
