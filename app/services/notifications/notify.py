"""Notifies people: a row in each inbox and a push for each of their devices, in the transaction of the event."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import JSON, delete, func, literal, select

from app.extensions import UTCDateTime, db
from app.models.notification import Delivery, DeliveryState, Kind, Notification, PushSubscription
from app.models.person import Person
from app.models.sign_in import DeviceSession
from app.models.upsert import upsert
from app.services.notifications.kinds import KINDS, Merge, is_muted
from app.services.notifications.outbox import outbox_has_news
from app.services.notifications.quiet_hours import HOURS_COLUMNS, Hours, hours_of, next_moment, next_slot
from app.services.programme.clock import local_today, programme_zone

#: People in one statement: SQLite takes 32,766 parameters at most.
_PORTION = 5000

_TOLD = "people_told"
_KEPT_BACK = "notices_kept_back"


class Notice(NamedTuple):
    """Somebody is to be told of something, as `notify` is asked to."""

    person_ids: list[int]
    kind: Kind
    key: str
    url: str
    parameters: dict[str, Any]
    asked_for: bool


def notify(
    person_ids: Iterable[int],
    kind: Kind,
    *,
    key: str,
    url: str,
    parameters: dict[str, Any],
    now: datetime,
    shuffled: bool = False,
    asked_for: bool = False,
) -> int:
    """Tell these people, except those who have left. Returns how many had not been told under this key before (or not
    today, if the kind merges by day).

    A few statements for each five thousand people. Pushes wait for each recipient's hours, and most kinds for a slot.

    Their notifications are numbered in the order of people, and the numbers stand in addresses. `shuffled` is for what
    goes to people whom nobody may know: from the numbers of two, one could compute whether those between were told.
    `asked_for` is what these people have asked to hear of: it weighs nothing in the brake of whoever causes it.
    """
    person_ids = sorted(set(person_ids))
    kept_back = db.session.info.get(_KEPT_BACK)
    if kept_back is not None:
        kept_back.append(Notice(person_ids, kind, key, url, parameters, asked_for))
        return len(person_ids)
    count = 0
    its_key = stored_key(kind, key, now)
    for portion in _portions(person_ids):
        notification_ids = _add_to_inboxes(portion, kind, its_key, url, parameters, now, shuffled)
        if KINDS[kind].pushed:
            _enqueue(notification_ids, kind, now)
        count += len(notification_ids)
    if count:
        outbox_has_news()
    if not asked_for:
        count_told(count)
    return count


@contextmanager
def keep_back() -> Iterator[list[Notice]]:
    """Within it nobody is told: what `notify` is asked to tell is put into the list (held.py)."""
    outer = db.session.info.get(_KEPT_BACK)
    notices: list[Notice] = []
    db.session.info[_KEPT_BACK] = notices
    try:
        yield notices
    finally:
        db.session.info[_KEPT_BACK] = outer


def take_people_told() -> int:
    """How many this session has told without their asking, since this was last called; the brake counts them
    (app/web/brake.py)."""
    return int(db.session.info.pop(_TOLD, 0))


def push_again(notification: Notification, now: datetime) -> None:
    """It says something else than when it was written, and has reached no device: each is to get it as if it was new.

    A worker that is about to push what it said settles nothing any more.
    """
    undelivered = (
        Delivery.notification_id == notification.id,
        Delivery.state != DeliveryState.DELIVERED.value,
    )
    db.session.execute(delete(Delivery).where(*undelivered), execution_options={"synchronize_session": False})
    kind = Kind(notification.kind)
    if KINDS[kind].pushed:
        _enqueue({notification.person_id: notification.id}, kind, now)
    outbox_has_news()


def count_told(count: int) -> None:
    """So many have been told without their asking."""
    db.session.info[_TOLD] = db.session.info.get(_TOLD, 0) + count


def stored_key(kind: Kind, key: str, now: datetime) -> str:
    """What a notification has as its key that is told at that moment."""
    return f"{key}:{local_today(now)}" if KINDS[kind].merge is Merge.BY_DAY else key


def _add_to_inboxes(
    person_ids: Sequence[int],
    kind: Kind,
    key: str,
    url: str,
    parameters: dict[str, Any],
    now: datetime,
    shuffled: bool,
) -> dict[int, int]:
    """Write the inbox rows; returns the new notifications' numbers by person. If two processes tell somebody at the
    same time, only one of them gets a number."""
    columns = ["person_id", "kind", "key", "parameters", "url", "created_at"]
    people = select(
        Person.id,
        literal(kind.value),
        literal(key),
        literal(parameters, JSON),
        literal(url),
        literal(now, UTCDateTime),
    ).where(Person.id.in_(person_ids), Person.is_present)
    people = people.order_by(func.random() if shuffled else Person.id)
    insert = upsert(Notification).from_select(columns, people).on_conflict_do_nothing()
    rows = db.session.execute(insert.returning(Notification.person_id, Notification.id))
    return {row.person_id: row.id for row in rows}


def _enqueue(notification_ids: dict[int, int], kind: Kind, now: datetime) -> None:
    """Write one delivery for each device that takes pushes of this kind. `notification_ids` are by person."""
    zone = programme_zone()
    first_moment = next_moment if KINDS[kind].at_once else next_slot
    due: dict[Hours, datetime] = {}
    rows = []
    for device in _devices(notification_ids, kind):
        hours = hours_of(device)
        if hours not in due:
            due[hours] = now if KINDS[kind].at_any_hour else first_moment(hours, now, zone)
        rows.append(
            {
                "notification_id": notification_ids[device.person_id],
                "subscription_id": device.id,
                "state": DeliveryState.WAITING.value,
                "due_at": due[hours],
                "attempts": 0,
                "detail": "",
            }
        )
    if rows:
        db.session.execute(upsert(Delivery).on_conflict_do_nothing(), rows)


def _devices(person_ids: Collection[int], kind: Kind) -> list[Any]:
    """The devices of those people that are signed in and take this kind, with the people's hours."""
    if not person_ids:
        return []
    query = (
        select(
            PushSubscription.id,
            PushSubscription.person_id,
            Person.muted_groups,
            *HOURS_COLUMNS,
        )
        .join(Person, Person.id == PushSubscription.person_id)
        .join(DeviceSession, DeviceSession.id == PushSubscription.device_session_id)
        .where(PushSubscription.person_id.in_(person_ids), DeviceSession.is_signed_in, ~Person.is_paused)
        .order_by(PushSubscription.id)
    )
    return [row for row in db.session.execute(query) if not is_muted(kind, row.muted_groups)]


def _portions(person_ids: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(person_ids), _PORTION):
        yield person_ids[start : start + _PORTION]
