"""Who comes along to a planned activity, and who stands in the queue for a place. Coming along makes it no joint one
(PRODUCT: Only an accepted partner)."""

from datetime import date, datetime

from sqlalchemy import BindParameter, ColumnElement, ForeignKey, Index, UniqueConstraint, func, select
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model, db
from app.models.activity import Activity
from app.models.contribution import is_visible
from app.models.outcome import is_reported

#: More than anybody can be asked to have room for is a typing mistake; the check on the activity has the same number.
MOST_PLACES = 500


class Coming(Model):
    """Somebody who is not one of its makers. The row goes when they cannot come, and when they leave the programme."""

    __tablename__ = "coming"
    __table_args__ = (
        UniqueConstraint("activity_id", "person_id"),
        # In the order of their rows: first come, first served.
        Index("ix_coming_activity_id_id", "activity_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    activity_id: Mapped[int] = mapped_column(ForeignKey("activity.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    at: Mapped[datetime]
    #: Since when they have a place; None while they stand in the queue. A place that somebody has is theirs, also when
    #: the owner lowers the number: so it is kept, and not counted out of the order.
    let_in_at: Mapped[datetime | None]

    @hybrid_property
    def is_let_in(self) -> bool:
        """They have a place; in a query, the condition."""
        return self.let_in_at is not None

    @is_let_in.inplace.expression
    @classmethod
    def _is_let_in(cls) -> ColumnElement[bool]:
        return cls.let_in_at.is_not(None)


def is_ahead(today: date | BindParameter[date]) -> ColumnElement[bool]:
    """Condition on an activity: it is still to come, whether it is to be seen or not."""
    day_is_ahead = Activity.planned_for.is_(None) | (Activity.planned_for >= today)
    return day_is_ahead & ~is_reported(Activity.id)


def takes_along(today: date | BindParameter[date]) -> ColumnElement[bool]:
    """Condition on an activity: one may say that one comes, or cannot come after all."""
    return is_ahead(today) & is_visible(Activity.id)


def places_left(activity_id: int) -> int | None:
    """How many more may come, as the database has it now; None where there is no limit."""
    places = db.session.scalar(select(Activity.places).where(Activity.id == activity_id))
    if places is None:
        return None
    inside = select(func.count()).where(Coming.activity_id == activity_id, Coming.is_let_in)
    return max(places - (db.session.scalar(inside) or 0), 0)
