"""The acts that moderation's decisions consist of; the callers have made others wait."""

from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, insert, literal, select, update

from app.extensions import db
from app.models.contribution import Contributed, Removal, takes_part
from app.models.double import Double
from app.models.moderation import (
    Appeal,
    Decision,
    Flag,
    Verdict,
    decided_in,
    is_open_appeal,
    is_open_flag,
    removal_of,
)
from app.models.person import Person
from app.models.publication import unpublished_since
from app.services.moderation import notices
from app.services.moderation.limits import settle_limit
from app.services.moderation.moderated_kinds import earn_what_waited, show_again, take_down
from app.services.moderation.moving import move_back, settle_kept
from app.services.notifications.held import held, release, tell_before_more
from app.services.points import award

#: So long after a decision it can be taken back before anybody is told of it.
UNNOTICED_FOR: Final = timedelta(seconds=10)


class AlreadyDecidedError(Exception):
    """Somebody else was quicker, or the same tap came twice."""


class OwnDecisionError(Exception):
    """An answer to one's own decision is for another moderator."""


def told_unless_undone(decision: Decision) -> AbstractContextManager[None]:
    """What is told within is told when it can no longer be taken back unnoticed."""
    return held(decision.id, decision.at + UNNOTICED_FOR)


def write_decision(
    thing: Contributed,
    by: Person | None,
    verdict: Verdict,
    now: datetime,
    reason: str = "",
    text: str = "",
    *,
    after_rest: Decision | None = None,
    limits_until: datetime | None = None,
) -> Decision:
    """`by` is None for the rule; `after_rest` is the decision by which it rested until now."""
    decision = Decision(
        by_id=by.id if by else None,
        verdict=verdict.value,
        reason=reason,
        text=text,
        after_rest_id=after_rest.id if after_rest else None,
        limits_until=limits_until,
    )
    return write_into_log(thing, decision, now)


def write_into_log(thing: Contributed, decision: Decision, now: datetime) -> Decision:
    """Into that of each municipality that takes part. Once written, it stays as it is (app/models/log_guard.py)."""
    tell_before_more(thing.id, now)
    decision.contribution_id, decision.at = thing.id, now
    db.session.add(decision)
    db.session.flush()
    here = select(takes_part.c.municipality_id, literal(decision.id)).where(
        takes_part.c.contribution_id == thing.id
    )
    db.session.execute(insert(decided_in).from_select(["municipality_id", "decision_id"], here))
    return decision


def put_out_of_sight(thing: Contributed, decision: Decision, resting: Decision | None, now: datetime) -> None:
    """By that decision; if it was `resting` already, by that one instead, which settles what the author answered."""
    if resting:
        db.session.execute(delete(Removal).where(Removal.decision_id == resting.id))
        settle_answer(resting, decision)
    db.session.add(Removal(contribution_id=thing.id, decision_id=decision.id, at=now, waits=decision.waits))
    db.session.flush()
    db.session.expire(thing, ["removal"])
    if not resting:
        take_down(thing, now)


def settle_flags(thing: Contributed, decision: Decision, now: datetime) -> None:
    """The decision is about all of them, and those who flagged it are told of it."""
    flagged_by = list(db.session.scalars(select(Flag.by_id).where(is_open_flag(thing.id))))
    db.session.execute(update(Flag).where(is_open_flag(thing.id)).values(decision_id=decision.id))
    notices.tell_who_flagged(thing, decision, flagged_by, now)


def decision_in_force(thing: Contributed) -> Decision:
    """The one that keeps it out of sight.

    Raises:
        AlreadyDecidedError: it is not hidden.
    """
    removal = removal_of(thing.id)
    if removal is None:
        raise AlreadyDecidedError
    return removal.decision


def bring_back(thing: Contributed, hidden_by: Decision, now: datetime, *, publishes: bool = False) -> None:
    """Show again what that decision hides, and give back its points, if it took them. `publishes` it, if it has waited
    for that: what it has not earned yet it earns, and what was not told is."""
    kept_id = _take_from_kept(hidden_by)
    db.session.execute(delete(Removal).where(Removal.decision_id == hidden_by.id))
    db.session.expire(thing, ["removal"])
    award.give_again(thing, source_of(hidden_by), "restored", now)
    since = unpublished_since(hidden_by) if publishes else None
    if since:
        release(thing.id, now + UNNOTICED_FOR)
        earn_what_waited(thing, since, now)
    show_again(thing, now)
    settle_limit(hidden_by)
    if kept_id:
        settle_kept(kept_id, now)


def rest_again(thing: Contributed, hidden_by: Decision, resting: Decision, now: datetime) -> None:
    """It was never hidden, but rests by the decision before: nobody sees it in between, and nothing follows from it."""
    db.session.execute(delete(Removal).where(Removal.decision_id == hidden_by.id))
    db.session.add(Removal(contribution_id=thing.id, decision_id=resting.id, at=now, waits=resting.waits))
    db.session.flush()
    db.session.expire(thing, ["removal"])
    award.give_again(thing, source_of(hidden_by), "restored", now)
    settle_limit(hidden_by)


def _take_from_kept(hidden_by: Decision) -> int | None:
    """Of a double, what has moved to the one that was kept goes back; gives the number of that one."""
    row = db.session.scalar(select(Double).where(Double.decision_id == hidden_by.id))
    if row is None:
        return None
    move_back(row.activity_id, row.kept_id, row.moved)
    db.session.delete(row)
    db.session.flush()
    return row.kept_id


def reopen_flags(thing: Contributed, settled_by: Decision) -> None:
    """The decision that settled them has been taken back. Not those of people who have flagged it again meanwhile: a
    person has at most one open flag."""
    flagged_again = select(Flag.by_id).where(is_open_flag(thing.id)).scalar_subquery()
    flags = (Flag.decision_id == settled_by.id, Flag.by_id.not_in(flagged_again))
    db.session.execute(
        update(Flag).where(*flags).values(decision_id=None),
        execution_options={"synchronize_session": False},
    )


def settle_answer(hidden_by: Decision, decision: Decision) -> None:
    """The decision is also about what the author answered, if that is open."""
    db.session.execute(update(Appeal).where(is_open_appeal(hidden_by.id)).values(settled_by_id=decision.id))


def reopen_answer(resting: Decision, settled_by: Decision) -> None:
    """The decision that settled it has been taken back."""
    answer = (Appeal.decision_id == resting.id, Appeal.settled_by_id == settled_by.id)
    db.session.execute(
        update(Appeal).where(*answer).values(settled_by_id=None),
        execution_options={"synchronize_session": False},
    )


def source_of(decision: Decision) -> str:
    """The cause as the ledger names it, the same for taking back and for giving again."""
    return f"removal:{decision.id}"
