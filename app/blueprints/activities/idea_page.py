"""What an activity's page shows of ideas: where it comes from, how far it has spread, and who plans the same."""

from typing import Any

from app.blueprints.activities.best_practice_form import BestPracticeForm
from app.models.activity import Activity
from app.models.person import Person
from app.services.activities.adoption import is_borrowable, tie_to
from app.services.activities.alike import plans_alike_to
from app.services.activities.around import Around
from app.services.activities.best_practice import best_practice_of, may_lift
from app.services.activities.shown import ShownActivity
from app.services.activities.spread import reach_of
from app.web.catalogue import catalogue


def ideas_on_page(
    activity: Activity | ShownActivity, person: Person, owns: bool, around: Around
) -> dict[str, Any]:
    """Also whether it is a best practice, and the form that makes it one."""
    carried_out = activity.is_visible and activity.outcome is not None and activity.outcome.carried_out
    tie = tie_to(around.origin_id, around.root_id) if around.origin_id and around.root_id else None
    cares = may_lift(person, activity)
    lifts = carried_out and cares
    return {
        "may_borrow": is_borrowable(activity, person),
        "tie": tie,
        "reach": reach_of(tie.root_id if tie else activity.id),
        "plans_alike": plans_alike_to(activity, person, catalogue().today()) if owns else [],
        "best_practice": best_practice_of(activity.id) if carried_out and around.is_best_practice else None,
        "may_lift": lifts,
        "may_care": activity.is_visible and cares,
        "best_practice_form": BestPracticeForm(formdata=None) if lifts else None,
    }
