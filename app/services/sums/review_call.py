"""Tells those who look at completions that one waits: while a day's message is unread, it counts those that follow."""

from datetime import datetime
from typing import Final

from sqlalchemy import func, select

from app.extensions import db
from app.models.activity import Activity
from app.models.contribution import moderators_of
from app.models.notification import Kind, Notification
from app.models.undertaking import ChallengeReview
from app.services.notifications.notify import notify
from app.services.programme.clock import programme_zone, start_of_day

_QUEUE: Final = "/challenges/reviews"


def call_for_review(activity: Activity, now: datetime) -> None:
    """Tell the coordinators of the municipalities that take part, or the leads if there are none; not its makers."""
    reviewers = moderators_of(activity.id, activity.owner_ids())
    still_to_be_read = _unread_calls_of_today(reviewers, now)
    for call in still_to_be_read.values():
        call.parameters = {**call.parameters, "others": call.parameters["others"] + 1}
    reviews = select(func.count()).where(ChallengeReview.activity_id == activity.id)
    notify(
        reviewers - still_to_be_read.keys(),
        Kind.CHALLENGE,
        key=f"challenge-waits:{activity.id}:{db.session.scalar(reviews)}",
        url=_QUEUE,
        parameters={"event": "waiting", "title": activity.title, "others": 0},
        now=now,
    )


def _unread_calls_of_today(person_ids: set[int], now: datetime) -> dict[int, Notification]:
    """By person."""
    unread = select(Notification).where(Notification.person_id.in_(person_ids), Notification.is_unread)
    of_today = Notification.created_at >= start_of_day(now, programme_zone())
    calls = db.session.scalars(unread.where(Notification.url == _QUEUE, of_today))
    return {call.person_id: call for call in calls}
