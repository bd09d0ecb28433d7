"""Förebild: what coordinators lift as a model for all."""

from datetime import datetime
from typing import Final

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Index, exists
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import Model
from app.models.contribution import ContributionId
from app.models.outcome import Outcome, is_carried_out
from app.models.person import Person

#: Characters of the sentence that says why.
LONGEST_SENTENCE: Final = 200
#: From this rating on, what was carried out worked well.
GOOD: Final = 4


class BestPractice(Model):
    """It is a model for all, by the one who says why. The row is deleted when that is undone."""

    __tablename__ = "best_practice"
    __table_args__ = (
        CheckConstraint(f"length(sentence) between 1 and {LONGEST_SENTENCE}", name="sentence"),
        Index("ix_best_practice_at", "at", "contribution_id"),
    )

    contribution_id: Mapped[int] = mapped_column(
        ForeignKey("contribution.id", ondelete="CASCADE"), primary_key=True
    )
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
    sentence: Mapped[str]

    by: Mapped[Person] = relationship(lazy="raise_on_sql")


def is_best_practice(contribution_id: ContributionId) -> ColumnElement[bool]:
    """Condition: it has been lifted as a model. Whether it is visible is another question."""
    return exists().where(BestPractice.contribution_id == contribution_id)


def is_proven(activity_id: ContributionId) -> ColumnElement[bool]:
    """Condition: it was carried out, and its rating is good or it has been lifted as a model. Whether it is visible is
    another question."""
    is_good = exists().where(Outcome.activity_id == activity_id, Outcome.rating >= GOOD)
    return is_carried_out(activity_id) & (is_good.correlate_except(Outcome) | is_best_practice(activity_id))
