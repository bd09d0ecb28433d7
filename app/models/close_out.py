"""What somebody answered to "Hur gick det?" with one tap, from a push or a mail."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model
from app.models.checks import one_of


class Choice(StrEnum):
    """What became of the plan on its day."""

    DONE = "done"
    MOVED = "moved"
    NOT = "not"


class CloseOut(Model):
    """The one answer about an activity and the day that it was planned for. The row is deleted when it is undone."""

    __tablename__ = "close_out"
    __table_args__ = (
        one_of("choice", Choice),
        CheckConstraint("(stamp is null) <> (moved_to is null)", name="reported_or_moved"),
        CheckConstraint("(choice = 'moved') = (moved_to is not null)", name="moved_somewhere"),
    )

    activity_id: Mapped[int] = mapped_column(ForeignKey("activity.id", ondelete="CASCADE"), primary_key=True)
    #: The day that was asked about.
    day: Mapped[date] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    choice: Mapped[str]
    at: Mapped[datetime]
    #: Where it was moved to.
    moved_to: Mapped[date | None]
    #: That of the report as this answer has left it: with another one, it has been reported otherwise since.
    stamp: Mapped[str | None]
    #: When something was said beside the tap: a rating, a reason, a sentence. None: nothing yet.
    told_at: Mapped[datetime | None]
