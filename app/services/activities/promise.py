"""What ties an activity to the challenge that it takes on: what its report ticks, and that it keeps to its square."""

from collections.abc import Iterable

from sqlalchemy import exists, select

from app.extensions import db
from app.models.activity import Activity
from app.models.undertaking import Undertaking


def is_undertaken(activity_id: int) -> bool:
    """Whether it takes on a challenge: then its value and focus area stay the challenge's."""
    return bool(db.session.scalar(select(exists().where(Undertaking.activity_id == activity_id))))


def ticked_in(activity_id: int) -> tuple[int, ...]:
    """The places in the promise's checklist that the report has ticked so far; none without a challenge."""
    ticked = db.session.scalar(select(Undertaking.ticked).where(Undertaking.activity_id == activity_id))
    return tuple(ticked or ())


def keep_ticks(activity: Activity, ticked: Iterable[int]) -> None:
    """Write what a report ticks. One that a coordinator has sent back waits again as soon as it is sent in again."""
    undertaking = db.session.get(Undertaking, activity.id, populate_existing=True)
    if undertaking is None:
        return
    undertaking.ticked = sorted(set(ticked) & set(range(len(undertaking.done_when))))
    if undertaking.approved is False:
        undertaking.approved = None
