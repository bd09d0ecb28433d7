"""What people contribute for others to see. Each contribution, whatever its kind, has one number.

What only one kind has is in that kind's own table, whose primary key is the contribution's (an activity's id *is* its
contribution's id). Cheers, flags, decisions, removals, points and the feed point at the contribution by one real
foreign key and need not know its kind. A new kind is a new table, and those tables stay as they are.
"""

from collections.abc import Collection
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Protocol

from sqlalchemy import (
    BindParameter,
    CheckConstraint,
    Column,
    ColumnElement,
    ForeignKey,
    Index,
    Select,
    Table,
    UniqueConstraint,
    exists,
    select,
    text,
    true,
    update,
)
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import Model, db
from app.models.checks import one_of
from app.models.person import Person, Role

if TYPE_CHECKING:
    from app.models.moderation import Decision

#: A contribution's number, or a column that holds one.
ContributionId = int | ColumnElement[int] | Any


class ContributionKind(StrEnum):
    """The kinds; each has a table of that name for what only it has."""

    ACTIVITY = "activity"
    CHALLENGE = "challenge"
    TIP = "tip"
    COMMENT = "comment"
    THANKS = "thanks"


#: Where each kind's pages are.
_PLACES = {
    ContributionKind.ACTIVITY: "activities",
    ContributionKind.CHALLENGE: "challenges",
    ContributionKind.TIP: "tips",
    ContributionKind.COMMENT: "comments",
    ContributionKind.THANKS: "thanks",
}


def path_of(kind: ContributionKind, number: int) -> str:
    """The address of its page."""
    return f"/{_PLACES[kind]}/{number}"


class CheerKind(StrEnum):
    """How one cheers: it inspires, it was brave, and thanks (PRODUCT: The words)."""

    SPARK = "spark"
    HAT = "hat"
    FIKA = "fika"


class Contribution(Model):
    """The one row that everything points at. The kind's own table has the owner too; a foreign key keeps both equal."""

    __tablename__ = "contribution"
    __table_args__ = (
        UniqueConstraint("id", "owner_id"),
        one_of("kind", ContributionKind),
        CheckConstraint("cheer_count >= 0", name="cheer_count"),
        CheckConstraint("hat_count >= 0", name="hat_count"),
        CheckConstraint("fika_count >= 0", name="fika_count"),
        CheckConstraint("comment_count >= 0", name="comment_count"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    #: None: the programme itself, whose file brings challenges.
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    #: Cheers of all kinds; what is neither of the two kinds below is a spark.
    cheer_count: Mapped[int] = mapped_column(default=0)
    hat_count: Mapped[int] = mapped_column(default=0)
    fika_count: Mapped[int] = mapped_column(default=0)

    @hybrid_property
    def spark_count(self) -> int:
        return self.cheer_count - self.hat_count - self.fika_count

    #: How many comments about it everybody may see.
    comment_count: Mapped[int] = mapped_column(default=0)


class Contributed(Protocol):
    """What services for all kinds need from the object of a kind, such as an activity."""

    @property
    def id(self) -> int: ...
    @property
    def kind(self) -> ContributionKind: ...
    @property
    def owner_id(self) -> int | None: ...
    @property
    def title(self) -> str:
        """What messages call it."""

    @property
    def path(self) -> str:
        """The address of its page."""

    @property
    def removal(self) -> "Removal | None":
        """Why it is hidden; None when it is not. Must have been loaded."""

    def is_owned_by(self, person: Person) -> bool:
        """Whether the person made it, alone or with others."""

    def owner_ids(self) -> set[int]:
        """Everybody who made it."""


#: The municipalities that take part in it: it is moderated and counted in each of them. For an activity they are the
#: owner's and the partners'.
takes_part = Table(
    "contribution_municipality",
    Model.metadata,
    Column("contribution_id", ForeignKey("contribution.id", ondelete="CASCADE"), primary_key=True),
    Column("municipality_id", ForeignKey("municipality.id"), primary_key=True),
    Index("ix_contribution_municipality_municipality_id", "municipality_id"),
)


def _its_contribution() -> Mapped[int]:
    return mapped_column(ForeignKey("contribution.id", ondelete="CASCADE"), primary_key=True)


class Cheer(Model):
    """One from each person to each contribution, of one kind."""

    __tablename__ = "cheer"
    __table_args__ = (one_of("kind", CheerKind),)

    contribution_id: Mapped[int] = _its_contribution()
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    kind: Mapped[str] = mapped_column(default=CheerKind.SPARK.value)
    at: Mapped[datetime]


class Withdrawal(Model):
    """Its owner took it back. A withdrawn plan still counts as planned in the figures (PRODUCT: Completion rate)."""

    __tablename__ = "withdrawal"

    contribution_id: Mapped[int] = _its_contribution()
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]


class Removal(Model):
    """It is hidden, by that decision. The row is deleted when it is shown again."""

    __tablename__ = "removal"
    __table_args__ = (
        UniqueConstraint("decision_id"),
        Index("ix_removal_waiting", "at", sqlite_where=text("waits = 1"), postgresql_where=text("waits")),
    )

    contribution_id: Mapped[int] = _its_contribution()
    decision_id: Mapped[int] = mapped_column(ForeignKey("decision.id"))
    at: Mapped[datetime]
    waits: Mapped[bool] = mapped_column(default=False)  #: To be looked at before it is published.

    #: Not an inner join: where removals are reached by an outer join, SQLite would first build a table of all.
    decision: Mapped["Decision"] = relationship(lazy="joined")


#: Nearly every query asks whether things are visible, and making the condition takes as long as asking.
_CONDITIONS_KEPT = 512


@lru_cache(maxsize=_CONDITIONS_KEPT)
def is_hidden(contribution_id: ContributionId) -> ColumnElement[bool]:
    """Condition: moderation has taken it out of sight."""
    return exists().where(Removal.contribution_id == contribution_id)


@lru_cache(maxsize=_CONDITIONS_KEPT)
def is_withdrawn(contribution_id: ContributionId) -> ColumnElement[bool]:
    """Condition: its owner has taken it back."""
    return exists().where(Withdrawal.contribution_id == contribution_id)


@lru_cache(maxsize=_CONDITIONS_KEPT)
def is_visible(contribution_id: ContributionId) -> ColumnElement[bool]:
    """Condition: everybody who is signed in may see it."""
    return ~is_hidden(contribution_id) & ~is_withdrawn(contribution_id)


def is_moderated_by(moderator: Person, contribution_id: ContributionId) -> ColumnElement[bool]:
    """Condition: that person moderates it (`Person.moderated_municipality_ids`)."""
    area = moderator.moderated_municipality_ids
    return true() if area is None else is_moderated_in(area, contribution_id)


def is_moderated_in(
    area: Collection[int] | BindParameter[int], contribution_id: ContributionId
) -> ColumnElement[bool]:
    """Condition: one of those municipalities takes part in it."""
    here = takes_part.c.contribution_id == contribution_id
    return exists().where(here, takes_part.c.municipality_id.in_(area))


def coordinators_of(contribution_id: ContributionId) -> Select[int]:
    """Ids of the coordinators in the municipalities that take part in it."""
    places = select(takes_part.c.municipality_id).where(takes_part.c.contribution_id == contribution_id)
    return select(Person.id).where(
        Person.role == Role.COORDINATOR, Person.municipality_id.in_(places), Person.is_present
    )


def moderators_of(contribution_id: int, excluding: Collection[int]) -> set[int]:
    """Ids of those who are told that it waits for a decision: its coordinators, or the leads if there are none."""
    coordinators = set(db.session.scalars(coordinators_of(contribution_id))) - set(excluding)
    return coordinators or leads_but(excluding)


def leads_but(excluding: Collection[int]) -> set[int]:
    """Ids of the leads, without these."""
    leads = select(Person.id).where(Person.role == Role.LEAD, Person.is_present)
    return set(db.session.scalars(leads)) - set(excluding)


def wait_for_turn(contribution_id: int) -> None:
    """Wait until nobody else is changing it, and then make others wait until this transaction ends. What is read after
    this is up to date. An update that changes nothing does it, because SQLite has no `SELECT … FOR UPDATE`."""
    unchanged = update(Contribution).where(Contribution.id == contribution_id).values(kind=Contribution.kind)
    db.session.execute(unchanged, execution_options={"synchronize_session": False})
