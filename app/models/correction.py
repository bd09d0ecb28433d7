"""What coordinators put right in an activity of others: its value and its focus area."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import Model
from app.models.person import Person


class Correction(Model):
    """From what to what, by whom and when. The rows are the history; none is ever changed."""

    __tablename__ = "correction"
    __table_args__ = (
        CheckConstraint(
            "from_value_id <> to_value_id or from_focus_area_id <> to_focus_area_id", name="changes_something"
        ),
        Index("ix_correction_activity_id_id", "activity_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    activity_id: Mapped[int] = mapped_column(ForeignKey("activity.id", ondelete="CASCADE"))
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
    from_value_id: Mapped[int] = mapped_column(ForeignKey("value.id"))
    to_value_id: Mapped[int] = mapped_column(ForeignKey("value.id"))
    from_focus_area_id: Mapped[int] = mapped_column(ForeignKey("focus_area.id"))
    to_focus_area_id: Mapped[int] = mapped_column(ForeignKey("focus_area.id"))

    by: Mapped[Person] = relationship(lazy="raise_on_sql")
