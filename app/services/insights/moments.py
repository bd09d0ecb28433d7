"""The best moments of a stage: what coordinators lifted as models for all, then what was cheered most.

Both are looked for in a bounded range of an index: the models that were lifted first since the stage began, and the
latest of the feed while it ran.
"""

import json
from datetime import timedelta
from typing import Any, Final, NamedTuple

from sqlalchemy import Select, Text, and_, cast, func, select
from sqlalchemy.orm import aliased

from app.extensions import db
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
    .where(_any_photo.activity_id == Activity.id, _any_photo.is_prepared)
    .correlate(Activity)
    .scalar_subquery()
)
#: If nobody asked the people shown, it is not used.
_may_be_used = and_(Photo.id == _first_photo, Outcome.permission != Permission.NONE.value)
_COLUMNS: Final = (
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


def best_moments(stage: Stage, municipality_id: int | None = None) -> list[Moment]:
    """The best first, each once; of one municipality, what it took part in. Those that look alike in this order by
    their number."""
    found = {row.id: row for query in _queries(stage, municipality_id) for row in db.session.execute(query)}
    return [_moment(row) for row in sorted(found.values(), key=_place)[:_MOST]]


def _place(row: Any) -> tuple[Any, ...]:
    return row.sentence is None, row.key is None, -row.cheer_count, -(row.rating or 0), row.id


def _moment(row: Any) -> Moment:
    photo = Picture(row.key, row.alt, json.loads(row.sizes)) if row.key else None
    return Moment(row.id, row.title, row.value_id, row.municipality_id, row.sentence, photo)


def _queries(stage: Stage, municipality_id: int | None) -> list[Select[Any]]:
    zone = programme_zone()
    begins, ends = midnight(stage.measure_on, zone), midnight(stage.end_on + _LATE, zone)
    shown = (
        Activity.stage_id == stage.id,
        Outcome.carried_out,
        is_visible(Activity.id),
    )
    scope = REPORTED if municipality_id is None else f"m:{municipality_id}"
    latest = (
        select(FeedItem.contribution_id)
        .select_from(FeedScope)
        .outerjoin(FeedItem, FeedItem.id == FeedScope.item_id)
        .where(FeedScope.scope == scope, FeedScope.at >= begins, FeedScope.at < ends)
        .order_by(FeedScope.at.desc(), FeedScope.item_id.desc())
        .limit(_REPORTS_LOOKED_THROUGH)
    )
    reported = _with_relations(select(*_COLUMNS).select_from(Activity)).where(
        Activity.id.in_(latest), *shown
    )
    if municipality_id is not None:
        return [reported]
    models = (
        _with_relations(
            select(*_COLUMNS)
            .select_from(BestPractice)
            .outerjoin(Activity, Activity.id == BestPractice.contribution_id),
            from_models=True,
        )
        .where(BestPractice.at >= begins, *shown)
        .order_by(BestPractice.at, BestPractice.contribution_id)
        .limit(_MODELS_LOOKED_THROUGH)
    )
    return [models, reported]


def _with_relations(query: Select[Any], *, from_models: bool = False) -> Select[Any]:
    """Outer joins, so that no engine begins with them."""
    query = query.outerjoin(Outcome, Outcome.activity_id == Activity.id)
    query = query.outerjoin(Contribution, Contribution.id == Activity.id).outerjoin(Photo, _may_be_used)
    if from_models:
        return query
    return query.outerjoin(BestPractice, BestPractice.contribution_id == Activity.id)
