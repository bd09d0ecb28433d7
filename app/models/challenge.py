"""Utmaning: a call to act on one value and one focus area. It is taken on as an activity (PRODUCT: Challenge)."""

from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, ClassVar

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    UniqueConstraint,
    true,
)
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import Model
from app.models.activity import Activity
from app.models.checks import one_of
from app.models.contribution import Contribution, ContributionKind, path_of
from app.models.person import Person
from app.models.programme import FocusArea, Municipality, Value
from app.models.stage import Stage

if TYPE_CHECKING:
    from app.models.contribution import Removal


class ChallengeKind(StrEnum):
    """Each one for themselves; a goal that a municipality reaches together; people of at least two municipalities."""

    INDIVIDUAL = "individual"
    MUNICIPALITY = "municipality"
    JOINT = "joint"


class Challenge(Model):
    """A draft until it is opened; open until its last day has passed or somebody closes it."""

    __tablename__ = "challenge"
    __table_args__ = (
        ForeignKeyConstraint(["id", "owner_id"], ["contribution.id", "contribution.owner_id"]),
        one_of("kind_of_challenge", ChallengeKind),
        CheckConstraint("length(title) > 0", name="title"),
        CheckConstraint("points between 1 and 1000", name="points"),
        CheckConstraint(
            "kind_of_challenge <> 'municipality' or goal is not null", name="goal_of_municipality"
        ),
        CheckConstraint("goal between 1 and 1000", name="goal"),
        CheckConstraint("closes_on >= opens_on", name="closes_after_it_opens"),
        CheckConstraint("owner_id is not null or slug is not null", name="has_an_origin"),
        UniqueConstraint("owner_id", "request_key"),
        Index("ix_challenge_square", "stage_id", "value_id", "focus_area_id"),
        Index("ix_challenge_stage_id_closes_on", "stage_id", "closes_on"),
    )

    id: Mapped[int] = mapped_column(
        ForeignKey("contribution.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    #: Who made it. None: it came with the programme file.
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    #: Its name in the programme file, by which it is found again; None for those made here.
    slug: Mapped[str | None] = mapped_column(unique=True)
    #: Made by the form; the same key again is the same challenge (PRODUCT: A retry never posts twice).
    request_key: Mapped[str | None]
    #: For the people of that municipality only; None is for all.
    municipality_id: Mapped[int | None] = mapped_column(ForeignKey("municipality.id"), index=True)
    stage_id: Mapped[int] = mapped_column(ForeignKey("stage.id"))
    value_id: Mapped[int] = mapped_column(ForeignKey("value.id"))
    focus_area_id: Mapped[int] = mapped_column(ForeignKey("focus_area.id"))
    kind_of_challenge: Mapped[str]
    title: Mapped[str]
    #: Why it matters.
    why: Mapped[str]
    #: What counts as done, each to be ticked in the report.
    done_when: Mapped[list[str]]
    #: What a completion earns each one who did it, beside the points of the activity.
    points: Mapped[int]
    #: Of the kind MUNICIPALITY: completions in each municipality that reach the goal.
    goal: Mapped[int | None]
    needs_photo: Mapped[bool] = mapped_column(default=False)
    #: Whether a coordinator looks at what was sent in before it counts.
    needs_approval: Mapped[bool] = mapped_column(default=False)
    #: First and last day, on the programme's calendar.
    opens_on: Mapped[date]
    closes_on: Mapped[date]
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    #: When it was opened, and by whom; None: it came open with the programme file.
    opened_at: Mapped[datetime | None]
    opened_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    closed_at: Mapped[datetime | None]
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    contribution: Mapped[Contribution] = relationship(
        lazy="raise_on_sql", primaryjoin="foreign(Challenge.id) == Contribution.id"
    )
    owner: Mapped[Person | None] = relationship(lazy="raise_on_sql", foreign_keys=[owner_id])
    municipality: Mapped[Municipality | None] = relationship(lazy="raise_on_sql")
    stage: Mapped[Stage] = relationship(lazy="raise_on_sql")
    value: Mapped[Value] = relationship(lazy="raise_on_sql")
    focus_area: Mapped[FocusArea] = relationship(lazy="raise_on_sql")
    removal: Mapped["Removal | None"] = relationship(
        lazy="raise_on_sql",
        primaryjoin="Challenge.id == foreign(Removal.contribution_id)",
        viewonly=True,
    )

    kind: ClassVar = ContributionKind.CHALLENGE

    def __init__(self, **columns: Any) -> None:
        """A new challenge creates its contribution too."""
        super().__init__(**columns)
        self.contribution = Contribution(kind=self.kind.value, cheer_count=0)
        owner = self.owner.id if self.owner else None
        self.contribution.owner_id = self.owner_id or owner

    @property
    def path(self) -> str:
        """The address of its page."""
        return path_of(self.kind, self.id)

    @hybrid_property
    def is_draft(self) -> bool:
        """Only those who may change it see it; in a query, the condition."""
        return self.opened_at is None

    @is_draft.inplace.expression
    @classmethod
    def _is_draft(cls) -> ColumnElement[bool]:
        return cls.opened_at.is_(None)

    def is_open(self, today: date) -> bool:
        """Whether it may be taken on that day: the condition `is_open_challenge`, on what has been loaded."""
        return bool(self.opened_at and not self.closed_at and self.opens_on <= today <= self.closes_on)


class Undertaking(Model):
    """The activity takes on the challenge, and what was promised for it: a later change of the challenge takes nothing
    away from those who have begun."""

    __tablename__ = "undertaking"
    __table_args__ = (
        CheckConstraint("points between 1 and 1000", name="points"),
        Index("ix_undertaking_challenge_id_activity_id", "challenge_id", "activity_id"),
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


class ChallengeTemplate(Model):
    """What a new challenge can begin from; comes with the programme file."""

    __tablename__ = "challenge_template"
    __table_args__ = (one_of("kind_of_challenge", ChallengeKind),)

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    value_id: Mapped[int | None] = mapped_column(ForeignKey("value.id"))
    focus_area_id: Mapped[int | None] = mapped_column(ForeignKey("focus_area.id"))
    kind_of_challenge: Mapped[str]
    title: Mapped[str]
    why: Mapped[str]
    done_when: Mapped[list[str]]
    points: Mapped[int]
    goal: Mapped[int | None]
    needs_photo: Mapped[bool]
    needs_approval: Mapped[bool]
    position: Mapped[int]


def is_open_challenge(today: date) -> ColumnElement[bool]:
    """Condition: it may be taken on that day."""
    opened = Challenge.opened_at.is_not(None) & Challenge.closed_at.is_(None)
    return opened & (Challenge.opens_on <= today) & (Challenge.closes_on >= today)


def is_challenge_for(municipality_id: int | None) -> ColumnElement[bool]:
    """Condition: it is for all, or for the people of that municipality. None sees those of every municipality."""
    if municipality_id is None:
        return true()
    return Challenge.municipality_id.is_(None) | (Challenge.municipality_id == municipality_id)
