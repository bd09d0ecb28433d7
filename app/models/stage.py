"""Etapp: a numbered, dated round of the programme in three phases."""

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import JSON, CheckConstraint, ForeignKey, UniqueConstraint, bindparam, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import Model, db
from app.models.held import held
from app.models.programme import LocalText


class Phase(StrEnum):
    """Where a stage is. Upcoming and ended are the time before and after its three phases."""

    UPCOMING = "upcoming"
    MEASURE = "measure"
    ACTIVATE = "activate"
    LEARN = "learn"
    ENDED = "ended"


#: The phases that a stage enters, in order, with the column that dates each.
PHASE_DATES: tuple[tuple[Phase, str], ...] = (
    (Phase.MEASURE, "measure_on"),
    (Phase.ACTIVATE, "activate_on"),
    (Phase.LEARN, "learn_on"),
    (Phase.ENDED, "end_on"),
)


class Stage(Model):
    """A stage. Each phase begins at 00.00 of its date on the programme's clock; `end_on` is the first day after it."""

    __tablename__ = "stage"
    __table_args__ = (
        CheckConstraint("number > 0", name="number_positive"),
        CheckConstraint(
            "measure_on <= activate_on and activate_on <= learn_on and learn_on <= end_on",
            name="dates_in_order",
        ),
        CheckConstraint("(opened_at is null) = (points is null)", name="opened_with_policy"),
        CheckConstraint("closed_at is null or opened_at is not null", name="opened_before_closed"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(unique=True)
    name: Mapped[LocalText]
    #: One sentence that says what the stage is about.
    theme: Mapped[LocalText]
    measure_on: Mapped[date]
    activate_on: Mapped[date]
    learn_on: Mapped[date]
    end_on: Mapped[date]
    #: When its board was opened: it had begun. Who had signed in before that counts in its divisors.
    opened_at: Mapped[datetime | None]
    #: The points policy of this stage: the programme's as it was when the board was opened.
    points: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    #: When its figures and boards were frozen; nothing that happens later changes them.
    closed_at: Mapped[datetime | None]

    def phase(self, today: date) -> Phase:
        """The phase on that day of the programme's calendar; when phases begin on the same date, the last of them."""
        begun_phases = [phase for phase, column in PHASE_DATES if getattr(self, column) <= today]
        return begun_phases[-1] if begun_phases else Phase.UPCOMING

    def begins(self, phase: Phase) -> date:
        """The date on which that phase begins."""
        return getattr(self, dict(PHASE_DATES)[phase])  # type: ignore[no-any-return]

    @classmethod
    def by_id(cls, stage_id: int) -> "Stage":
        """One that there is."""
        stage = held(cls, stage_id)
        assert stage  # noqa: S101 - stages are never removed
        return stage

    @classmethod
    def numbered(cls, number: int) -> "Stage | None":
        return db.session.scalar(_NUMBERED, {"number": number})

    def find_previous(self) -> "Stage | None":
        """The stage before this one; numbers may have gaps."""
        return db.session.scalar(_LAST_BEFORE, {"number": self.number})

    @classmethod
    def current(cls, today: date) -> "Stage | None":
        """The stage that people act in: the latest one that has begun, else the first one to come, else None.

        A stage that has ended stays current until the next begins, so that late reports belong to a stage.
        """
        return current_among(stages(), today)

    @classmethod
    def for_plans(cls, today: date) -> "Stage | None":
        """The stage that a plan made on that day belongs to: the one that runs, else the next to begin, in whose
        figures it is counted; None when all are over."""
        return for_plans_among(stages(), today)


_IN_ORDER: Final = select(Stage).order_by(Stage.number)
_NUMBERED: Final = select(Stage).where(Stage.number == bindparam("number"))
_LAST_BEFORE: Final = (
    select(Stage).where(Stage.number < bindparam("number")).order_by(Stage.number.desc()).limit(1)
)


class StageEvent(Model):
    """A stage entered a phase, on its date or moved by a lead, and everyone was told. Unique, so it happens once."""

    __tablename__ = "stage_event"
    __table_args__ = (UniqueConstraint("stage_id", "phase"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    stage_id: Mapped[int] = mapped_column(ForeignKey("stage.id"))
    phase: Mapped[str]
    at: Mapped[datetime]
    #: The lead who moved it; None when its date came.
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    stage: Mapped[Stage] = relationship(lazy="joined", innerjoin=True)


def stages() -> list[Stage]:
    """All stages in order."""
    return list(db.session.scalars(_IN_ORDER))


def current_among(all_stages: Sequence[Stage], today: date) -> Stage | None:
    """`Stage.current` of stages that have been read, in order."""
    begun_stages = [stage for stage in all_stages if stage.measure_on <= today]
    return begun_stages[-1] if begun_stages else next(iter(all_stages), None)


def for_plans_among(all_stages: Sequence[Stage], today: date) -> Stage | None:
    """`Stage.for_plans` of stages that have been read, in order."""
    current = current_among(all_stages, today)
    begins_later = [stage for stage in all_stages if current and stage.number >= current.number]
    return next((stage for stage in begins_later if stage.phase(today) != Phase.ENDED), None)
