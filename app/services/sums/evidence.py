"""The evidence of tips: how many plans take each into account, and in how many of them it helped. It is counted by the
difference that one plan makes, so a tip that thousands have taken costs the next plan no more than a new one."""

from collections.abc import Collection
from typing import Any, Final

from sqlalchemy import Select, bindparam, case, delete, false, func, select, update

from app.extensions import db
from app.models.tip import HeededTip, Tip, has_helped, is_evidence
from app.services.sums.rank import rerank

_OF_PLAN: Final = HeededTip.activity_id == bindparam("activity_id")
_AMONG: Final = HeededTip.tip_id.in_(bindparam("tip_ids", expanding=True))
_COUNTED: Final = select(HeededTip, is_evidence(), has_helped()).where(_OF_PLAN).order_by(HeededTip.tip_id)
_FORGOTTEN: Final = select(HeededTip, false(), false()).where(_OF_PLAN, _AMONG).order_by(HeededTip.tip_id)


def count_heeds(activity_id: int) -> None:
    """Count what the plan takes into account as it is by now. The caller makes others wait."""
    _count_as(_COUNTED, {"activity_id": activity_id})


def forget_heeds(activity_id: int, tip_ids: Collection[int]) -> None:
    """The plan does not take these into account any more."""
    _count_as(_FORGOTTEN, {"activity_id": activity_id, "tip_ids": tip_ids})
    its_own = (HeededTip.activity_id == activity_id) & HeededTip.tip_id.in_(tip_ids)
    db.session.execute(delete(HeededTip).where(its_own))


def evidence_query() -> Any:
    """Counted from nothing: tip, how many plans take it into account, and in how many it helped; none for those
    without."""
    helped = func.sum(case((has_helped(), 1), else_=0))
    return select(HeededTip.tip_id, func.count(), helped).where(is_evidence()).group_by(HeededTip.tip_id)


def _count_as(query: Select[HeededTip, bool, bool], which: dict[str, Any]) -> None:
    """Those that the query reads, each with whether it counts by now, and whether as help."""
    rows = db.session.execute(query, which, execution_options={"populate_existing": True}).all()
    changed = [
        heed.tip_id
        for heed, is_counted, has_helped_it in rows
        if _count(heed, is_counted, is_counted and has_helped_it)
    ]
    if changed:
        rerank(changed)


def _count(heed: HeededTip, is_counted: bool, helped: bool) -> bool:
    """Whether that changed anything. The change is made in the database and not in Python."""
    if (heed.is_counted, heed.is_counted_as_help) == (is_counted, helped):
        return False
    values = {
        "heeded_count": Tip.heeded_count + (is_counted - heed.is_counted),
        "helped_count": Tip.helped_count + (helped - heed.is_counted_as_help),
    }
    counted = update(Tip).where(Tip.id == heed.tip_id).values(values)
    db.session.execute(counted, execution_options={"synchronize_session": "fetch"})
    heed.is_counted, heed.is_counted_as_help = is_counted, helped
    return True
