"""Eget meddelande: what a lead writes to an audience of their own choice, now or later."""

from datetime import date, datetime
from enum import StrEnum
from typing import Final

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Index, UniqueConstraint, and_, text
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import Model
from app.models.checks import one_of
from app.models.person import Person
from app.models.programme import LocalText

#: Phones show no more of it on a locked screen.
LONGEST_TITLE, LONGEST_BODY = 40, 110


_WAITING: Final = text("finished_at is null and taken_back_at is null")
_SHOWN: Final = text("shown_until is not null")


class Audience(StrEnum):
    """Whom it goes to; services/stages/audiences.py finds them as it goes out."""

    EVERYBODY = "everybody"
    ROLES = "roles"
    MUNICIPALITIES = "municipalities"
    WITHOUT_PLAN = "without_plan"
    OVERDUE = "overdue"
    #: A coordinator's hello to who has planned nothing yet in their municipality.
    QUIET = "quiet"

    @property
    def is_of_places(self) -> bool:
        """It is known from a person's municipality alone; then it may stand on top of the feed, too."""
        return self in (Audience.EVERYBODY, Audience.MUNICIPALITIES)


class OwnMessage(Model):
    """It waits until `due_at`, and can be changed or taken back until it begins to go out. What came of it is kept in
    `PlaybookRun`, under its `step`, as of the playbook's steps."""

    __tablename__ = "own_message"
    __table_args__ = (
        one_of("audience", Audience),
        UniqueConstraint("by_id", "request_key"),
        # Written so that no row of it is unknown.
        CheckConstraint("(taken_back_at is null or begun_at is null) <> false", name="taken_back_or_begun"),
        CheckConstraint(
            "shown_until is null or audience in ('everybody', 'municipalities')", name="shown_to_places"
        ),
        Index("ix_own_message_stage_id_id", "stage_id", "id"),
        Index("ix_own_message_shown", "shown_until", sqlite_where=_SHOWN, postgresql_where=_SHOWN),
        Index("ix_own_message_waiting", "due_at", sqlite_where=_WAITING, postgresql_where=_WAITING),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    stage_id: Mapped[int] = mapped_column(ForeignKey("stage.id"))
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    #: Made by the form; the same key again is the same message.
    request_key: Mapped[str]
    made_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    audience: Mapped[str]
    #: Those that were chosen; empty unless the audience asks for them.
    roles: Mapped[list[str]]
    municipality_ids: Mapped[list[int]]
    #: By language; who reads in one that is missing reads the Swedish.
    title: Mapped[LocalText]
    body: Mapped[LocalText]
    #: The path of ours that it opens.
    url: Mapped[str]
    #: When it goes into the inboxes; its pushes follow at each person's next slot.
    due_at: Mapped[datetime]
    #: An announcement: from when it goes out it also stands on top of its audience's feed, until that day is over.
    shown_until: Mapped[date | None]
    begun_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    taken_back_at: Mapped[datetime | None]
    taken_back_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    by: Mapped[Person] = relationship(foreign_keys=by_id, lazy="raise_on_sql")

    @property
    def step(self) -> str:
        """The name under which it is counted."""
        return f"message-{self.id}"

    @hybrid_property
    def may_be_changed(self) -> bool:
        """It has neither begun to go out nor been taken back; in a query, the condition."""
        return self.begun_at is None and self.taken_back_at is None

    @may_be_changed.inplace.expression
    @classmethod
    def _may_be_changed(cls) -> ColumnElement[bool]:
        return and_(cls.begun_at.is_(None), cls.taken_back_at.is_(None))

    @hybrid_property
    def is_to_go_out(self) -> bool:
        """Some may still be to be told; in a query, the condition."""
        return self.finished_at is None and self.taken_back_at is None

    @is_to_go_out.inplace.expression
    @classmethod
    def _is_to_go_out(cls) -> ColumnElement[bool]:
        return and_(cls.finished_at.is_(None), cls.taken_back_at.is_(None))


class Greeting(Model):
    """The one hello of a week to the quiet of a municipality: the message that it is."""

    __tablename__ = "greeting"

    municipality_id: Mapped[int] = mapped_column(ForeignKey("municipality.id"), primary_key=True)
    #: Its Monday.
    week: Mapped[date] = mapped_column(primary_key=True)
    message_id: Mapped[int] = mapped_column(ForeignKey("own_message.id"), unique=True)

    message: Mapped[OwnMessage] = relationship(lazy="raise_on_sql")
