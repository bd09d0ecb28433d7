"""The order of tips: by what came of them, and by their age, so that a new good one rises."""

from collections.abc import Collection
from datetime import UTC, datetime
from math import log2
from typing import Any, Final, NamedTuple

from sqlalchemy import select, update

from app.extensions import db
from app.models.contribution import Contribution
from app.models.tip import Tip

#: From this day on age is counted.
FIRST_DAY: Final = datetime(2020, 1, 1, tzinfo=UTC)
#: A tip that is so many days newer needs half as much evidence for the same place.
DAYS_OF_A_DOUBLING: Final = 30


class Evidence(NamedTuple):
    """In how many plans it is taken into account, and in how many of them it helped."""

    heeded: int
    helped: int


def rank_of(cheers: int, evidence: Evidence, at: datetime) -> int:
    """Its place in lists, highest first. Evidence counts by its logarithm, so that the tenth helps less than the first,
    and every month counts as much as a doubling, so that a new good one rises."""
    weight = log2(1 + what_came_of(cheers, *evidence))
    return round(1000 * (weight + (at - FIRST_DAY).days / DAYS_OF_A_DOUBLING))


def what_came_of(cheers: Any, heeded: Any, helped: Any) -> Any:
    """How much has come of a tip, whatever its age: of numbers a number, of columns the expression."""
    return cheers + 2 * heeded + 3 * helped


def rerank(tip_ids: Collection[int]) -> None:
    """Make the rank of these tips follow from their running counts. The caller makes others wait."""
    db.session.flush()
    counts = (Contribution.cheer_count, Tip.heeded_count, Tip.helped_count, Tip.at)
    query = select(Tip.id, *counts).join(Contribution, Contribution.id == Tip.id).where(Tip.id.in_(tip_ids))
    for tip_id, cheers, heeded, helped, at in db.session.execute(query).all():
        rank = rank_of(cheers, Evidence(heeded, helped), at)
        db.session.execute(update(Tip).where(Tip.id == tip_id).values(rank=rank))
