"""What has gone out of the playbook and what came of it, what a lead has changed in it, and which reminders somebody
wants no more of."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, exists, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import Model, db
from app.models.person import Person
from app.models.programme import LocalText


class PlaybookRun(Model):
    """A step of the playbook on one day of a stage. Kept as a sum, and never by person."""

    __tablename__ = "playbook_run"
    __table_args__ = (
        CheckConstraint("told >= 0", name="told"),
        CheckConstraint("opened >= 0", name="opened"),
        CheckConstraint("acted >= 0", name="acted"),
        CheckConstraint("switched_off >= 0", name="switched_off"),
    )

    stage_id: Mapped[int] = mapped_column(ForeignKey("stage.id"), primary_key=True)
    #: The name of the row in app/services/notifications/playbook.py.
    step: Mapped[str] = mapped_column(primary_key=True)
    #: The day of the programme's calendar on which it was gone through.
    day: Mapped[date] = mapped_column(primary_key=True)
    #: How many people were told on that day.
    told: Mapped[int] = mapped_column(default=0)
    #: How many of those have opened it (services/notifications/step_sums.py).
    opened: Mapped[int] = mapped_column(default=0)
    #: How many of those did something within two days (services/stages/acted.py); None until that has been counted.
    acted: Mapped[int | None]
    #: How many of those switched its group off, or paused, within two days (services/notifications/step_sums.py).
    switched_off: Mapped[int] = mapped_column(default=0)
    #: None while some are still to be told.
    finished_at: Mapped[datetime | None]
    #: Its time had passed before it could go out: nobody was told.
    is_skipped: Mapped[bool] = mapped_column(default=False)


class StepOff(Model):
    """A lead has switched a step off in a stage. The row is deleted when it is switched on again."""

    __tablename__ = "step_off"

    stage_id: Mapped[int] = mapped_column(ForeignKey("stage.id"), primary_key=True)
    step: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))

    by: Mapped[Person] = relationship(lazy="raise_on_sql")


class StepText(Model):
    """What a lead has written instead of a step's text, in one stage. A language that is empty or missing has the text
    of the table in services/notifications/playbook.py."""

    __tablename__ = "step_text"

    stage_id: Mapped[int] = mapped_column(ForeignKey("stage.id"), primary_key=True)
    step: Mapped[str] = mapped_column(primary_key=True)
    title: Mapped[LocalText]
    body: Mapped[LocalText]
    changed_at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))

    by: Mapped[Person] = relationship(lazy="raise_on_sql")


def steps_off() -> set[tuple[int, str]]:
    """The steps that are switched off, each with its stage."""
    return {(stage_id, step) for stage_id, step in db.session.execute(select(StepOff.stage_id, StepOff.step))}


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
