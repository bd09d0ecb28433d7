"""What others have earned because a plan takes something of theirs: given while it is earned, and taken back when it is
not. While the thing itself is hidden moderation has its points: they are made right when it is shown again."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, bindparam, delete, select

from app.extensions import db
from app.models.activity import Activity
from app.models.contribution import is_hidden
from app.models.credit import Credit, CreditReason, is_earned
from app.services.points.ledger import Earner, balance


def _where(*conditions: ColumnElement[bool]) -> Select[Credit, bool, int]:
    """Those that moderation does not have, whether each is earned by now, and the stage in which it counts."""
    return (
        select(Credit, is_earned(), Activity.stage_id)
        .join(Activity, Activity.id == Credit.activity_id)
        .where(*conditions, ~is_hidden(Credit.contribution_id))
        .order_by(Credit.contribution_id, Credit.person_id, Credit.activity_id)
    )


_GIVEN_BY: Final = _where(Credit.activity_id == bindparam("activity_id"))
_OF_THINGS: Final = Credit.contribution_id.in_(bindparam("numbers", expanding=True))
_GIVEN_FOR: Final = _where(_OF_THINGS)
_GIVEN_BY_FOR: Final = _where(Credit.activity_id == bindparam("activity_id"), _OF_THINGS)
_GIVEN: Final = _where(Credit.points > 0)


def settle_credits(activity_id: int, now: datetime) -> None:
    """Those that the activity gives to others, after whatever has happened to it."""
    _settle(_GIVEN_BY, now, activity_id=activity_id)


def settle_credits_for(contribution_ids: Collection[int], now: datetime) -> None:
    """Those that others give for these things, after they have come into sight or gone out of it: one row for each plan
    that takes one."""
    _settle(_GIVEN_FOR, now, numbers=contribution_ids)


def settle_every_credit(now: datetime) -> None:
    """Against the ledger itself, whatever is noted."""
    for credit, earned, stage_id in _read(_GIVEN):
        _give(credit, earned, stage_id, now)


def forget_credits(activity_id: int, contribution_ids: Collection[int], now: datetime) -> None:
    """The activity does not take these any more: what that earned is taken back, and makes room under the caps."""
    for credit, _earned, stage_id in _read(_GIVEN_BY_FOR, activity_id=activity_id, numbers=contribution_ids):
        _give(credit, False, stage_id, now)
    its_own = (Credit.activity_id == activity_id, Credit.contribution_id.in_(contribution_ids))
    db.session.execute(delete(Credit).where(*its_own))


def _settle(query: Select[Credit, bool, int], now: datetime, **which: Any) -> None:
    for credit, earned, stage_id in _read(query, **which):
        if credit.is_given is not earned:
            _give(credit, earned, stage_id, now)
    db.session.flush()


def _read(query: Select[Credit, bool, int], **which: Any) -> list[tuple[Credit, bool, int]]:
    rows = db.session.execute(query, which, execution_options={"populate_existing": True})
    return [(credit, earned, stage_id) for credit, earned, stage_id in rows]


def _give(credit: Credit, earned: bool, stage_id: int, now: datetime) -> None:
    earner = Earner(credit.person_id, credit.municipality_id, stage_id)
    points = credit.points if earned else 0
    balance(earner, _cause(credit), credit.reason, points, credit.contribution_id, now)
    credit.is_given = earned


def _cause(credit: Credit) -> str:
    """As the ledger names it."""
    if credit.reason == CreditReason.BORROWED:
        return f"borrowed:{credit.activity_id}"
    return f"tip:{credit.contribution_id}:{credit.activity_id}"
