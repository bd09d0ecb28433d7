"""Notices that are not told at once: written down in the transaction of what they tell of, and told by the worker, or
called off.

Within `held`, whatever calls `notify` is kept back. In the transaction that tells, the row is deleted first: a second
worker, or whoever undoes the decision, waits for it and finds nothing.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Final

import structlog
from sqlalchemy import delete, select, update

from app.extensions import db
from app.models.held_notice import HeldNotice
from app.models.moderation import Decision, Verdict
from app.models.notification import Kind
from app.services.notifications.firsts import notify_late
from app.services.notifications.notify import Notice, keep_back

#: Told in one look; the rest at the next.
_AT_ONCE: Final = 200

log = structlog.get_logger()


@contextmanager
def held(decision_id: int, due_at: datetime | None) -> Iterator[None]:
    """What is told within of that decision is told at that moment; None: not before `release`."""
    with keep_back() as notices:
        yield
    db.session.add_all(
        HeldNotice(
            decision_id=decision_id,
            person_ids=notice.person_ids,
            kind=notice.kind.value,
            key=notice.key,
            url=notice.url,
            parameters=notice.parameters,
            asked_for=notice.asked_for,
            due_at=due_at,
        )
        for notice in notices
    )
    db.session.flush()


def call_off(decision_id: int) -> bool:
    """Nobody is told any more. Returns whether there was anything that had not been told."""
    gone = delete(HeldNotice).where(HeldNotice.decision_id == decision_id).returning(HeldNotice.id)
    return bool(db.session.scalars(gone, execution_options={"synchronize_session": False}).all())


def tell_before_more(contribution_id: int, now: datetime) -> None:
    """What is held about earlier decisions is told now: a further decision comes after it."""
    of_earlier = select(HeldNotice.id).join(Decision, Decision.id == HeldNotice.decision_id)
    its_own = of_earlier.where(Decision.contribution_id == contribution_id, HeldNotice.due_at.is_not(None))
    for number in db.session.scalars(its_own.order_by(HeldNotice.id)).all():
        _tell(number, now)


def release(contribution_id: int, due_at: datetime | None) -> None:
    """What has waited for it to be published is told at that moment, or waits again."""
    its_checks = select(Decision.id).where(
        Decision.contribution_id == contribution_id, Decision.verdict == Verdict.CHECK
    )
    waiting = update(HeldNotice).where(HeldNotice.decision_id.in_(its_checks)).values(due_at=due_at)
    db.session.execute(waiting, execution_options={"synchronize_session": False})


def tell_what_is_due(now: datetime, *, commit: Callable[[], None]) -> None:
    """One that fails keeps no other from being told; it is tried again at the next look."""
    due = select(HeldNotice.id).where(HeldNotice.due_at <= now).order_by(HeldNotice.id).limit(_AT_ONCE)
    numbers = list(db.session.scalars(due))
    commit()
    for number in numbers:
        try:
            _tell(number, now)
            commit()
        except Exception:
            log.exception("what was held could not be told; it is tried again", notice=number)
            db.session.rollback()


def _tell(number: int, now: datetime) -> None:
    its_row = delete(HeldNotice).where(HeldNotice.id == number).returning(*HeldNotice.__table__.c)
    row = db.session.execute(its_row, execution_options={"synchronize_session": False}).one_or_none()
    if row is None:
        return
    notice = Notice(row.person_ids, Kind(row.kind), row.key, row.url, row.parameters, row.asked_for)
    notify_late(notice, now)
