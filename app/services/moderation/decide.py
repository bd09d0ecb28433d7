"""What a coordinator decides about a thing; everybody concerned is told.

Points and the feed follow each decision. Decisions about one thing wait for each other, so when two coordinators tap at
the same time, the second finds it decided. What can be decided about is in app/services/moderation/moderated_kinds.py;
what people ask of the coordinators is in flags.py beside it, and what authors answer in appeals.py.
"""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select

from app.extensions import db
from app.models.contribution import Contributed, wait_for_turn
from app.models.double import kept_instead_of
from app.models.moderation import (
    Appeal,
    Decision,
    Verdict,
    is_flagged,
    is_open_appeal,
    last_decision,
    removal_of,
)
from app.models.person import Person
from app.models.publication import check_of
from app.models.review import is_for_another
from app.services.moderation import notices
from app.services.moderation.acts import (
    AlreadyDecidedError,
    OwnDecisionError,
    bring_back,
    decision_in_force,
    put_out_of_sight,
    reopen_answer,
    reopen_flags,
    rest_again,
    settle_answer,
    settle_flags,
    source_of,
    told_unless_undone,
    write_decision,
)
from app.services.moderation.limits import may_be_limited, settle_limit
from app.services.moderation.moderated_kinds import wait_for_all_of
from app.services.notifications.held import call_off, release
from app.services.notifications.notify import keep_back
from app.services.points import award
from app.services.sums.turns import wait_for_activities

#: One's own decisions that can be taken back.
UNDOABLE: Final = (Verdict.KEEP, Verdict.ASK, Verdict.HIDE, Verdict.PUBLISH)
#: Those that keep or make it visible.
_SHOWING: Final = (Verdict.KEEP, Verdict.PUBLISH)


def hide(
    thing: Contributed,
    by: Person,
    reason: str,
    text: str,
    now: datetime,
    *,
    days: int = 0,
    seen: int | None = None,
) -> Decision:
    """Take it out of sight. It is not deleted; its points are taken back, and its authors are told why and may answer.
    For so many `days` its owner may read but not write. `seen` is the number of the last decision that `by` saw, 0 for
    none.

    Raises:
        AlreadyDecidedError: it is hidden, or was kept and nobody has flagged it since; or decided about since `seen`.
    """
    wait_for_all_of(thing)
    resting = _demand_undecided(thing, seen)
    until = now + timedelta(days=days) if days and may_be_limited(thing.owner_id) else None
    decision = write_decision(
        thing, by, Verdict.HIDE, now, reason, text, after_rest=resting, limits_until=until
    )
    with told_unless_undone(decision):
        put_out_of_sight(thing, decision, resting, now)
        award.take_back(thing, source_of(decision), "hidden", now)
        settle_limit(decision)
        notices.tell_authors(thing, decision, "hidden", now)
        settle_flags(thing, decision, now)
    return decision


def ask(
    thing: Contributed, by: Person, reason: str, text: str, now: datetime, *, seen: int | None = None
) -> Decision:
    """Ask its authors to change it. Until it is shown again it rests: out of sight, and its points stay.

    Raises:
        AlreadyDecidedError: as for `hide`.
    """
    wait_for_all_of(thing)
    resting = _demand_undecided(thing, seen)
    decision = write_decision(thing, by, Verdict.ASK, now, reason, text, after_rest=resting)
    with told_unless_undone(decision):
        put_out_of_sight(thing, decision, resting, now)
        notices.tell_authors(thing, decision, "asked", now)
        settle_flags(thing, decision, now)
    return decision


def keep(thing: Contributed, by: Person, now: datetime, text: str = "") -> Decision:
    """Keep it visible, or make it so when it had been set aside; those who flagged it are told that it was looked at.

    Raises:
        AlreadyDecidedError: nothing about it is open.
    """
    wait_for_all_of(thing)
    removal = removal_of(thing.id)
    if not is_flagged(thing.id) or (removal and removal.decision.verdict != Verdict.SET_ASIDE):
        raise AlreadyDecidedError
    rested_by = removal.decision if removal else None
    decision = write_decision(thing, by, Verdict.KEEP, now, text=text, after_rest=rested_by)
    with told_unless_undone(decision):
        if removal:
            bring_back(thing, removal.decision, now)
            notices.tell_authors(thing, decision, "restored", now)
        settle_flags(thing, decision, now)
    return decision


def publish(thing: Contributed, by: Person | None, now: datetime) -> Decision:
    """Show for the first time what the programme wanted looked at; `by` is None when it wants that no longer.

    Raises:
        AlreadyDecidedError: it does not wait for that.
    """
    wait_for_all_of(thing)
    check = check_of(thing.id)
    if check is None:
        raise AlreadyDecidedError
    decision = write_decision(thing, by, Verdict.PUBLISH, now, after_rest=check)
    with told_unless_undone(decision):
        bring_back(thing, check, now, publishes=True)
        notices.tell_authors(thing, decision, "published", now)
        settle_flags(thing, decision, now)
    return decision


def restore(thing: Contributed, by: Person, now: datetime, text: str = "") -> Decision:
    """Show it again and give its points back; this settles an open answer too.

    Raises:
        AlreadyDecidedError: it is not hidden.
    """
    if kept_id := kept_instead_of(thing.id):
        wait_for_activities({thing.id, kept_id})
    wait_for_all_of(thing)
    hidden_by = decision_in_force(thing)
    decision = write_decision(thing, by, Verdict.RESTORE, now, text=text)
    bring_back(thing, hidden_by, now, publishes=True)
    settle_answer(hidden_by, decision)
    settle_flags(thing, decision, now)
    notices.tell_authors(thing, decision, "restored", now)
    return decision


def uphold(thing: Contributed, by: Person, now: datetime, text: str = "") -> Decision:
    """Keep it hidden after reading the author's answer.

    Raises:
        AlreadyDecidedError: there is no open answer.
        OwnDecisionError: `by` hid it, and another moderator can look at the answer.
    """
    wait_for_turn(thing.id)
    hidden_by = decision_in_force(thing)
    answer = db.session.scalar(select(Appeal).where(is_open_appeal(hidden_by.id)))
    if answer is None:
        raise AlreadyDecidedError
    if not answer.is_changed and is_for_another(hidden_by, by):
        raise OwnDecisionError
    decision = write_decision(thing, by, Verdict.UPHOLD, now, hidden_by.reason, text)
    settle_answer(hidden_by, decision)
    notices.tell_authors(thing, decision, "upheld", now)
    return decision


def undo(thing: Contributed, by: Person, now: datetime) -> Decision:
    """Take back one's own decision about flags, if it is the last one: they are open again, and what had been set aside
    rests again.

    Raises:
        AlreadyDecidedError: the last decision is another one, or somebody else's.
    """
    wait_for_all_of(thing)
    last = last_decision(thing.id)
    if last is None or last.by_id != by.id or last.verdict not in UNDOABLE:
        raise AlreadyDecidedError
    if last.verdict == Verdict.PUBLISH:
        release(thing.id, None)
    unnoticed = call_off(last.id)
    decision = write_decision(thing, by, Verdict.REOPEN, now)
    if unnoticed:
        # Nobody has been told of it, so nobody is told that it was taken back.
        with keep_back():
            _take_back(thing, last, decision, now)
    else:
        _take_back(thing, last, decision, now)
        if not last.after_rest_id and last.verdict not in _SHOWING:
            notices.tell_authors(thing, decision, "restored", now)
    return decision


def _demand_undecided(thing: Contributed, seen: int | None) -> Decision | None:
    """The decision by which it rests, if it does."""
    removal, last = removal_of(thing.id), last_decision(thing.id)
    if seen is not None and seen != (last.id if last else 0):
        raise AlreadyDecidedError
    if removal:
        if removal.decision.rests:
            return removal.decision
        raise AlreadyDecidedError
    if last and last.verdict == Verdict.KEEP and not is_flagged(thing.id):
        raise AlreadyDecidedError
    return None


def _take_back(thing: Contributed, last: Decision, by: Decision, now: datetime) -> None:
    """What the last decision has done."""
    resting = db.session.get_one(Decision, last.after_rest_id) if last.after_rest_id else None
    if resting and last.verdict not in _SHOWING:
        rest_again(thing, last, resting, now)
    elif resting:
        put_out_of_sight(thing, resting, None, now)
    elif last.verdict not in _SHOWING:
        bring_back(thing, last, now)
    if last.verdict not in _SHOWING:
        settle_answer(last, by)
    reopen_flags(thing, last)
    if resting:
        reopen_answer(resting, last)
