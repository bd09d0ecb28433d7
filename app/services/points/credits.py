"""What people earn when somebody takes something of theirs: a tip into account, or an idea to borrow. It is decided
when it happens, and kept; app/services/sums/credits.py gives and takes it."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import func, select

from app.extensions import db
from app.models.activity import Activity
from app.models.credit import Credit, CreditReason
from app.models.ledger import PointEntry
from app.models.person import Person
from app.models.stage import Stage
from app.models.tip import Tip
from app.services.points.caps import (
    NOTHING_YET,
    Earned,
    allows_one_more,
    is_this_week,
    today_and_this_week,
)
from app.services.points.closing import counting_stage, policy_of


def decide_credits(activity: Activity, thing: Activity | Tip, reason: CreditReason, now: datetime) -> None:
    """Keep what each of those who made the thing earns because the activity takes it: nothing without a policy for it,
    above a cap, for one who does the activity too, and for one whom its owner has given something this week.

    Each is decided alone: that one of them has reached a cap is nothing to the others. The caller makes others wait, so
    that of two at once only one gets the last points under a cap.
    """
    stage = counting_stage(Stage.by_id(activity.stage_id), now)
    rule = policy_of(stage).get(reason.value)
    if rule is None:
        return
    people = thing.owner_ids() - activity.owner_ids()
    already, earned = _given_this_week(activity.owner_id, people, now), _times_credited(people, reason, now)
    for person_id, municipality_id in _places(thing, people):
        if person_id not in already and allows_one_more(rule, earned[person_id]):
            db.session.add(
                Credit(
                    activity_id=activity.id,
                    contribution_id=thing.id,
                    person_id=person_id,
                    municipality_id=municipality_id,
                    reason=reason.value,
                    points=rule["points"],
                    at=now,
                )
            )
    db.session.flush()


def _given_this_week(giver_id: int, people: Collection[int], now: datetime) -> set[int]:
    """Who of these has earned something by a plan of the giver's this week, for whichever reason: a ring of friends
    gains no more by many plans than by one."""
    credited = (
        select(Credit.person_id)
        .join(Activity, Activity.id == Credit.activity_id)
        .where(Credit.person_id.in_(people), is_this_week(Credit.at, now), Activity.owner_id == giver_id)
    )
    return set(db.session.scalars(credited))


def _times_credited(people: Collection[int], reason: CreditReason, now: datetime) -> dict[int, Earned]:
    """By person. What was taken back since still counts; what the plan has taken out again does not."""
    counts = (
        select(Credit.person_id, *today_and_this_week(Credit.at, now))
        .where(Credit.person_id.in_(people), is_this_week(Credit.at, now), Credit.reason == reason.value)
        .group_by(Credit.person_id)
    )
    rows = db.session.execute(counts)
    return defaultdict(lambda: NOTHING_YET, {person_id: Earned(*counted) for person_id, *counted in rows})


def _places(thing: Activity | Tip, people: Collection[int]) -> list[tuple[int, int]]:
    """Each person, and the municipality where their points for the thing count, wherever they have moved since: the
    owner's is kept with the thing, a partner's is that of what they earned for it. The programme office earns none."""
    earlier = select(PointEntry.municipality_id).where(
        PointEntry.person_id == Person.id, PointEntry.source == f"activity:{thing.id}"
    )
    place = func.coalesce(earlier.limit(1).scalar_subquery(), Person.municipality_id)
    places = select(Person.id, place).where(Person.id.in_(people), ~Person.is_office).order_by(Person.id)
    return [
        (person_id, thing.municipality_id if person_id == thing.owner_id else municipality_id)
        for person_id, municipality_id in db.session.execute(places)
    ]
