"""Refuses to change an activity that somebody else has reported, withdrawn or hidden meanwhile."""

from collections.abc import Collection

from sqlalchemy import select

from app.extensions import db
from app.models.activity import Activity
from app.models.contribution import is_visible, wait_for_turn
from app.models.outcome import is_reported
from app.models.person import Person
from app.models.publication import is_workable
from app.services.sums.turns import wait_for_all_around


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


def lock_own(activity: Activity, by: Person, tip_ids: Collection[int] = ()) -> None:
    """For a change by those who make it: make others around it wait, and refuse if it is closed or not theirs.

    Raises:
        ClosedError: when it is reported, withdrawn or hidden, or not theirs.
    """
    if not activity.is_owned_by(by):
        raise ClosedError("not theirs")
    wait_for_all_around(activity, tip_ids=tip_ids)
    demand_open(activity)


def lock_open(activity: Activity) -> None:
    """For a change that nothing follows from: make others who would change it wait, and refuse if it is closed.

    Raises:
        ClosedError: when it is reported, withdrawn or hidden.
    """
    wait_for_turn(activity.id)
    demand_open(activity)
