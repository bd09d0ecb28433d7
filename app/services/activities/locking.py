"""Refuses to change an activity that somebody else has reported, withdrawn or hidden meanwhile."""

from sqlalchemy import select

from app.extensions import db
from app.models.activity import Activity
from app.models.contribution import is_visible, wait_for_turn
from app.models.moderation import is_workable
from app.models.outcome import is_reported


class ClosedError(ValueError):
    """The activity is reported, withdrawn or hidden, so it can no longer be changed in this way."""


class OvertakenError(ValueError):
    """Somebody else has changed it since the form was opened. Their text must not be overwritten unseen."""


def demand_visible(activity: Activity) -> None:
    """Refuse if it is closed in the database, since the loaded one may be old. The caller makes others wait.

    Raises:
        ClosedError: when it is withdrawn or hidden.
    """
    if not db.session.scalar(select(is_visible(activity.id))):
        raise ClosedError("withdrawn or hidden")


def demand_workable(activity: Activity) -> None:
    """The same for its makers, who may go on with what waits to be published.

    Raises:
        ClosedError: when it is withdrawn or hidden.
    """
    if not db.session.scalar(select(is_workable(activity.id))):
        raise ClosedError("withdrawn or hidden")


def demand_open(activity: Activity) -> None:
    """The same, and refuse a reported one too.

    Raises:
        ClosedError: when it is reported, withdrawn or hidden.
    """
    demand_workable(activity)
    if db.session.scalar(select(is_reported(activity.id))):
        raise ClosedError("reported")


def lock_open(activity: Activity) -> None:
    """For a change that nothing follows from: make others who would change it wait, and refuse if it is closed.

    Raises:
        ClosedError: when it is reported, withdrawn or hidden.
    """
    wait_for_turn(activity.id)
    demand_open(activity)
