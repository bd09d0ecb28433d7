"""The feed: one item for each activity (at its latest event), challenge and stage event, and the index of its filters.

The index is a table so that a filtered page costs the same at a thousand and at a million activities. Each filter is a
`scope`, and a page is one range scan of (scope, at, item), whether the filter matches few items or many. What is hidden
or withdrawn has no rows there, so no query can forget to leave it out.
"""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model
from app.models.checks import one_of


class FeedKind(StrEnum):
    PLANNED = "planned"
    REPORTED = "reported"
    STAGE = "stage"
    CHALLENGE = "challenge"


#: Scopes that need no number; the others are "m:<municipality id>", "v:<value id>", "f:<focus area id>", and what only
#: feeds that are put together read: "p:<id of one of its makers>", "a:<activity id>".
ALL, REPORTED, BEST = "all", "reported", "best"
#: What stands on top, for everybody and for a municipality. Here `at` is when it ends.
PINNED = "pin"


def pinned_in(municipality_id: int | None) -> str:
    """The scope of what is pinned there; None means for everybody."""
    return f"{PINNED}:{municipality_id}" if municipality_id else PINNED


class FeedItem(Model):
    """Something that the feed shows."""

    __tablename__ = "feed_item"
    __table_args__ = (
        CheckConstraint("(contribution_id is null) <> (stage_event_id is null)", name="one_subject"),
        one_of("kind", FeedKind),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    at: Mapped[datetime]
    contribution_id: Mapped[int | None] = mapped_column(
        ForeignKey("contribution.id", ondelete="CASCADE"), unique=True
    )
    stage_event_id: Mapped[int | None] = mapped_column(
        ForeignKey("stage_event.id", ondelete="CASCADE"), unique=True
    )


class FeedScope(Model):
    """One row for each filter that an item shows under."""

    __tablename__ = "feed_scope"
    __table_args__ = (Index("ix_feed_scope_item_id", "item_id"), {"sqlite_with_rowid": False})

    scope: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("feed_item.id", ondelete="CASCADE"), primary_key=True)
