"""One tap closes out: what came of a plan on its day, answered by whoever holds its address, without a session.

An answer stands until it is undone. The same one again changes nothing; another one takes its place as long as the
first may be undone, and otherwise the first stands.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime

from app.extensions import db
from app.models.activity import Activity
from app.models.close_out import Choice, CloseOut
from app.models.outcome import Hindrance
from app.models.person import Person
from app.services.activities.close_out_days import days_left, week_on
from app.services.activities.close_out_undo import may_be_undone, undo_answer
from app.services.activities.plan import move_activity
from app.services.activities.report import Report, report_outcome, standing_report
from app.services.activities.visibility import whole_activity
from app.services.notifications.close_address import CloseToken
from app.services.notifications.inbox import mark_answered
from app.services.programme.clock import local_today
from app.services.sums.turns import wait_for_all_around


class NoDayLeftError(ValueError):
    """The stage has no day of acting left to which it could be moved."""


@dataclass
class Question:
    """How it went, asked of one person; `answer` is None as long as there is none."""

    activity: Activity
    person: Person
    day: date
    answer: CloseOut | None

    @property
    def choice(self) -> Choice | None:
        return Choice(self.answer.choice) if self.answer else None


@dataclass(frozen=True)
class Answered:
    """How it went, asked of one person, of whom it is known already because `by` does it with them and was first."""

    activity: Activity
    person: Person
    day: date
    by: Person
    choice: Choice
    moved_to: date | None = None


@dataclass(frozen=True)
class Account:
    """What is said beside the tap: a rating of what was done, what came in between of what was not, and a sentence for
    the next one who tries."""

    rating: int | None = None
    hindrance: Hindrance | None = None
    sentence: str = ""


def question_of(token: CloseToken | None, now: datetime) -> Question | None:
    """None when there is nothing to be answered by it: it has run out, the activity is another person's, out of sight,
    reported otherwise or planned for another day. Whoever holds the address is not told which."""
    found = _asked(token)
    if token is None or found is None:
        return None
    activity, person, answer = found
    if answer:
        still_theirs = answer.person_id == person.id and _stands(answer, activity)
    else:
        still_theirs = activity.is_open and activity.planned_for == token.day <= local_today(now)
    return Question(activity, person, token.day, answer) if still_theirs else None


def answered_by_another(token: CloseToken | None) -> Answered | None:
    """What one who does it together with the address's person has answered or reported, if that stands. None also when
    there is nothing left that the address may show."""
    found = _asked(token)
    if token is None or found is None:
        return None
    activity, person, answer = found
    if answer and answer.person_id != person.id and _stands(answer, activity):
        by = db.session.get_one(Person, answer.person_id)
        return Answered(activity, person, token.day, by, Choice(answer.choice), answer.moved_to)
    report = activity.outcome
    if answer or report is None or report.by_id == person.id or activity.planned_for != token.day:
        return None
    choice = Choice.DONE if report.carried_out else Choice.NOT
    return Answered(activity, person, token.day, report.by, choice)


def question_in_turn(token: CloseToken | None, now: datetime) -> Question | None:
    """The same for an answer: from now on everybody else who would change the activity waits."""
    activity = db.session.get(Activity, token.activity_id) if token else None
    if activity is None:
        return None
    wait_for_all_around(activity)
    db.session.expire_all()
    return question_of(token, now)


def close_out(question: Question, choice: Choice, now: datetime) -> None:
    """Answer with one tap. The caller has waited for its turn (`question_in_turn`).

    Raises:
        NoDayLeftError: when it cannot be moved within its stage.
    """
    if choice is question.choice:
        return
    if choice is Choice.MOVED and week_on(question.activity, question.day, now) is None:
        raise NoDayLeftError
    if question.answer and not undo(question, now):
        return
    answer = CloseOut(
        activity_id=question.activity.id,
        day=question.day,
        person_id=question.person.id,
        choice=choice.value,
        at=now,
    )
    (_move if choice is Choice.MOVED else _report)(question, answer, now)
    db.session.add(answer)
    db.session.flush()
    question.answer = answer
    # What asked is answered: no device needs to ask any more.
    mark_answered(question.person, f"{question.activity.path}/outcome", now)


def undo(question: Question, now: datetime) -> bool:
    """Take the answer back as if it had never been given; whether there is none any more."""
    if question.answer and may_be_undone(question.answer, now):
        undo_answer(question.activity, question.person, question.answer, now)
        question.answer = None
    return question.answer is None


def move_on(question: Question, to: date, now: datetime) -> None:
    """Choose another day for what was moved. The same day again changes nothing, also when it has come.

    Raises:
        NoDayLeftError: when that day does not lie within the stage's acting, or has come already.
    """
    if question.answer is None or question.choice is not Choice.MOVED or to == question.answer.moved_to:
        return
    if to not in days_left(question.activity, now):
        raise NoDayLeftError
    move_activity(question.activity, to, question.activity.starts_at, by=question.person, now=now)
    question.answer.moved_to = to


def tell_more(question: Question, account: Account, now: datetime) -> None:
    """Add to the report what one tap could not say. Sent again, it replaces what was said before."""
    standing = standing_report(question.activity)
    if question.answer is None or standing is None:
        return
    report = _with_account(standing, account)
    if report != standing:
        report_outcome(question.activity, report, by=question.person, now=now, celebrates=False)
    question.answer.stamp, question.answer.told_at = report.stamp, now


def _asked(token: CloseToken | None) -> tuple[Activity, Person, CloseOut | None] | None:
    """What the address is about, whose it is, and what has been answered; None when they do not make it, or when it is
    out of sight."""
    activity = whole_activity(token.activity_id) if token else None
    person = db.session.get(Person, token.person_id) if token else None
    if token is None or activity is None or person is None or not person.is_present:
        return None
    if not activity.is_owned_by(person) or not activity.is_workable:
        return None
    return activity, person, db.session.get(CloseOut, (activity.id, token.day))


def _with_account(report: Report, account: Account) -> Report:
    if report.carried_out:
        return replace(report, rating=account.rating, success=account.sentence)
    return replace(report, hindrance=account.hindrance, pitfall=account.sentence)


def _move(question: Question, answer: CloseOut, now: datetime) -> None:
    activity, to = question.activity, week_on(question.activity, question.day, now)
    if to is None:
        raise NoDayLeftError
    move_activity(activity, to, activity.starts_at, by=question.person, now=now)
    answer.moved_to = to


def _report(question: Question, answer: CloseOut, now: datetime) -> None:
    report = Report(carried_out=answer.choice == Choice.DONE, rating=None)
    report_outcome(question.activity, report, by=question.person, now=now, celebrates=False)
    answer.stamp = report.stamp


def _stands(answer: CloseOut, activity: Activity) -> bool:
    """Nobody has moved or reported it otherwise since."""
    if answer.moved_to:
        return activity.is_open and activity.planned_for == answer.moved_to
    standing = standing_report(activity)
    return standing is not None and standing.stamp == answer.stamp
