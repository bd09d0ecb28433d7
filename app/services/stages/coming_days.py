"""Who is reminded of what they come along to: the working day before, as its makers are (plan_days.py)."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from datetime import date, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, exists, select

from app.extensions import db
from app.models.activity import Activity
from app.models.coming import Coming
from app.models.contribution import is_visible
from app.models.notification import Kind
from app.models.outcome import is_reported
from app.models.person import Person
from app.models.playbook import is_reminder_stopped, steps_off
from app.services.activities.shown import ShownActivity
from app.services.notifications.kinds import is_muted
from app.services.notifications.playbook import step_named
from app.services.stages.looking import PORTION, Call, Looking
from app.services.stages.plan_days import days_ahead

_STEP: Final = "eve-coming"
#: On Fridays one is reminded of Monday: nobody is reminded more days before.
_MOST_DAYS: Final = 3


def eve(looking: Looking) -> Iterator[list[Call]]:
    """When and where it is, and no more: for whom it is and how one will know is its makers' affair."""
    plans = select(Activity).where(*_is_meant(looking.stage.id, days_ahead(looking.today)))
    plans = plans.where(exists().where(Coming.activity_id == Activity.id, Coming.is_let_in))
    last, portion_of = 0, plans.order_by(Activity.id).limit(PORTION)
    while portion := db.session.scalars(portion_of.where(Activity.id > last)).all():
        last = portion[-1].id
        people = _who_come([plan.id for plan in portion])
        yield [_call(plan, people[plan.id]) for plan in portion if people[plan.id]]


def comes_along(stage_id: int, days: Collection[date]) -> ColumnElement[bool]:
    """Condition on a person: they come along to something of that stage on one of these days, and want to be reminded
    of it."""
    theirs = (Coming.person_id == Person.id, Coming.is_let_in, Coming.activity_id == Activity.id)
    return exists().where(*theirs, *_is_meant(stage_id, days), ~is_reminder_stopped(Person.id, Activity.id))


def day_of_reminder(activity: Activity | ShownActivity, person: Person, today: date) -> date | None:
    """The day on which somebody who comes will be reminded; None when they will not be: it is too soon or has no day,
    the stage has none then, or somebody has switched it off."""
    day = _day_before(activity.planned_for) if activity.planned_for else None
    when = step_named(_STEP).when
    if day is None or day <= today or when is None or not when.is_due(activity.stage, day):
        return None
    if person.is_paused or is_muted(Kind.PLAN, person.muted_groups):
        return None
    is_stopped = db.session.scalar(select(is_reminder_stopped(person.id, activity.id)))
    return None if is_stopped or (activity.stage_id, _STEP) in steps_off() else day


def _day_before(day: date) -> date | None:
    earlier = (day - timedelta(days=days) for days in range(1, _MOST_DAYS + 1))
    return next((one for one in earlier if day in days_ahead(one)), None)


def _is_meant(stage_id: int, days: Collection[date]) -> tuple[ColumnElement[bool], ...]:
    on_days = Activity.planned_for.in_(days)
    return (Activity.stage_id == stage_id, on_days, is_visible(Activity.id), ~is_reported(Activity.id))


def _who_come(activity_ids: list[int]) -> dict[int, list[int]]:
    """By plan, without those who want to hear no more of it."""
    people: dict[int, list[int]] = defaultdict(list)
    rows = select(Coming.activity_id, Coming.person_id).where(
        Coming.activity_id.in_(activity_ids),
        Coming.is_let_in,
        ~is_reminder_stopped(Coming.person_id, Coming.activity_id),
    )
    for activity_id, person_id in db.session.execute(rows):
        people[activity_id].append(person_id)
    return people


def _call(plan: Activity, people: list[int]) -> Call:
    """Moved to another day, it is another occasion."""
    day = plan.planned_for.isoformat() if plan.planned_for else ""
    return Call(people, about=f"{plan.id}:{day}", parts={"id": plan.id}, parameters=_parameters(plan, day))


def _parameters(plan: Activity, day: str) -> dict[str, Any]:
    return {
        "coming": True,
        "contribution_id": plan.id,
        "day": day,
        "title": plan.title,
        "time": plan.starts_at.isoformat("minutes") if plan.starts_at else "",
        "where": plan.place,
        "audience": "",
        "sign": "",
    }
