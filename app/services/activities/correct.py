"""A coordinator puts right which value and focus area somebody else's activity is for."""

from datetime import datetime
from typing import Any

from sqlalchemy import exists, select, update
from sqlalchemy.orm import joinedload

from app.extensions import db
from app.models.activity import Activity
from app.models.correction import Correction
from app.models.notification import Kind
from app.models.person import Person
from app.models.programme import FocusArea, Value
from app.models.tip import Tip
from app.models.undertaking import Undertaking
from app.services.activities.best_practice import NotTheirsToLiftError, may_lift
from app.services.activities.locking import OvertakenError, demand_visible
from app.services.feed import index as feed
from app.services.notifications.notify import notify
from app.services.sums.passed_on import pass_on_squares
from app.services.sums.rank import rerank
from app.services.sums.settle import settle
from app.services.sums.turns import wait_for_all_around

_COLUMNS = ["value_id", "value", "focus_area_id", "focus_area", "also_values", "changed_at"]


class BoundToChallengeError(ValueError):
    """It takes on a challenge, whose value and focus area it has."""


def correct(
    activity: Activity,
    value: Value,
    area: FocusArea,
    *,
    by: Person,
    now: datetime,
    seen: datetime | None = None,
) -> Correction | None:
    """Say what it is for instead, and tell those who made it. Its figures, its squares and their points, and badges
    follow; None when it is for these already, so that a retry changes nothing.

    Raises:
        NotTheirsToLiftError: `may_lift` says no.
        ClosedError: when it is withdrawn or hidden.
        BoundToChallengeError: when it takes on a challenge.
        OvertakenError: when it has been changed since it was `seen`.
    """
    if not may_lift(by, activity):
        raise NotTheirsToLiftError
    wait_for_all_around(activity)
    demand_visible(activity)
    db.session.refresh(activity, _COLUMNS)
    if (activity.value_id, activity.focus_area_id) == (value.id, area.id):
        return None
    if db.session.scalar(select(exists().where(Undertaking.activity_id == activity.id))):
        raise BoundToChallengeError
    if seen and activity.changed_at != seen:
        raise OvertakenError
    correction = _note(activity, value, area, by, now)
    _write(activity, value, area, now)
    settle(activity, now)
    pass_on_squares(activity, now)
    about: dict[str, Any] = {"event": "corrected", "title": activity.title, "name": by.name}
    about |= {"value": value.name, "focus_area": area.name}
    key = f"correction:{correction.id}"
    notify(activity.owner_ids(), Kind.MODERATION, key=key, url=activity.path, parameters=about, now=now)
    return correction


def corrections_of(activity_id: int) -> list[Correction]:
    """Oldest first, with who made each."""
    rows = select(Correction).where(Correction.activity_id == activity_id).options(joinedload(Correction.by))
    return list(db.session.scalars(rows.order_by(Correction.id)))


def _note(activity: Activity, value: Value, area: FocusArea, by: Person, now: datetime) -> Correction:
    correction = Correction(
        activity_id=activity.id,
        by_id=by.id,
        at=now,
        from_value_id=activity.value_id,
        to_value_id=value.id,
        from_focus_area_id=activity.focus_area_id,
        to_focus_area_id=area.id,
    )
    db.session.add(correction)
    db.session.flush()
    return correction


def _write(activity: Activity, value: Value, area: FocusArea, now: datetime) -> None:
    """Its lessons are about the same."""
    activity.value, activity.focus_area, activity.changed_at = value, area, now
    activity.also_values = [one for one in activity.also_values if one.id != value.id]
    db.session.flush()
    lessons = update(Tip).where(Tip.activity_id == activity.id)
    numbers = db.session.scalars(
        lessons.values(value_id=value.id, focus_area_id=area.id).returning(Tip.id),
        execution_options={"synchronize_session": False},
    ).all()
    rerank(numbers)
    feed.refresh(activity)
