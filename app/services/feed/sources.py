"""Where a page of the feed comes from: the places of what it shows, newest first, as a table with `at`, `item_id` and
whether it is `pinned`.

A filter is one range of the index. What is for one reader is put together from several: their municipality, what they
follow, and what is a model for all, as a plain union in which nothing stands twice. Of each range no more is read than
a page holds, so that it costs the same however much there is in it.
"""

import operator
from collections.abc import Callable
from typing import Any, Final, NamedTuple

from sqlalchemy import (
    CTE,
    Integer,
    Select,
    Text,
    bindparam,
    cast,
    func,
    literal_column,
    select,
    true,
    tuple_,
    union_all,
)
from sqlalchemy.orm import aliased

from app.extensions import UTCDateTime
from app.models.feed import BEST, PINNED, FeedScope
from app.models.follow import Follow

#: Of newer items, no more are counted.
NEWS_AT_MOST: Final = 100

_CURSOR = tuple_(bindparam("at", type_=UTCDateTime()), bindparam("item_id"))
_NOT_PINNED = literal_column("0", Integer).label("pinned")
_IS_PINNED = literal_column("1", Integer).label("pinned")


def _place(scope: Any) -> Any:
    return tuple_(scope.at, scope.item_id)


def _numbered(letter: str, column: Any) -> Any:
    return _said(letter) + cast(column, Text)


def _said(text: str) -> Any:
    """Written into the query (services/feed/waiting.py)."""
    return literal_column(f"'{text}'", Text)


def _wanted() -> CTE:
    """The scopes that the reader's own feed is put together from; one may stand twice."""
    followed = func.coalesce(
        _numbered("p:", Follow.followed_person_id),
        _numbered("m:", Follow.municipality_id),
        _numbered("a:", Follow.activity_id),
    )
    return union_all(
        select(bindparam("own_scope", type_=Text).label("scope")),
        select(_said(BEST)),
        select(followed).where(Follow.person_id == bindparam("viewer_id")),
    ).cte("wanted")


def _is_below(scope: Any, is_from_top: bool) -> Any:
    """What begins at the top, under what is pinned, is asked for far more often than all the rest."""
    return true() if is_from_top else _place(scope) < _CURSOR


def _of_scope(is_from_top: bool) -> Select[*tuple[Any, ...]]:
    """Of one filter, for a page of its own."""
    return (
        select(FeedScope.at, FeedScope.item_id, _NOT_PINNED)
        .where(FeedScope.scope == bindparam("scope"), _is_below(FeedScope, is_from_top))
        .order_by(FeedScope.at.desc(), FeedScope.item_id.desc())
        .limit(bindparam("size"))
    )


class _Way(NamedTuple):
    """Through the ranges of the reader's feed."""

    #: Which places there are on it, and in which order they come.
    is_on: Callable[[Any], Any]
    order: Callable[[Any], tuple[Any, ...]]
    #: Of moments, the first on the way; whether one moment comes no later than another; and what none comes after.
    first: Any
    is_by: Callable[[Any, Any], Any]
    end: str


def _older(is_from_top: bool) -> _Way:
    return _Way(
        lambda scope: _is_below(scope, is_from_top),
        lambda scope: (scope.at.desc(), scope.item_id.desc()),
        func.max,
        operator.ge,
        end="",
    )


_NEWER: Final = _Way(
    lambda scope: _place(scope) > _CURSOR,
    lambda scope: (scope.at, scope.item_id),
    func.min,
    operator.le,
    end="9999-12-31",
)


def _of_reader(is_from_top: bool, has_lateral: bool) -> Select[*tuple[Any, ...]]:
    """Of the reader's own feed."""
    size: Any = bindparam("size", type_=Integer)
    places = _of_each(_older(is_from_top), size, has_lateral)
    at, item_id = places.selected_columns
    return places.add_columns(_NOT_PINNED).order_by(at.desc(), item_id.desc()).limit(size)


def _of_each(way: _Way, limit: Any, has_lateral: bool) -> Select[*tuple[Any, ...]]:
    """Places, each once: the first `limit` of the reader's feed and more, but from each range little more than that.

    One engine is told so in as many words, and cannot begin with the index then. The other has no such words. But a
    range that has `limit` of them has the first `limit` of all, or later ones: what comes by its last is enough, and of
    such ranges the one that ends first is.
    """
    wanted, of_range = _wanted(), aliased(FeedScope)
    in_order = select(of_range.at, of_range.item_id).where(way.is_on(of_range)).order_by(*way.order(of_range))
    if has_lateral:
        first = in_order.where(of_range.scope == wanted.c.scope).limit(limit).correlate(wanted)
        each = first.lateral("each")
        return select(each.c.at, each.c.item_id).distinct().select_from(wanted.join(each, true()))
    one = wanted.alias("one")
    last = (
        in_order.with_only_columns(of_range.at)
        .where(of_range.scope == one.c.scope)
        .limit(1)
        .offset(limit - 1)
        .correlate(one)
        .scalar_subquery()
    )
    first_end = select(func.coalesce(way.first(last), _said(way.end))).select_from(one).scalar_subquery()
    return (
        select(FeedScope.at, FeedScope.item_id)
        .select_from(wanted)
        .join(FeedScope, FeedScope.scope == wanted.c.scope)
        .where(way.is_on(FeedScope), way.is_by(FeedScope.at, first_end))
        .group_by(FeedScope.at, FeedScope.item_id)
    )


def _under_pins(items: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """The same, under what stands on top: they are few, and those that have ended are not read."""
    here: tuple[Any, Any] = (_said(PINNED), bindparam("pinned_here"))
    pins = select(FeedScope.at, FeedScope.item_id, _IS_PINNED).where(
        FeedScope.scope.in_(here), FeedScope.at > bindparam("now", type_=UTCDateTime())
    )
    listed = items.subquery("listed")
    return union_all(select(listed), pins)  # type: ignore[return-value]


#: By whether it is the reader's own feed, whether it begins at the top with what is pinned, and whether the engine has
#: lateral joins.
SOURCES: Final = {
    (is_own, is_from_top, has_lateral): (_under_pins(items) if is_from_top else items).subquery("place")
    for has_lateral in (False, True)
    for is_from_top in (False, True)
    for is_own, items in (
        (False, _of_scope(is_from_top)),
        (True, _of_reader(is_from_top, has_lateral)),
    )
}


def _newer_in_scope() -> Select[*tuple[Any, ...]]:
    return (
        select(FeedScope.item_id)
        .where(FeedScope.scope == bindparam("scope"), _place(FeedScope) > _CURSOR)
        .limit(NEWS_AT_MOST)
    )


def _newer_for_reader(has_lateral: bool) -> Select[*tuple[Any, ...]]:
    return _of_each(_NEWER, NEWS_AT_MOST, has_lateral).limit(NEWS_AT_MOST)


#: How many newer items there are, by whether it is the reader's own feed, and whether the engine has lateral joins.
NEWER: Final = {
    (is_own, has_lateral): select(func.count()).select_from(newer.subquery())
    for has_lateral in (False, True)
    for is_own, newer in ((False, _newer_in_scope()), (True, _newer_for_reader(has_lateral)))
}
