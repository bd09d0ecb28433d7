"""Takes an answer back whole, as if it had never been given: the report with its points, badges, sums and its place in
the feed, or the day that it was moved to.

The rule: within ten minutes, and only while nothing else hangs on it. What was said beside the tap stands, and whoever
wants it otherwise changes the report. So does one that somebody has given a spark, commented on, borrowed, lifted,
flagged, decided about, or asked about the points of.
"""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import exists, or_, select

from app.extensions import db
from app.models.activity import Activity
from app.models.adoption import Adoption
from app.models.best_practice import BestPractice
from app.models.close_out import CloseOut
from app.models.comment import Comment
from app.models.contribution import Cheer
from app.models.ledger import PointEntry
from app.models.moderation import Decision, Flag, Verdict
from app.models.outcome import Outcome
from app.models.person import Person
from app.models.point_question import PointQuestion
from app.models.undertaking import ChallengeReview
from app.services.activities.plan import move_activity
from app.services.badges.concerned import people_around
from app.services.badges.settle import forget_earned
from app.services.feed import index as feed
from app.services.sums.settle import settle
from app.services.sums.undone_reports import give_up_empty_squares

UNDO_WITHIN: Final = timedelta(minutes=10)


def may_be_undone(answer: CloseOut, now: datetime) -> bool:
    """Whether the rule above lets it be taken back; the caller knows that the answer still stands."""
    if now - answer.at > UNDO_WITHIN or answer.told_at:
        return False
    return bool(answer.moved_to) or not _others_hang_on(answer)


def undo_answer(activity: Activity, person: Person, answer: CloseOut, now: datetime) -> None:
    """The caller has made others wait, and asked whether it may be undone."""
    if answer.moved_to:
        move_activity(activity, answer.day, activity.starts_at, by=person, now=now)
    else:
        _unreport(activity, answer.at, now)
    db.session.delete(answer)
    db.session.flush()


def _unreport(activity: Activity, reported_at: datetime, now: datetime) -> None:
    concerned = people_around(activity.id)
    db.session.delete(db.session.get_one(Outcome, activity.id))
    db.session.flush()
    db.session.expire(activity, ["outcome"])
    feed.show_unreported(activity)
    settle(activity, now, concerned=concerned)
    give_up_empty_squares(activity)
    forget_earned(concerned, reported_at)


def _others_hang_on(answer: CloseOut) -> bool:
    about, since = answer.activity_id, answer.at
    asked = exists().where(PointQuestion.entry_id == PointEntry.id, PointEntry.contribution_id == about)
    hanging = (
        exists().where(Cheer.contribution_id == about, Cheer.at >= since),
        exists().where(Comment.about_id == about, Comment.created_at >= since),
        exists().where(BestPractice.contribution_id == about, BestPractice.at >= since),
        exists().where(Flag.contribution_id == about, Flag.at >= since),
        exists().where(
            Decision.contribution_id == about, Decision.at >= since, Decision.verdict != Verdict.CHECK
        ),
        exists().where(Adoption.origin_id == about, Adoption.at >= since),
        exists().where(ChallengeReview.activity_id == about, ChallengeReview.at >= since),
        asked,
    )
    return bool(db.session.scalar(select(or_(*hanging))))
