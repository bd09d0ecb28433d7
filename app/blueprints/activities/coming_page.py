"""Who comes along, on the page of an activity."""

from typing import Any

from app.models.activity import Activity, Answer
from app.models.person import Person
from app.services.activities.shown import ShownActivity
from app.services.activities.who_comes import WhoComes, who_comes
from app.services.stages.coming_days import day_of_reminder
from app.web.catalogue import catalogue


def coming_on_page(activity: Activity | ShownActivity, person: Person) -> dict[str, Any]:
    """`coming` is None where there is nothing to say of it; `may_come` is whether the viewer may say that they come, or
    that they cannot."""
    today = catalogue().today()
    is_shown_open = activity.is_open and activity.is_visible
    is_ahead = is_shown_open and (activity.planned_for is None or activity.planned_for >= today)
    may_come = is_ahead and not activity.is_owned_by(person) and not _is_asked_to_make(activity, person)
    coming = who_comes(activity, person) if activity.is_visible else None
    is_worth_showing = coming and (may_come or _tells_something(activity, coming, is_ahead))
    is_reminded = is_ahead and coming and coming.is_viewer_in
    return {
        "is_ahead": is_ahead,
        "may_come": may_come,
        "coming": coming if is_worth_showing else None,
        "reminder_day": day_of_reminder(activity, person, today) if is_reminded else None,
    }


def _is_asked_to_make(activity: Activity | ShownActivity, person: Person) -> bool:
    """Whoever has an invitation to answer is asked something else."""
    return any(co.person_id == person.id and co.answer == Answer.INVITED for co in activity.co_owners)


def _tells_something(activity: Activity | ShownActivity, coming: WhoComes, is_ahead: bool) -> bool:
    if activity.outcome and not activity.outcome.carried_out:
        return False
    return bool(coming.count or coming.waiting or (is_ahead and coming.places))
