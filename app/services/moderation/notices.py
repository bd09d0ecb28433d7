"""Who is told what in moderation; the texts are in app/services/notifications/wording.py."""

from collections.abc import Collection
from datetime import datetime

from app.models.contribution import Contributed, leads_but, moderators_of
from app.models.moderation import Decision, Verdict, last_decision
from app.models.notification import Kind
from app.models.person import Person
from app.services.notifications.notify import notify


def tell_moderators(thing: Contributed, event: str, *, by: Person, now: datetime) -> None:
    """Tell each moderator once that something waits, until somebody decides. An author's answer goes to other
    moderators than the one who hid it, if there are any; what has been changed, to that one too."""
    last = last_decision(thing.id)
    hidden_by = {last.by_id} if last and last.by_id and event == "answered" else set()
    notify(
        _moderators(thing, {by.id} | hidden_by) or _moderators(thing, {by.id}),
        Kind.MODERATION,
        key=f"moderation:{event}:{thing.id}:{last.id if last else 0}",
        url="/moderation",
        parameters={"event": event, "title": thing.title},
        now=now,
    )


def remind_moderators(thing: Contributed, event: str, *, now: datetime) -> None:
    """Of what has waited too long, once until somebody decides. An author's answer that has waited concerns the leads
    too; whoever decided leaves it to others, if there are any."""
    last = last_decision(thing.id)
    decided_by = {last.by_id} if last and last.by_id and event == "appeal_waits" else set()
    people = _moderators(thing, decided_by) or _moderators(thing, set())
    if event == "appeal_waits":
        people |= leads_but(thing.owner_ids() | decided_by)
    notify(
        people,
        Kind.MODERATION,
        key=f"moderation:{event}:{thing.id}:{last.id if last else 0}",
        url=f"/moderation/{thing.id}",
        parameters={"event": event, "title": thing.title},
        now=now,
    )


def tell_authors(thing: Contributed, decision: Decision, event: str, now: datetime) -> None:
    """Tell the owner and the partners the reason and the moderator's text. When it is out of sight they may answer."""
    path = thing.path if event in ("restored", "published") else f"/moderation/answer/{thing.id}"
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
    hidden = decision.verdict in (Verdict.HIDE, Verdict.ASK)
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
    """Nobody moderates their own."""
    return moderators_of(thing.id, thing.owner_ids() | excluding)
