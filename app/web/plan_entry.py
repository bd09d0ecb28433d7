"""A plan as it stands in a calendar."""

from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from app.models.activity import Activity
from app.web.calendar_file import Entry
from app.web.catalogue import catalogue

#: A plan says when it begins and not when it ends; an hour is long enough to be seen and hides little.
_AN_HOUR: Final = timedelta(hours=1)


def entry_of_plan(activity: Activity) -> Entry | None:
    """In the language of the page. The outcome must have been loaded. None while it has no day."""
    if activity.planned_for is None:
        return None
    begins, ends = _span(activity, activity.planned_for)
    return Entry(
        key=f"activity-{activity.id}",
        title=_title(activity),
        begins=begins,
        ends=ends,
        changed_at=max(activity.changed_at, activity.outcome.at) if activity.outcome else activity.changed_at,
        path=activity.path,
        about=_about(activity),
        place=activity.place,
    )


def _span(activity: Activity, day: date) -> tuple[date, date]:
    """Its day, or an hour from its time on. In UTC, so that no program needs to know the zone's rules, and an hour that
    does not exist or comes twice is what Python takes it for."""
    if activity.starts_at is None:
        return day, day + timedelta(days=1)
    zone = ZoneInfo(catalogue().timezone)
    begins = datetime.combine(day, activity.starts_at, zone).astimezone(ZoneInfo("UTC"))
    return begins, begins + _AN_HOUR


def _title(activity: Activity) -> str:
    """A calendar has no mark for what is done, so the words say it."""
    if activity.outcome is None:
        return activity.title
    outcome = _("Carried out") if activity.outcome.carried_out else _("Came to nothing")
    return f"{outcome}: {activity.title}"


def _about(activity: Activity) -> str:
    lines = ((_("For whom"), activity.audience), (_("How we will know"), activity.success_sign))
    return "\n".join(f"{label}: {answer}" for label, answer in lines if answer)
