"""Topplista: what a stage's board is made of, written as things happen until the board is closed."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, select, update
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model, db
from app.models.programme import Municipality


class MunicipalityTotal(Model):
    """A municipality's row on a stage's board."""

    __tablename__ = "municipality_total"
    __table_args__ = (
        CheckConstraint("members >= 0", name="members"),
        CheckConstraint("active >= 0", name="active"),
    )

    stage_id: Mapped[int] = mapped_column(ForeignKey("stage.id"), primary_key=True)
    municipality_id: Mapped[int] = mapped_column(ForeignKey("municipality.id"), primary_key=True)
    points: Mapped[int] = mapped_column(default=0)
    #: People who had signed in before the stage began and have not left; not the programme office.
    members: Mapped[int] = mapped_column(default=0)
    #: People who did something in the stage (PRODUCT: Participation).
    active: Mapped[int] = mapped_column(default=0)
    #: The pool that was agreed as the stage's last day ended; until then the municipality's own counts.
    pool: Mapped[int | None]


class DayTotal(Model):
    """A municipality's points in a stage by the day of the programme's calendar, for the trend."""

    __tablename__ = "day_total"

    stage_id: Mapped[int] = mapped_column(ForeignKey("stage.id"), primary_key=True)
    municipality_id: Mapped[int] = mapped_column(ForeignKey("municipality.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    points: Mapped[int]


class StageParticipant(Model):
    """Somebody who did something in a stage: has planned, or does with somebody, what moderation has not hidden."""

    __tablename__ = "stage_participant"

    stage_id: Mapped[int] = mapped_column(ForeignKey("stage.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    #: Where it is counted: where the person belongs, as long as the board is open.
    municipality_id: Mapped[int] = mapped_column(ForeignKey("municipality.id"))


def keep_pools(stage_id: int) -> None:
    """Keep the pools as they are agreed by now, each once: whoever changes them after the stage's last day, and whoever
    closes its board, calls this first."""
    row = MunicipalityTotal
    agreed = select(Municipality.pool).where(Municipality.id == row.municipality_id).scalar_subquery()
    unkept = update(row).where(row.stage_id == stage_id, row.pool.is_(None))
    db.session.execute(unkept.values(pool=agreed), execution_options={"synchronize_session": False})
