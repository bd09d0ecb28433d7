"""What can no longer be done to an activity, because somebody else has reported, withdrawn or hidden it meanwhile."""

from sqlalchemy import select

from app.extensions import db
from app.models.activity import Activity
from app.models.contribution import is_visible, wait_for_turn
from app.models.outcome import is_reported


class ClosedError(ValueError):
    """The activity is reported, withdrawn or hidden: what was asked for can no longer be done to it."""


class OvertakenError(ValueError):
    """Somebody else has written it anew since this was begun. Their words are not to be lost without being seen."""


def lock_open(activity: Activity) -> None:
    """Make others who would change it wait, and refuse if it has been closed by now: what was loaded may be old.

    Raises:
        ClosedError: when it is reported, withdrawn or hidden.
    """
    lock_visible(activity)
    if db.session.scalar(select(is_reported(activity.id))):
        raise ClosedError("reported")


def lock_visible(activity: Activity) -> None:
    """The same, but what is reported may be changed.

    Raises:
        ClosedError: when it is withdrawn or hidden.
    """
    wait_for_turn(activity.id)
    if not db.session.scalar(select(is_visible(activity.id))):
        raise ClosedError("withdrawn or hidden")
