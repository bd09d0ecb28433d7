"""What has gone out of the playbook, and which reminders somebody wants no more of."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, exists
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model


class PlaybookRun(Model):
    """A step of the playbook on one day of a stage. Kept as a sum, and never by person."""

    __tablename__ = "playbook_run"
    __table_args__ = (CheckConstraint("told >= 0", name="told"),)

    stage_id: Mapped[int] = mapped_column(ForeignKey("stage.id"), primary_key=True)
    #: The name of the row in app/services/notifications/playbook.py.
    step: Mapped[str] = mapped_column(primary_key=True)
    #: The day of the programme's calendar on which it was gone through.
    day: Mapped[date] = mapped_column(primary_key=True)
    #: How many people were told on that day.
    told: Mapped[int] = mapped_column(default=0)
    #: None while some are still to be told.
    finished_at: Mapped[datetime | None]
    #: Its time had passed before it could go out: nobody was told.
    is_skipped: Mapped[bool] = mapped_column(default=False)


class ReminderStop(Model):
    """Somebody wants no more reminders of that activity."""

    __tablename__ = "reminder_stop"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    activity_id: Mapped[int] = mapped_column(
        ForeignKey("activity.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    at: Mapped[datetime]


def is_reminder_stopped(person_id: Any, activity_id: Any) -> ColumnElement[bool]:
    """Condition: the person wants no more reminders of the activity; both may be columns."""
    stop = exists().where(ReminderStop.person_id == person_id, ReminderStop.activity_id == activity_id)
    # Also of a query that is not the nearest around it.
    return stop.correlate_except(ReminderStop)
