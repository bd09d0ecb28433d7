"""Everything that is counted from one activity, settled by one call after whatever has happened to it."""

from datetime import datetime

from app.extensions import db
from app.models.activity import Activity
from app.models.search import SearchKind
from app.services.search import index as search_index
from app.services.sums.adoptions import settle_adoptions
from app.services.sums.evidence import tips_around, weigh
from app.services.sums.squares import count_in_squares
from app.services.sums.undertakings import settle_undertaking


def settle(activity: Activity, now: datetime) -> None:
    """Make the running figures, and what it is found by, be what the activity is by now: planned, changed, reported,
    hidden, shown or withdrawn.
    A second call changes nothing. The caller makes others wait (`wait_for_turn`)."""
    db.session.flush()
    count_in_squares(activity, now)
    settle_undertaking(activity, now)
    settle_adoptions(activity, now)
    tip_ids = tips_around(activity.id)
    weigh(tip_ids, now)
    search_index.refresh(SearchKind.ACTIVITY, [activity.id])
    search_index.refresh(SearchKind.TIP, tip_ids)
