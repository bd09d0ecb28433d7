"""How many did something within two days of what the playbook told them: counted afterwards, as a sum.

Acted has who, after the notification and before the end of the second day after it, made a plan, sent a report, moved a
plan by one tap when asked how it went, or answered an invitation, which is how one joins somebody's plan. It counts
once for each notification, whatever it was about. The survey counts for nothing, neither told nor answered.

It is counted at night from the facts themselves, and not in their transactions: every kind of fact would have to know
of the playbook, and the second deed of two would have to know of the first, which is a trace by person. Counted from
the facts it is exact, can be counted again, and leaves nothing but the sum.
"""

from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, exists, func, or_, select, update

from app.extensions import db
from app.models.activity import Activity, CoOwner
from app.models.close_out import CloseOut
from app.models.notification import Notification
from app.models.outcome import Outcome
from app.models.playbook import PlaybookRun
from app.models.stage import Stage
from app.services.notifications.step_sums import AFTERWARDS
from app.services.programme.clock import local_today, midnight, programme_zone

_DAY: Final = timedelta(days=1)


def count_who_acted(now: datetime) -> None:
    """Count each day of the playbook whose two days afterwards are over, once. A query for each such day."""
    last = local_today(now) - AFTERWARDS - _DAY
    waiting = select(PlaybookRun.day).where(PlaybookRun.acted.is_(None), PlaybookRun.told > 0)
    for day in db.session.scalars(
        waiting.where(PlaybookRun.day <= last).distinct().order_by(PlaybookRun.day)
    ):
        _count(day)


def _count(day: date) -> None:
    counts = {(number, step): count for number, step, count in db.session.execute(_who_acted(day))}
    runs = select(PlaybookRun.stage_id, Stage.number, PlaybookRun.step)
    runs = runs.join(Stage).where(PlaybookRun.day == day, PlaybookRun.acted.is_(None))
    for stage_id, number, step in db.session.execute(runs).all():
        run = (PlaybookRun.stage_id == stage_id, PlaybookRun.step == step, PlaybookRun.day == day)
        statement = update(PlaybookRun).where(*run).values(acted=counts.get((number, step), 0))
        db.session.execute(statement, execution_options={"synchronize_session": False})


def _who_acted(day: date) -> Any:
    zone = programme_zone()
    begins, ends = midnight(day, zone), midnight(day + _DAY, zone)
    number = Notification.parameters["number"].as_integer()
    step = Notification.parameters["step"].as_string()
    told = (Notification.created_at >= begins, Notification.created_at < ends, step.is_not(None))
    acted = _has_acted(midnight(day + AFTERWARDS + _DAY, zone))
    return select(number, step, func.count()).where(*told, acted).group_by(number, step)


def _has_acted(until: datetime) -> ColumnElement[bool]:
    """Condition: the notification's person did something after it and before that moment."""

    def did(person_id: Any, at: Any) -> ColumnElement[bool]:
        mine = person_id == Notification.person_id
        return exists().where(mine, at > Notification.created_at, at < until).correlate(Notification)

    return or_(
        did(Activity.owner_id, Activity.created_at),
        did(Outcome.by_id, Outcome.at),
        did(CloseOut.person_id, CloseOut.at),
        did(CoOwner.person_id, CoOwner.answered_at),
    )
