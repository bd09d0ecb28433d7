"""What is said when a plan has been saved."""

from collections.abc import Iterator
from datetime import date

from flask_babel import gettext as _

from app.models.activity import Activity
from app.models.concreteness import QUESTIONS
from app.models.publication import check_of
from app.services.activities.visibility import points_given
from app.services.challenges.standing import standing_of
from app.services.people.colleagues import Meant
from app.web.filters import day, listed


def troubles_of(meant: Meant) -> Iterator[str]:
    """Whom the plan was to be done with and who could not be asked, and what to do."""
    if meant.unknown:
        names = listed(f"”{name}”" for name in meant.unknown)
        yield _(
            "The plan is saved, but nobody here is called %(names)s. Ask them from this page.", names=names
        )
    if meant.ambiguous:
        names = listed(f"”{name}”" for name in meant.ambiguous)
        yield _(
            "The plan is saved, but several are called %(names)s. Choose on this page whom you mean.",
            names=names,
        )


def obstacle_to(activity: Activity, request_key: str) -> str | None:
    """Why what was sent was not planned, when an earlier plan stands in its place: one that was taken back since, or
    another one for the same challenge. None for a new plan, and for the same one sent twice."""
    if activity.withdrawal:
        return _("You have taken that plan back. Begin a new one to plan it again.")
    if activity.request_key != request_key:
        return _(
            "You have taken the challenge on already, with this activity. What you wrote stays as a draft."
        )
    return None


def lateness(last: date | None, planned_for: date | None) -> str:
    """That the day comes after the last one of the challenge, which is fine; nothing when it does not."""
    if last is None or planned_for is None or planned_for <= last:
        return ""
    return _(
        "The day is after the challenge’s last day, %(last)s. That is fine: who takes it on in time may be done later.",
        last=day(last),
    )


def lateness_of(activity: Activity) -> str:
    """The same of a plan that takes a challenge on, or of any other."""
    standing = standing_of(activity.id)
    return lateness(standing.promise.closes_on if standing else None, activity.planned_for)


def planned_message(activity: Activity) -> str:
    concrete = _("Concrete: %(n)s of %(of)s.", n=activity.concreteness, of=len(QUESTIONS))
    if check_of(activity.id):
        return f"{_('Planned. Others see it when a coordinator has looked.')} {concrete}"
    points, place = points_given(activity.id), activity.municipality.name
    message = (
        _("Planned. %(points)s points to %(place)s.", points=points, place=place) if points else _("Planned.")
    )
    return f"{message} {concrete}"
