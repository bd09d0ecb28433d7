"""The running figures of a stage, written as things happen until its last day ends.

A group is named by its scope: `all`, a municipality (`m:5`), a value (`v:2`), a focus area (`f:3`), or a value in a
focus area (`v:2/f:3`). An activity counts in every group that it belongs to, so a row is ready to be shown, and the
analysis reads as many rows as there are groups, whatever has happened. What is due depends on the day on which one
looks: so plans that are not reported yet are counted by their day as well, and a page sums those of the days that have
passed. What an activity was counted as is kept beside it: the difference to what it is by now is exact, whatever has
been edited.
"""

from datetime import date
from typing import Final

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model

RATINGS: Final = range(1, 6)


class StageFigure(Model):
    """The sums of one group of a stage."""

    __tablename__ = "stage_figure"
    __table_args__ = (
        CheckConstraint("planned >= 0", name="planned"),
        CheckConstraint("carried_out >= 0", name="carried_out"),
        CheckConstraint("reported >= 0", name="reported"),
    )

    stage_id: Mapped[int] = mapped_column(ForeignKey("stage.id"), primary_key=True)
    scope: Mapped[str] = mapped_column(primary_key=True)
    planned: Mapped[int] = mapped_column(default=0)
    carried_out: Mapped[int] = mapped_column(default=0)
    reported: Mapped[int] = mapped_column(default=0)
    #: How many of the five questions its plans answer, together.
    answers: Mapped[int] = mapped_column(default=0)
    #: People reached, as reported.
    reach: Mapped[int] = mapped_column(default=0)
    rated_1: Mapped[int] = mapped_column(default=0)
    rated_2: Mapped[int] = mapped_column(default=0)
    rated_3: Mapped[int] = mapped_column(default=0)
    rated_4: Mapped[int] = mapped_column(default=0)
    rated_5: Mapped[int] = mapped_column(default=0)


class UnreportedPlans(Model):
    """How many plans of a group are for that day and not reported yet. Those without a day are in no row."""

    __tablename__ = "unreported_plans"
    __table_args__ = (CheckConstraint("plans >= 0", name="plans"),)

    stage_id: Mapped[int] = mapped_column(ForeignKey("stage.id"), primary_key=True)
    scope: Mapped[str] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    plans: Mapped[int] = mapped_column(default=0)


class CountedActivity(Model):
    """What an activity is counted as in its stage's figures; without a row, it is not counted."""

    __tablename__ = "counted_activity"

    activity_id: Mapped[int] = mapped_column(
        ForeignKey("activity.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    #: Of all groups that it counts in, parted by spaces.
    scopes: Mapped[str]
    #: The day that it is planned for, while it is not reported.
    unreported_on: Mapped[date | None]
    reported: Mapped[bool]
    carried_out: Mapped[bool]
    answers: Mapped[int]
    rating: Mapped[int | None]
    reach: Mapped[int]
