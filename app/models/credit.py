"""What a plan earns others: who wrote the tips that it takes into account, and who made what it is borrowed from."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Index, exists
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import Model
from app.models.activity import Activity, has_made
from app.models.checks import one_of
from app.models.contribution import is_visible
from app.models.tip import Tip


class CreditReason(StrEnum):
    """Reasons of the points policy."""

    HEEDED = "heeded"
    BORROWED = "borrowed"


class Credit(Model):
    """What somebody earns because the activity takes something of theirs: decided when it happened, by the policy and
    its caps. Whether the ledger has it follows what is earned by now (`is_earned`)."""

    __tablename__ = "credit"
    __table_args__ = (
        one_of("reason", CreditReason),
        CheckConstraint("points > 0", name="points"),
        Index("ix_credit_person_id_at", "person_id", "at"),
    )

    activity_id: Mapped[int] = mapped_column(ForeignKey("activity.id", ondelete="CASCADE"), primary_key=True)
    #: The tip or the activity that it takes.
    contribution_id: Mapped[int] = mapped_column(
        ForeignKey("contribution.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    #: Who earns it; of an idea each of those who made it has a row.
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    #: Where it counts: where the points for the thing itself do.
    municipality_id: Mapped[int] = mapped_column(ForeignKey("municipality.id"))
    reason: Mapped[str]
    points: Mapped[int]
    at: Mapped[datetime]
    #: Whether the ledger has it; written by app/services/sums alone.
    is_given: Mapped[bool] = mapped_column(default=False)

    activity: Mapped[Activity] = relationship(lazy="raise_on_sql")


def is_earned() -> ColumnElement[bool]:
    """Condition: both the activity and what it takes are shown, and nobody earns by what they do themselves, also when
    they have joined it since."""
    both_shown = is_visible(Credit.activity_id) & is_visible(Credit.contribution_id)
    lesson_out_of_sight = exists().where(Tip.id == Credit.contribution_id, ~is_visible(Tip.activity_id))
    by_themselves = has_made(Credit.person_id, Credit.activity_id)
    return both_shown & ~lesson_out_of_sight.correlate_except(Tip) & ~by_themselves
