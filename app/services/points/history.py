"""What a person's points were for: the ledger, newest first, and its sums."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import Select, bindparam, func, select

from app.extensions import db
from app.models.activity import Activity
from app.models.challenge import Challenge
from app.models.contribution import ContributionKind, path_of
from app.models.ledger import PersonTotal, PointEntry
from app.models.paging import LAST_NUMBER, PAGE_SIZE, Page, page_of_prepared
from app.models.point_question import PointQuestion
from app.models.tip import Tip, title_of
from app.services.points.reasons import Reason, reason_named


class Line(NamedTuple):
    """One entry, for its reader. `title` and `path` are those of what it was for, which may have been hidden since."""

    id: int
    at: datetime
    reason: str
    points: int
    title: str | None
    path: str | None
    #: Whether somebody has still to answer a question about it, and whether one has been answered.
    is_asked: bool
    is_answered: bool

    @property
    def words(self) -> Reason:
        return reason_named(self.reason)


#: Of each kind that earns points, the column that its title follows from.
_TITLES: Final[dict[ContributionKind, Any]] = {
    ContributionKind.ACTIVITY: Activity.title,
    ContributionKind.CHALLENGE: Challenge.title,
    ContributionKind.TIP: Tip.text,
}


def with_titles(query: Select[*tuple[Any, ...]], contribution_id: Any) -> Select[*tuple[Any, ...]]:
    """The query, with what `title_and_path` reads of the contribution, whatever its kind."""
    query = query.add_columns(*_TITLES.values())
    for table in (Activity, Challenge, Tip):
        query = query.outerjoin(table, table.id == contribution_id)
    return query


def _lines() -> Select[*tuple[Any, ...]]:
    entry = PointEntry
    asked = select(PointQuestion.id).where(PointQuestion.entry_id == entry.id)
    columns = (
        *(entry.id, entry.at, entry.reason, entry.points, entry.contribution_id),
        asked.where(PointQuestion.is_open).exists().label("is_asked"),
        asked.where(~PointQuestion.is_open).exists().label("is_answered"),
    )
    return with_titles(select(*columns), entry.contribution_id)


_OF_PERSON = _lines().where(PointEntry.person_id == bindparam("person_id"))
_HISTORY = (
    _OF_PERSON.where(PointEntry.id < bindparam("before"))
    .order_by(PointEntry.id.desc())
    .limit(bindparam("size"))
)
_ONE = _OF_PERSON.where(PointEntry.id == bindparam("entry_id"))
_MANY = _lines().where(PointEntry.id.in_(bindparam("entry_ids", expanding=True)))
_SUMS = (
    select(PersonTotal.stage_id, func.sum(PersonTotal.points))
    .where(PersonTotal.person_id == bindparam("person_id"))
    .group_by(PersonTotal.stage_id)
)


def point_history(person_id: int, before: int | None = None, size: int = PAGE_SIZE) -> Page[Line]:
    """Newest first; `before` is the id of the last entry seen."""
    parameters = {"person_id": person_id, "before": before or LAST_NUMBER}
    rows = page_of_prepared(_HISTORY, parameters, size)
    return Page([_line(row) for row in rows.items], rows.has_more)


def own_entry(person_id: int, entry_id: int) -> Line | None:
    """One entry of the person's ledger; None when there is none, or when it is somebody else's."""
    row = db.session.execute(_ONE, {"person_id": person_id, "entry_id": entry_id}).one_or_none()
    return _line(row) if row else None


def lines_of(entry_ids: Iterable[int]) -> list[Line]:
    """Those entries, whoever has them."""
    return [_line(row) for row in db.session.connection().execute(_MANY, {"entry_ids": list(entry_ids)})]


def title_and_path(row: Any) -> tuple[str | None, str | None]:
    """Of the titles, the one of its kind is there, since a number is of one kind; none where it is about nothing."""
    for kind, text in zip(_TITLES, row[-len(_TITLES) :], strict=True):
        if text is not None:
            title = title_of(text) if kind is ContributionKind.TIP else text
            return title, path_of(kind, row.contribution_id)
    return None, None


def _line(row: Any) -> Line:
    title, path = title_and_path(row)
    return Line(row.id, row.at, row.reason, row.points, title, path, row.is_asked, row.is_answered)


def point_sums(person_id: int) -> dict[int, int]:
    """The person's points by stage id, from the running totals."""
    return dict(db.session.connection().execute(_SUMS, {"person_id": person_id}).all())
