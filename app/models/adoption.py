"""Ideas that spread: a plan is borrowed from what somebody else has carried out, and stays tied to it."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import Model
from app.models.activity import Activity


class Adoption(Model):
    """The activity is borrowed. The tie stays, however much the copy is changed, and whatever becomes of either."""

    __tablename__ = "adoption"
    __table_args__ = (
        CheckConstraint("activity_id <> origin_id", name="not_from_itself"),
        CheckConstraint("activity_id <> root_id", name="not_its_own_root"),
        Index("ix_adoption_root_id_branch_id_activity_id", "root_id", "branch_id", "activity_id"),
        Index("ix_adoption_origin_id_at", "origin_id", "at"),
    )

    activity_id: Mapped[int] = mapped_column(ForeignKey("activity.id", ondelete="CASCADE"), primary_key=True)
    #: What it was borrowed from.
    origin_id: Mapped[int] = mapped_column(ForeignKey("activity.id", ondelete="CASCADE"))
    #: The first of the chain, which nobody borrowed.
    root_id: Mapped[int] = mapped_column(ForeignKey("activity.id", ondelete="CASCADE"))
    #: The one borrowed directly from the root that this one descends from, or this one itself: the vine's order.
    branch_id: Mapped[int] = mapped_column(ForeignKey("activity.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime]
    #: Whether it is counted in `IdeaSpread`; written by app/services/sums alone.
    is_counted: Mapped[bool] = mapped_column(default=False)

    activity: Mapped[Activity] = relationship(lazy="raise_on_sql", foreign_keys=[activity_id])


class IdeaSpread(Model):
    """How often an idea has been borrowed in a municipality: the running count of visible adoptions under its root."""

    __tablename__ = "idea_spread"
    __table_args__ = (CheckConstraint("adoptions >= 0", name="adoptions"),)

    root_id: Mapped[int] = mapped_column(ForeignKey("activity.id", ondelete="CASCADE"), primary_key=True)
    municipality_id: Mapped[int] = mapped_column(ForeignKey("municipality.id"), primary_key=True)
    adoptions: Mapped[int]
