"""What waits for a moderator, and the log of decisions: for their own area, and never about their own work."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Any, Final, NamedTuple

from sqlalchemy import BindParameter, Select, bindparam, exists, select
from sqlalchemy.orm import aliased, joinedload

from app.extensions import db
from app.models.contribution import Contributed
from app.models.moderation import Appeal, Decision, Flag, Verdict, decided_in
from app.models.paging import LAST_NUMBER, Page, page_of_prepared, prepared_page
from app.models.person import Person
from app.models.review import others_can_look
from app.services.moderation.moderated_kinds import is_open_to, load_cards, load_contributed, load_for_log
from app.services.moderation.picture_queue import waiting_number
from app.services.moderation.queue_area import parameters_of, reviewable_kind
from app.services.moderation.waiting import BEFORE_ALL, Place, how_many_wait, waiting_after_a_place


class OpenFlag(NamedTuple):
    """What a card says of a flag; nothing of who it was."""

    reason: str
    text: str
    at: datetime


@dataclass(frozen=True)
class QueueItem:
    """A contribution with its open flags, a hidden one with its author's answer, or one that waits to be published.
    `thing` is the activity (or another kind's object), or its row, with all that its card shows."""

    kind: str
    thing: Any
    #: Of the oldest that is open; None when nothing is.
    since: datetime | None
    flags: list[OpenFlag]
    appeal: Appeal | None
    #: Whether the viewer may reject the author's answer: who hid it may not, if there are other moderators.
    may_uphold: bool
    #: Where it stands in the viewer's queue; None when it was not read from there.
    place: Place | None = None


@dataclass(frozen=True)
class QueuePage(Page[QueueItem]):
    #: How many things wait from where it begins, those of later pages too.
    length: int


@dataclass(frozen=True)
class LogEntry:
    """A decision, and the thing that it is about."""

    decision: Decision
    thing: Any


def queue(viewer: Person, last: tuple[int, datetime, int] | None = None) -> QueuePage:
    """In the order of waiting.py. `last` is the place of the last item seen."""
    parameters = parameters_of(viewer) | Place(*(last or BEFORE_ALL))._asdict()
    everywhere = viewer.moderated_municipality_ids is None
    waiting = page_of_prepared(waiting_after_a_place(everywhere=everywhere), parameters)
    things = load_cards({row.contribution_id: row.kind for row in waiting.items})
    items = _items([things[row.contribution_id] for row in waiting.items], viewer)
    places = [Place(row.rank, row.since, row.contribution_id) for row in waiting.items]
    return QueuePage(
        [replace(item, place=place) for item, place in zip(items, places, strict=True)],
        waiting.has_more,
        waiting.items[0].length if waiting.items else 0,
    )


def item_of(thing: Contributed, viewer: Person) -> QueueItem:
    """One thing with what is open about it, if anything is."""
    return _items([thing], viewer)[0]


def _items(things: Sequence[Any], viewer: Person) -> list[QueueItem]:
    numbers = [thing.id for thing in things]
    flags, appeals = _flags(numbers), _appeals([thing.id for thing in things if thing.removal])
    others = bool(appeals) and others_can_look(viewer)
    return [_item(thing, flags[thing.id], appeals.get(thing.id), viewer, others) for thing in things]


def _item(
    thing: Any, flags: list[OpenFlag], appeal: Appeal | None, viewer: Person, others: bool
) -> QueueItem:
    hidden_by_viewer = thing.removal is not None and thing.removal.decision.by_id == viewer.id
    needs_another = appeal is not None and not appeal.is_changed and hidden_by_viewer and others
    check = thing.removal if thing.removal is not None and thing.removal.waits else None
    since = min((one.at for one in (*flags, appeal, check) if one), default=None)
    return QueueItem(thing.kind, thing, since, flags, appeal, not needs_another)


def queue_length(viewer: Person) -> int:
    """Of things and of pictures."""
    query = length(everywhere=viewer.moderated_municipality_ids is None)
    return db.session.connection().scalar(query, parameters_of(viewer)) or 0


def reviewable(contribution_id: int, viewer: Person) -> Any:
    """The thing itself if the viewer may decide about it, else None."""
    kind = reviewable_kind(contribution_id, viewer)
    if kind is None or not is_open_to(viewer, contribution_id, kind):
        return None
    return load_contributed({contribution_id: kind}).get(contribution_id)


def decisions(viewer: Person, before: int | None = None) -> Page[LogEntry]:
    """The log, newest first. `before` is the id of the last decision seen."""
    parameters = {**parameters_of(viewer), "before": before or LAST_NUMBER}
    everywhere = viewer.moderated_municipality_ids is None
    decision_page: Page[Decision] = prepared_page(_log(everywhere=everywhere), parameters)
    things = load_for_log({one.contribution_id: one.contribution.kind for one in decision_page.items})
    return Page(
        [LogEntry(one, things[one.contribution_id]) for one in decision_page.items], decision_page.has_more
    )


def fresh_decision(decision_id: int, viewer: Person) -> LogEntry | None:
    """One of the viewer's own decisions while it is the last about its thing, so that it can be undone."""
    newer = aliased(Decision)
    later = (newer.contribution_id == Decision.contribution_id, newer.id > Decision.id)
    is_last = ~exists().where(*later, ~newer.is_about_picture)
    decision = db.session.scalar(
        select(Decision)
        .where(Decision.id == decision_id, Decision.by_id == viewer.id, is_last)
        .options(joinedload(Decision.contribution))
    )
    if decision is None:
        return None
    things = load_for_log({decision.contribution_id: decision.contribution.kind})
    return LogEntry(decision, things[decision.contribution_id])


@lru_cache
def _log(*, everywhere: bool) -> Select[Decision]:
    """Needs `parameters_of`, `before`, and `size`."""
    decided = Decision.verdict != Verdict.CHECK  # which begins a wait: nobody has decided anything
    query = select(Decision).where(decided).limit(bindparam("size"))
    by = joinedload(Decision.by).load_only(Person.name)
    query = query.options(by, joinedload(Decision.contribution))
    before: BindParameter[int] = bindparam("before")
    if everywhere:
        return query.where(Decision.id < before).order_by(Decision.id.desc())
    number = decided_in.c.decision_id
    here = decided_in.c.municipality_id.in_(bindparam("area", expanding=True))
    within = query.join(decided_in, number == Decision.id)
    return within.where(here, number < before).order_by(number.desc())


@lru_cache
def length(*, everywhere: bool) -> Select[int]:
    """Of things and of pictures, as a query; needs `parameters_of`."""
    things, pictures = how_many_wait(everywhere=everywhere), waiting_number(everywhere=everywhere)
    return select(things.scalar_subquery() + pictures.scalar_subquery())


_OPEN_FLAGS: Final = (
    select(Flag.contribution_id, Flag.reason, Flag.text, Flag.at)
    .where(Flag.contribution_id.in_(bindparam("numbers", expanding=True)), Flag.is_open)
    .order_by(Flag.id)
)
_OPEN_APPEALS: Final = (
    select(Appeal)
    .join(Decision, Decision.id == Appeal.decision_id)
    .where(Appeal.contribution_id.in_(bindparam("numbers", expanding=True)), Appeal.is_open)
    .where(~Decision.is_about_picture)
)


def _flags(numbers: Collection[int]) -> dict[int, list[OpenFlag]]:
    by_number: dict[int, list[OpenFlag]] = defaultdict(list)
    for row in db.session.connection().execute(_OPEN_FLAGS, {"numbers": list(numbers)}):
        by_number[row.contribution_id].append(OpenFlag(row.reason, row.text, row.at))
    return by_number


def _appeals(numbers: Collection[int]) -> dict[int, Appeal]:
    if not numbers:
        return {}
    appeals = db.session.scalars(_OPEN_APPEALS, {"numbers": list(numbers)})
    return {appeal.contribution_id: appeal for appeal in appeals}
