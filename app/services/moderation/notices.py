"""Who is told what in moderation; the texts are in app/services/notifications/wording.py."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select

from app.extensions import db
from app.models.contribution import Contributed, coordinators_of
from app.models.moderation import Decision, Verdict, last_decision
from app.models.notification import Kind
from app.models.person import Person, Role
from app.services.notifications.notify import notify


def tell_moderators(thing: Contributed, event: str, *, by: Person, now: datetime) -> None:
    """Tell each moderator once that something waits, until somebody decides. An author's answer goes to other
    moderators than the one who hid it, if there are any."""
    last = last_decision(thing.id)
    hidden_by = {last.by_id} if last and event == "answered" else set()
    notify(
        _moderators(thing, {by.id} | hidden_by) or _moderators(thing, {by.id}),
        Kind.MODERATION,
        key=f"moderation:{event}:{thing.id}:{last.id if last else 0}",
        url="/moderation",
        parameters={"event": event, "title": thing.title},
        now=now,
    )


def tell_authors(thing: Contributed, decision: Decision, event: str, now: datetime) -> None:
    """Tell the owner and the partners the reason and the moderator's text. When it is hidden they may answer."""
    path = f"/moderation/answer/{thing.id}" if event == "hidden" else thing.path
    notify(
        thing.owner_ids(),
        Kind.MODERATION,
        key=f"decision:{decision.id}",
        url=path,
        parameters={
            "event": event,
            "kind": thing.kind.value,
            "title": thing.title,
            "reason": decision.reason,
            "text": decision.text,
        },
        now=now,
    )


def tell_who_flagged(
    thing: Contributed, decision: Decision, flagged_by: Collection[int], now: datetime
) -> None:
    """Tell them that somebody looked at it, and the result; not who decided, nor what the authors were told. What is
    hidden is not named."""
    hidden = decision.verdict == Verdict.HIDE
    notify(
        flagged_by,
        Kind.MODERATION,
        key=f"looked-at:{decision.id}",
        url="/inbox" if hidden else thing.path,
        parameters={
            "event": "looked_at",
            "contribution_id": thing.id,
            "title": "" if hidden else thing.title,
            "verdict": decision.verdict,
        },
        now=now,
    )


def _moderators(thing: Contributed, excluding: set[int]) -> set[int]:
    """The coordinators of its municipalities, or the leads if there are none. Nobody moderates their own."""
    leads = select(Person.id).where(Person.role == Role.LEAD, Person.is_present)
    excluded = thing.owner_ids() | excluding
    coordinators = set(db.session.scalars(coordinators_of(thing.id))) - excluded
    return coordinators or set(db.session.scalars(leads)) - excluded
