"""The figures of a stage counted by hand: in Python, from every activity, without any running sum."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import TypeVar

from sqlalchemy import select

from app.extensions import db
from app.models.activity import Activity
from app.models.programme import FocusArea, Value, municipalities
from app.models.stage import Phase, Stage
from app.models.stage_figure import RATINGS
from app.services.activities.visibility import whole_activities
from app.services.insights.figures import Figures, StageFigures
from app.services.points.standings import standings

_Key = TypeVar("_Key")


def counted_by_hand(stage: Stage, today: date) -> StageFigures:
    """What `stage_figures` should say."""
    numbers = db.session.scalars(select(Activity.id).where(Activity.stage_id == stage.id)).all()
    shown = [activity for activity in whole_activities(numbers) if activity.removal is None]
    so_far = stage.phase(today) != Phase.ENDED

    def of(
        is_in: Callable[[Activity], bool], active: int | None = None, divisor: int | None = None
    ) -> Figures:
        return _figures([one for one in shown if is_in(one)], today if so_far else date.max, active, divisor)

    value_ids = list(db.session.scalars(select(Value.id)))
    area_ids = list(db.session.scalars(select(FocusArea.id)))
    board = {row.municipality_id: row for row in standings(stage.id)}
    places = {
        place.id: of(
            lambda one, place=place: place in one.municipalities,  # type: ignore[misc]
            board[place.id].active,
            board[place.id].divisor,
        )
        for place in municipalities()
    }
    return StageFigures(
        stage=stage,
        so_far=so_far,
        total=of(
            lambda _one: True,
            sum(row.active for row in board.values()),
            sum(row.divisor for row in board.values()),
        ),
        municipalities=places,
        values=_filled({id_: of(lambda one, id_=id_: id_ in _values(one)) for id_ in value_ids}),  # type: ignore[misc]
        focus_areas=_filled(
            {id_: of(lambda one, id_=id_: one.focus_area_id == id_) for id_ in area_ids}  # type: ignore[misc]
        ),
        matrix=_filled(
            {
                (v, a): of(lambda one, v=v, a=a: v in _values(one) and one.focus_area_id == a)  # type: ignore[misc]
                for v in value_ids
                for a in area_ids
            }
        ),
    )


def _values(activity: Activity) -> set[int]:
    return {activity.value_id, *(value.id for value in activity.also_values)}


def _filled(groups: dict[_Key, Figures]) -> dict[_Key, Figures]:
    return {key: figures for key, figures in groups.items() if figures.planned}


def _figures(activities: Sequence[Activity], until: date, active: int | None, divisor: int | None) -> Figures:
    if not activities:
        return Figures(participants=active, pool=divisor)
    outcomes = [one.outcome for one in activities if one.outcome]
    due = [one for one in activities if one.outcome or until == date.max or _has_passed(one, until)]
    return Figures(
        planned=len(activities),
        carried_out=sum(outcome.carried_out for outcome in outcomes),
        due=len(due),
        concreteness=sum(one.concreteness for one in activities) / len(activities) / 5,
        ratings={rating: sum(outcome.rating == rating for outcome in outcomes) for rating in RATINGS},
        reach=sum(outcome.reached for outcome in outcomes),
        participants=active,
        pool=divisor,
    )


def _has_passed(activity: Activity, today: date) -> bool:
    return activity.planned_for is not None and activity.planned_for < today
