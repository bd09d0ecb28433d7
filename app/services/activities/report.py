"""Report an outcome: what came of an activity, and what others can learn from it."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from sqlalchemy import select

from app.extensions import db
from app.models.activity import Activity
from app.models.outcome import Outcome, Permission, Tip, TipKind
from app.models.person import Person
from app.services.activities.locking import OvertakenError, lock_visible
from app.services.feed import index as feed
from app.services.points import award
from app.services.programme.clock import local_today


@dataclass(frozen=True)
class Report:
    """What the form asks for. `rating` is 1–5, and None when it did not come off."""

    carried_out: bool
    rating: int | None
    story: str = ""
    reached: int = 0
    success: str = ""
    pitfall: str = ""
    permission: Permission = Permission.NONE

    @property
    def stamp(self) -> str:
        """Tells one report from another."""
        return sha256(repr(self).encode()).hexdigest()[:16]


def standing_report(activity: Activity) -> Report | None:
    """What has been reported, as it is kept now."""
    outcome = db.session.get(Outcome, activity.id, populate_existing=True)
    if outcome is None:
        return None
    its_tips = select(Tip.kind, Tip.text).where(Tip.activity_id == activity.id)
    lessons: dict[str, str] = dict(db.session.execute(its_tips).all())
    return Report(
        carried_out=outcome.carried_out,
        rating=outcome.rating,
        story=outcome.story,
        reached=outcome.reached,
        success=lessons.get(TipKind.SUCCESS, ""),
        pitfall=lessons.get(TipKind.PITFALL, ""),
        permission=Permission(outcome.permission),
    )


def report_outcome(
    activity: Activity, report: Report, *, by: Person, now: datetime, seen: str | None = None
) -> Outcome:
    """The one outcome of the activity: written the first time, changed after that.

    Only the first report moves the activity in the feed; a lesson that is added later still earns its points.

    `seen` is the stamp of the report that this one was written over, empty for none; None writes over any.

    Raises:
        ClosedError: when it has been withdrawn or hidden in the meantime.
        OvertakenError: when somebody else's report, and another than this one, stands there that was not `seen`.
    """
    lock_visible(activity)
    standing = standing_report(activity)
    if seen is not None and standing not in (None, report) and standing.stamp != seen:
        raise OvertakenError
    outcome = db.session.get(Outcome, activity.id)
    if outcome is None:
        outcome = Outcome(activity_id=activity.id, by_id=by.id, at=now)
        db.session.add(outcome)
    _write(outcome, report)
    _date_as_past(activity, now)
    _keep_lesson(activity, TipKind.SUCCESS, report.success, by, now)
    _keep_lesson(activity, TipKind.PITFALL, report.pitfall, by, now)
    db.session.flush()
    db.session.expire(activity, ["outcome", "tips"])
    feed.show_reported(activity, now)
    award.award_report(activity, by, _news(standing, report), now)
    return outcome


def _news(standing: Report | None, report: Report) -> list[str]:
    """What this report brings that the one before it did not: reasons of the points policy."""
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


def _date_as_past(activity: Activity, now: datetime) -> None:
    """What is reported is no longer ahead of us; the figures count by this date."""
    today = local_today(now)
    if activity.planned_for is None or activity.planned_for > today:
        activity.planned_for = today


def _keep_lesson(activity: Activity, kind: TipKind, text: str, by: Person, now: datetime) -> None:
    """A lesson follows its text: new, changed or gone."""
    tip = db.session.scalar(select(Tip).where(Tip.activity_id == activity.id, Tip.kind == kind.value))
    if tip and not text:
        db.session.delete(tip)
    elif tip:
        tip.text, tip.focus_area_id = text, activity.focus_area_id
    elif text:
        db.session.add(
            Tip(
                activity_id=activity.id,
                focus_area_id=activity.focus_area_id,
                kind=kind.value,
                text=text,
                by_id=by.id,
                at=now,
            )
        )
