"""How the feed's queries are carried out, on either engine: what they cost does not grow with what there is."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Connection, event, text

from app.extensions import db
from app.models.follow import FollowKind
from app.services.feed.following import follow, followable
from app.services.feed.page import feed_page, news_since
from tests.cast import Cast
from tests.factories import NOW, TODAY, make_activity, municipality

_RANGE = "USING PRIMARY KEY (scope=?"


def _page(scope: str, *, first: bool) -> Callable[[], object]:
    last = None if first else (NOW, 10**9)
    return lambda: feed_page(scope, 1, last, TODAY, municipality_id=1, now=NOW)


def _news(scope: str) -> Callable[[], object]:
    return lambda: news_since(scope, NOW, 1, 1, 1)


_QUERIES = {
    "everything": (_page("all", first=True), 1),
    "everything, further": (_page("all", first=False), 0),
    "a filter": (_page("m:1", first=True), 0),
    "a filter, further": (_page("v:2", first=False), 0),
    "for you": (_page("you", first=True), 2),
    "for you, further": (_page("you", first=False), 1),
    "news": (_news("all"), 0),
    "news for you": (_news("you"), 1),
}


@pytest.fixture(autouse=True)
def some(cast: Cast) -> None:
    for _ in range(3):
        make_activity(cast.bob)
    for kind, number in (
        (FollowKind.PERSON, cast.bob.id),
        (FollowKind.MUNICIPALITY, municipality("klippan").id),
    ):
        thing = followable(kind, number)
        assert thing
        follow(thing, by=cast.alice, now=NOW)


@pytest.mark.sqlite
@pytest.mark.parametrize("name", _QUERIES)
def test_it_reads_ranges_of_the_index(name: str) -> None:
    ask, further_ranges = _QUERIES[name]
    steps = [row[3] for row in _explained("EXPLAIN QUERY PLAN ", ask)]
    ranges = [step for step in steps if step.startswith("SEARCH feed_scope")]
    assert len(ranges) == 1 + further_ranges
    assert [step for step in ranges if _RANGE not in step] == []
    assert [step for step in ranges if name.endswith("further") and "(at,item_id)<(?,?)" not in step] == []
    of_tables = [
        step for step in steps if (step.startswith("SCAN") and "feed" in step) or "SCAN follow" in step
    ]
    assert of_tables == []


@pytest.mark.sqlite
@pytest.mark.parametrize("name", ["everything", "everything, further", "a filter", "news"])
def test_one_range_is_not_sorted(name: str) -> None:
    assert [
        row[3] for row in _explained("EXPLAIN QUERY PLAN ", _QUERIES[name][0]) if "TEMP B-TREE" in row[3]
    ] == []


@pytest.mark.sqlite
@pytest.mark.parametrize("name", ["for you", "for you, further"])
def test_each_range_of_ones_own_feed_ends_where_the_page_does(name: str) -> None:
    """Read to its end, a range would cost what a whole municipality has done."""
    steps = [row[3] for row in _explained("EXPLAIN QUERY PLAN ", _QUERIES[name][0])]
    within = "at>? AND (at,item_id)<(?,?)" if name.endswith("further") else "at>?"
    assert f"SEARCH feed_scope USING PRIMARY KEY (scope=? AND {within})" in steps


@pytest.mark.postgres
@pytest.mark.parametrize("name", _QUERIES)
def test_it_reads_ranges_of_the_index_on_postgresql(name: str) -> None:
    for other in ("seqscan", "hashjoin", "mergejoin", "bitmapscan"):  # right for three rows, wrong for many
        db.session.execute(text(f"SET LOCAL enable_{other} = off"))
    lines = [row[0].strip() for row in _explained("EXPLAIN ", _QUERIES[name][0])]
    assert [line for line in lines if "Seq Scan on feed" in line or "Seq Scan on follow" in line] == []
    assert any("pk_feed_scope" in line for line in lines), lines
    assert [line for line in lines if "on feed_scope" in line and "pk_feed_scope" not in line] == []
    conditions = [line for line in lines if line.startswith("Index Cond: ((scope")]
    assert conditions, lines
    assert [line for line in conditions if "item_id)" not in line and "at >" not in line] == []
    # What the viewer has planned may be sorted: that is little, however long the feed is.
    if name in ("everything, further", "a filter"):
        assert [line for line in lines if "Sort Key: feed" in line] == []


def _explained(explain: str, ask: Callable[[], object]) -> list[Any]:
    """The engine's plan for exactly the statement that is sent."""
    sent: list[tuple[str, Any]] = []

    def note(_c: Connection, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        sent.append((statement, parameters))

    connection = db.session.connection()
    event.listen(connection, "before_cursor_execute", note)
    ask()
    event.remove(connection, "before_cursor_execute", note)
    return list(connection.exec_driver_sql(explain + sent[0][0], sent[0][1]))
