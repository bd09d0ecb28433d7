"""Poäng: an append-only ledger, and each person's running totals, which are written in its own transaction."""

from datetime import datetime

from sqlalchemy import (
    BindParameter,
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    UniqueConstraint,
    func,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model


class PointEntry(Model):
    """Points for one thing, given once. A reversal is a negative entry of its own, whose source is what caused it.

    `source` names the cause: "activity:12" and "square:2:1:4" (the first of a stage, value and focus area) earn points,
    "removal:3" takes them back and gives them again ("removal:3@5.2" for a second place where some counted), and
    "withdrawal:12" takes them back. A cause whose points come and go is numbered from its second entry on
    ("tip:7:12#2"): "tip:7:12" for tip 7 that activity 12 takes into account, "borrowed:12" for the idea that it
    borrowed, "challenge:12" for the challenge that it takes on, "tip:7" for the lesson of a report, hidden or shown
    again alone, "undone:31" for entry 31 while the report that earned it is undone, and "question:3" for what an answer
    has taken.
    """

    __tablename__ = "point_entry"
    __table_args__ = (
        UniqueConstraint("person_id", "source", "reason"),
        CheckConstraint("points <> 0", name="points_not_zero"),
        Index("ix_point_entry_person_id_id", "person_id", "id"),
        Index("ix_point_entry_contribution_id", "contribution_id"),
        # All that a board's row needs to say what made it, so that it need not read the entries themselves.
        Index("ix_point_entry_board", "municipality_id", "stage_id", "at", "contribution_id", "points"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    #: Where the points count: the person's municipality at that time.
    municipality_id: Mapped[int] = mapped_column(ForeignKey("municipality.id"))
    stage_id: Mapped[int] = mapped_column(ForeignKey("stage.id"))
    source: Mapped[str]
    #: What it is called and for which rule of the policy: a row of app/services/points/reasons.py.
    reason: Mapped[str]
    points: Mapped[int]
    #: What the points were for; the page of a person's points shows it.
    contribution_id: Mapped[int | None] = mapped_column(ForeignKey("contribution.id"))
    at: Mapped[datetime]


def cause_of(source: str) -> str:
    """Without the number of the entry."""
    return source.partition("#")[0]


def has_cause(cause: BindParameter[str]) -> ColumnElement[bool]:
    """Condition: the entry is the first one of that cause, or a later one."""
    numbered = cause + "#"
    return func.substr(PointEntry.source + "#", 1, func.length(numbered)) == numbered


def is_later_of(cause: str) -> ColumnElement[bool]:
    """Condition: the entry is one of that cause's after the first."""
    return PointEntry.source.startswith(f"{cause}#", autoescape=True)


class PersonTotal(Model):
    """Running total of a person in a stage, one for each municipality, since people move."""

    __tablename__ = "person_total"

    stage_id: Mapped[int] = mapped_column(ForeignKey("stage.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    municipality_id: Mapped[int] = mapped_column(ForeignKey("municipality.id"), primary_key=True)
    points: Mapped[int]


class PeerTotal(Model):
    """What somebody who wants to be shown among their neighbours has in a stage, wherever it counts. Who does not want
    to has no row, so that the nearest neighbours are the nearest rows of an index."""

    __tablename__ = "peer_total"
    __table_args__ = (Index("ix_peer_total_stage_id_points", "stage_id", "points", "person_id"),)

    stage_id: Mapped[int] = mapped_column(ForeignKey("stage.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    points: Mapped[int]
