"""What answers to questions about points have taken, cause by cause: never more than the cause has by now."""

from collections import defaultdict

from sqlalchemy import func, select

from app import clock
from app.extensions import db
from app.models.ledger import PointEntry, cause_of
from app.models.point_question import PointQuestion
from app.services.points.ledger import CORRECTED, Earner, balance, correction, corrections_among, entries_of
from app.services.upkeep.running_figures import RunningFigure

_Rows = list[tuple[int, int]]


def _taken() -> _Rows:
    """In the ledger, by question."""
    sums = select(PointEntry.source, func.sum(PointEntry.points)).where(PointEntry.reason == CORRECTED)
    taken: defaultdict[int, int] = defaultdict(int)
    for source, points in db.session.execute(sums.group_by(PointEntry.source)):
        taken[int(cause_of(source).removeprefix("question:"))] += points
    return list(taken.items())


def _to_be_taken() -> _Rows:
    """As the causes stand; what an answer gave stays given."""
    given = select(PointQuestion.id, PointQuestion.points).where(PointQuestion.points > 0)
    of_causes = [
        pair for entries in _corrected_causes() for pair in corrections_among(entries, _sum(entries))
    ]
    return [(number, points) for number, points in db.session.execute(given)] + of_causes


def _corrected_causes() -> list[list[PointEntry]]:
    """All entries of each cause from which an answer has taken something."""
    corrected = select(PointEntry).join(PointQuestion, PointQuestion.entry_id == PointEntry.id)
    causes = {
        (one.person_id, cause_of(one.source), one.reason)
        for one in db.session.scalars(corrected.where(PointQuestion.points < 0))
    }
    return [entries_of(*cause) for cause in sorted(causes)]


def _sum(entries: list[PointEntry]) -> int:
    return sum(one.points for one in entries)


def _settle() -> None:
    """The ledger is never rewritten: what is missing or too much is one more entry, of today."""
    for entries in _corrected_causes():
        first = entries[0]
        for number, points in corrections_among(entries, _sum(entries)):
            balance(
                Earner.of(first),
                correction(number),
                CORRECTED,
                points,
                first.contribution_id or 0,
                clock.now(),
            )


FIGURES = (RunningFigure(("correction", "question"), _taken, _to_be_taken, _settle),)
