"""What people ask the coordinators to look at. What so many ask about rests until somebody has looked."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, exists, func, literal, select
from sqlalchemy.orm import aliased

from app.extensions import db
from app.models.contribution import Contributed
from app.models.moderation import Decision, Flag, Verdict, is_open_flag, removal_of
from app.models.person import Person
from app.models.programme import Programme
from app.services.moderation import notices
from app.services.moderation.acts import AlreadyDecidedError, put_out_of_sight, write_decision
from app.services.moderation.moderated_kinds import wait_for_all_of


def flag(thing: Contributed, by: Person, reason: str, text: str, now: datetime) -> Flag:
    """Ask the coordinators to look. A person has one open flag on a thing; flagging it again changes its text.

    Raises:
        AlreadyDecidedError: it has been hidden in the meantime.
    """
    wait_for_all_of(thing)
    if removal_of(thing.id):
        raise AlreadyDecidedError
    open_flag = db.session.scalar(select(Flag).where(is_open_flag(thing.id), Flag.by_id == by.id))
    if open_flag is None:
        open_flag = Flag(contribution_id=thing.id, by_id=by.id, reason=reason, text=text, at=now)
        db.session.add(open_flag)
    else:
        open_flag.reason, open_flag.text = reason, text
    db.session.flush()
    notices.tell_moderators(thing, "reported", by=by, now=now)
    _set_aside_what_many_flag(thing, now)
    return open_flag


def has_flagged(person: Person, contribution_id: int) -> bool:
    """Whether the person has ever asked the coordinators to look at it."""
    theirs = exists().where(Flag.contribution_id == contribution_id, Flag.by_id == person.id)
    return bool(db.session.scalar(select(theirs)))


def _set_aside_what_many_flag(thing: Contributed, now: datetime) -> None:
    """Those whose flags have been in vain again and again are read like others, but are not counted here."""
    counted = (is_open_flag(thing.id), ~_flags_in_vain(Flag.by_id, now))
    programme = Programme.current()
    enough = programme.hides_at if programme else 0
    if not enough or (db.session.scalar(select(func.count()).where(*counted)) or 0) < enough:
        return
    reasons = select(Flag.reason).where(*counted).group_by(Flag.reason)
    most_named = db.session.scalar(reasons.order_by(func.count().desc(), Flag.reason).limit(1)) or "other"
    decision = write_decision(thing, None, Verdict.SET_ASIDE, now, most_named)
    put_out_of_sight(thing, decision, None, now)
    notices.tell_authors(thing, decision, "set_aside", now)


#: So many of somebody's flags in so long, all of them on what was kept, are in vain.
_IN_VAIN_AT, _IN_VAIN_WITHIN = 3, timedelta(days=90)


def _flags_in_vain(person_id: ColumnElement[int] | Any, now: datetime) -> ColumnElement[bool]:
    """Condition: that person has flagged again and again what was then kept, and nothing else."""
    flag, kept = aliased(Flag), Decision.verdict == Verdict.KEEP
    lately = (flag.by_id == person_id, Decision.at > now - _IN_VAIN_WITHIN)
    counts = (
        select(func.count().filter(kept) >= _IN_VAIN_AT, func.count().filter(~kept) == 0)
        .select_from(flag)
        .join(Decision, Decision.id == flag.decision_id)
        .where(*lately)
        .subquery()
    )
    return exists(select(literal(1)).select_from(counts).where(*counts.c))
