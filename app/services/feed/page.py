"""A page of the feed: one flat query, whose cost depends neither on the number of items nor on the filter.

It reads the index (scope, at, item) backwards from the cursor and finds the rest by primary key. Every join is an outer
join on purpose: an engine cannot reorder those and begin with the people, which takes twelve times as long.
"""

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Text, and_, bindparam, cast, func, select, tuple_
from sqlalchemy.orm import aliased

from app.extensions import UTCDateTime, db
from app.models.activity import Activity, CoOwner
from app.models.best_practice import BestPractice
from app.models.challenge import Challenge
from app.models.contribution import Cheer, Contribution
from app.models.feed import FeedItem, FeedScope
from app.models.outcome import Outcome, Photo
from app.models.paging import PAGE_SIZE, Page, page_of_prepared
from app.models.person import Person
from app.models.stage import Stage, StageEvent
from app.services.feed.waiting import WAITING, parameters_for

#: From this many new items on, the page says "99+".
NEWS_AT_MOST = 100
#: A place before every item: the first page begins after it.
_TOP = (datetime(9999, 1, 1, tzinfo=UTC), 2**62)

_any_photo = aliased(Photo)
_first_photo = (
    select(func.min(_any_photo.id))
    .where(_any_photo.activity_id == FeedItem.contribution_id, _any_photo.is_shown)
    .correlate(FeedItem)
    .scalar_subquery()
)
_place = tuple_(FeedScope.at, FeedScope.item_id)
_cursor = tuple_(bindparam("at", type_=UTCDateTime()), bindparam("item_id"))

_PLACE_COLUMNS = (FeedScope.at, FeedScope.item_id)
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
CARD = slice(len(_PLACE_COLUMNS), len(_PLACE_COLUMNS) + len(_CARD_COLUMNS))

PAGE_QUERY = (
    select(*_PLACE_COLUMNS, *_CARD_COLUMNS, *_READER_COLUMNS)
    .select_from(FeedScope)
    .outerjoin(FeedItem, FeedItem.id == FeedScope.item_id)
    .outerjoin(Contribution, Contribution.id == FeedItem.contribution_id)
    .outerjoin(Activity, Activity.id == FeedItem.contribution_id)
    .outerjoin(Person, Person.id == Activity.owner_id)
    .outerjoin(Outcome, Outcome.activity_id == FeedItem.contribution_id)
    .outerjoin(Photo, Photo.id == _first_photo)
    .outerjoin(BestPractice, BestPractice.contribution_id == FeedItem.contribution_id)
    .outerjoin(
        Cheer,
        and_(Cheer.contribution_id == FeedItem.contribution_id, Cheer.person_id == bindparam("viewer_id")),
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
    .where(FeedScope.scope == bindparam("scope"), _place < _cursor)
    .order_by(FeedScope.at.desc(), FeedScope.item_id.desc())
    .limit(bindparam("size"))
)

_news = (
    select(FeedScope.item_id)
    .where(FeedScope.scope == bindparam("scope"), _place > _cursor)
    .limit(NEWS_AT_MOST)
    .subquery()
)
NEWER_QUERY = select(func.count()).select_from(_news)


def feed_page(
    scope: str,
    viewer_id: int,
    last: tuple[datetime, int] | None,
    today: date,
    size: int = PAGE_SIZE,
    stage_id: int | None = None,
) -> Page[Any]:
    """Rows of `PAGE_QUERY`, newest first: those after the `last` item seen, or from the top. Each row also says what
    waits for the viewer; `stage_id` is the stage that people act in."""
    at, item_id = last or _TOP
    parameters = {"scope": scope, "at": at, "item_id": item_id, **parameters_for(viewer_id, stage_id, today)}
    return page_of_prepared(PAGE_QUERY, parameters, size)


def news_since(scope: str, at: datetime, item_id: int) -> int:
    """How many newer items there are than that one, `NEWS_AT_MOST` at most."""
    return (
        db.session.connection()
        .execute(NEWER_QUERY, {"scope": scope, "at": at, "item_id": item_id})
        .scalar_one()
    )
