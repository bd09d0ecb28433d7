"""Locks an activity that is to be changed, and refuses when somebody else has reported, withdrawn or hidden it."""

from collections.abc import Collection

from sqlalchemy import select

from app.extensions import db
from app.models.activity import Activity
from app.models.contribution import is_visible, wait_for_turn
from app.models.outcome import is_reported
from app.services.sums.turns import wait_for_turns_around


class ClosedError(ValueError):
    """The activity is reported, withdrawn or hidden, so it can no longer be changed in this way."""


class OvertakenError(ValueError):
    """Somebody else has changed it since the form was opened. Their text must not be overwritten unseen."""


def lock_open(activity: Activity, heeded: Collection[int] = ()) -> None:
    """Make others who would change it wait, and refuse if it is closed in the database: the loaded one may be old.
    `heeded` are the tips that it will take into account.

    Raises:
        ClosedError: when it is reported, withdrawn or hidden.
    """
    lock_visible(activity, heeded)
    if db.session.scalar(select(is_reported(activity.id))):
        raise ClosedError("reported")


def lock_visible(activity: Activity, heeded: Collection[int] = ()) -> None:
    """The same, but a reported activity is allowed.

    Raises:
        ClosedError: when it is withdrawn or hidden.
    """
    wait_for_turn(activity.id)
    wait_for_turns_around(activity.id, heeded)
    if not db.session.scalar(select(is_visible(activity.id))):
        raise ClosedError("withdrawn or hidden")
