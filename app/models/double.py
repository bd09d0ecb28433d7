"""Doubles: the same activity told twice. One stays, and the other leads to it."""

from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import Model, db
from app.models.activity import Activity
from app.models.moderation import Decision


class Double(Model):
    """The activity is the same as the one that is `kept`, by the decision that takes it out of sight. The row goes when
    that is undone."""

    __tablename__ = "double"
    __table_args__ = (CheckConstraint("activity_id <> kept_id", name="not_of_itself"),)

    activity_id: Mapped[int] = mapped_column(ForeignKey("activity.id", ondelete="CASCADE"), primary_key=True)
    kept_id: Mapped[int] = mapped_column(ForeignKey("activity.id", ondelete="CASCADE"), index=True)
    decision_id: Mapped[int] = mapped_column(ForeignKey("decision.id", ondelete="CASCADE"), unique=True)
    #: What has moved to the one that is kept, by kind, so that it can go back: lists of numbers.
    moved: Mapped[dict[str, Any]]

    activity: Mapped[Activity] = relationship(lazy="raise_on_sql", foreign_keys=[activity_id])
    decision: Mapped[Decision] = relationship(lazy="raise_on_sql")


def kept_instead_of(activity_id: int) -> int | None:
    """Where the address of a double leads; None when it is none."""
    return db.session.scalar(select(Double.kept_id).where(Double.activity_id == activity_id))
