"""A page of the feed: one query, whose cost depends neither on the number of items nor on the filter.

It reads places from the index backwards from the cursor (services/feed/sources.py) and finds the rest by primary key.
Every join is an outer join on purpose: an engine cannot reorder those and begin with the people, which takes twelve
times as long.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from operator import itemgetter
from typing import Any, Final

from sqlalchemy import Select, Subquery, Text, and_, bindparam, cast, func, select
from sqlalchemy.orm import aliased

from app.extensions import db
from app.models.activity import Activity, CoOwner
from app.models.best_practice import BestPractice
from app.models.challenge import Challenge
from app.models.contribution import Cheer, Contribution
from app.models.feed import ALL, FeedItem, pinned_in
from app.models.outcome import Outcome, Photo
from app.models.paging import PAGE_SIZE
from app.models.person import Person
from app.models.stage import Stage, StageEvent
from app.services.feed.sources import NEWER, SOURCES
from app.services.feed.waiting import WAITING, parameters_for

#: Instead of a filter: what is put together for the reader.
FOR_YOU: Final = "you"
#: A place before every item: the first page begins after it.
_TOP = (datetime(9999, 1, 1, tzinfo=UTC), 2**62)

_any_photo = aliased(Photo)
_first_photo = (
    select(func.min(_any_photo.id))
    .where(_any_photo.activity_id == FeedItem.contribution_id, _any_photo.is_shown)
    .correlate(FeedItem)
    .scalar_subquery()
)
#: Where it stands: "at", "item_id", "pinned".
_PLACE_COLUMNS = 3
_PLACE = itemgetter(0, 1)
#: What the item's card shows, to whoever reads it. Here a new kind of item adds what it needs.
_CARD_COLUMNS: tuple[Any, ...] = (
    FeedItem.kind,
    Activity.id,
    Activity.title,
    Activity.value_id,
    Activity.focus_area_id,
    Activity.municipality_id,
    Activity.planned_for,
    Activity.starts_at,
    Activity.owner_id,
    Person.name,
    Person.left_at,
    Outcome.carried_out,
    Outcome.story,
    Photo.key,
    Photo.alt,
    # As text, since the JSON is parsed only when the card is rendered for the first time.
    cast(Photo.sizes, Text).label("sizes"),
    StageEvent.phase,
    Stage.number,
    cast(Stage.name, Text).label("stage_name"),
    Contribution.cheer_count,
    Contribution.comment_count,
    BestPractice.sentence,
    Challenge.id.label("challenge_id"),
    Challenge.title.label("challenge_title"),
    Challenge.value_id.label("challenge_value_id"),
    Challenge.focus_area_id.label("challenge_area_id"),
    Challenge.municipality_id.label("challenge_place_id"),
    Challenge.points.label("challenge_points"),
    Challenge.closes_on,
    Challenge.closed_at,
)
#: What differs from reader to reader.
_READER_COLUMNS = (
    Cheer.person_id.label("cheered"),
    CoOwner.id.label("partner"),
    WAITING.label("waiting"),
)
#: Where a row of the page holds what its card shows.
CARD = slice(_PLACE_COLUMNS, _PLACE_COLUMNS + len(_CARD_COLUMNS))


@dataclass(frozen=True)
class FeedPage:
    """A part of the list, newest first; on the first page, what is `pinned` above it, and does not stand in it too."""

    items: list[Any]
    pinned: list[Any]
    #: The first and the last place of the part, whether that is shown below or on top: news come after the one, and the
    #: next page begins after the other, which is None at the end of the list.
    newest: Any | None
    last: Any | None

    @property
    def any_row(self) -> Any | None:
        """For what is the same in each row."""
        return self.items[0] if self.items else self.pinned[0] if self.pinned else None


def feed_page(
    scope: str,
    viewer_id: int,
    last: tuple[datetime, int] | None,
    today: date,
    size: int = PAGE_SIZE,
    stage_id: int | None = None,
    municipality_id: int | None = None,
    now: datetime | None = None,
) -> FeedPage:
    """Rows after the `last` item seen, or from the top: `scope` is a filter, or `FOR_YOU`. Each row also says what
    waits for the viewer, who belongs to `municipality_id`; `stage_id` is the stage that people act in. With `now`, the
    first page begins with what is pinned then."""
    is_own = scope == FOR_YOU
    has_pins = last is None and now is not None and (is_own or scope == ALL)
    parameters = {"size": size + 1, **parameters_for(viewer_id, stage_id, today)}
    parameters |= {"own_scope": f"m:{municipality_id}"} if is_own else {"scope": scope}
    if has_pins:
        parameters |= {"pinned_here": pinned_in(municipality_id), "now": now}
    else:
        parameters["at"], parameters["item_id"] = last or _TOP
    connection = db.session.connection()
    query = _QUERIES[is_own, has_pins, connection.dialect.name == "postgresql"]
    return _page(connection.execute(query, parameters).all(), size)


def news_since(
    scope: str, at: datetime, item_id: int, viewer_id: int = 0, municipality_id: int | None = None
) -> int:
    """How many newer items there are than that one, `NEWS_AT_MOST` at most."""
    is_own = scope == FOR_YOU
    parameters: dict[str, Any] = {"at": at, "item_id": item_id}
    if is_own:
        parameters |= {"own_scope": f"m:{municipality_id}", "viewer_id": viewer_id}
    else:
        parameters["scope"] = scope
    connection = db.session.connection()
    query = NEWER[is_own, connection.dialect.name == "postgresql"]
    return connection.execute(query, parameters).scalar_one()


def _page(rows: Any, size: int) -> FeedPage:
    """Sorted here, since an engine would sort all that the cards show. What is pinned for everybody and in a place
    stands once. One row more than the page holds was read, to know whether the list goes on."""
    rows = sorted(rows, key=_PLACE, reverse=True)
    pinned = {row.item_id: row for row in rows if row.pinned}
    listed = [row for row in rows if not row.pinned]
    shown = listed[:size]
    return FeedPage(
        items=[row for row in shown if row.item_id not in pinned],
        pinned=list(pinned.values()),
        newest=shown[0] if shown else None,
        last=shown[-1] if len(listed) > size else None,
    )


def _query(place: Subquery) -> Select[Any]:
    return (
        select(place.c.at, place.c.item_id, place.c.pinned, *_CARD_COLUMNS, *_READER_COLUMNS)
        .select_from(place)
        .outerjoin(FeedItem, FeedItem.id == place.c.item_id)
        .outerjoin(Contribution, Contribution.id == FeedItem.contribution_id)
        .outerjoin(Activity, Activity.id == FeedItem.contribution_id)
        .outerjoin(Person, Person.id == Activity.owner_id)
        .outerjoin(Outcome, Outcome.activity_id == FeedItem.contribution_id)
        .outerjoin(Photo, Photo.id == _first_photo)
        .outerjoin(BestPractice, BestPractice.contribution_id == FeedItem.contribution_id)
        .outerjoin(
            Cheer,
            and_(
                Cheer.contribution_id == FeedItem.contribution_id, Cheer.person_id == bindparam("viewer_id")
            ),
        )
        .outerjoin(
            CoOwner,
            and_(
                CoOwner.activity_id == FeedItem.contribution_id,
                CoOwner.person_id == bindparam("viewer_id"),
                CoOwner.is_partner,
            ),
        )
        .outerjoin(Challenge, Challenge.id == FeedItem.contribution_id)
        .outerjoin(StageEvent, StageEvent.id == FeedItem.stage_event_id)
        .outerjoin(Stage, Stage.id == StageEvent.stage_id)
    )


_QUERIES: Final = {which: _query(place) for which, place in SOURCES.items()}
