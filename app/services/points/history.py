"""What a person's points were for: the ledger, newest first, and its sums."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func, select

from app.extensions import db
from app.models.activity import Activity
from app.models.ledger import PersonTotal, PointEntry
from app.models.paging import PAGE_SIZE, Page, page_of_rows


class Line(NamedTuple):
    """One entry, for its reader. `title` is the activity's, which may have been hidden from others since."""

    id: int
    at: datetime
    reason: str
    points: int
    activity_id: int | None
    title: str | None


def point_history(person_id: int, before: int | None = None, size: int = PAGE_SIZE) -> Page[Line]:
    """Newest first; `before` is the id of the last entry seen."""
    entry = PointEntry
    query = (
        select(entry.id, entry.at, entry.reason, entry.points, entry.contribution_id, Activity.title)
        .outerjoin(Activity, Activity.id == entry.contribution_id)
        .where(entry.person_id == person_id)
        .order_by(entry.id.desc())
    )
    if before:
        query = query.where(entry.id < before)
    rows = page_of_rows(query, size)
    return Page([Line(*row) for row in rows.items], rows.has_more)


def point_sums(person_id: int) -> dict[int, int]:
    """The person's points by stage id, from the running totals."""
    sums = select(PersonTotal.stage_id, func.sum(PersonTotal.points)).where(
        PersonTotal.person_id == person_id
    )
    return dict(db.session.execute(sums.group_by(PersonTotal.stage_id)).all())
