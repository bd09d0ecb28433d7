"""Utmaning: a call to act on one value and one focus area. It is taken on as an activity (PRODUCT: Challenge)."""

from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, ClassVar

from sqlalchemy import (
    BindParameter,
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    UniqueConstraint,
    delete,
    exists,
    insert,
    true,
)
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import Model, db
from app.models.challenge_words import ChallengeWords
from app.models.checks import one_of
from app.models.contribution import (
    Contribution,
    ContributionId,
    ContributionKind,
    is_visible,
    takes_part,
)
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


#: Bounds that forms, files and the database keep.
MOST_POINTS = 1000
#: What a completion is worth where nobody has chosen otherwise.
USUAL_POINTS = 40
MOST_GOAL = 1000
MOST_DONE_WHEN = 6
LONGEST_TITLE, LONGEST_WHY, LONGEST_LINE = 120, 1000, 160


class Challenge(ChallengeWords, Model):
    """A draft until it is opened; open until its last day has passed or somebody closes it."""

    __tablename__ = "challenge"
    __table_args__ = (
        ForeignKeyConstraint(["id", "owner_id"], ["contribution.id", "contribution.owner_id"]),
        one_of("kind_of_challenge", ChallengeKind),
        CheckConstraint("length(title) > 0", name="title"),
        CheckConstraint(f"points between 1 and {MOST_POINTS}", name="points"),
        CheckConstraint(
            "kind_of_challenge <> 'municipality' or goal is not null", name="goal_of_municipality"
        ),
        CheckConstraint(f"goal between 1 and {MOST_GOAL}", name="goal"),
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
    #: Whether these two follow from when its stage acts: the programme file gives it no days of its own.
    opens_with_stage: Mapped[bool] = mapped_column(default=False)
    closes_with_stage: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    opened_at: Mapped[datetime | None]
    #: None although it is open: it came with the programme file.
    opened_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    closed_at: Mapped[datetime | None]
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    contribution: Mapped[Contribution] = relationship(
        lazy="raise_on_sql", primaryjoin="foreign(Challenge.id) == Contribution.id"
    )
    owner: Mapped[Person | None] = relationship(lazy="raise_on_sql", foreign_keys=[owner_id])
    #: The parts of the programme are not loaded with it: pages name them by their numbers, from the catalogue.
    municipality: Mapped[Municipality | None] = relationship()
    stage: Mapped[Stage] = relationship()
    value: Mapped[Value] = relationship()
    focus_area: Mapped[FocusArea] = relationship()
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

    @hybrid_property
    def is_draft(self) -> bool:
        """Only those who may change it see it; in a query, the condition."""
        return self.opened_at is None

    @is_draft.inplace.expression
    @classmethod
    def _is_draft(cls) -> ColumnElement[bool]:
        return cls.opened_at.is_(None)

    def is_owned_by(self, person: Person) -> bool:
        """Whether the person made it."""
        return self.owner_id == person.id

    def owner_ids(self) -> set[int]:
        """Who made it; nobody, if it came with the programme file."""
        return {self.owner_id} if self.owner_id else set()

    def may_be_changed_by(self, person: Person) -> bool:
        """A lead changes all, a coordinator what is for their own municipality alone."""
        area = person.moderated_municipality_ids
        return area is None or self.municipality_id in area

    def is_moderated_where_it_is_for(self) -> None:
        """Note who moderates it: the coordinators of the municipality that it is for; what is for all, leads alone."""
        db.session.flush()
        db.session.execute(delete(takes_part).where(takes_part.c.contribution_id == self.id))
        if self.municipality_id:
            row = {"contribution_id": self.id, "municipality_id": self.municipality_id}
            db.session.execute(insert(takes_part), [row])


def is_open_challenge(today: date | BindParameter[date]) -> ColumnElement[bool]:
    """Condition: it may be taken on that day."""
    opened = Challenge.opened_at.is_not(None) & Challenge.closed_at.is_(None)
    return opened & (Challenge.opens_on <= today) & (Challenge.closes_on >= today)


def is_shown_challenge() -> ColumnElement[bool]:
    """Condition: everybody who is signed in may see it."""
    return ~Challenge.is_draft & is_visible(Challenge.id)


def is_draft_challenge(contribution_id: ContributionId) -> ColumnElement[bool]:
    """Condition: it is a challenge that is a draft, perhaps again: others do not see it."""
    return exists().where(Challenge.id == contribution_id, Challenge.is_draft)


def is_challenge_for(municipality_id: int | BindParameter[int] | None) -> ColumnElement[bool]:
    """Condition: it is for all, or for the people of that municipality. None sees those of every municipality."""
    if municipality_id is None:
        return true()
    return Challenge.municipality_id.is_(None) | (Challenge.municipality_id == municipality_id)
