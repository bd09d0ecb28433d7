"""What is good and what comes in a coordinator's municipality; how many are quiet is in quiet.py."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Date, bindparam, select

from app.extensions import db
from app.models.activity import Activity, is_made_by
from app.models.contribution import is_visible, takes_part
from app.models.feed import FeedItem, FeedKind, FeedScope
from app.models.outcome import Outcome, is_reported
from app.models.person import Person
from app.models.stage import Stage
from app.services.activities.wholes import whole_activities
from app.services.programme.clock import local_today

_WEEK: Final = timedelta(days=7)
_MOST: Final = 3
_GOOD_RATING: Final = 4


def good_lately(viewer: Person, now: datetime) -> Sequence[Activity]:
    """What went well in the viewer's municipality in the last seven days, the best first; never their own."""
    reported = (
        select(Outcome.activity_id)
        .join(FeedItem, FeedItem.contribution_id == Outcome.activity_id)
        .join(FeedScope, FeedScope.item_id == FeedItem.id)
        .join(Activity, Activity.id == Outcome.activity_id)
        .where(
            FeedScope.scope == f"m:{viewer.municipality_id}",
            FeedScope.at >= now - _WEEK,
            FeedItem.kind == FeedKind.REPORTED,
            Outcome.carried_out,
            Outcome.rating >= _GOOD_RATING,
            ~is_made_by(viewer.id, Activity),
        )
        .order_by(Outcome.rating.desc(), FeedScope.at.desc(), FeedScope.item_id.desc())
        .limit(_MOST)
    )
    numbers = list(db.session.scalars(reported))
    found = {activity.id: activity for activity in whole_activities(numbers)}
    return [found[number] for number in numbers if number in found]


def coming_up(viewer: Person, stage: Stage, now: datetime) -> Sequence[Activity]:
    """The next plans of the municipality, the soonest first."""
    coming = (
        select(Activity.id)
        .join(takes_part, takes_part.c.contribution_id == Activity.id)
        .where(
            takes_part.c.municipality_id == viewer.municipality_id,
            Activity.stage_id == stage.id,
            Activity.planned_for >= bindparam("today", local_today(now), type_=Date),
            is_visible(Activity.id),
            ~is_reported(Activity.id),
        )
        .order_by(Activity.planned_for, Activity.id)
        .limit(_MOST)
    )
    found = {activity.id: activity for activity in whole_activities(list(db.session.scalars(coming)))}
    return sorted(found.values(), key=lambda one: (one.planned_for, one.id))
