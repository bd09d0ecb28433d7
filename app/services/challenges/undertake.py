"""Taking a challenge on as an activity, with a promise of its own, and leaving it again."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from sqlalchemy import bindparam

from app.extensions import db
from app.models.activity import Activity
from app.models.challenge import Challenge
from app.models.completion import taken_on_by
from app.models.contribution import wait_for_turn
from app.models.person import Person
from app.models.stage import Stage
from app.models.undertaking import Undertaking
from app.services.activities.begin import NO_TIES, Ties, begin_activity
from app.services.activities.locking import ClosedError, lock_open
from app.services.activities.notices import tell_the_others
from app.services.activities.plan import Plan
from app.services.activities.promise import is_undertaken
from app.services.activities.visibility import whole_activity
from app.services.challenges.offer import challenge_to_plan
from app.services.challenges.standing import Standing, standing_of
from app.services.programme.clock import local_today
from app.services.sums.settle import settle
from app.services.sums.undertakings import untie


class ClosedChallengeError(ValueError):
    """It cannot be taken on: closed, not opened yet, hidden, or for the people of another municipality."""


_TAKEN_ON: Final = taken_on_by(bindparam("person_id"), bindparam("challenge_id"))


@dataclass(frozen=True)
class MyUndertaking:
    """How a person stands to a challenge. `standing` is that of the activity by which they do it or have done it, alone
    or as a partner; None when they have not taken it on. `is_for_me`: it is for all, or for their municipality. Whether
    it is open today is asked of the challenge itself."""

    standing: Standing | None
    is_for_me: bool


def my_undertaking(challenge: Challenge, person: Person) -> MyUndertaking:
    """What the fragment `challenges/_my_undertaking.html` shows on the challenge's page, as its variable `mine`. Two
    queries, whatever there is; the challenge needs no relation loaded.

    `{% include 'challenges/_my_undertaking.html' %}` expects `challenge` and `mine`. It holds the page's one filled
    button: take it on, or go to the activity by which it has been.
    """
    activity_id = first_undertaking(challenge, person)
    is_for_me = challenge.municipality_id in (None, person.municipality_id)
    return MyUndertaking(standing_of(activity_id) if activity_id else None, is_for_me)


def first_undertaking(challenge: Challenge, person: Person) -> int | None:
    """Id of the activity by which the person does it or has done it; None while there is none."""
    return db.session.connection().scalar(_TAKEN_ON, {"person_id": person.id, "challenge_id": challenge.id})


def take_on(
    challenge: Challenge,
    person: Person,
    plan: Plan,
    colleagues: Iterable[Person] = (),
    *,
    ties: Ties = NO_TIES,
    stage: Stage,
    request_key: str,
    now: datetime,
) -> Activity:
    """Plan an activity that takes the challenge on: its value and focus area are the challenge's, and the promise is
    kept with it as it is by now. Whoever has taken it on already, with this key or another, gets that activity.

    Raises:
        ClosedChallengeError: when it is not open, or not for that person.
    """
    wait_for_turn(challenge.id)
    if first := first_undertaking(challenge, person):
        return _whole(first)
    challenge = _still_open(challenge, person, now)
    its_own = replace(plan, value=challenge.value, focus_area=challenge.focus_area)
    activity = begin_activity(
        person, its_own, colleagues, ties=ties, stage=stage, request_key=request_key, now=now
    )
    square = (activity.value_id, activity.focus_area_id) == (challenge.value_id, challenge.focus_area_id)
    # Else the key is that of an earlier plan.
    if activity.is_open and square and not is_undertaken(activity.id):
        promise(challenge, activity, now)
    return activity


def promise(challenge: Challenge, activity: Activity, now: datetime) -> Undertaking:
    """Keep the challenge's promise, as it is by now, with that activity of the challenge's value and focus area."""
    undertaking = Undertaking(
        activity_id=activity.id,
        challenge_id=challenge.id,
        at=now,
        points=challenge.points,
        kind_of_challenge=challenge.kind_of_challenge,
        done_when=challenge.done_when,
        needs_photo=challenge.needs_photo,
        needs_approval=challenge.needs_approval,
        closes_on=challenge.closes_on,
        ticked=[],
    )
    db.session.add(undertaking)
    settle(activity, now)
    return undertaking


def leave(activity: Activity, *, by: Person, now: datetime) -> None:
    """Give the challenge up, before the report: the plan stays, and nothing is taken but the promise. The others who do
    it are told.

    Raises:
        ClosedError: when it is reported, withdrawn or hidden, or not theirs alone to give up.
    """
    if activity.owner_id != by.id:
        raise ClosedError("not theirs alone")
    lock_open(activity)
    undertaking = db.session.get(Undertaking, activity.id)
    if undertaking:  # else a second tap
        untie(undertaking, activity)
        tell_the_others(activity, by, {"event": "left"}, f"left:{activity.id}:{now.isoformat()}", now)


def _still_open(challenge: Challenge, person: Person, now: datetime) -> Challenge:
    """As it is now, with what its plan needs."""
    fresh = challenge_to_plan(challenge.id, person)
    if fresh is None or not fresh.is_open(local_today(now)):
        raise ClosedChallengeError
    return fresh


def _whole(activity_id: int) -> Activity:
    activity = whole_activity(activity_id)
    if activity is None:
        raise LookupError(activity_id)
    return activity
