"""Who is told about what in moderation; the words are in app/services/notifications/wording.py."""

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
    """Once a round: who has been told that something waits is not told again until it has been decided. An answer
    is for somebody else than who hid it, if there is anybody."""
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
    """The owner and the accepted co-owners, with the reason and the moderator's words; hidden ones may answer."""
    path = f"/moderation/answer/{thing.id}" if event == "hidden" else thing.path
    notify(
        thing.owner_ids(),
        Kind.MODERATION,
        key=f"decision:{decision.id}",
        url=path,
        parameters={
            "event": event,
            "title": thing.title,
            "reason": decision.reason,
            "text": decision.text,
        },
        now=now,
    )


def tell_who_flagged(
    thing: Contributed, decision: Decision, flagged_by: Collection[int], now: datetime
) -> None:
    """That it was looked at, and what came of it; not who decided, nor what the author was told. What is hidden is not
    named."""
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


def _moderators(thing: Contributed, but: set[int]) -> set[int]:
    """Coordinators where it has a part, the leads where there is none; nobody looks at their own."""
    leads = select(Person.id).where(Person.role == Role.LEAD, Person.is_present)
    excluded = thing.owner_ids() | but
    near = set(db.session.scalars(coordinators_of(thing.id))) - excluded
    return near or set(db.session.scalars(leads)) - excluded
