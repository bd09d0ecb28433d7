"""What a report has earned rests while it is undone, and is there again with the next report: who was first in a square
of the quilt meanwhile stays that."""

from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, Integer, bindparam, delete, exists, func, select

from app.extensions import db
from app.models.activity import Activity
from app.models.contribution import ContributionId, is_hidden
from app.models.ledger import PointEntry
from app.models.outcome import is_reported
from app.models.point_question import PointQuestion
from app.models.square import Square
from app.services.points.ledger import Earner, balance
from app.services.points.resting import UNDONE, rest_of, resting

_FIRST: Final = "first"
#: What comes with a report alone. What a challenge has promised is balanced by its own rule.
_OF_A_REPORT: Final = ("report", "joint", _FIRST)
#: The entries of a report, how much of each an answer has taken, and whether the report is there.
_ENTRIES: Final = (
    select(PointEntry, func.coalesce(PointQuestion.points, 0), is_reported(PointEntry.contribution_id))
    .outerjoin(PointQuestion, (PointQuestion.entry_id == PointEntry.id) & (PointQuestion.points != 0))
    .where(PointEntry.contribution_id == bindparam("activity_id"), PointEntry.reason.in_(_OF_A_REPORT))
    .order_by(PointEntry.id)
)

_IS_HIDDEN: Final = select(is_hidden(bindparam("activity_id", type_=Integer)))


def settle_undone_report(activity_id: int, now: datetime) -> None:
    """Not while the activity is hidden: it is settled when that is shown again. The caller makes others wait."""
    due = rest_due(activity_id)
    if not due or db.session.scalar(_IS_HIDDEN, {"activity_id": activity_id}):
        return
    rests = resting([activity_id])
    for entry, points in due:
        if rests.get(entry.id, 0) != points:
            balance(Earner.of(entry), rest_of(entry.id), UNDONE, points, activity_id, now)


def rest_due(activity_id: int) -> list[tuple[PointEntry, int]]:
    """The entries of its report, and how much of each should rest by now: less what an answer has taken."""
    return [
        (entry, 0 if reported and _still_counts(entry) else -(entry.points + corrected))
        for entry, corrected, reported in db.session.execute(_ENTRIES, {"activity_id": activity_id}).all()
    ]


def may_rest(activity_id: ContributionId) -> ColumnElement[bool]:
    """Condition: something of its report rests, or the report is undone, or it was first in a square, which it may be
    no more."""
    undone = PointEntry.reason.in_(_OF_A_REPORT) & ~is_reported(activity_id)
    return exists().where(
        PointEntry.contribution_id == activity_id, undone | PointEntry.reason.in_((UNDONE, _FIRST))
    )


def give_up_empty_squares(activity: Activity) -> None:
    """Where it was first and nobody has come after it, the next one is first. After it has been settled, so that it is
    not counted there any more."""
    empty = (Square.first_id == activity.id, Square.carried_out == 0)
    db.session.execute(delete(Square).where(*empty), execution_options={"synchronize_session": "fetch"})


def activities_with_rest() -> list[int]:
    """Those of which something rests, or should; not while they are hidden."""
    about = PointEntry.contribution_id
    undone = PointEntry.reason.in_(_OF_A_REPORT) & ~is_reported(about)
    entries = select(about).where(
        undone | (PointEntry.reason == UNDONE), about.is_not(None), ~is_hidden(about)
    )
    return [number for number in db.session.scalars(entries.distinct()) if number]


def _still_counts(entry: PointEntry) -> bool:
    if entry.reason != _FIRST:
        return True
    _square, *place = entry.source.split(":")
    square = db.session.get(Square, tuple(map(int, place)), populate_existing=True)
    return square is not None and square.first_id == entry.contribution_id
