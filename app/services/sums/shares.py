"""What an activity adds to its stage's figures by now: the groups that it counts in, and what it counts there."""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, ScalarSelect, Select, String, cast, func, select

from app.extensions import db
from app.models.activity import Activity, also_value
from app.models.contribution import is_hidden, takes_part
from app.models.outcome import Outcome
from app.models.stage_figure import RATINGS, StageFigure

#: The group of all activities of a stage.
ALL: Final = "all"
#: The columns of `StageFigure` that are sums.
SUMS: Final = tuple(column.key for column in StageFigure.__table__.columns if not column.primary_key)


class Share(NamedTuple):
    """As a row of `CountedActivity`."""

    scopes: frozenset[str]
    unreported_on: date | None
    reported: bool
    carried_out: bool
    answers: int
    rating: int | None
    reach: int

    def sums(self) -> Counter[str]:
        """What it adds to each group, by column of `StageFigure`; nothing is left out because it is zero."""
        rated = {f"rated_{rating}": int(self.rating == rating) for rating in RATINGS}
        return Counter(
            planned=1,
            carried_out=int(self.carried_out),
            reported=int(self.reported),
            answers=self.answers,
            reach=self.reach,
            **rated,
        )

    def days(self) -> set[tuple[str, date]]:
        """The groups and the day where it waits for its report."""
        return {(scope, self.unreported_on) for scope in self.scopes} if self.unreported_on else set()

    def row(self, activity_id: int) -> dict[str, Any]:
        return {**self._asdict(), "activity_id": activity_id, "scopes": " ".join(sorted(self.scopes))}


def municipality_scope(municipality_id: int) -> str:
    return f"m:{municipality_id}"


def value_scope(value_id: int) -> str:
    return f"v:{value_id}"


def area_scope(focus_area_id: int) -> str:
    return f"f:{focus_area_id}"


def cell_scope(value_id: int, focus_area_id: int) -> str:
    return f"v:{value_id}/f:{focus_area_id}"


def shares(which: ColumnElement[bool], **values: Any) -> dict[int, Share]:
    """By the numbers of those activities; without those that moderation has hidden (PRODUCT: Completion rate).
    `values` are those of the condition's parameters."""
    rows = db.session.execute(_query(which), values)
    return {row.id: _share(row, _numbers(row.places), {row.value_id, *_numbers(row.also)}) for row in rows}


@lru_cache(maxsize=4)
def _query(which: ColumnElement[bool]) -> Select[Any]:
    """The activities, each with the municipalities that take part in it and its further values."""
    activity, outcome = Activity, Outcome
    return (
        select(activity.id, activity.value_id, activity.focus_area_id, activity.planned_for, activity.concreteness)
        .add_columns(outcome.activity_id.is_not(None).label("reported"))
        .add_columns(outcome.carried_out, outcome.rating, outcome.reached)
        .add_columns(_together(takes_part.c.municipality_id, takes_part.c.contribution_id).label("places"))
        .add_columns(_together(also_value.c.value_id, also_value.c.activity_id).label("also"))
        .outerjoin(outcome, outcome.activity_id == activity.id)
        .where(which, ~is_hidden(activity.id))
    )  # fmt: skip


def _together(number: ColumnElement[int], of_activity: ColumnElement[int]) -> ScalarSelect[str]:
    """The numbers in one text, parted by spaces."""
    numbers = select(func.aggregate_strings(cast(number, String), " ")).where(of_activity == Activity.id)
    return numbers.correlate(Activity).scalar_subquery()


def _numbers(together: str | None) -> list[int]:
    return [int(number) for number in (together or "").split()]


def _share(row: Any, municipality_ids: Iterable[int], value_ids: Iterable[int]) -> Share:
    """A joint activity counts in each municipality that takes part, and one for two values under both."""
    scopes = {ALL, area_scope(row.focus_area_id), *map(municipality_scope, municipality_ids)}
    for value_id in value_ids:
        scopes |= {value_scope(value_id), cell_scope(value_id, row.focus_area_id)}
    return Share(
        scopes=frozenset(scopes),
        unreported_on=None if row.reported else row.planned_for,
        reported=row.reported,
        carried_out=bool(row.carried_out),
        answers=row.concreteness,
        rating=row.rating,
        reach=row.reached or 0,
    )
