"""The running figures of tips: the evidence of each, and its rank, which follows from that."""

from typing import Any

from sqlalchemy import Integer, cast, func, select, update

from app.extensions import db
from app.models.contribution import Cheer
from app.models.tip import HeededTip, Tip, has_helped, is_evidence
from app.services.sums.evidence import evidence_query
from app.services.sums.rank import Evidence, rank_of
from app.services.upkeep.running_figures import RunningFigure


def _counted() -> Any:
    """0, 1, or 2 when it is counted as help too."""
    figure = cast(HeededTip.is_counted, Integer) + cast(HeededTip.is_counted_as_help, Integer)
    return select(HeededTip.activity_id, HeededTip.tip_id, figure)


def _counted_anew() -> Any:
    helped = is_evidence() & has_helped()
    figure = cast(is_evidence(), Integer) + cast(helped, Integer)
    return select(HeededTip.activity_id, HeededTip.tip_id, figure)


def _count_again() -> None:
    helped = is_evidence() & has_helped()
    flags = update(HeededTip).values(is_counted=is_evidence(), is_counted_as_help=helped)
    db.session.execute(flags, execution_options={"synchronize_session": False})


def _heeded() -> Any:
    evidence = evidence_query().subquery().c
    return select(evidence[0], evidence[1])


def _helped() -> Any:
    evidence = evidence_query().subquery().c
    return select(evidence[0], evidence[2]).where(evidence[2] > 0)


def _ranks() -> list[tuple[int, int]]:
    """Computed here: the engines have no logarithm that rounds alike."""
    evidence = {tip_id: Evidence(*counts) for tip_id, *counts in db.session.execute(evidence_query())}
    cheers: Any = dict(
        db.session.execute(select(Cheer.contribution_id, func.count()).group_by(Cheer.contribution_id)).all()
    )
    return [
        (tip_id, rank_of(cheers.get(tip_id, 0), evidence.get(tip_id, Evidence(0, 0)), at))
        for tip_id, at in db.session.execute(select(Tip.id, Tip.at))
    ]


def _rebuild() -> None:
    evidence = {tip_id: Evidence(*counts) for tip_id, *counts in db.session.execute(evidence_query())}
    rows = [
        {"id": tip_id, "heeded_count": heeded, "helped_count": helped, "rank": rank}
        for tip_id, rank in _ranks()
        for heeded, helped in [evidence.get(tip_id, Evidence(0, 0))]
    ]
    if rows:
        db.session.execute(update(Tip), rows)


FIGURES = (
    RunningFigure(("heeded_tip", "activity", "tip"), _counted, _counted_anew, _count_again),
    RunningFigure(
        ("heeded_count", "tip"),
        lambda: select(Tip.id, Tip.heeded_count).where(Tip.heeded_count > 0),
        _heeded,
        _rebuild,
    ),
    RunningFigure(
        ("helped_count", "tip"),
        lambda: select(Tip.id, Tip.helped_count).where(Tip.helped_count > 0),
        _helped,
        _rebuild,
    ),
    RunningFigure(("rank", "tip"), lambda: select(Tip.id, Tip.rank), _ranks, _rebuild),
)
