"""Looking at completions that wait for approval: for coordinators in their own area and leads, never about their own.

Decisions about one activity wait for each other, so when two coordinators tap at the same time, the second finds it
decided.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import Select, bindparam, func, select, tuple_

from app.extensions import UTCDateTime, db
from app.models.activity import Activity, is_made_by
from app.models.contribution import is_moderated_by, is_moderated_in
from app.models.notification import Kind
from app.models.paging import Page, page_of_prepared
from app.models.person import Person
from app.models.undertaking import ChallengeReview, Undertaking
from app.services.activities.wholes import whole_activities
from app.services.challenges.standing import Standing, last_reviews, standings_of
from app.services.notifications.notify import notify
from app.services.sums.settle import settle
from app.services.sums.turns import wait_for_all_around

#: A place before all others, where the first page begins.
_BEFORE_ALL: Final = (datetime.min.replace(tzinfo=UTC), 0)


class AlreadyDecidedError(Exception):
    """Somebody else was quicker, or it has been changed so that it no longer waits."""


@dataclass(frozen=True)
class Waiting:
    """An activity, with all that its card shows, and what was promised for it. `earlier` is what was said when it was
    sent back before, with the answer to that."""

    activity: Activity
    standing: Standing
    since: datetime
    earlier: ChallengeReview | None

    @property
    def changed(self) -> list[str]:
        """What has been changed since then: names of the report's answers, and "photos"."""
        if self.earlier is None:
            return []
        newer = any(photo.at > self.earlier.at for photo in self.activity.photos if not photo.refusal)
        return [*self.earlier.changed, *(["photos"] if newer else [])]


def waiting(viewer: Person, last: tuple[datetime, int] | None = None) -> Page[Waiting]:
    """Longest waiting first. `last` is the moment and the activity's id of the last one seen."""
    since, activity_id = last or _BEFORE_ALL
    parameters = {**_parameters(viewer), "since": since, "activity_id": activity_id}
    found = page_of_prepared(_queue(everywhere=viewer.moderated_municipality_ids is None), parameters)
    numbers = [row.activity_id for row in found.items]
    activities = {activity.id: activity for activity in whole_activities(numbers)}
    standings, reviews = standings_of(numbers), last_reviews(numbers)
    items = [
        Waiting(activities[number], standings[number], row.waits_since, reviews.get(number))
        for number, row in zip(numbers, found.items, strict=True)
    ]
    return Page(items, found.has_more)


def how_many_wait(viewer: Person) -> int:
    query = length(everywhere=viewer.moderated_municipality_ids is None)
    return db.session.connection().scalar(query, _parameters(viewer)) or 0


def reviewable(activity_id: int, viewer: Person) -> Activity | None:
    """The activity if the viewer may decide about its completion, whether it still waits or not."""
    within = select(Activity).join(Undertaking, Undertaking.activity_id == Activity.id)
    mine_to_review = (is_moderated_by(viewer, Activity.id), ~is_made_by(viewer.id, Activity))
    return db.session.scalar(
        within.where(Activity.id == activity_id, Undertaking.needs_approval, *mine_to_review)
    )


def approve(activity: Activity, by: Person, now: datetime) -> ChallengeReview:
    """It counts from now on. Raises AlreadyDecidedError when it does not wait."""
    return _decide(activity, by, True, "", now)


def send_back(activity: Activity, by: Person, reason: str, now: datetime) -> ChallengeReview:
    """Say what is missing; sent in again, it waits again. Raises AlreadyDecidedError when it does not wait."""
    if not reason:
        raise ValueError("a return says what is missing")
    return _decide(activity, by, False, reason, now)


def _decide(activity: Activity, by: Person, approved: bool, text: str, now: datetime) -> ChallengeReview:
    wait_for_all_around(activity)
    undertaking = db.session.get(Undertaking, activity.id, populate_existing=True)
    if undertaking is None or undertaking.waits_since is None:
        raise AlreadyDecidedError
    review = ChallengeReview(
        activity_id=activity.id, by_id=by.id, at=now, approved=approved, text=text, changed=[]
    )
    undertaking.approved = approved
    db.session.add(review)
    settle(activity, now)
    _tell_who_did_it(activity, review, now)
    return review


def _tell_who_did_it(activity: Activity, review: ChallengeReview, now: datetime) -> None:
    event = "approved" if review.approved else "returned"
    notify(
        activity.owner_ids(),
        Kind.CHALLENGE,
        key=f"challenge-review:{review.id}",
        url=activity.path,
        parameters={"event": event, "title": activity.title, "text": review.text},
        now=now,
    )


def _parameters(viewer: Person) -> dict[str, Any]:
    return {"viewer_id": viewer.id, "area": list(viewer.moderated_municipality_ids or ())}


@lru_cache
def _queue(*, everywhere: bool) -> Select[int, datetime | None]:
    place = (Undertaking.waits_since, Undertaking.activity_id)
    last = tuple_(bindparam("since", type_=UTCDateTime), bindparam("activity_id"))
    rest = _waiting_for(everywhere=everywhere).where(tuple_(*place) > last)
    return rest.order_by(*place).limit(bindparam("size"))


@lru_cache
def length(*, everywhere: bool) -> Select[int]:
    """How many wait, as a query; its parameters are `viewer_id` and `area`."""
    return select(func.count()).select_from(_waiting_for(everywhere=everywhere).subquery())


def _waiting_for(*, everywhere: bool) -> Select[int, datetime | None]:
    """For a lead, who looks at those of all municipalities; or for the coordinators of an area."""
    query = (
        select(Undertaking.activity_id, Undertaking.waits_since)
        .outerjoin(Activity, Activity.id == Undertaking.activity_id)
        .where(Undertaking.waits_since.is_not(None), ~is_made_by(bindparam("viewer_id"), Activity))
    )
    in_area = is_moderated_in(bindparam("area", expanding=True), Undertaking.activity_id)
    return query if everywhere else query.where(in_area)
