"""The evidence of tips: how many plans take each into account and in how many it helped, the order that follows from
it, and what it has earned the author."""

from collections import defaultdict
from collections.abc import Collection
from datetime import UTC, datetime
from math import log2
from typing import Any, Final, NamedTuple

from sqlalchemy import case, func, select, update

from app.extensions import db
from app.models.activity import Activity
from app.models.contribution import Contribution, is_hidden, is_visible, wait_for_turn
from app.models.ledger import PointEntry
from app.models.tip import HeededTip, Tip, has_helped, is_shown
from app.services.points.ledger import Earner, balance
from app.services.sums.lesson_points import balance_lesson

#: From this day on age is counted.
FIRST_DAY: Final = datetime(2020, 1, 1, tzinfo=UTC)
#: A tip that is so many days newer needs half as much evidence for the same place.
DAYS_OF_A_DOUBLING: Final = 30
#: The reason of the points policy for an author whose tip is taken into account.
HEEDED: Final = "heeded"


class Evidence(NamedTuple):
    heeded: int
    helped: int


def rank_of(cheers: int, evidence: Evidence, at: datetime) -> int:
    """Its place in lists, highest first. Evidence counts by its logarithm, so that the tenth helps less than the first,
    and every month counts as much as a doubling, so that a new good one rises."""
    weight = log2(1 + cheers + 2 * evidence.heeded + 3 * evidence.helped)
    return round(1000 * (weight + (at - FIRST_DAY).days / DAYS_OF_A_DOUBLING))


def evidence_query() -> Any:
    """Tip, how many visible plans take it into account, and in how many of them it helped; none for those without."""
    helped = func.sum(case((has_helped(), 1), else_=0))
    return (
        select(HeededTip.tip_id, func.count(), helped)
        .where(is_visible(HeededTip.activity_id))
        .group_by(HeededTip.tip_id)
    )


def tips_around(activity_id: int) -> list[int]:
    """The tips whose evidence changes with the activity: those that its plan takes into account and its own lessons."""
    heeded = select(HeededTip.tip_id).where(HeededTip.activity_id == activity_id)
    lessons = select(Tip.id).where(Tip.activity_id == activity_id)
    return list(db.session.scalars(heeded.union(lessons)))


def wait_for_tips(tip_ids: Collection[int]) -> None:
    """Make others who would change their evidence wait; in order, so that two cannot wait for each other. To be called
    before anybody earns points in the transaction, for the same reason."""
    for tip_id in sorted(set(tip_ids)):
        wait_for_turn(tip_id)


def weigh(tip_ids: Collection[int], now: datetime) -> None:
    """Make counts, rank and points of these tips be what their evidence is by now. A second call changes nothing."""
    if not tip_ids:
        return
    wait_for_tips(tip_ids)
    rerank(tip_ids)
    tips = select(Tip).where(Tip.id.in_(tip_ids)).order_by(Tip.id)
    for tip in db.session.scalars(tips.execution_options(populate_existing=True)).all():
        balance_lesson(tip, now)
        _balance_points(tip, now)


def rerank(tip_ids: Collection[int]) -> None:
    """Counts and rank alone: all that a spark changes. The caller makes others wait."""
    db.session.flush()
    counts = evidence_query().where(HeededTip.tip_id.in_(tip_ids))
    evidence = {tip_id: Evidence(*rest) for tip_id, *rest in db.session.execute(counts)}
    cheered = select(Tip.id, Tip.at, Contribution.cheer_count).join(Contribution, Contribution.id == Tip.id)
    for tip_id, at, cheers in db.session.execute(cheered.where(Tip.id.in_(tip_ids))).all():
        its_own = evidence.get(tip_id, Evidence(0, 0))
        values = {
            "heeded_count": its_own.heeded,
            "helped_count": its_own.helped,
            "rank": rank_of(cheers, its_own, at),
        }
        db.session.execute(update(Tip).where(Tip.id == tip_id).values(values))


def _balance_points(tip: Tip, now: datetime) -> None:
    """What each plan that takes it into account has earned its author, while both are shown. Not while the tip is
    hidden: then its points have been taken back, and are balanced when they have been given again."""
    if db.session.scalar(select(is_hidden(tip.id))):
        return
    heeds = {heed.activity_id: heed for heed in db.session.execute(_heeds_of(tip.id))}
    ledger = _earned(tip)
    for activity_id in sorted(heeds.keys() | ledger.keys()):
        heed = heeds.get(activity_id)
        points = heed.points if heed and heed.counts else 0
        if points != ledger.get(activity_id, 0):
            stage_id = db.session.scalars(select(Activity.stage_id).where(Activity.id == activity_id)).one()
            earner = Earner(tip.owner_id, tip.municipality_id, stage_id)
            balance(earner, f"tip:{tip.id}:{activity_id}", HEEDED, points, tip.id, now)


def _heeds_of(tip_id: int) -> Any:
    """Each plan that takes the tip into account, its points, and whether they count by now."""
    counts = is_visible(HeededTip.activity_id) & is_shown(Tip)
    return (
        select(HeededTip.activity_id, HeededTip.points, counts.label("counts"))
        .join(Tip, Tip.id == HeededTip.tip_id)
        .where(HeededTip.tip_id == tip_id)
    )


def _earned(tip: Tip) -> dict[int, int]:
    """What the ledger says that the author has for the tip, by the plan that took it into account."""
    entries = select(PointEntry.source, PointEntry.points).where(
        PointEntry.contribution_id == tip.id, PointEntry.reason == HEEDED
    )
    earned: dict[int, int] = defaultdict(int)
    for source, points in db.session.execute(entries):
        earned[int(source.partition("#")[0].rpartition(":")[2])] += points
    return earned
