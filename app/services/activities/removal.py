"""What moderation does to an activity: out of sight and out of the figures, and back."""

from datetime import datetime

from sqlalchemy import select

from app.extensions import db
from app.models.activity import Activity
from app.models.tip import Tip
from app.services.activities.notices import tell_who_comes
from app.services.feed import index as feed
from app.services.people.queue import let_in
from app.services.sums.credits import settle_credits_for
from app.services.sums.settle import settle


def take_down_activity(activity: Activity, now: datetime) -> None:
    """After it has been hidden."""
    feed.take_down(activity.id)
    settle_all_of(activity, now)
    tell_who_comes(activity, {"event": "hidden"}, f"hidden:{activity.id}:{now.isoformat()}", now)


def show_activity_again(activity: Activity, now: datetime) -> None:
    """After its removal has been deleted."""
    feed.refresh(activity)
    settle_all_of(activity, now)
    tell_who_comes(activity, {"event": "restored"}, f"shown:{activity.id}:{now.isoformat()}", now)
    let_in(activity.id, now)


def settle_all_of(activity: Activity, now: datetime) -> None:
    """Also what others earn it: as an idea, and by its lessons, which go with it."""
    settle(activity, now)
    lessons = db.session.scalars(select(Tip.id).where(Tip.activity_id == activity.id))
    settle_credits_for([activity.id, *lessons], now)
