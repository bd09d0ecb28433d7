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
from sqlalchemy import delete, select

from app.extensions import db
from app.models.held_notice import HeldNotice
from app.models.moderation import Decision
from app.models.notification import Kind
from app.services.notifications.notify import keep_back, notify

#: Told in one look; the rest at the next.
_AT_ONCE: Final = 200

log = structlog.get_logger()


@contextmanager
def held(decision_id: int, due_at: datetime) -> Iterator[None]:
    """What is told within of that decision is told at that moment."""
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
    its_own = of_earlier.where(Decision.contribution_id == contribution_id).order_by(HeldNotice.id)
    for number in db.session.scalars(its_own).all():
        _tell(number, now)


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
    notify(
        row.person_ids,
        Kind(row.kind),
        key=row.key,
        url=row.url,
        parameters=row.parameters,
        now=now,
        asked_for=row.asked_for,
    )
