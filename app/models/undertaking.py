"""Taking a challenge on: what was promised, what was decided about it, and how far each municipality has come."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import Model
from app.models.activity import Activity
from app.models.challenge import Challenge
from app.models.person import Person

_WAITING = text("waits_since is not null")


class Undertaking(Model):
    """The activity takes on the challenge, and what was promised for it: a later change of the challenge takes nothing
    away from those who have begun."""

    __tablename__ = "undertaking"
    __table_args__ = (
        CheckConstraint("points between 1 and 1000", name="points"),
        Index("ix_undertaking_challenge_id_activity_id", "challenge_id", "activity_id"),
        Index(
            "ix_undertaking_waiting",
            "waits_since",
            "activity_id",
            sqlite_where=_WAITING,
            postgresql_where=_WAITING,
        ),
    )

    activity_id: Mapped[int] = mapped_column(ForeignKey("activity.id", ondelete="CASCADE"), primary_key=True)
    challenge_id: Mapped[int] = mapped_column(ForeignKey("challenge.id"))
    at: Mapped[datetime]
    points: Mapped[int]
    kind_of_challenge: Mapped[str]
    done_when: Mapped[list[str]]
    needs_photo: Mapped[bool]
    needs_approval: Mapped[bool]
    closes_on: Mapped[date]
    #: The places in `done_when` that the report ticked.
    ticked: Mapped[list[int]]
    #: What was decided about what was sent in. None: nobody has decided, or it has been mended since.
    approved: Mapped[bool | None]
    #: Whether it is counted as completed in `ChallengeProgress`; written by app/services/sums alone.
    is_counted: Mapped[bool] = mapped_column(default=False)
    #: Whether it is counted as taken on there; written by the same.
    is_standing: Mapped[bool] = mapped_column(default=False)
    #: Since when it waits for a coordinator, while it does; written by the same.
    waits_since: Mapped[datetime | None]

    activity: Mapped[Activity] = relationship(lazy="raise_on_sql")
    challenge: Mapped[Challenge] = relationship(lazy="raise_on_sql")


class ChallengeReview(Model):
    """What a coordinator decided about a completion that was sent in, and why. All of them together are the log."""

    __tablename__ = "challenge_review"

    id: Mapped[int] = mapped_column(primary_key=True)
    activity_id: Mapped[int] = mapped_column(
        ForeignKey("undertaking.activity_id", ondelete="CASCADE"), index=True
    )
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
    approved: Mapped[bool]
    #: What the coordinator wrote; a return always says what is missing.
    text: Mapped[str] = mapped_column(default="")
    #: What has been changed in the report since a return, by the names of its answers; pictures tell it themselves.
    changed: Mapped[list[str]]
    #: What those who did it answer to a return.
    answer: Mapped[str] = mapped_column(default="")

    by: Mapped[Person] = relationship(lazy="raise_on_sql")


class ChallengeProgress(Model):
    """How far a municipality has come with a challenge: running counts of its undertakings."""

    __tablename__ = "challenge_progress"
    __table_args__ = (CheckConstraint("completed between 0 and taken_on", name="completed"),)

    challenge_id: Mapped[int] = mapped_column(
        ForeignKey("challenge.id", ondelete="CASCADE"), primary_key=True
    )
    municipality_id: Mapped[int] = mapped_column(ForeignKey("municipality.id"), primary_key=True)
    #: Undertakings whose activity is visible, in the municipality of the activity's owner.
    taken_on: Mapped[int]
    #: Those of them that are completed.
    completed: Mapped[int]
