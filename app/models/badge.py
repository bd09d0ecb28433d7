"""Märken: how far people have come toward each badge, which are theirs, and how many have each."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model


class Badge(Model):
    """One person and one badge: what counts toward it by now, and whether it is theirs. Somebody who has done nothing
    yet has no rows. Written by app/services/badges alone."""

    __tablename__ = "badge"
    __table_args__ = (
        CheckConstraint("counted >= 0", name="counted"),
        CheckConstraint(
            "(earned_at is null) = (needed is null) and (earned_at is null) = (municipality_id is null)",
            name="earned_whole",
        ),
        CheckConstraint("resting_since is null or earned_at is not null", name="only_what_is_theirs_rests"),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    #: A slug of app/services/badges/rules.py. No check repeats the list: a new badge needs no migration.
    slug: Mapped[str] = mapped_column(primary_key=True)
    #: How much counts by now; not counted beyond what the badge takes.
    counted: Mapped[int] = mapped_column(default=0)
    #: When it became theirs. It stays, also while the badge rests.
    earned_at: Mapped[datetime | None]
    #: How much it took then: a programme that grows takes no badge away.
    needed: Mapped[int | None]
    #: The person's municipality then: `BadgeCount` counts it there, wherever they move.
    municipality_id: Mapped[int | None] = mapped_column(ForeignKey("municipality.id"))
    #: Since when too little counts, because something was hidden, changed or undone. None: it does not rest.
    resting_since: Mapped[datetime | None]

    @hybrid_property
    def is_held(self) -> bool:
        """It is theirs and does not rest; in a query, the condition."""
        return self.earned_at is not None and self.resting_since is None

    @is_held.inplace.expression
    @classmethod
    def _is_held(cls) -> ColumnElement[bool]:
        return cls.earned_at.is_not(None) & cls.resting_since.is_(None)


class BadgeCount(Model):
    """How many have a badge that does not rest: the running count, by the municipality where they earned it."""

    __tablename__ = "badge_count"
    __table_args__ = (CheckConstraint("holders >= 0", name="holders"),)

    slug: Mapped[str] = mapped_column(primary_key=True)
    municipality_id: Mapped[int] = mapped_column(ForeignKey("municipality.id"), primary_key=True)
    holders: Mapped[int]
