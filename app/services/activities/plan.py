"""Plan an activity, change it, take it back, and do it together."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import select

from app.extensions import db
from app.models.activity import Activity, Answer, CoOwner
from app.models.concreteness import QUESTIONS, answered_questions
from app.models.contribution import Withdrawal, is_withdrawn
from app.models.notification import Kind
from app.models.person import Person
from app.models.programme import FocusArea, Value
from app.models.retry import made_once
from app.models.stage import Stage
from app.services.activities.adoption import borrow
from app.services.activities.checks import NEW, checked
from app.services.activities.heeding import heed, heeded_ids, heeds_after
from app.services.activities.locking import ClosedError, OvertakenError, demand_open, lock_own
from app.services.activities.notices import tell, tell_of_the_day, tell_of_the_end
from app.services.activities.promise import is_undertaken
from app.services.activities.visibility import whole_activity
from app.services.feed import index as feed
from app.services.people.queue import give_up_place, let_in
from app.services.points import award
from app.services.sums.settle import settle
from app.services.sums.turns import wait_for_all_around, wait_for_all_around_new


class TooManyAskedError(ValueError):
    """So many have been asked to do one activity together that nobody else can be."""


@dataclass
class Plan:
    """What the form asks for. `answers` are those to QUESTIONS, by column; only the title must not be empty. The
    time of day is kept only beside a day. `heeded` are the tips that it takes into account."""

    value: Value
    also_values: list[Value]
    focus_area: FocusArea
    answers: Mapping[str, Any]
    starts_at: time | None = None
    heeded: frozenset[int] = frozenset()
    places: int | None = None


#: Who does it together is told of every change, so there is an end to how many can be asked.
MOST_ASKED = 30

#: The attributes of an activity that hold its plan, and when it was changed.
_PLAN_ATTRIBUTES = ["value_id", "value", "also_values", "focus_area_id", "focus_area"]
_PLAN_ATTRIBUTES += ["changed_at", "starts_at", "places", *(question.column for question in QUESTIONS)]


def plan_activity(
    owner: Person,
    plan: Plan,
    colleagues: Iterable[Person] = (),
    *,
    idea: Activity | None = None,
    beside: Collection[int] = (),
    stage: Stage,
    request_key: str,
    now: datetime,
) -> Activity:
    """Commit to an activity, and ask those colleagues to do it together. `idea` is what it is borrowed from; `beside`
    are other plans that the caller will tie it to, for whose turn this waits with the rest.

    The same key from the same owner is a retry: it returns the activity that was made the first time, as it is now.
    """
    activity, is_new = made_once(
        lambda: _activity_with_key(owner, request_key),
        lambda: _new_activity(owner, plan, stage, request_key, now),
    )
    if not is_new:
        return activity
    wait_for_all_around_new(idea=idea, beside=beside, tip_ids=plan.heeded)
    with checked(activity, owner, NEW, now) as waits:
        if idea:
            borrow(activity, idea, now=now)  # first, since what one gives another earns once a week
        if plan.heeded:
            heed(activity, heeds_after((), plan.heeded, owner), by=owner, now=now)
        feed.show_planned(activity, now)
        if not waits:
            award.award_plan(activity, now)
        settle(activity, now)
        for colleague in colleagues:
            invite(activity, colleague, by=owner, now=now)
    return activity


def change_plan(
    activity: Activity, plan: Plan, *, by: Person, now: datetime, based_on: datetime | None = None
) -> None:
    """Replace the plan, until it is reported; one that takes on a challenge keeps its value and focus area. `based_on`
    is the `changed_at` that the editor saw when they began.

    Raises:
        ClosedError: when it is reported, withdrawn or hidden.
        OvertakenError: when somebody has changed it since then.
    """
    lock_own(activity, by, plan.heeded)
    db.session.refresh(activity, _PLAN_ATTRIBUTES)
    standing = _plan_of(activity)
    plan = replace(plan, heeded=heeds_after(standing.heeded, plan.heeded, by))
    if is_undertaken(activity.id):
        plan = replace(plan, value=activity.value, focus_area=activity.focus_area)
    if plan == standing:
        return  # a retry, or nothing was changed
    if based_on and activity.changed_at != based_on:
        raise OvertakenError
    moment = (activity.planned_for, activity.starts_at)
    _write(activity, plan, now)
    db.session.flush()
    heed(activity, plan.heeded, by=by, now=now)
    feed.refresh(activity)
    settle(activity, now)
    if (activity.planned_for, activity.starts_at) != moment:
        tell_of_the_day(activity, by, now)
    let_in(activity.id, now)


def move_activity(
    activity: Activity, to: date, starts_at: time | None = None, *, by: Person, now: datetime
) -> None:
    """Move it to another day or time. Raises ClosedError as `change_plan` does."""
    lock_own(activity, by)
    if (activity.planned_for, activity.starts_at) == (to, starts_at):
        return
    activity.planned_for, activity.starts_at = to, starts_at
    activity.concreteness = len(answered_questions(activity.answers))
    activity.changed_at = now
    settle(activity, now)
    tell_of_the_day(activity, by, now)
    let_in(activity.id, now)


def withdraw_activity(activity: Activity, *, by: Person, now: datetime) -> None:
    """Take the plan out of the feed, and its points back. A second time changes nothing. ClosedError unless its owner
    does it, before the report."""
    if by.id != activity.owner_id:
        raise ClosedError("not theirs alone")
    wait_for_all_around(activity)
    if db.session.scalar(select(is_withdrawn(activity.id))):
        return
    demand_open(activity)
    activity.withdrawal = Withdrawal(by_id=by.id, at=now)
    db.session.flush()
    feed.take_down(activity.id)
    award.take_back(activity, source=f"withdrawal:{activity.id}", reason="withdrawn", now=now)
    settle(activity, now)
    tell_of_the_end(activity, by, now)


def invite(activity: Activity, person: Person, *, by: Person, now: datetime) -> CoOwner:
    """Ask a colleague, of any municipality, to do it together. Somebody who has been asked is not asked again.

    Raises:
        ClosedError: when it is reported, withdrawn or hidden, or when the colleague has left or owns it already.
        TooManyAskedError: when `MOST_ASKED` have been asked.
    """
    lock_own(activity, by)
    if person.id == activity.owner_id or not person.is_present:
        raise ClosedError("not somebody who can be invited")
    db.session.refresh(activity, ["co_owners"])
    earlier = next((co for co in activity.co_owners if co.person_id == person.id), None)
    if earlier:
        return earlier
    if len(activity.co_owners) >= MOST_ASKED:
        raise TooManyAskedError
    co_owner = CoOwner(
        activity=activity, person=person, invited_by_id=by.id, invited_at=now, answer=Answer.INVITED.value
    )
    db.session.add(co_owner)
    db.session.flush()
    tell([person.id], Kind.INVITATION, f"invitation:{co_owner.id}", activity, {"name": by.name}, now)
    return co_owner


def answer_invitation(co_owner: CoOwner, accept: bool, *, now: datetime) -> None:
    """Accept or decline. Who has declined may accept later, not the reverse. On yes, their municipality takes part, and
    they no longer come along only. ClosedError when the activity is reported, withdrawn or hidden."""
    activity = co_owner.activity
    wait_for_all_around(activity)
    demand_open(activity)
    db.session.refresh(co_owner, ["answer"])
    db.session.refresh(activity, ["municipalities"])
    answer = Answer.ACCEPTED if accept else Answer.DECLINED
    if co_owner.answer in (Answer.ACCEPTED, answer):
        return
    co_owner.answer, co_owner.answered_at = answer.value, now
    if accept and co_owner.person.municipality not in activity.municipalities:
        activity.municipalities.append(co_owner.person.municipality)
    if accept:
        give_up_place(activity.id, co_owner.person_id, now)
    db.session.flush()
    feed.refresh(activity)
    settle(activity, now)
    details = {"name": co_owner.person.name, "accepted": accept}
    tell([co_owner.invited_by_id], Kind.ANSWER, f"answer:{co_owner.id}:{answer}", activity, details, now)


def _activity_with_key(owner: Person, request_key: str) -> Activity | None:
    query = select(Activity.id).where(Activity.owner_id == owner.id, Activity.request_key == request_key)
    activity_id = db.session.scalar(query)
    return whole_activity(activity_id) if activity_id else None


def _new_activity(owner: Person, plan: Plan, stage: Stage, request_key: str, now: datetime) -> Activity:
    """Sets every relation, also the empty ones, so that what is called afterwards can read them without a query."""
    activity = Activity(
        owner=owner,
        municipality=owner.municipality,
        stage=stage,
        request_key=request_key,
        created_at=now,
        municipalities=[owner.municipality],
        co_owners=[],
        outcome=None,
        tips=[],
        photos=[],
        withdrawal=None,
        removal=None,
    )
    _write(activity, plan, now)
    db.session.add(activity)
    return activity


def _plan_of(activity: Activity) -> Plan:
    return Plan(
        *(activity.value, activity.also_values, activity.focus_area, activity.answers, activity.starts_at),
        heeded=heeded_ids(activity.id),
        places=activity.places,
    )


def _write(activity: Activity, plan: Plan, now: datetime) -> None:
    activity.value = plan.value
    activity.also_values = [value for value in plan.also_values if value is not plan.value]
    activity.focus_area, activity.places = plan.focus_area, plan.places
    for column, answer in plan.answers.items():
        setattr(activity, column, answer)
    activity.starts_at = plan.starts_at if activity.planned_for else None
    activity.concreteness = len(answered_questions(activity.answers))
    activity.changed_at = now
