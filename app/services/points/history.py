"""What a person's points were for: the ledger, newest first, and its sums."""

from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import func, select

from app.extensions import db
from app.models.activity import Activity
from app.models.challenge import Challenge
from app.models.contribution import ContributionKind, path_of
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


#: Of each kind that earns points, the column that its title follows from.
_TITLES: Final[dict[ContributionKind, Any]] = {
    ContributionKind.ACTIVITY: Activity.title,
    ContributionKind.CHALLENGE: Challenge.title,
    ContributionKind.TIP: Tip.text,
}


def point_history(person_id: int, before: int | None = None, size: int = PAGE_SIZE) -> Page[Line]:
    """Newest first; `before` is the id of the last entry seen."""
    entry = PointEntry
    query = select(entry.id, entry.at, entry.reason, entry.points, entry.contribution_id, *_TITLES.values())
    for table in (Activity, Challenge, Tip):
        query = query.outerjoin(table, table.id == entry.contribution_id)
    query = query.where(entry.person_id == person_id).order_by(entry.id.desc())
    if before:
        query = query.where(entry.id < before)
    rows = page_of_rows(query, size)
    return Page([_line(*row) for row in rows.items], rows.has_more)


def _line(
    number: int, at: datetime, reason: str, points: int, contribution_id: int, *texts: str | None
) -> Line:
    """Of the titles, the one of its kind is there: a number is of one kind."""
    for kind, text in zip(_TITLES, texts, strict=True):
        if text is not None:
            title = title_of(text) if kind is ContributionKind.TIP else text
            return Line(number, at, reason, points, title, path_of(kind, contribution_id))
    return Line(number, at, reason, points, None, None)


def point_sums(person_id: int) -> dict[int, int]:
    """The person's points by stage id, from the running totals."""
    sums = select(PersonTotal.stage_id, func.sum(PersonTotal.points)).where(
        PersonTotal.person_id == person_id
    )
    return dict(db.session.execute(sums.group_by(PersonTotal.stage_id)).all())
