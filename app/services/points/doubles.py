"""The points of an activity that was told twice: what each person has for it counts once."""

from collections import defaultdict
from datetime import datetime
from typing import Any, Final

from sqlalchemy import func, select

from app.extensions import db
from app.models.ledger import PointEntry
from app.services.points.ledger import Earner, append, entry

#: What one earns by what one does oneself, once for each activity.
_OWN_DOING: Final = ("plan", "report", "joint", "success", "pitfall", "challenge")
#: The reason of the entries that take back what was earned twice.
MERGED: Final = "merged"


def take_back_what_counts_twice(double_id: int, kept_id: int, source: str, now: datetime) -> int:
    """From whoever has points for both, of each reason the smaller sum; what somebody has for one of them alone stays
    theirs, and so do points that others gave by what they did. Returns the sum (≤ 0). `award.give_again` gives it back
    under the same source."""
    kept, entries = _sums(kept_id), list[dict[str, Any]]()
    for earner, reasons in _by_place(double_id).items():
        twice = 0
        for reason in _OWN_DOING:
            both = min(reasons[reason], kept[earner.person_id, reason])
            if both > 0:
                twice += both
                kept[earner.person_id, reason] -= both
        twice = min(twice, sum(reasons.values()))
        if twice > 0:
            entries.append(entry(earner, _named(source, earner, entries), MERGED, -twice, double_id, now))
    return sum(append(entries).values())


def _named(source: str, earner: Earner, entries: list[dict[str, Any]]) -> str:
    """A person has one entry for a source: that of a further place says which, as when something is hidden."""
    is_first = all(row["person_id"] != earner.person_id for row in entries)
    return source if is_first else f"{source}@{earner.municipality_id}.{earner.stage_id}"


def _sums(contribution_id: int) -> dict[tuple[int, str], int]:
    sums = (
        select(PointEntry.person_id, PointEntry.reason, func.sum(PointEntry.points))
        .where(PointEntry.contribution_id == contribution_id)
        .group_by(PointEntry.person_id, PointEntry.reason)
    )
    return defaultdict(int, {(person, reason): points for person, reason, points in db.session.execute(sums)})


def _by_place(contribution_id: int) -> dict[Earner, dict[str, int]]:
    """Of each person and place, in the order of their first entries, the points by reason."""
    about = select(PointEntry).where(PointEntry.contribution_id == contribution_id)
    found: dict[Earner, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for earlier in db.session.scalars(about.order_by(PointEntry.person_id, PointEntry.id)):
        found[Earner.of(earlier)][earlier.reason] += earlier.points
    return found
