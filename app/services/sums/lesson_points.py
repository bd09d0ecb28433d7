"""What a report earned for a lesson is taken back while that lesson alone is hidden. The points are about the activity,
so hiding the activity takes them back with the rest."""

from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, func, select

from app.extensions import db
from app.models.contribution import Contribution, is_hidden
from app.models.ledger import PointEntry
from app.models.point_question import PointQuestion
from app.models.tip import Tip
from app.services.points.ledger import Earner, balance

#: The reason of the entries that take them back, and give them again.
LESSON = "lesson"

_LESSONS: Final = select(Tip).where(Tip.activity_id == bindparam("activity_id")).order_by(Tip.id)
_HIDDEN: Final = select(Contribution.id).where(
    Contribution.id.in_(bindparam("numbers", expanding=True)), is_hidden(Contribution.id)
)
#: What a lesson earned each, and what an answer to a question has taken from that since.
_EARNED: Final = (
    select(PointEntry, func.coalesce(PointQuestion.points, 0))
    .outerjoin(PointQuestion, (PointQuestion.entry_id == PointEntry.id) & (PointQuestion.points != 0))
    .where(
        PointEntry.contribution_id == bindparam("activity_id"),
        PointEntry.source == bindparam("source"),
        PointEntry.reason == bindparam("reason"),
    )
    .order_by(PointEntry.person_id)
)


def settle_lessons(activity_id: int, now: datetime) -> list[int]:
    """Of the activity's report, after whatever has happened to it. Gives their numbers."""
    lessons = db.session.scalars(_LESSONS, {"activity_id": activity_id}).all()
    for lesson in lessons:
        balance_lesson(lesson, now)
    return [lesson.id for lesson in lessons]


def balance_lesson(tip: Tip, now: datetime) -> None:
    """Not while the activity is hidden: it is settled when that is shown again. The caller makes others wait."""
    hidden = set(db.session.scalars(_HIDDEN, {"numbers": [tip.activity_id, tip.id]}))
    if tip.activity_id is None or tip.activity_id in hidden:
        return
    report = f"activity:{tip.activity_id}"
    which = {"activity_id": tip.activity_id, "source": report, "reason": tip.kind_of_tip}
    for entry, corrected in db.session.execute(_EARNED, which).all():
        resting = -(entry.points + corrected) if tip.id in hidden else 0
        balance(Earner.of(entry), f"tip:{tip.id}", LESSON, resting, tip.activity_id, now)
