"""Aktivitet: something concrete that somebody commits to do, then reports."""

from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Table, UniqueConstraint, update
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import Model, db
from app.models.person import Person
from app.models.programme import FocusArea, Municipality, Value
from app.models.stage import Stage

if TYPE_CHECKING:
    from app.models.moderation import Removal
    from app.models.outcome import Outcome, Photo, Tip

#: A title shorter than this does not yet say what exactly will be done.
TITLE_SAYS_WHAT = 12
#: Other answers shorter than this say nothing yet.
ANSWER_SAYS_SOMETHING = 3
#: The five questions of PRODUCT: Concreteness.
QUESTIONS = 5

#: The values an activity works for beside its main one.
also_value = Table(
    "activity_also_value",
    Model.metadata,
    Column("activity_id", ForeignKey("activity.id", ondelete="CASCADE"), primary_key=True),
    Column("value_id", ForeignKey("value.id"), primary_key=True),
)

#: The municipalities that take part: the owner's, and those of co-owners who have accepted.
takes_part = Table(
    "activity_municipality",
    Model.metadata,
    Column("activity_id", ForeignKey("activity.id", ondelete="CASCADE"), primary_key=True),
    Column("municipality_id", ForeignKey("municipality.id"), primary_key=True),
    Index("ix_activity_municipality_municipality_id", "municipality_id"),
)


class Activity(Model):
    """A plan, and with its outcome what came of it."""

    __tablename__ = "activity"
    __table_args__ = (
        UniqueConstraint("owner_id", "request_key"),
        CheckConstraint("length(title) > 0", name="title"),
        CheckConstraint("concreteness between 0 and 5", name="concreteness"),
        CheckConstraint("cheer_count >= 0", name="cheer_count"),
        Index("ix_activity_owner_id_planned_for", "owner_id", "planned_for"),
        Index("ix_activity_stage_id_planned_for", "stage_id", "planned_for"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    #: The owner's municipality when it was planned: points and figures stay there if the owner moves.
    municipality_id: Mapped[int] = mapped_column(ForeignKey("municipality.id"))
    stage_id: Mapped[int] = mapped_column(ForeignKey("stage.id"))
    value_id: Mapped[int] = mapped_column(ForeignKey("value.id"))
    focus_area_id: Mapped[int] = mapped_column(ForeignKey("focus_area.id"), index=True)
    #: Made by the form; the same key again is the same activity (PRODUCT: A retry never posts twice).
    request_key: Mapped[str]
    title: Mapped[str]
    #: When, on the programme's calendar. None until the person knows; then it waits at the end of the stage's list.
    planned_for: Mapped[date | None]
    place: Mapped[str] = mapped_column(default="")
    audience: Mapped[str] = mapped_column(default="")
    #: How will we know that it worked?
    success_sign: Mapped[str] = mapped_column(default="")
    #: How many of the five questions the plan answers, 0–5; kept with the plan since figures are made from it.
    concreteness: Mapped[int]
    cheer_count: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]

    owner: Mapped[Person] = relationship(lazy="raise_on_sql")
    municipality: Mapped[Municipality] = relationship(lazy="raise_on_sql")
    stage: Mapped[Stage] = relationship(lazy="raise_on_sql")
    value: Mapped[Value] = relationship(lazy="raise_on_sql")
    focus_area: Mapped[FocusArea] = relationship(lazy="raise_on_sql")
    also_values: Mapped[list[Value]] = relationship(
        secondary=also_value, lazy="raise_on_sql", order_by=Value.position
    )
    municipalities: Mapped[list[Municipality]] = relationship(
        secondary=takes_part, lazy="raise_on_sql", order_by=Municipality.position
    )
    co_owners: Mapped[list["CoOwner"]] = relationship(
        back_populates="activity", lazy="raise_on_sql", order_by="CoOwner.invited_at"
    )
    outcome: Mapped["Outcome | None"] = relationship(back_populates="activity", lazy="raise_on_sql")
    #: The lessons: success first.
    tips: Mapped[list["Tip"]] = relationship(
        back_populates="activity", lazy="raise_on_sql", order_by="Tip.kind.desc()"
    )
    photos: Mapped[list["Photo"]] = relationship(lazy="raise_on_sql", order_by="Photo.id")
    withdrawal: Mapped["Withdrawal | None"] = relationship(lazy="raise_on_sql")
    removal: Mapped["Removal | None"] = relationship(lazy="raise_on_sql")

    @property
    def joint(self) -> bool:
        """Whether at least two municipalities take part."""
        return len(self.municipalities) > 1

    @property
    def partners(self) -> list["CoOwner"]:
        """Co-owners who have said yes."""
        return [co for co in self.co_owners if co.answer == Answer.ACCEPTED]

    def is_owned_by(self, person: Person) -> bool:
        """The owner and the co-owners who accepted may edit and report."""
        return self.owner_id == person.id or any(co.person_id == person.id for co in self.partners)

    def hold(self) -> None:
        """Make others who would change it wait until this transaction ends; what is read after this is up to date.

        An update that changes nothing, since SQLite knows no `SELECT … FOR UPDATE`.
        """
        unchanged = update(Activity).where(Activity.id == self.id).values(cheer_count=Activity.cheer_count)
        db.session.execute(unchanged, execution_options={"synchronize_session": False})


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
        CheckConstraint("answer in ('invited', 'accepted', 'declined')", name="answer"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    activity_id: Mapped[int] = mapped_column(ForeignKey("activity.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    invited_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    invited_at: Mapped[datetime]
    answer: Mapped[str] = mapped_column(default=Answer.INVITED.value)
    answered_at: Mapped[datetime | None]

    activity: Mapped[Activity] = relationship(back_populates="co_owners", lazy="raise_on_sql")
    person: Mapped[Person] = relationship(foreign_keys=person_id, lazy="joined", innerjoin=True)


class Withdrawal(Model):
    """The owner took the plan back. It still counts as planned in the figures (PRODUCT: Completion rate)."""

    __tablename__ = "withdrawal"

    activity_id: Mapped[int] = mapped_column(ForeignKey("activity.id", ondelete="CASCADE"), primary_key=True)
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]


class Cheer(Model):
    """Gnista: one from each person to each activity."""

    __tablename__ = "cheer"

    activity_id: Mapped[int] = mapped_column(ForeignKey("activity.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    at: Mapped[datetime]


def answered(
    title: str, planned_for: date | None, place: str, audience: str, success_sign: str
) -> tuple[bool, ...]:
    """Which of the five questions a plan answers: what exactly, when, where, for whom, how will we know."""
    return (
        len(title.strip()) >= TITLE_SAYS_WHAT,
        planned_for is not None,
        len(place.strip()) >= ANSWER_SAYS_SOMETHING,
        len(audience.strip()) >= ANSWER_SAYS_SOMETHING,
        len(success_sign.strip()) >= ANSWER_SAYS_SOMETHING,
    )
