"""Moderation: reports from people, decisions by coordinators, and the log that the decisions are."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import Model
from app.models.activity import Activity
from app.models.person import Person


class Verdict(StrEnum):
    HIDE = "hide"
    KEEP = "keep"
    RESTORE = "restore"


#: Why something is reported or hidden; the wording is the screens'.
REASONS = ("consent", "personal_data", "tone", "off_topic", "other")


class Report(Model):
    """Somebody asked a coordinator to look. Open until a decision settles it; one open report a person and item."""

    __tablename__ = "report"
    __table_args__ = (
        Index(
            "uq_report_open",
            "activity_id",
            "by_id",
            unique=True,
            sqlite_where=text("decision_id is null"),
            postgresql_where=text("decision_id is null"),
        ),
        CheckConstraint("reason in ('consent', 'personal_data', 'tone', 'off_topic', 'other')", name="reason"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    activity_id: Mapped[int] = mapped_column(ForeignKey("activity.id", ondelete="CASCADE"), index=True)
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str]
    text: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime]
    decision_id: Mapped[int | None] = mapped_column(ForeignKey("decision.id"))

    activity: Mapped[Activity] = relationship(lazy="raise_on_sql")
    by: Mapped[Person] = relationship(lazy="raise_on_sql")


class Decision(Model):
    """What a moderator decided and why: the log."""

    __tablename__ = "decision"
    __table_args__ = (CheckConstraint("verdict in ('hide', 'keep', 'restore')", name="verdict"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    activity_id: Mapped[int] = mapped_column(ForeignKey("activity.id", ondelete="CASCADE"), index=True)
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    verdict: Mapped[str]
    #: One of REASONS when hiding, else empty.
    reason: Mapped[str] = mapped_column(default="")
    #: The moderator's own words to the author.
    text: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime]

    activity: Mapped[Activity] = relationship(lazy="raise_on_sql")
    by: Mapped[Person] = relationship(lazy="raise_on_sql")


class Removal(Model):
    """The state of being hidden, with the decision that did it. Gone again when the activity is restored."""

    __tablename__ = "removal"
    __table_args__ = (UniqueConstraint("decision_id"),)

    activity_id: Mapped[int] = mapped_column(ForeignKey("activity.id", ondelete="CASCADE"), primary_key=True)
    decision_id: Mapped[int] = mapped_column(ForeignKey("decision.id"))
    at: Mapped[datetime]

    decision: Mapped[Decision] = relationship(lazy="joined", innerjoin=True)
