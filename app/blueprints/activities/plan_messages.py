"""What is said when a plan has been saved."""

from collections.abc import Iterator

from flask_babel import gettext as _

from app.models.activity import Activity
from app.models.concreteness import QUESTIONS
from app.services.activities.visibility import points_given
from app.services.people.colleagues import Meant
from app.web.filters import listed


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


def planned_message(activity: Activity) -> str:
    points, place = points_given(activity.id), activity.municipality.name
    message = (
        _("Planned. %(points)s points to %(place)s.", points=points, place=place) if points else _("Planned.")
    )
    concrete = _("Concrete: %(n)s of %(of)s.", n=activity.concreteness, of=len(QUESTIONS))
    return f"{message} {concrete}"
