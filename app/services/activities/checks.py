"""Before it is published: what the programme wants looked at waits, seen by its makers and moderators alone. Meanwhile
nobody else is told of it and it earns nothing; both come when it is published (app/services/moderation/decide.py).
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager, nullcontext
from datetime import datetime
from typing import Any, Final

from sqlalchemy import exists, select
from sqlalchemy.orm.attributes import set_committed_value

from app.extensions import db
from app.models.comment import is_talked_about
from app.models.contribution import Contribution, ContributionKind, Removal, moderators_of
from app.models.moderation import Decision, Verdict, removal_of
from app.models.notification import Kind
from app.models.person import Person, Role
from app.models.programme import Check, Programme
from app.models.publication import check_of
from app.models.tip import Tip
from app.services.feed import index as feed
from app.services.notifications.held import held
from app.services.notifications.notify import notify
from app.services.sums.credits import settle_credits_for

#: What is looked at of a thing that somebody has just made.
NEW: Final = (Check.FIRST, Check.ALL)
#: They look at others' things, and answer for their own.
_UNCHECKED: Final = (Role.COORDINATOR, Role.LEAD)


@contextmanager
def checked(thing: Any, by: Person, news: Iterable[Check], now: datetime) -> Iterator[bool]:
    """What follows from something new about a thing is done within; whether it waits to be looked at first. `news` says
    what is new about it; without any, it waits if it did before. What is told within is told when it is published. The
    caller makes others wait."""
    programme = Programme.current()
    checks = programme.checks if programme else frozenset()
    if not checks:
        yield False
        return
    check = check_of(thing.id)
    if check is None and not removal_of(thing.id) and _is_asked_for(thing, by, checks.intersection(news)):
        check = begin_waiting(thing, now)
    if check is None:
        yield False
        return
    with held(check.id, due_at=None):
        yield True


@contextmanager
def held_while_it_waits(contribution_id: int) -> Iterator[None]:
    """What is told within of a thing that waits is told when it is published."""
    programme = Programme.current()
    check = check_of(contribution_id) if programme and programme.checks else None
    with held(check.id, due_at=None) if check else nullcontext():
        yield


def begin_waiting(thing: Any, now: datetime) -> Decision:
    """Take it out of sight until a moderator has looked, and tell them; the caller settles what is counted."""
    check = Decision(contribution_id=thing.id, verdict=Verdict.CHECK.value, at=now)
    db.session.add(check)
    db.session.flush()
    removal = Removal(contribution_id=thing.id, decision=check, at=now, waits=True)
    db.session.add(removal)
    db.session.flush()
    set_committed_value(thing, "removal", removal)
    if thing.kind is ContributionKind.ACTIVITY:
        feed.take_down(thing.id)
        lessons = db.session.scalars(select(Tip.id).where(Tip.activity_id == thing.id))
        settle_credits_for([thing.id, *lessons], now)
    notify(
        moderators_of(thing.id, thing.owner_ids()),
        Kind.MODERATION,
        key=f"moderation:check:{check.id}",
        url="/moderation",
        parameters={"event": "to_check", "title": thing.title},
        now=now,
    )
    return check


def _is_asked_for(thing: Any, by: Person, checks: frozenset[str]) -> bool:
    if by.role in _UNCHECKED:
        return False
    return bool(checks - {Check.FIRST}) or (Check.FIRST in checks and _is_first(thing, by))


def _is_first(thing: Any, by: Person) -> bool:
    """Nothing else of theirs may be seen; thanks are between two and are not looked at."""
    others = (Contribution.owner_id == by.id, Contribution.id != thing.id, is_talked_about(Contribution.id))
    looked_at = Contribution.kind != ContributionKind.THANKS.value
    return not db.session.scalar(select(exists().where(*others, looked_at)))
