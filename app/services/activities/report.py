"""Report an outcome: what came of an activity, and what others can learn from it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from hashlib import sha256
from types import MappingProxyType

from sqlalchemy import select

from app.extensions import db
from app.models.activity import Activity
from app.models.contribution import is_withdrawn
from app.models.outcome import Hindrance, Outcome, Permission, has_pictures
from app.models.person import Person
from app.models.programme import Check
from app.models.tip import Tip, TipKind
from app.services.activities.checks import checked
from app.services.activities.heeding import answer_whether_they_helped
from app.services.activities.locking import OvertakenError, demand_workable
from app.services.activities.promise import keep_ticks, ticked_in
from app.services.activities.returned import answer_question
from app.services.activities.tips import keep_lessons, lessons_of
from app.services.feed import index as feed
from app.services.points import award
from app.services.programme.clock import local_today
from app.services.sums.settle import settle
from app.services.sums.turns import wait_for_all_around


@dataclass(frozen=True)
class Report:
    """What the form asks for. `rating` is 1–5, or None when the activity was not carried out; one tap that closes it
    gives none either."""

    carried_out: bool
    rating: int | None
    story: str = ""
    reached: int = 0
    success: str = ""
    pitfall: str = ""
    permission: Permission = Permission.NONE
    hindrance: Hindrance | None = None
    #: The places in the checklist of the challenge that it takes on, in order.
    ticked: tuple[int, ...] = ()

    @property
    def stamp(self) -> str:
        """A short hash: different for different reports."""
        return sha256(repr(self).encode()).hexdigest()[:16]


def standing_report(activity: Activity) -> Report | None:
    """What has been reported so far, as the database has it now."""
    outcome = _outcome_of(activity)
    return _report_in(outcome) if outcome else None


def _outcome_of(activity: Activity) -> Outcome | None:
    return db.session.get(Outcome, activity.id, populate_existing=True)


def _report_in(outcome: Outcome) -> Report:
    lessons = lessons_of(outcome.activity_id)
    return Report(
        carried_out=outcome.carried_out,
        rating=outcome.rating,
        story=outcome.story,
        reached=outcome.reached,
        success=lessons.get(TipKind.SUCCESS, ""),
        pitfall=lessons.get(TipKind.PITFALL, ""),
        permission=Permission(outcome.permission),
        hindrance=Hindrance(outcome.hindrance) if outcome.hindrance else None,
        ticked=ticked_in(outcome.activity_id),
    )


def report_outcome(
    activity: Activity,
    report: Report,
    helped: Mapping[int, bool] = MappingProxyType({}),
    *,
    answer: str = "",
    by: Person,
    now: datetime,
    based_on: str | None = None,
    celebrates: bool = True,
) -> Outcome:
    """Write the activity's one outcome the first time, and change it after that.

    Only the first report moves the activity in the feed, and is followed by a page that celebrates what it brought;
    without one (`celebrates`) badges are told of. A lesson that is added later still earns its points. `helped` are the
    answers about the tips that the plan took into account, by the tip's number; `answer` is what is said to a
    coordinator who has sent it back.

    `based_on` is the stamp of the report that the writer saw, empty if there was none; None skips the check.

    Raises:
        ClosedError: when it has been withdrawn or hidden in the meantime.
        OvertakenError: when there is another report by now, which the writer has not seen.
        UnansweredError: when a coordinator has sent it back, and nothing has been changed or said.
    """
    wait_for_all_around(activity)
    demand_workable(activity)
    outcome = _outcome_of(activity)
    standing = _report_in(outcome) if outcome else None
    if based_on is not None and standing not in (None, report) and standing.stamp != based_on:
        raise OvertakenError
    answer_question(activity.id, _changes(standing, report), answer)
    if outcome is None:
        outcome = Outcome(activity_id=activity.id, by_id=by.id, at=now)
        db.session.add(outcome)
    _write(outcome, report)
    _date_as_past(activity, now)
    keep_ticks(activity, report.ticked)
    lessons = {TipKind.SUCCESS: report.success, TipKind.PITFALL: report.pitfall}
    keep_lessons(activity, lessons, by, now)
    answer_whether_they_helped(activity, helped)
    db.session.flush()
    db.session.expire(activity, ["outcome", "tips"])
    with checked(activity, by, _to_look_at(activity.id, standing, report), now) as waits:
        feed.show_reported(activity, now)
        if not waits:
            award.award_report(activity, by, _news(standing, report), now)
        settle(activity, now, celebrated_id=by.id if celebrates and not standing else None)
    return outcome


def award_what_waited(activity: Activity, since: datetime, now: datetime) -> None:
    """Once it is published: what has come since it began to wait earns as if it came now."""
    if activity.created_at >= since:
        award.award_plan(activity, now)
    outcome = db.session.get(Outcome, activity.id)
    if outcome is None:
        return
    lessons = select(Tip.kind_of_tip, Tip.text).where(
        Tip.activity_id == activity.id, Tip.at >= since, ~is_withdrawn(Tip.id)
    )
    news = [kind for kind, text in db.session.execute(lessons) if award.says_something(text)]
    reported = ["report"] if outcome.at >= since else []
    if reported or news:
        award.award_report(activity, outcome.by, [*reported, *news], now)


def _to_look_at(activity_id: int, standing: Report | None, report: Report) -> Iterator[Check]:
    """What the report brings that a programme may want looked at. Its pictures count with the first one; those that
    come later do so themselves (photos.py)."""
    if standing is None:
        yield Check.ALL
    if standing is None and db.session.scalar(select(has_pictures(activity_id))):
        yield Check.PHOTOS
    was_external = standing is not None and standing.permission is Permission.EXTERNAL
    if report.permission is Permission.EXTERNAL and not was_external:
        yield Check.EXTERNAL_USE


def _changes(standing: Report | None, report: Report) -> list[str]:
    """The names of the answers that are others than before."""
    return [
        one.name for one in fields(Report) if getattr(standing, one.name, None) != getattr(report, one.name)
    ]


def _news(standing: Report | None, report: Report) -> list[str]:
    """What this report has that the one before did not: reasons of the points policy."""
    lessons = {
        TipKind.SUCCESS.value: (standing.success if standing else "", report.success),
        TipKind.PITFALL.value: (standing.pitfall if standing else "", report.pitfall),
    }
    added = [
        kind
        for kind, (before, after) in lessons.items()
        if award.says_something(after) and not award.says_something(before)
    ]
    return added if standing else ["report", *added]


def _write(outcome: Outcome, report: Report) -> None:
    outcome.carried_out = report.carried_out
    outcome.rating = report.rating if report.carried_out else None
    outcome.story = report.story
    outcome.reached = report.reached if report.carried_out else 0
    outcome.permission = report.permission.value
    outcome.hindrance = report.hindrance.value if report.hindrance and not report.carried_out else None


def _date_as_past(activity: Activity, now: datetime) -> None:
    """Something that is reported has happened, so its date may not be in the future: the figures count by it."""
    today = local_today(now)
    if activity.planned_for is None or activity.planned_for > today:
        activity.planned_for, activity.starts_at = today, None
