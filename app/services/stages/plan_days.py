"""Who is reminded of a plan: before its day, after it, and when the acting is soon over."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, exists, select

from app.extensions import db
from app.models.activity import Activity, CoOwner
from app.models.contribution import is_visible
from app.models.outcome import is_reported
from app.models.person import Person
from app.models.playbook import is_reminder_stopped
from app.services.stages.looking import PORTION, Call, Looking

#: For so many days after a plan's day somebody is still asked how it went.
_LATEST: Final = timedelta(days=7)
_DAY: Final = timedelta(days=1)
_FRIDAY, _SATURDAY = 4, 5


def eve(looking: Looking) -> Iterator[list[Call]]:
    """The plan is read back as a sentence, the working day before."""
    return _about_plans(looking, Activity.planned_for.in_(days_ahead(looking.today)))


def day_after(looking: Looking) -> Iterator[list[Call]]:
    """Those of yesterday, and of the days before on which nobody was asked because the worker was down."""
    first = max(looking.since or date.min, looking.today - _LATEST)
    return _about_plans(looking, Activity.planned_for.between(first, looking.today - _DAY))


def with_open_plans(looking: Looking) -> Iterator[list[Call]]:
    for people in looking.people(has_open_plan(looking.stage.id)):
        yield [Call(people)]


def has_open_plan(stage_id: int, *of_these: ColumnElement[bool]) -> ColumnElement[bool]:
    """Condition: the person makes something of that stage, and of these, that is not reported, and wants to be
    reminded of it."""
    open_plan = (*_is_open(stage_id), ~is_reminder_stopped(Person.id, Activity.id), *of_these)
    owned = exists().where(Activity.owner_id == Person.id, *open_plan)
    joined = exists().where(
        CoOwner.person_id == Person.id, CoOwner.is_partner, CoOwner.activity_id == Activity.id, *open_plan
    )
    return owned | joined


def days_ahead(today: date) -> list[date]:
    """The days of whose plans one is reminded today: tomorrow's, and on Fridays all until Monday's."""
    if today.weekday() >= _SATURDAY:
        return []
    return [today + number * _DAY for number in (range(1, 4) if today.weekday() == _FRIDAY else range(1, 2))]


def _is_open(stage_id: int) -> tuple[ColumnElement[bool], ...]:
    return (Activity.stage_id == stage_id, is_visible(Activity.id), ~is_reported(Activity.id))


def _about_plans(looking: Looking, on_days: ColumnElement[bool]) -> Iterator[list[Call]]:
    plans = select(Activity).where(*_is_open(looking.stage.id), on_days).order_by(Activity.id).limit(PORTION)
    last = 0
    while portion := db.session.scalars(plans.where(Activity.id > last)).all():
        last = portion[-1].id
        makers = _makers([plan.id for plan in portion])
        yield [_call(plan, makers[plan.id]) for plan in portion if makers[plan.id]]


def _makers(activity_ids: list[int]) -> dict[int, list[int]]:
    """By plan, its owner and partners; without those who want to hear no more of it."""
    makers: dict[int, list[int]] = defaultdict(list)
    owners = select(Activity.id, Activity.owner_id).where(
        Activity.id.in_(activity_ids), ~is_reminder_stopped(Activity.owner_id, Activity.id)
    )
    partners = select(CoOwner.activity_id, CoOwner.person_id).where(
        CoOwner.activity_id.in_(activity_ids),
        CoOwner.is_partner,
        ~is_reminder_stopped(CoOwner.person_id, CoOwner.activity_id),
    )
    for query in (owners, partners):
        for activity_id, person_id in db.session.execute(query):
            makers[activity_id].append(person_id)
    return makers


def _call(plan: Activity, makers: list[int]) -> Call:
    """Moved to another day, it is another occasion."""
    return Call(makers, about=f"{plan.id}:{_day(plan)}", parts={"id": plan.id}, parameters=_parameters(plan))


def _day(plan: Activity) -> str:
    return plan.planned_for.isoformat() if plan.planned_for else ""


def _parameters(plan: Activity) -> dict[str, Any]:
    return {
        "contribution_id": plan.id,
        "day": _day(plan),
        "title": plan.title,
        "time": plan.starts_at.isoformat("minutes") if plan.starts_at else "",
        "where": plan.place,
        "audience": plan.audience,
        "sign": plan.success_sign,
    }
