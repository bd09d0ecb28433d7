"""Everything that is counted from one activity, settled by one call after whatever has happened to it."""

from collections.abc import Collection
from datetime import datetime

from app.extensions import db
from app.models.activity import Activity
from app.models.search import SearchKind
from app.services.badges.concerned import people_around
from app.services.badges.settle import settle_badges
from app.services.points.ledger import wait_for_ledger
from app.services.points.members import count_makers
from app.services.search import index as search_index
from app.services.sums.adoptions import count_adoption
from app.services.sums.credits import settle_credits
from app.services.sums.evidence import count_heeds
from app.services.sums.lesson_points import settle_lessons
from app.services.sums.squares import count_in_squares
from app.services.sums.stage_figures import count_in_figures
from app.services.sums.tied import tied_to
from app.services.sums.undertakings import settle_undertaking
from app.services.sums.undone_reports import settle_undone_report


def settle(
    activity: Activity, now: datetime, *, celebrated_id: int | None = None, concerned: Collection[int] = ()
) -> None:
    """Make the running figures, and what it is found by, be what the activity is by now: planned, changed, reported,
    hidden, shown or withdrawn. A second call changes nothing. The caller makes others wait first
    (`wait_for_all_around`).

    What others' plans earn it and its lessons is settled when it comes into sight or goes out of it
    (`settle_credits_for`): they may be thousands. `celebrated_id` is whoever sees on the next page what they have
    earned; `concerned` are those whom it has been about so far, where that can no longer be seen.
    """
    db.session.flush()
    wait_for_ledger()
    count_makers(activity, now)
    count_in_figures(activity, now)
    count_in_squares(activity, now)
    tied = tied_to(activity.id)
    if tied.undertaking:
        settle_undertaking(activity, now)
    if tied.adoption:
        count_adoption(activity)
    if tied.heeds:
        count_heeds(activity.id)
    if tied.rest:
        settle_undone_report(activity.id, now)
    lessons = settle_lessons(activity.id, now) if tied.lessons else []
    if tied.credits:
        settle_credits(activity.id, now)
    settle_badges(people_around(activity.id).union(concerned), now, celebrated_id=celebrated_id)
    search_index.refresh(SearchKind.ACTIVITY, [activity.id])
    search_index.refresh(SearchKind.TIP, lessons)
