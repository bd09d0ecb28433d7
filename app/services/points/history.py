"""What a person's points were for: the ledger, newest first, and its sums."""

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import func, select

from app.extensions import db
from app.models.activity import Activity
from app.models.challenge import Challenge
from app.models.contribution import Contribution, ContributionKind, path_of
from app.models.ledger import PersonTotal, PointEntry
from app.models.paging import PAGE_SIZE, Page, page_of_rows
from app.models.tip import Tip, title_of


class Line(NamedTuple):
    """One entry, for its reader. `title` and `path` are those of what it was for, which may have been hidden since."""

    id: int
    at: datetime
    reason: str
    points: int
    title: str | None
    path: str | None


def point_history(person_id: int, before: int | None = None, size: int = PAGE_SIZE) -> Page[Line]:
    """Newest first; `before` is the id of the last entry seen."""
    entry = PointEntry
    query = (
        select(entry.id, entry.at, entry.reason, entry.points, entry.contribution_id, Contribution.kind)
        .add_columns(Activity.title, Challenge.title, Tip.text)
        .outerjoin(Contribution, Contribution.id == entry.contribution_id)
        .outerjoin(Activity, Activity.id == entry.contribution_id)
        .outerjoin(Challenge, Challenge.id == entry.contribution_id)
        .outerjoin(Tip, Tip.id == entry.contribution_id)
        .where(entry.person_id == person_id)
        .order_by(entry.id.desc())
    )
    if before:
        query = query.where(entry.id < before)
    rows = page_of_rows(query, size)
    return Page([_line(row) for row in rows.items], rows.has_more)


def _line(row: Any) -> Line:
    """Of the three titles, the one of its kind is there."""
    activity, challenge, tip = row[-3:]
    title = activity or challenge or (title_of(tip) if tip else None)
    path = path_of(ContributionKind(row.kind), row.contribution_id) if row.kind else None
    return Line(row.id, row.at, row.reason, row.points, title, path)


def point_sums(person_id: int) -> dict[int, int]:
    """The person's points by stage id, from the running totals."""
    sums = select(PersonTotal.stage_id, func.sum(PersonTotal.points)).where(
        PersonTotal.person_id == person_id
    )
    return dict(db.session.execute(sums.group_by(PersonTotal.stage_id)).all())
