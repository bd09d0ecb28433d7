"""Moderation: somebody asks for a look, a coordinator decides, the author may answer, and everybody concerned is told.

Points and the feed follow each decision. All decisions about one activity wait for each other (`Activity.hold`), so of
two coordinators who tap at once the second finds it decided.
"""

from datetime import datetime

from sqlalchemy import delete, insert, literal, select, update

from app.extensions import db
from app.models.activity import Activity, takes_part
from app.models.moderation import (
    Appeal,
    Decision,
    Removal,
    Report,
    Verdict,
    decided_in,
    is_reported,
    last_decision,
    open_appeal,
    open_reports,
    others_can_look,
    removal_of,
)
from app.models.person import Person
from app.services.feed import index as feed
from app.services.moderation import notices
from app.services.points import award


class AlreadyDecidedError(Exception):
    """Somebody else was quicker, or the same tap came twice."""


class OwnDecisionError(Exception):
    """Whoever decided it the first time is not the one to look at it again."""


def report_item(activity: Activity, by: Person, reason: str, text: str, now: datetime) -> Report:
    """Ask the coordinators to look. A person has one open report of an activity; again changes its words.

    Raises:
        AlreadyDecidedError: it has been hidden in the meantime.
    """
    activity.hold()
    if removal_of(activity.id):
        raise AlreadyDecidedError
    report = db.session.scalar(select(Report).where(*open_reports(activity.id), Report.by_id == by.id))
    if report is None:
        report = Report(activity_id=activity.id, by_id=by.id, reason=reason, text=text, at=now)
        db.session.add(report)
    else:
        report.reason, report.text = reason, text
    db.session.flush()
    notices.tell_moderators(activity, "reported", by=by, now=now)
    return report


def hide(activity: Activity, by: Person, reason: str, text: str, now: datetime) -> Decision:
    """Take it out of sight, softly: the record stays, the points go back, the author is told why and how to answer.

    Raises:
        AlreadyDecidedError: it is hidden, or was kept and nobody has reported it since.
    """
    activity.hold()
    last = last_decision(activity.id)
    if removal_of(activity.id) or (last and last.verdict == Verdict.KEEP and not is_reported(activity.id)):
        raise AlreadyDecidedError
    decision = _decide(activity, by, Verdict.HIDE, now, reason, text)
    db.session.add(Removal(activity_id=activity.id, decision_id=decision.id, at=now))
    db.session.flush()
    db.session.expire(activity, ["removal"])
    feed.take_down(activity)
    award.take_back(activity, _source(decision), "hidden", now)
    notices.tell_authors(activity, decision, "hidden", now)
    _settle_reports(activity, decision, now)
    return decision


def keep(activity: Activity, by: Person, now: datetime, text: str = "") -> Decision:
    """Let it stand; those who reported it are told that it was looked at.

    Raises:
        AlreadyDecidedError: nothing about it is open.
    """
    activity.hold()
    if removal_of(activity.id) or not is_reported(activity.id):
        raise AlreadyDecidedError
    decision = _decide(activity, by, Verdict.KEEP, now, text=text)
    _settle_reports(activity, decision, now)
    return decision


def restore(activity: Activity, by: Person, now: datetime, text: str = "") -> Decision:
    """Show it again, with its points; an answer that waited is settled by this.

    Raises:
        AlreadyDecidedError: it is not hidden.
    """
    activity.hold()
    hidden_by = _hidden_by(activity)
    decision = _decide(activity, by, Verdict.RESTORE, now, text=text)
    _show_again(activity, hidden_by, now)
    _settle_appeal(hidden_by, decision)
    notices.tell_authors(activity, decision, "restored", now)
    return decision


def uphold(activity: Activity, by: Person, now: datetime, text: str = "") -> Decision:
    """It stays hidden after the author's answer was read.

    Raises:
        AlreadyDecidedError: there is no open answer.
        OwnDecisionError: `by` hid it, and somebody else can look.
    """
    activity.hold()
    hidden_by = _hidden_by(activity)
    if hidden_by.by_id == by.id and others_can_look(by):
        raise OwnDecisionError
    if not db.session.scalar(select(Appeal.id).where(*open_appeal(hidden_by.id))):
        raise AlreadyDecidedError
    decision = _decide(activity, by, Verdict.UPHOLD, now, hidden_by.reason, text)
    _settle_appeal(hidden_by, decision)
    notices.tell_authors(activity, decision, "upheld", now)
    return decision


def undo(activity: Activity, by: Person, now: datetime) -> Decision:
    """Take back one's own decision to hide or keep, while it is the last one: its reports are open again.

    Raises:
        AlreadyDecidedError: the last decision is another one, or somebody else's.
    """
    activity.hold()
    last = last_decision(activity.id)
    if last is None or last.by_id != by.id or last.verdict not in (Verdict.HIDE, Verdict.KEEP):
        raise AlreadyDecidedError
    decision = _decide(activity, by, Verdict.REOPEN, now)
    if last.verdict == Verdict.HIDE:
        _show_again(activity, last, now)
        _settle_appeal(last, decision)
        notices.tell_authors(activity, decision, "restored", now)
    _reopen_reports(activity, last)
    return decision


def answer_back(activity: Activity, by: Person, text: str, now: datetime) -> Appeal:
    """The author's answer to being hidden: one for each decision; until it is settled, again changes its words.

    Raises:
        AlreadyDecidedError: it is not hidden, or the answer has been settled.
    """
    activity.hold()
    hidden_by = _hidden_by(activity)
    appeal = db.session.scalar(select(Appeal).where(Appeal.decision_id == hidden_by.id))
    if appeal is None:
        appeal = Appeal(activity_id=activity.id, decision_id=hidden_by.id, by_id=by.id, text=text, at=now)
        db.session.add(appeal)
    elif appeal.settled_by_id:
        raise AlreadyDecidedError
    else:
        appeal.by_id, appeal.text, appeal.at = by.id, text, now
    db.session.flush()
    notices.tell_moderators(activity, "answered", by=by, now=now)
    return appeal


def _decide(
    activity: Activity, by: Person, verdict: Verdict, now: datetime, reason: str = "", text: str = ""
) -> Decision:
    decision = Decision(
        activity_id=activity.id, by_id=by.id, verdict=verdict.value, reason=reason, text=text, at=now
    )
    db.session.add(decision)
    db.session.flush()
    here = select(takes_part.c.municipality_id, literal(decision.id)).where(
        takes_part.c.activity_id == activity.id
    )
    db.session.execute(insert(decided_in).from_select(["municipality_id", "decision_id"], here))
    return decision


def _show_again(activity: Activity, hidden_by: Decision, now: datetime) -> None:
    db.session.execute(delete(Removal).where(Removal.decision_id == hidden_by.id))
    db.session.expire(activity, ["removal"])
    feed.put_back(activity)
    award.give_again(activity, _source(hidden_by), "restored", now)


def _hidden_by(activity: Activity) -> Decision:
    removal = removal_of(activity.id)
    if removal is None:
        raise AlreadyDecidedError
    return removal.decision


def _settle_reports(activity: Activity, decision: Decision, now: datetime) -> None:
    reporters = list(db.session.scalars(select(Report.by_id).where(*open_reports(activity.id))))
    db.session.execute(update(Report).where(*open_reports(activity.id)).values(decision_id=decision.id))
    notices.tell_reporters(activity, decision, reporters, now)


def _reopen_reports(activity: Activity, settled_by: Decision) -> None:
    """Except those of people who have reported it again meanwhile: one open report a person."""
    again = select(Report.by_id).where(*open_reports(activity.id)).scalar_subquery()
    theirs = (Report.decision_id == settled_by.id, Report.by_id.not_in(again))
    db.session.execute(
        update(Report).where(*theirs).values(decision_id=None),
        execution_options={"synchronize_session": False},
    )


def _settle_appeal(hidden_by: Decision, decision: Decision) -> None:
    db.session.execute(update(Appeal).where(*open_appeal(hidden_by.id)).values(settled_by_id=decision.id))


def _source(decision: Decision) -> str:
    """How the ledger names the cause; giving again names the same one."""
    return f"removal:{decision.id}"
