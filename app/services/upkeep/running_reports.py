"""What rests of the points of reports that were undone. While the activity is hidden, moderation has its points."""

from app import clock
from app.services.points.resting import resting
from app.services.sums.undone_reports import activities_with_rest, rest_due, settle_undone_report
from app.services.upkeep.running_figures import RunningFigure

_Rows = list[tuple[int, int]]


def _rests() -> _Rows:
    """In the ledger, by entry."""
    return list(resting(activities_with_rest()).items())


def _should_rest() -> _Rows:
    due = (rest for activity_id in activities_with_rest() for rest in rest_due(activity_id))
    return [(entry.id, points) for entry, points in due]


def _settle() -> None:
    """The ledger is never rewritten: what is missing or too much is one more entry, of today."""
    for activity_id in activities_with_rest():
        settle_undone_report(activity_id, clock.now())


FIGURES = (RunningFigure(("undone_report", "entry"), _rests, _should_rest, _settle),)
