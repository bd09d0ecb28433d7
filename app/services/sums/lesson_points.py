"""What a report earned for a lesson is taken back while that lesson alone is hidden. The points are about the activity,
so hiding the activity takes them back with the rest."""

from datetime import datetime

from sqlalchemy import Select, func, select

from app.extensions import db
from app.models.contribution import is_hidden
from app.models.ledger import PointEntry
from app.models.point_question import PointQuestion
from app.models.tip import Tip
from app.services.points.ledger import Earner, balance

#: The reason of the entries that take them back, and give them again.
LESSON = "lesson"


def settle_lessons(activity_id: int, now: datetime) -> None:
    """Of the activity's report, after whatever has happened to it."""
    lessons = select(Tip).where(Tip.activity_id == activity_id).order_by(Tip.id)
    for lesson in db.session.scalars(lessons).all():
        balance_lesson(lesson, now)


def balance_lesson(tip: Tip, now: datetime) -> None:
    """Not while the activity is hidden: it is settled when that is shown again. The caller makes others wait."""
    if tip.activity_id is None or db.session.scalar(select(is_hidden(tip.activity_id))):
        return
    hidden = bool(db.session.scalar(select(is_hidden(tip.id))))
    for entry, corrected in db.session.execute(_earned_for(tip)).all():
        resting = -(entry.points + corrected) if hidden else 0
        balance(Earner.of(entry), f"tip:{tip.id}", LESSON, resting, tip.activity_id, now)


def _earned_for(tip: Tip) -> Select[PointEntry, int]:
    """What it earned each, and what an answer to a question has taken from that since."""
    taken = func.coalesce(PointQuestion.points, 0)
    was_set_right = (PointQuestion.entry_id == PointEntry.id) & (PointQuestion.points != 0)
    return (
        select(PointEntry, taken)
        .outerjoin(PointQuestion, was_set_right)
        .where(
            PointEntry.contribution_id == tip.activity_id,
            PointEntry.source == f"activity:{tip.activity_id}",
            PointEntry.reason == tip.kind_of_tip,
        )
        .order_by(PointEntry.person_id)
    )
