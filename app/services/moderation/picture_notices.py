"""Who is told when somebody in a picture does not want it, and when its author answers. Never who said so, nor what
they wrote."""

from datetime import datetime

from sqlalchemy import func, select

from app.extensions import db
from app.models.activity import Activity
from app.models.contribution import leads_but, moderators_of
from app.models.moderation import Decision, Verdict
from app.models.notification import Kind
from app.models.outcome import Photo
from app.models.person import Person
from app.services.notifications.notify import notify


def tell_moderators(photo: Photo, activity: Activity, *, by: Person | None, now: datetime) -> None:
    """Each moderator once until somebody decides."""
    excluding = activity.owner_ids() | ({by.id} if by else set())
    _tell(moderators_of(activity.id, excluding), photo, activity, "picture_to_look_at", now)


def remind_moderators(photo: Photo, activity: Activity, now: datetime) -> None:
    """Of what has waited for a day, and the leads too: nothing is graver. Once until somebody decides."""
    excluding = activity.owner_ids()
    people = moderators_of(activity.id, excluding) | leads_but(excluding)
    _tell(people, photo, activity, "picture_waits", now)


def tell_moderators_of_answer(photo: Photo, activity: Activity, answered: Decision, now: datetime) -> None:
    """Others than the one who decided, if there are any; each once."""
    _tell(_who_reads_answer(activity, answered), photo, activity, "answered", now)


def remind_moderators_of_answer(photo: Photo, activity: Activity, answered: Decision, now: datetime) -> None:
    """That it has waited for three working days, and the leads too."""
    others = leads_but(activity.owner_ids() | _who_decided(answered))
    _tell(_who_reads_answer(activity, answered) | others, photo, activity, "appeal_waits", now)


def tell_authors_of_objection(photo: Photo, activity: Activity, now: datetime) -> None:
    notify(
        activity.owner_ids(),
        Kind.MODERATION,
        key=f"picture:objection:{photo.id}:{_last_about(photo)}",
        url=activity.path,
        parameters={"event": "picture_objected", "title": activity.title},
        now=now,
    )


def tell_authors_of_decision(activity: Activity, decision: Decision, now: datetime) -> None:
    """The result, and what the moderator wrote. While it is withheld they are led to where they may answer."""
    answer = f"/moderation/pictures/{decision.photo_id}/answer"
    notify(
        activity.owner_ids(),
        Kind.MODERATION,
        key=f"decision:{decision.id}",
        url=activity.path if decision.verdict == Verdict.RELEASE else answer,
        parameters={
            "event": f"picture_{decision.verdict}",
            "title": activity.title,
            "text": decision.text,
        },
        now=now,
    )


def _who_reads_answer(activity: Activity, answered: Decision) -> set[int]:
    owners = activity.owner_ids()
    others = moderators_of(activity.id, owners | _who_decided(answered))
    return others or moderators_of(activity.id, owners)


def _who_decided(decision: Decision) -> set[int]:
    return {decision.by_id} if decision.by_id else set()


def _tell(people: set[int], photo: Photo, activity: Activity, event: str, now: datetime) -> None:
    notify(
        people,
        Kind.MODERATION,
        key=f"picture:{event}:{photo.id}:{_last_about(photo)}",
        url=f"/moderation/pictures/{photo.id}",
        parameters={"event": event, "title": activity.title},
        now=now,
    )


def _last_about(photo: Photo) -> int:
    """The number of the last decision about it, so that each round is told of anew; 0 before the first."""
    return db.session.scalar(select(func.max(Decision.id)).where(Decision.photo_id == photo.id)) or 0
