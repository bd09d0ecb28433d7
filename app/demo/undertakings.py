"""Challenges that the demonstration's people have taken on: plans that are there already turn out to be made for one,
so that the figures stay those of the real programme. Some challenges are full, some are empty, and one completion waits
for a coordinator's word."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from app.extensions import db
from app.models.activity import Activity
from app.models.challenge import Challenge, ChallengeKind
from app.models.contribution import is_visible, moderators_of
from app.models.person import Person, Role
from app.models.undertaking import Undertaking
from app.services.activities.promise import keep_ticks
from app.services.activities.visibility import whole_activities
from app.services.challenges.review import approve
from app.services.challenges.undertake import promise
from app.services.people.membership import first_with
from app.services.sums.settle import settle

#: How many take on one challenge after the other; what needs approval is never left alone.
_TAKEN_ON = (40, 3, 0)


def take_challenges_on() -> None:
    """Nothing when the programme has no challenges."""
    challenges = db.session.scalars(
        select(Challenge).where(Challenge.opened_at.is_not(None)).order_by(Challenge.id)
    )
    for number, challenge in enumerate(challenges.all()):
        at_most = _TAKEN_ON[number % len(_TAKEN_ON)] or (3 if challenge.needs_approval else 0)
        for activity in list(_fitting(challenge))[:at_most]:
            _take_on(challenge, activity)
    _approve_all_but_one()


def _fitting(challenge: Challenge) -> Iterator[Activity]:
    """Plans of the challenge's square that could have been made for it, one of each person. First come those in the
    area of the coordinator as whom one signs in when one has to approve, and then those with a picture."""
    square = (
        Activity.stage_id == challenge.stage_id,
        Activity.value_id == challenge.value_id,
        Activity.focus_area_id == challenge.focus_area_id,
    )
    free = Activity.id.not_in(select(Undertaking.activity_id)) & is_visible(Activity.id)
    numbers = db.session.scalars(select(Activity.id).where(*square, free)).all()
    owners: set[int] = set()
    coordinator = first_with(Role.COORDINATOR)
    for activity in sorted(
        whole_activities(numbers),
        key=lambda one: (
            challenge.needs_approval and not _may_approve(coordinator, one),
            not one.photos,
            one.id,
        ),
    ):
        if _is_for(challenge, activity) and activity.owner_id not in owners:
            owners.add(activity.owner_id)
            yield activity


def _is_for(challenge: Challenge, activity: Activity) -> bool:
    its_place = challenge.municipality_id in (None, activity.municipality_id)
    return its_place and (activity.joint or challenge.kind_of_challenge != ChallengeKind.JOINT)


def _take_on(challenge: Challenge, activity: Activity) -> None:
    promise(challenge, activity, activity.created_at)
    outcome = activity.outcome
    if outcome:
        keep_ticks(activity, range(len(challenge.done_when)) if outcome.carried_out else ())
        settle(activity, outcome.at)


def _approve_all_but_one() -> None:
    """The one that is left is in that area too, if there is such a one."""
    coordinator = first_with(Role.COORDINATOR)
    waiting = select(Undertaking.activity_id, Undertaking.waits_since.label("since"))
    rows = db.session.execute(waiting.where(Undertaking.waits_since.is_not(None)))
    since: dict[int, Any] = {row.activity_id: row.since for row in rows}
    activities = sorted(
        whole_activities(since), key=lambda one: (_may_approve(coordinator, one), since[one.id])
    )
    for activity in activities[:-1]:
        reviewers = moderators_of(activity.id, activity.owner_ids())
        reviewer = db.session.get_one(Person, min(reviewers))
        approve(activity, reviewer, since[activity.id] + timedelta(hours=5))


def _may_approve(coordinator: Person | None, activity: Activity) -> bool:
    """Carried out in their area, and not by themselves."""
    if coordinator is None or activity.is_owned_by(coordinator):
        return False
    return activity.is_carried_out and coordinator.municipality_id in {
        place.id for place in activity.municipalities
    }
