"""What moderation does to an activity: out of sight and out of the figures, and back."""

from datetime import datetime

from app.models.activity import Activity
from app.services.feed import index as feed
from app.services.sums.settle import settle


def take_down_activity(activity: Activity, now: datetime) -> None:
    """After it has been hidden."""
    feed.take_down(activity.id)
    settle(activity, now)


def show_activity_again(activity: Activity, now: datetime) -> None:
    """After its removal has been deleted."""
    feed.refresh(activity)
    settle(activity, now)
