"""Keyset paging: a page begins after the last row seen, so it costs the same however far down it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Select, true, tuple_

from app.extensions import db

PAGE_SIZE = 20

_Item = TypeVar("_Item")


@dataclass(frozen=True)
class Page(Generic[_Item]):
    """Some of a list, and whether it goes on."""

    items: list[_Item]
    has_more: bool

    @property
    def last(self) -> _Item | None:
        """The item after which the next page begins; None when there is none."""
        return self.items[-1] if self.has_more else None


def page(query: Select[Any], size: int = PAGE_SIZE) -> Page[Any]:
    """The first `size` of the query, as it gives its single entity or column."""
    return cut(db.session.scalars(query.limit(size + 1)).all(), size)


def cut(rows: Sequence[_Item], size: int = PAGE_SIZE) -> Page[_Item]:
    """The page of a list that was read one longer than its size."""
    return Page(list(rows[:size]), len(rows) > size)


def after(place: Sequence[Any], last: Sequence[Any] | None) -> ColumnElement[bool]:
    """Condition: what comes after the row whose `place` was `last`, in an order that rises; everything without one."""
    return tuple_(*place) > tuple(last) if last else true()


def before(place: Sequence[Any], last: Sequence[Any] | None) -> ColumnElement[bool]:
    """The same in an order that falls, such as newest first."""
    return tuple_(*place) < tuple(last) if last else true()
