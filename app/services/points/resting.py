"""What a report has earned rests while that report is undone: it is there again when the activity is reported again, so
that nobody earns twice by taking a report back."""

from collections.abc import Collection
from typing import Final

from sqlalchemy import bindparam, func, select

from app.extensions import db
from app.models.ledger import PointEntry, cause_of

#: The reason of the entries that let something rest, and bring it back.
UNDONE: Final = "undone"
_SUMS: Final = (
    select(PointEntry.source, func.sum(PointEntry.points))
    .where(PointEntry.contribution_id.in_(bindparam("numbers", expanding=True)), PointEntry.reason == UNDONE)
    .group_by(PointEntry.source)
)


def rest_of(entry_id: int) -> str:
    """The cause of what rests of that entry."""
    return f"undone:{entry_id}"


def resting(contribution_ids: Collection[int]) -> dict[int, int]:
    """How much rests, as a negative number, by the entry; of those about these contributions."""
    return _by_entry(db.session.execute(_SUMS, {"numbers": contribution_ids}).all())


def _by_entry(sums: Collection[tuple[str, int]]) -> dict[int, int]:
    by_entry: dict[int, int] = {}
    for source, points in sums:
        number = int(cause_of(source).removeprefix("undone:"))
        by_entry[number] = by_entry.get(number, 0) + points
    return {number: points for number, points in by_entry.items() if points}
