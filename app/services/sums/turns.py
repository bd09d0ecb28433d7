"""Whom a transaction waits for before it changes what is counted: first for activities, the latest first, since what is
borrowed is older than who borrows it; then for the tips around them; and last for the ledger, under whose lock all sums
are written. Always in this order, so that two that change things at once never wait for each other."""

from collections.abc import Collection

from sqlalchemy import select

from app.extensions import db
from app.models.adoption import Adoption
from app.models.contribution import wait_for_turn
from app.services.sums.evidence import tips_around, wait_for_tips


def wait_for_activities(activity_ids: Collection[int]) -> None:
    """Make others who would change them wait."""
    for activity_id in sorted(set(activity_ids), reverse=True):
        wait_for_turn(activity_id)


def wait_for_turns_around(activity_id: int, more_tips: Collection[int] = ()) -> None:
    """Make others who would change what is counted with it wait; `more_tips` are those that its plan will take into
    account. The caller has waited for the turn of the activity itself, and nobody has earned points yet."""
    origin_id = db.session.scalar(select(Adoption.origin_id).where(Adoption.activity_id == activity_id))
    if origin_id:
        wait_for_turn(origin_id)
    wait_for_tips({*tips_around(activity_id), *more_tips})
