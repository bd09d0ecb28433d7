"""What an activity adds to its stage's figures by now: the groups that it counts in, and what it counts there."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, Select, select

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
    activities, its_places, its_values = _queries(which)
    places, also = _by_activity(its_places, values), _by_activity(its_values, values)
    return {
        row.id: _share(row, places[row.id], {row.value_id, *also[row.id]})
        for row in db.session.execute(activities, values)
    }


@lru_cache(maxsize=4)
def _queries(which: ColumnElement[bool]) -> tuple[Select[Any], Select[int, int], Select[int, int]]:
    """The activities, the municipalities that take part in each, and its further values."""
    activity, outcome = Activity, Outcome
    activities = (
        select(activity.id, activity.value_id, activity.focus_area_id, activity.planned_for, activity.concreteness)
        .add_columns(outcome.activity_id.is_not(None).label("reported"))
        .add_columns(outcome.carried_out, outcome.rating, outcome.reached)
        .outerjoin(outcome, outcome.activity_id == activity.id)
        .where(which, ~is_hidden(activity.id))
    )  # fmt: skip
    part, also = takes_part.c, also_value.c
    places = select(part.contribution_id, part.municipality_id).join(
        Activity, activity.id == part.contribution_id
    )
    values = select(also.activity_id, also.value_id).join(Activity, activity.id == also.activity_id)
    return activities, places.where(which), values.where(which)


def _by_activity(numbers: Select[int, int], values: dict[str, Any]) -> dict[int, list[int]]:
    by_activity: dict[int, list[int]] = defaultdict(list)
    for activity_id, number in db.session.execute(numbers, values):
        by_activity[activity_id].append(number)
    return by_activity


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
