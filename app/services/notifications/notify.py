"""Notifies people: a row in each inbox and a push for each of their devices, in the transaction of the event."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import JSON, Select, func, literal, select

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
    stored_key = _stored_key(kind, key, now)
    for portion in _portions(person_ids):
        notification_ids = _add_to_inboxes(portion, kind, stored_key, url, parameters, now, shuffled)
        if KINDS[kind].pushed:
            _enqueue(notification_ids, kind, now)
        count += len(notification_ids)
    if count:
        outbox_has_news()
    if not asked_for:
        db.session.info[_TOLD] = db.session.info.get(_TOLD, 0) + count
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


def notify_of_the_first(
    person_ids: Collection[int],
    kind: Kind,
    *,
    key: str,
    url: str,
    parameters: dict[str, Any],
    count_since: Callable[[datetime], int],
    details_since: Callable[[datetime], dict[str, Any]] = lambda _moment: {},
    now: datetime,
) -> None:
    """Tell of the first under this key, and say in the same notification how many `others` came after: of a kind that
    merges by day, that day. `count_since` counts all of them since the moment of the first, and `details_since` are
    parameters that follow from all of them."""
    about = {**parameters, "others": 0}
    if notify(person_ids, kind, key=key, url=url, parameters=about, now=now) == len(person_ids):
        return
    for first in db.session.scalars(_told_under(person_ids, kind, key, now)):
        others = max(count_since(first.created_at) - 1, 0)
        first.parameters = first.parameters | details_since(first.created_at) | {"others": others}


def notify_late(notice: Notice, now: datetime) -> None:
    """Tell what was kept back. Whoever has been told under its key already, of what somebody else did, reads there of
    one more."""
    told = notify(
        notice.person_ids,
        notice.kind,
        key=notice.key,
        url=notice.url,
        parameters=notice.parameters,
        now=now,
        asked_for=notice.asked_for,
    )
    if told == len(notice.person_ids) or "others" not in notice.parameters:
        return
    # Two that are told late at the same time are both counted.
    earlier = _told_under(notice.person_ids, notice.kind, notice.key, now).order_by(Notification.id)
    locked = earlier.with_for_update().execution_options(populate_existing=True)
    for first in db.session.scalars(locked):
        if first.parameters.get("person_id") != notice.parameters.get("person_id"):
            first.parameters = first.parameters | {"others": first.parameters.get("others", 0) + 1}


def _told_under(person_ids: Collection[int], kind: Kind, key: str, now: datetime) -> Select[Notification]:
    theirs = select(Notification).where(Notification.person_id.in_(person_ids))
    return theirs.where(Notification.key == _stored_key(kind, key, now))


def _stored_key(kind: Kind, key: str, now: datetime) -> str:
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
    if shuffled:
        people = people.order_by(func.random())
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
