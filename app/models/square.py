"""The quilt: one square for each value and focus area of a stage, and how much has been carried out in it."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model


class Square(Model):
    """A square that has come to life: the running count of what its rows of `SquareActivity` are, and who was first."""

    __tablename__ = "square"
    __table_args__ = (CheckConstraint("carried_out >= 0", name="carried_out"),)

    stage_id: Mapped[int] = mapped_column(ForeignKey("stage.id"), primary_key=True)
    value_id: Mapped[int] = mapped_column(ForeignKey("value.id"), primary_key=True)
    focus_area_id: Mapped[int] = mapped_column(ForeignKey("focus_area.id"), primary_key=True)
    carried_out: Mapped[int]
    #: The activity that was reported there first. It stays when that one is hidden: the extra points are given once.
    first_id: Mapped[int | None] = mapped_column(ForeignKey("activity.id", ondelete="SET NULL"), index=True)
    first_at: Mapped[datetime]


class SquareActivity(Model):
    """An activity is counted in that square: carried out, visible, with the value as its main one or beside it."""

    __tablename__ = "square_activity"
    __table_args__ = (
        Index("ix_square_activity_square", "stage_id", "value_id", "focus_area_id", "activity_id"),
    )

    activity_id: Mapped[int] = mapped_column(ForeignKey("activity.id", ondelete="CASCADE"), primary_key=True)
    value_id: Mapped[int] = mapped_column(ForeignKey("value.id"), primary_key=True)
    stage_id: Mapped[int] = mapped_column(ForeignKey("stage.id"))
    focus_area_id: Mapped[int] = mapped_column(ForeignKey("focus_area.id"))
