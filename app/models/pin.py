"""What stands on top of the feed for a while: everybody's, or that of one municipality."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model

#: At the same time, for everybody and in each municipality: so that a feed begins with twice as many at most.
MOST_PINNED: Final = 2
LONGEST_PINNED: Final = timedelta(days=92)

_EVERYBODY = text("municipality_id is null")


class Pin(Model):
    """It ends by itself, and is deleted when somebody ends it before. What is hidden is not shown on top either, and
    comes back there."""

    __tablename__ = "pin"
    __table_args__ = (
        CheckConstraint("until >= at", name="until"),
        Index(
            "uq_pin_everybody",
            "contribution_id",
            unique=True,
            sqlite_where=_EVERYBODY,
            postgresql_where=_EVERYBODY,
        ),
        Index("uq_pin_municipality_id_contribution_id", "municipality_id", "contribution_id", unique=True),
        Index("ix_pin_until", "until"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    contribution_id: Mapped[int] = mapped_column(
        ForeignKey("contribution.id", ondelete="CASCADE"), index=True
    )
    #: None: in everybody's feed.
    municipality_id: Mapped[int | None] = mapped_column(ForeignKey("municipality.id"))
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
    until: Mapped[datetime]
