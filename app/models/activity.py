"""Aktivitet: something concrete that somebody commits to do, then reports."""

from datetime import date, datetime, time
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    BindParameter,
    CheckConstraint,
    Column,
    ColumnElement,
    CompoundSelect,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Table,
    UniqueConstraint,
    exists,
    select,
    union_all,
)
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, aliased, foreign, mapped_column, relationship

from app.extensions import Model, db
from app.models.activity_words import ActivityWords
from app.models.checks import one_of
from app.models.concreteness import QUESTIONS
from app.models.contribution import Contribution, ContributionId, takes_part
from app.models.person import Person
from app.models.programme import FocusArea, Municipality, Value
from app.models.sight import InSight
from app.models.stage import Stage

if TYPE_CHECKING:
    from app.models.contribution import Removal, Withdrawal
    from app.models.outcome import Outcome, Photo
    from app.models.tip import Tip


#: The values an activity works for beside its main one.
also_value = Table(
    "activity_also_value",
    Model.metadata,
    Column("activity_id", ForeignKey("activity.id", ondelete="CASCADE"), primary_key=True),
    Column("value_id", ForeignKey("value.id"), primary_key=True),
)


class Activity(ActivityWords, InSight, Model):
    """A plan; its outcome says what came of it."""

    __tablename__ = "activity"
    __table_args__ = (
        ForeignKeyConstraint(
            ["id", "owner_id"], ["contribution.id", "contribution.owner_id"], ondelete="CASCADE"
        ),
        UniqueConstraint("owner_id", "request_key"),
        CheckConstraint("length(title) > 0", name="title"),
        CheckConstraint(f"concreteness between 0 and {len(QUESTIONS)}", name="concreteness"),
        CheckConstraint("starts_at is null or planned_for is not null", name="time_of_a_day"),
        CheckConstraint("places between 1 and 500", name="places"),
        Index("ix_activity_owner_id_planned_for", "owner_id", "planned_for"),
        Index("ix_activity_stage_id_planned_for", "stage_id", "planned_for"),
        Index("ix_activity_focus_area_id_planned_for", "focus_area_id", "planned_for"),
        Index("ix_activity_focus_area_id_value_id_id", "focus_area_id", "value_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    owner_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    #: The owner's municipality when it was planned: points and figures stay there if the owner moves.
    municipality_id: Mapped[int] = mapped_column(ForeignKey("municipality.id"))
    stage_id: Mapped[int] = mapped_column(ForeignKey("stage.id"))
    value_id: Mapped[int] = mapped_column(ForeignKey("value.id"))
    focus_area_id: Mapped[int] = mapped_column(ForeignKey("focus_area.id"))
    #: Made by the form; the same key again is the same activity (PRODUCT: A retry never posts twice).
    request_key: Mapped[str]
    title: Mapped[str]
    #: The day, on the programme's calendar. None while the owner does not know; such a plan is last in lists by date.
    planned_for: Mapped[date | None]
    #: The time of that day, on the programme's clock; never without the day. It is no question of concreteness.
    starts_at: Mapped[time | None]
    place: Mapped[str] = mapped_column(default="")
    audience: Mapped[str] = mapped_column(default="")
    #: How will we know that it worked?
    success_sign: Mapped[str] = mapped_column(default="")
    places: Mapped[int | None]  #: For those who come along (app/models/coming.py); None: as many as like to.
    #: How many of the five questions the plan answers, 0–5; stored, because the stage's figures are sums of it.
    concreteness: Mapped[int]
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]

    contribution: Mapped[Contribution] = relationship(
        lazy="raise_on_sql", primaryjoin="foreign(Activity.id) == Contribution.id"
    )
    owner: Mapped[Person] = relationship(lazy="raise_on_sql")
    #: The parts of the programme are not loaded with it: pages name them by their numbers, from the catalogue.
    municipality: Mapped[Municipality] = relationship()
    stage: Mapped[Stage] = relationship()
    value: Mapped[Value] = relationship()
    focus_area: Mapped[FocusArea] = relationship()
    also_values: Mapped[list[Value]] = relationship(
        secondary=also_value, lazy="raise_on_sql", order_by=Value.position
    )
    municipalities: Mapped[list[Municipality]] = relationship(
        secondary=takes_part,
        primaryjoin=lambda: Activity.id == foreign(takes_part.c.contribution_id),
        secondaryjoin=lambda: Municipality.id == foreign(takes_part.c.municipality_id),
        lazy="raise_on_sql",
        order_by=Municipality.position,
    )
    co_owners: Mapped[list["CoOwner"]] = relationship(
        back_populates="activity", lazy="raise_on_sql", order_by="CoOwner.invited_at"
    )
    outcome: Mapped["Outcome | None"] = relationship(back_populates="activity", lazy="raise_on_sql")
    #: All lessons of its report, also those that were hidden or emptied; `lessons` are those that are shown.
    tips: Mapped[list["Tip"]] = relationship(
        back_populates="activity", lazy="raise_on_sql", order_by="Tip.kind_of_tip.desc()"
    )
    #: All that were sent; those that `is_prepared` are shown.
    photos: Mapped[list["Photo"]] = relationship(lazy="raise_on_sql", order_by="Photo.id")
    withdrawal: Mapped["Withdrawal | None"] = relationship(
        lazy="raise_on_sql", primaryjoin="Activity.id == foreign(Withdrawal.contribution_id)"
    )
    removal: Mapped["Removal | None"] = relationship(
        lazy="raise_on_sql",
        primaryjoin="Activity.id == foreign(Removal.contribution_id)",
        viewonly=True,
    )

    def __init__(self, **columns: Any) -> None:
        """A new activity creates its contribution too."""
        super().__init__(**columns)
        self.contribution = Contribution(kind=self.kind.value, cheer_count=0)
        self.contribution.owner_id = self.owner_id or self.owner.id

    def owner_ids(self) -> set[int]:
        """The owner and the partners, as the database has them now."""
        partners = select(CoOwner.person_id).where(CoOwner.activity_id == self.id, CoOwner.is_partner)
        return {self.owner_id, *db.session.scalars(partners)}


class Answer(StrEnum):
    """What an invited colleague said."""

    INVITED = "invited"
    ACCEPTED = "accepted"
    DECLINED = "declined"


class CoOwner(Model):
    """A colleague who was asked to do it together."""

    __tablename__ = "co_owner"
    __table_args__ = (
        UniqueConstraint("activity_id", "person_id"),
        one_of("answer", Answer),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    activity_id: Mapped[int] = mapped_column(ForeignKey("activity.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    invited_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    invited_at: Mapped[datetime]
    answer: Mapped[str] = mapped_column(default=Answer.INVITED.value)
    answered_at: Mapped[datetime | None]

    activity: Mapped[Activity] = relationship(back_populates="co_owners", lazy="raise_on_sql")
    person: Mapped[Person] = relationship(foreign_keys=person_id, lazy="joined", innerjoin=True)

    @hybrid_property
    def is_partner(self) -> bool:
        """Only somebody who has accepted is a partner (PRODUCT: Only an accepted partner)."""
        return self.answer == Answer.ACCEPTED.value


def is_made_by(
    person_id: int | BindParameter[int], owned: type[Activity] | type[Contribution]
) -> ColumnElement[bool]:
    """Condition: the person owns it, or has accepted to do it together with its owner."""
    theirs = exists().where(
        CoOwner.activity_id == owned.id, CoOwner.person_id == person_id, CoOwner.is_partner
    )
    # Said in so many words, because what has no owner is not unknown to be theirs: it is not theirs.
    return (owned.owner_id.is_not(None) & (owned.owner_id == person_id)) | theirs


def has_made(person_id: ColumnElement[int] | Any, activity_id: ContributionId) -> ColumnElement[bool]:
    """Condition: the person is one of those who made that activity; both may be columns."""
    made = aliased(Activity)
    own = exists().where(made.id == activity_id, made.owner_id == person_id)
    with_others = exists().where(
        CoOwner.activity_id == activity_id, CoOwner.person_id == person_id, CoOwner.is_partner
    )
    return own.correlate_except(made) | with_others.correlate_except(CoOwner)


def activities_of(person_id: int | BindParameter[int]) -> CompoundSelect[int]:
    """Ids of what the person owns or does as a partner."""
    as_partner = select(CoOwner.activity_id).where(CoOwner.person_id == person_id, CoOwner.is_partner)
    return union_all(select(Activity.id).where(Activity.owner_id == person_id), as_partner)
