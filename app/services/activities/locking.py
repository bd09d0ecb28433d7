"""What can no longer be done to an activity, because somebody else has reported, withdrawn or hidden it meanwhile."""

from sqlalchemy import select, union_all

from app.extensions import db
from app.models.activity import Activity, Withdrawal
from app.models.moderation import Removal
from app.models.outcome import Outcome

#: What ends an activity, each a record of its own.
Ending = type[Outcome] | type[Withdrawal] | type[Removal]


class ClosedError(ValueError):
    """The activity is reported, withdrawn or hidden: what was asked for can no longer be done to it."""


class OvertakenError(ValueError):
    """Somebody else has written it anew since this was begun. Their words are not to be lost without being seen."""


def hold_open(activity: Activity, *endings: Ending) -> None:
    """Make others who would change it wait, and refuse if one of the endings (all, where none is named) has come by
    now: what was loaded may be old.

    Raises:
        ClosedError: when it has.
    """
    activity.hold()
    closing = (
        select(ending.activity_id).where(ending.activity_id == activity.id)
        for ending in endings or (Outcome, Withdrawal, Removal)
    )
    if db.session.scalar(union_all(*closing).limit(1)):
        raise ClosedError("reported, withdrawn or hidden")
