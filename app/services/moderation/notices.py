"""Who is told about what in moderation; the words are in app/services/notifications/wording.py."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select

from app.extensions import db
from app.models.activity import Activity, Answer, CoOwner, takes_part
from app.models.moderation import Decision, Verdict, last_decision
from app.models.notification import Kind
from app.models.person import Person, Role
from app.services.notifications.notify import notify


def tell_moderators(activity: Activity, event: str, *, by: Person, now: datetime) -> None:
    """Once a round: who has been told that something waits is not told again until it has been decided. An answer
    is for somebody else than who hid it, if there is anybody."""
    last = last_decision(activity.id)
    hidden_by = {last.by_id} if last and event == "answered" else set()
    notify(
        _moderators(activity, {by.id} | hidden_by) or _moderators(activity, {by.id}),
        Kind.MODERATION,
        key=f"moderation:{event}:{activity.id}:{last.id if last else 0}",
        url="/moderation",
        parameters={"event": event, "title": activity.title},
        now=now,
    )


def tell_authors(activity: Activity, decision: Decision, event: str, now: datetime) -> None:
    """The owner and the accepted co-owners, with the reason and the moderator's words; hidden ones may answer."""
    path = f"/moderation/answer/{activity.id}" if event == "hidden" else f"/activities/{activity.id}"
    notify(
        _authors(activity),
        Kind.MODERATION,
        key=f"decision:{decision.id}",
        url=path,
        parameters={
            "event": event,
            "title": activity.title,
            "reason": decision.reason,
            "text": decision.text,
        },
        now=now,
    )


def tell_reporters(activity: Activity, decision: Decision, reporters: Collection[int], now: datetime) -> None:
    """That it was looked at, and what came of it; not who decided, nor what the author was told. What is hidden is not
    named."""
    hidden = decision.verdict == Verdict.HIDE
    notify(
        reporters,
        Kind.MODERATION,
        key=f"looked-at:{decision.id}",
        url="/inbox" if hidden else f"/activities/{activity.id}",
        parameters={
            "event": "looked_at",
            "activity_id": activity.id,
            "title": "" if hidden else activity.title,
            "verdict": decision.verdict,
        },
        now=now,
    )


def _authors(activity: Activity) -> set[int]:
    partners = select(CoOwner.person_id).where(
        CoOwner.activity_id == activity.id, CoOwner.answer == Answer.ACCEPTED
    )
    return {activity.owner_id, *db.session.scalars(partners)}


def _moderators(activity: Activity, but: set[int]) -> set[int]:
    """Coordinators where the activity takes part, the leads where there is none; nobody looks at their own."""
    here = select(takes_part.c.municipality_id).where(takes_part.c.activity_id == activity.id)
    present = select(Person.id).where(Person.left_at.is_(None))
    own = _authors(activity) | but
    coordinators = present.where(Person.role == Role.COORDINATOR, Person.municipality_id.in_(here))
    near = set(db.session.scalars(coordinators)) - own
    return near or set(db.session.scalars(present.where(Person.role == Role.LEAD))) - own
