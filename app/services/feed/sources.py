"""Where a page of the feed comes from: the places of what it shows, newest first, as a table with `at`, `item_id` and
whether it is `pinned`.

A filter is one range of the index. What is for one reader is put together from several: their municipality, what they
follow, and what is a model for all, as a plain union in which nothing stands twice. Of each range no more is read than
a page holds, so that it costs the same however much there is in it.
"""

from typing import Any, Final

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
    tuple_,
    union,
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
    """The scopes that the reader's own feed is put together from."""
    followed = func.coalesce(
        _numbered("p:", Follow.followed_person_id),
        _numbered("m:", Follow.municipality_id),
        _numbered("a:", Follow.activity_id),
    )
    return union(
        select(bindparam("own_scope", type_=Text).label("scope")),
        select(_said(BEST)),
        select(followed).where(Follow.person_id == bindparam("viewer_id")),
    ).cte("wanted")


def _of_scope() -> Select[Any]:
    """Of one filter, for a page of its own."""
    return (
        select(FeedScope.at, FeedScope.item_id, _NOT_PINNED)
        .where(FeedScope.scope == bindparam("scope"), _place(FeedScope) < _CURSOR)
        .order_by(FeedScope.at.desc(), FeedScope.item_id.desc())
        .limit(bindparam("size"))
    )


def _of_reader() -> Select[Any]:
    """Of the reader's own feed. What is older than the last that its range could give to the page is not read."""
    wanted, of_range = _wanted(), aliased(FeedScope)
    newest = (
        select(of_range.at)
        .where(of_range.scope == wanted.c.scope, _place(of_range) < _CURSOR)
        .order_by(of_range.at.desc(), of_range.item_id.desc())
        .limit(bindparam("size"))
        .correlate(wanted)
        .subquery()
    )
    oldest_of_them = select(func.min(newest.c.at)).scalar_subquery()
    return (
        select(FeedScope.at, FeedScope.item_id, _NOT_PINNED)
        .distinct()
        .select_from(wanted)
        .join(
            FeedScope,
            (FeedScope.scope == wanted.c.scope)
            & (_place(FeedScope) < _CURSOR)
            & (FeedScope.at >= oldest_of_them),
        )
        .order_by(FeedScope.at.desc(), FeedScope.item_id.desc())
        .limit(bindparam("size"))
    )


def _under_pins(items: Select[Any]) -> Select[Any]:
    """The same, under what stands on top: they are few, and those that have ended are not read."""
    here = (_said(PINNED), bindparam("pinned_here"))
    pins = select(FeedScope.at, FeedScope.item_id, _IS_PINNED).where(
        FeedScope.scope.in_(here), FeedScope.at > bindparam("now", type_=UTCDateTime())
    )
    listed = items.subquery("listed")
    return union_all(select(listed), pins)  # type: ignore[return-value]


#: By whether it is the reader's own feed, and whether the page begins with what is pinned.
SOURCES: Final = {
    (is_own, is_pinned): (_under_pins(items) if is_pinned else items).subquery("place")
    for is_own, items in ((False, _of_scope()), (True, _of_reader()))
    for is_pinned in (False, True)
}


def _newer_in_scope() -> Select[Any]:
    return (
        select(FeedScope.item_id)
        .where(FeedScope.scope == bindparam("scope"), _place(FeedScope) > _CURSOR)
        .limit(NEWS_AT_MOST)
    )


def _newer_for_reader() -> Select[Any]:
    """In each range no more than are counted."""
    wanted, of_range = _wanted(), aliased(FeedScope)
    first = (
        select(of_range.at)
        .where(of_range.scope == wanted.c.scope, _place(of_range) > _CURSOR)
        .order_by(of_range.at, of_range.item_id)
        .limit(NEWS_AT_MOST)
        .correlate(wanted)
        .subquery()
    )
    last_of_them = select(func.max(first.c.at)).scalar_subquery()
    is_newer = (
        (FeedScope.scope == wanted.c.scope) & (_place(FeedScope) > _CURSOR) & (FeedScope.at <= last_of_them)
    )
    return (
        select(FeedScope.item_id).distinct().select_from(wanted).join(FeedScope, is_newer).limit(NEWS_AT_MOST)
    )


#: How many newer items there are, by whether it is the reader's own feed.
NEWER: Final = {
    is_own: select(func.count()).select_from(newer.subquery())
    for is_own, newer in ((False, _newer_in_scope()), (True, _newer_for_reader()))
}
