"""The best moments of a stage: what coordinators lifted as models for all, then what was cheered most.

Both are looked for in a bounded range of an index: the models that were lifted first since the stage began, and the
latest of the feed while it ran.
"""

import json
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final, NamedTuple

from sqlalchemy import Select, Text, and_, bindparam, cast, func, select
from sqlalchemy.orm import aliased

from app.extensions import UTCDateTime, db
from app.models.activity import Activity
from app.models.best_practice import BestPractice
from app.models.contribution import Contribution, is_visible
from app.models.feed import REPORTED, FeedItem, FeedScope
from app.models.outcome import Outcome, Permission, Photo
from app.models.stage import Stage
from app.services.programme.clock import midnight, programme_zone

_MODELS_LOOKED_THROUGH: Final = 30
_REPORTS_LOOKED_THROUGH: Final = 60
_MOST: Final = 6
#: What is reported so long after the last day still belongs to its moments.
_LATE: Final = timedelta(days=14)


class Picture(NamedTuple):
    key: str
    alt: str
    #: As of a `Photo`.
    sizes: dict[str, Any]


class Moment(NamedTuple):
    """Something that was carried out. `sentence` says why it is a model for all, if it is one; `photo` may be shown."""

    id: int
    title: str
    value_id: int
    municipality_id: int
    sentence: str | None
    photo: Picture | None


_any_photo = aliased(Photo)
_first_photo = (
    select(func.min(_any_photo.id))
    .where(_any_photo.activity_id == Activity.id, _any_photo.is_shown)
    .correlate(Activity)
    .scalar_subquery()
)
#: If nobody asked the people shown, it is not used.
_may_be_used = and_(Photo.id == _first_photo, Outcome.permission != Permission.NONE.value)
_COLUMNS: Final[tuple[Any, ...]] = (
    Activity.id,
    Activity.title,
    Activity.value_id,
    Activity.municipality_id,
    BestPractice.sentence,
    Photo.key,
    Photo.alt,
    cast(Photo.sizes, Text).label("sizes"),
    Contribution.cheer_count,
    Outcome.rating,
)


_shown = (Activity.stage_id == bindparam("stage_id"), Outcome.carried_out, is_visible(Activity.id))
#: Outer joins, so that no engine begins with what they bring.
_MODELS: Final = (
    select(*_COLUMNS)
    .select_from(BestPractice)
    .outerjoin(Activity, Activity.id == BestPractice.contribution_id)
    .outerjoin(Outcome, Outcome.activity_id == Activity.id)
    .outerjoin(Contribution, Contribution.id == Activity.id)
    .outerjoin(Photo, _may_be_used)
    .where(BestPractice.at >= bindparam("begins", type_=UTCDateTime), *_shown)
    .order_by(BestPractice.at, BestPractice.contribution_id)
    .limit(_MODELS_LOOKED_THROUGH)
)
_latest = (
    select(FeedItem.contribution_id)
    .select_from(FeedScope)
    .outerjoin(FeedItem, FeedItem.id == FeedScope.item_id)
    .where(FeedScope.scope == bindparam("scope"))
    .where(FeedScope.at >= bindparam("begins", type_=UTCDateTime))
    .where(FeedScope.at < bindparam("ends", type_=UTCDateTime))
    .order_by(FeedScope.at.desc(), FeedScope.item_id.desc())
    .limit(_REPORTS_LOOKED_THROUGH)
)
_REPORTED: Final = (
    select(*_COLUMNS)
    .select_from(Activity)
    .outerjoin(BestPractice, BestPractice.contribution_id == Activity.id)
    .outerjoin(Outcome, Outcome.activity_id == Activity.id)
    .outerjoin(Contribution, Contribution.id == Activity.id)
    .outerjoin(Photo, _may_be_used)
    .where(Activity.id.in_(_latest), *_shown)
)


def best_moments(stage: Stage) -> list[Moment]:
    """The best first, each once; those that are alike in this order by their number."""
    return _best([*_rows(_MODELS, stage), *_rows(_REPORTED, stage)])


def best_moments_of(municipality_id: int, stage: Stage) -> list[Moment]:
    """The same of what a municipality took part in, without looking further back than its latest."""
    return _best(_rows(_REPORTED, stage, f"m:{municipality_id}"))


def _rows(query: Select[Any], stage: Stage, scope: str = REPORTED) -> Sequence[Any]:
    zone = programme_zone()
    parameters = {
        "stage_id": stage.id,
        "scope": scope,
        "begins": midnight(stage.measure_on, zone),
        "ends": midnight(stage.end_on + _LATE, zone),
    }
    return db.session.connection().execute(query, parameters).all()


def _best(rows: Sequence[Any]) -> list[Moment]:
    each_once = {row.id: row for row in rows}
    return [_moment(row) for row in sorted(each_once.values(), key=_place)[:_MOST]]


def _place(row: Any) -> tuple[Any, ...]:
    return row.sentence is None, row.key is None, -row.cheer_count, -(row.rating or 0), row.id


def _moment(row: Any) -> Moment:
    photo = Picture(row.key, row.alt, json.loads(row.sizes)) if row.key else None
    return Moment(row.id, row.title, row.value_id, row.municipality_id, row.sentence, photo)
