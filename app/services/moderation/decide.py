"""Moderation: somebody flags a thing, a coordinator decides, the author may answer, and everybody concerned is told.

Points and the feed follow each decision. Decisions about one thing wait for each other, so when two coordinators tap at
the same time, the second finds it decided. What can be decided about is in app/services/moderation/moderated_kinds.py.
"""

from datetime import datetime

from sqlalchemy import delete, insert, literal, select, update

from app.extensions import db
from app.models.contribution import Contributed, Removal, takes_part, wait_for_turn
from app.models.moderation import (
    Appeal,
    Decision,
    Flag,
    Verdict,
    decided_in,
    is_flagged,
    is_open_appeal,
    is_open_flag,
    last_decision,
    others_can_look,
    removal_of,
)
from app.models.person import Person
from app.services.moderation import notices
from app.services.moderation.moderated_kinds import show_again, take_down, wait_for_all_of
from app.services.points import award


class AlreadyDecidedError(Exception):
    """Somebody else was quicker, or the same tap came twice."""


class OwnDecisionError(Exception):
    """An answer to one's own decision is for another moderator."""


def flag(thing: Contributed, by: Person, reason: str, text: str, now: datetime) -> Flag:
    """Ask the coordinators to look. A person has one open flag on a thing; flagging it again changes its text.

    Raises:
        AlreadyDecidedError: it has been hidden in the meantime.
    """
    wait_for_turn(thing.id)
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
    return open_flag


def hide(thing: Contributed, by: Person, reason: str, text: str, now: datetime) -> Decision:
    """Take it out of sight. It is not deleted; its points are taken back, and its authors are told why and may answer.

    Raises:
        AlreadyDecidedError: it is hidden, or was kept and nobody has flagged it since.
    """
    wait_for_all_of(thing)
    last = last_decision(thing.id)
    if removal_of(thing.id) or (last and last.verdict == Verdict.KEEP and not is_flagged(thing.id)):
        raise AlreadyDecidedError
    decision = _decide(thing, by, Verdict.HIDE, now, reason, text)
    db.session.add(Removal(contribution_id=thing.id, decision_id=decision.id, at=now))
    db.session.flush()
    db.session.expire(thing, ["removal"])
    award.take_back(thing, _source(decision), "hidden", now)
    take_down(thing, now)
    notices.tell_authors(thing, decision, "hidden", now)
    _settle_flags(thing, decision, now)
    return decision


def keep(thing: Contributed, by: Person, now: datetime, text: str = "") -> Decision:
    """Keep it visible; those who flagged it are told that it was looked at.

    Raises:
        AlreadyDecidedError: nothing about it is open.
    """
    wait_for_turn(thing.id)
    if removal_of(thing.id) or not is_flagged(thing.id):
        raise AlreadyDecidedError
    decision = _decide(thing, by, Verdict.KEEP, now, text=text)
    _settle_flags(thing, decision, now)
    return decision


def restore(thing: Contributed, by: Person, now: datetime, text: str = "") -> Decision:
    """Show it again and give its points back; this settles an open answer too.

    Raises:
        AlreadyDecidedError: it is not hidden.
    """
    wait_for_all_of(thing)
    hidden_by = _hidden_by(thing)
    decision = _decide(thing, by, Verdict.RESTORE, now, text=text)
    _show_again(thing, hidden_by, now)
    _settle_appeal(hidden_by, decision)
    notices.tell_authors(thing, decision, "restored", now)
    return decision


def uphold(thing: Contributed, by: Person, now: datetime, text: str = "") -> Decision:
    """Keep it hidden after reading the author's answer.

    Raises:
        AlreadyDecidedError: there is no open answer.
        OwnDecisionError: `by` hid it, and another moderator can look at the answer.
    """
    wait_for_turn(thing.id)
    hidden_by = _hidden_by(thing)
    if hidden_by.by_id == by.id and others_can_look(by):
        raise OwnDecisionError
    if not db.session.scalar(select(Appeal.id).where(is_open_appeal(hidden_by.id))):
        raise AlreadyDecidedError
    decision = _decide(thing, by, Verdict.UPHOLD, now, hidden_by.reason, text)
    _settle_appeal(hidden_by, decision)
    notices.tell_authors(thing, decision, "upheld", now)
    return decision


def undo(thing: Contributed, by: Person, now: datetime) -> Decision:
    """Take back one's own decision to hide or keep, if it is the last one: its flags are open again.

    Raises:
        AlreadyDecidedError: the last decision is another one, or somebody else's.
    """
    wait_for_all_of(thing)
    last = last_decision(thing.id)
    if last is None or last.by_id != by.id or last.verdict not in (Verdict.HIDE, Verdict.KEEP):
        raise AlreadyDecidedError
    decision = _decide(thing, by, Verdict.REOPEN, now)
    if last.verdict == Verdict.HIDE:
        _show_again(thing, last, now)
        _settle_appeal(last, decision)
        notices.tell_authors(thing, decision, "restored", now)
    _reopen_flags(thing, last)
    return decision


def answer_back(thing: Contributed, by: Person, text: str, now: datetime) -> Appeal:
    """Answer, as an author, a decision to hide. One answer for each; until it is settled, the text can be changed.

    Raises:
        AlreadyDecidedError: it is not hidden, or the answer has been settled.
    """
    wait_for_turn(thing.id)
    hidden_by = _hidden_by(thing)
    appeal = db.session.scalar(select(Appeal).where(Appeal.decision_id == hidden_by.id))
    if appeal is None:
        appeal = Appeal(contribution_id=thing.id, decision_id=hidden_by.id, by_id=by.id, text=text, at=now)
        db.session.add(appeal)
    elif appeal.settled_by_id:
        raise AlreadyDecidedError
    else:
        appeal.by_id, appeal.text, appeal.at = by.id, text, now
    db.session.flush()
    notices.tell_moderators(thing, "answered", by=by, now=now)
    return appeal


def _decide(
    thing: Contributed, by: Person, verdict: Verdict, now: datetime, reason: str = "", text: str = ""
) -> Decision:
    decision = Decision(
        contribution_id=thing.id, by_id=by.id, verdict=verdict.value, reason=reason, text=text, at=now
    )
    db.session.add(decision)
    db.session.flush()
    here = select(takes_part.c.municipality_id, literal(decision.id)).where(
        takes_part.c.contribution_id == thing.id
    )
    db.session.execute(insert(decided_in).from_select(["municipality_id", "decision_id"], here))
    return decision


def _show_again(thing: Contributed, hidden_by: Decision, now: datetime) -> None:
    db.session.execute(delete(Removal).where(Removal.decision_id == hidden_by.id))
    db.session.expire(thing, ["removal"])
    award.give_again(thing, _source(hidden_by), "restored", now)
    show_again(thing, now)


def _hidden_by(thing: Contributed) -> Decision:
    removal = removal_of(thing.id)
    if removal is None:
        raise AlreadyDecidedError
    return removal.decision


def _settle_flags(thing: Contributed, decision: Decision, now: datetime) -> None:
    flagged_by = list(db.session.scalars(select(Flag.by_id).where(is_open_flag(thing.id))))
    db.session.execute(update(Flag).where(is_open_flag(thing.id)).values(decision_id=decision.id))
    notices.tell_who_flagged(thing, decision, flagged_by, now)


def _reopen_flags(thing: Contributed, settled_by: Decision) -> None:
    """Except the flags of people who have flagged it again meanwhile: a person has at most one open flag."""
    flagged_again = select(Flag.by_id).where(is_open_flag(thing.id)).scalar_subquery()
    flags = (Flag.decision_id == settled_by.id, Flag.by_id.not_in(flagged_again))
    db.session.execute(
        update(Flag).where(*flags).values(decision_id=None),
        execution_options={"synchronize_session": False},
    )


def _settle_appeal(hidden_by: Decision, decision: Decision) -> None:
    db.session.execute(update(Appeal).where(is_open_appeal(hidden_by.id)).values(settled_by_id=decision.id))


def _source(decision: Decision) -> str:
    """The cause as the ledger names it, the same for taking back and for giving again."""
    return f"removal:{decision.id}"
