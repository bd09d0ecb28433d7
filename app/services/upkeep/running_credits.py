"""The running figures of what people earn when others take something of theirs: what is noted as given, and what the
ledger has. While a thing is hidden, moderation has its points, and nothing is settled."""

from typing import Any

from sqlalchemy import Integer, cast, func, select

from app import clock
from app.models.contribution import is_hidden
from app.models.credit import Credit, CreditReason, is_earned
from app.models.ledger import PointEntry
from app.services.sums.credits import settle_every_credit
from app.services.upkeep.running_figures import RunningFigure

_KEY = (Credit.activity_id, Credit.contribution_id, Credit.person_id)


def _given() -> Any:
    return select(*_KEY, cast(Credit.is_given, Integer)).where(~is_hidden(Credit.contribution_id))


def _given_anew() -> Any:
    return select(*_KEY, cast(is_earned(), Integer)).where(~is_hidden(Credit.contribution_id))


def _in_ledger() -> Any:
    key = (PointEntry.person_id, PointEntry.contribution_id)
    reasons = [reason.value for reason in CreditReason]
    credits = select(*key, func.sum(PointEntry.points)).where(PointEntry.reason.in_(reasons))
    return credits.where(~is_hidden(PointEntry.contribution_id)).group_by(*key)


def _earned() -> Any:
    key = (Credit.person_id, Credit.contribution_id)
    return select(*key, func.sum(Credit.points)).where(is_earned()).group_by(*key)


def _settle() -> None:
    """The ledger is never rewritten: what is missing or too much is one more entry, of today."""
    settle_every_credit(clock.now())


FIGURES = (
    RunningFigure(("credit", "activity", "contribution", "person"), _given, _given_anew, _settle),
    RunningFigure(("credit_points", "person", "contribution"), _in_ledger, _earned, _settle),
)
