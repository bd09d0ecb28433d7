"""Who follows what, for their own feed. Nobody sees it but they: there is no list of who follows somebody."""

from datetime import datetime
from enum import StrEnum
from typing import Final

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model

#: More than anybody reads, and as many ranges as a page of their feed is put together from.
MOST_FOLLOWED: Final = 60


class FollowKind(StrEnum):
    """What can be followed; `Follow` has a column for each."""

    PERSON = "person"
    MUNICIPALITY = "municipality"
    ACTIVITY = "activity"


class Follow(Model):
    """One person follows one thing. The row goes when they stop, and when either of two people leaves."""

    __tablename__ = "follow"
    __table_args__ = (
        UniqueConstraint("person_id", "followed_person_id"),
        UniqueConstraint("person_id", "municipality_id"),
        UniqueConstraint("person_id", "activity_id"),
        CheckConstraint(
            "case when followed_person_id is null then 0 else 1 end"
            " + case when municipality_id is null then 0 else 1 end"
            " + case when activity_id is null then 0 else 1 end = 1",
            name="one_thing",
        ),
        CheckConstraint("followed_person_id is null or followed_person_id <> person_id", name="not_oneself"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    followed_person_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id", ondelete="CASCADE"), index=True
    )
    municipality_id: Mapped[int | None] = mapped_column(
        ForeignKey("municipality.id", ondelete="CASCADE"), index=True
    )
    activity_id: Mapped[int | None] = mapped_column(ForeignKey("activity.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime]


#: The column that holds what is followed.
COLUMN_OF: Final = {
    FollowKind.PERSON: Follow.followed_person_id,
    FollowKind.MUNICIPALITY: Follow.municipality_id,
    FollowKind.ACTIVITY: Follow.activity_id,
}
