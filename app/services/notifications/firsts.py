"""One notification for what several do to the same thing, in a day if its kind merges by day: it names who was first of
those whose deed stands, and says how many `others` there are.

What it names may be taken back or hidden. Then it names the first of those that are left, or else whoever comes next;
what nobody has got goes with the last of them, where that cannot come back. Nobody is silenced by somebody who has come
before them and gone. Its person is told anew as of something new, but of nobody more than once a day: who says it,
takes it back and says it again is not heard of twice.

Beside what the words are made from, its parameters keep what it is known by: `first` is the number of the deed that it
names, `people` are the `who` of all that stand, `named` are all people whom it has named, `since` is when the first of
all came, and `late` are the numbers of those that came earlier and were published on its day.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import exists, func, select

from app.extensions import db
from app.models.notification import Delivery, DeliveryState, Kind, Notification
from app.services.notifications.inbox import contents_to_withhold
from app.services.notifications.notify import Notice, count_told, notify, push_again, stored_key
from app.services.programme.clock import local_today


class One(NamedTuple):
    """A deed that stands. However many deeds have the same `who`, they are one of the others."""

    number: int
    who: int
    at: datetime
    #: In which way, where there are several.
    how: str = ""


class Said(NamedTuple):
    """What a notification says that names a deed. Its parameters have the `person_id` of whoever did it."""

    url: str
    parameters: dict[str, Any]


def _nothing_more(_ones: Sequence[One]) -> dict[str, Any]:
    return {}


class Merged(NamedTuple):
    """What becomes one notification for each of these people."""

    person_ids: Collection[int]
    kind: Kind
    key: str
    #: Those which concern that person since that moment, oldest first.
    standing: Callable[[int, datetime], Sequence[One]]
    name: Callable[[One], Said]
    #: Parameters that follow from all of them.
    details: Callable[[Sequence[One]], dict[str, Any]] = _nothing_more
    #: Whether what was taken back or hidden may be put back, and its notification with it.
    may_return: bool = True


def notify_of_the_first(merged: Merged, one: One, *, now: datetime) -> None:
    """Tell of it, or say in the notification that there is already how many others there are by now."""
    url, about = merged.name(one)
    parameters = about | _all_of(merged, [one]) | _mark(one, about, now.isoformat(), [])
    told = notify(merged.person_ids, merged.kind, key=merged.key, url=url, parameters=parameters, now=now)
    if told == len(merged.person_ids):
        return
    for row in _told_under(merged.person_ids, merged.kind, merged.key, now):
        if instead := _in_its_place(row, merged):
            _tell_instead(row, merged.key, instead, now)


def name_who_is_left(merged: Merged, at: datetime, now: datetime) -> None:
    """What came at that moment is gone, of which they were told that day, or when it was published. What nobody has
    read and no device has got is pushed as what it says by now, but not on a later day."""
    for row in _told_since(merged, at):
        if instead := _in_its_place(row, merged):
            is_news = not _has_arrived(row) and _day_of(row, merged) == str(local_today(now))
            _rewrite(row, instead)
            if is_news:
                _renew(row, now)
        elif not merged.may_return and not _has_arrived(row) and not _standing(row, merged):
            db.session.delete(row)


def notify_late(notice: Notice, now: datetime) -> None:
    """Tell what was kept back. Whoever has been told under its key already, of what somebody else did, reads there of
    one more."""
    late = notice.parameters
    is_one_of_many = "others" in late
    if is_one_of_many:
        late = late | {"late": [late.get("first")]}
    told = notify(
        notice.person_ids,
        notice.kind,
        key=notice.key,
        url=notice.url,
        parameters=late,
        now=now,
        asked_for=notice.asked_for,
    )
    if told == len(notice.person_ids) or not is_one_of_many:
        return
    for row in _told_under(notice.person_ids, notice.kind, notice.key, now):
        before = row.parameters
        of_both = {
            "since": min(_since(row), _moment(late) or now).isoformat(),
            "late": [*before.get("late", []), *late["late"]],
        }
        if contents_to_withhold([row]):
            of_both["named"] = _named(before, late)
            _tell_instead(row, notice.key, Said(notice.url, late | of_both), now)
        else:
            row.parameters = before | of_both | _with_one_more(before, late)


def _told_under(person_ids: Collection[int], kind: Kind, key: str, now: datetime) -> Sequence[Notification]:
    """Locked, so that two who come at the same time are both counted."""
    theirs = select(Notification).where(Notification.person_id.in_(person_ids))
    rows = theirs.where(Notification.key == stored_key(kind, key, now)).order_by(Notification.id)
    locked = rows.with_for_update().execution_options(populate_existing=True)
    found = db.session.scalars(locked).all()
    # One for which this has waited may have got another key meanwhile, and its place is taken.
    return found if len(found) == len(person_ids) else db.session.scalars(locked).all()


def _told_since(merged: Merged, at: datetime) -> Sequence[Notification]:
    """Of that day and of later ones, locked. Those in whose place others were told have a longer key."""
    first = stored_key(merged.kind, merged.key, at)
    theirs = select(Notification).where(Notification.person_id.in_(merged.person_ids))
    days = Notification.key.startswith(f"{merged.key}:", autoescape=True)
    rows = theirs.where(days, func.length(Notification.key) == len(first), Notification.key >= first)
    locked = rows.order_by(Notification.id).with_for_update().execution_options(populate_existing=True)
    return db.session.scalars(locked).all()


def _day_of(row: Notification, merged: Merged) -> str:
    return row.key.removeprefix(f"{merged.key}:")


def _standing(row: Notification, merged: Merged) -> list[One]:
    """Of which it tells: those of its day, and those that were published on it."""
    day, late = _day_of(row, merged), row.parameters.get("late", ())
    ones = merged.standing(row.person_id, _since(row))
    return [one for one in ones if str(local_today(one.at)) == day or one.number in late]


def _in_its_place(row: Notification, merged: Merged) -> Said | None:
    """What it is to say when what it names is gone and others are left. As long as that stands, only the number of
    others is brought up to date."""
    ones = _standing(row, merged)
    if not ones:
        return None
    # Before it was kept which deed is named, it could not be known whether that stands.
    if row.parameters.get("first") in {None, *(one.number for one in ones)}:
        row.parameters = row.parameters | _all_of(merged, ones)
        return None
    url, about = merged.name(ones[0])
    mark = _mark(ones[0], about, _since(row).isoformat(), _named(row.parameters, about))
    late = {"late": row.parameters["late"]} if "late" in row.parameters else {}
    return Said(url, about | _all_of(merged, ones) | mark | late)


def _tell_instead(row: Notification, key: str, instead: Said, now: datetime) -> None:
    """What has arrived stays as it is, and its person is told of somebody new in another one. They are told of nobody
    twice, so of the same person it only says what is there by now."""
    if not _has_arrived(row):
        _rewrite(row, instead)
        _renew(row, now)
        count_told(1)
    elif instead.parameters["person_id"] in row.parameters.get("named", []):
        _rewrite(row, instead)
    else:
        row.key = f"{row.key}:{row.id}"
        db.session.flush()
        notify(
            [row.person_id], Kind(row.kind), key=key, url=instead.url, parameters=instead.parameters, now=now
        )


def _rewrite(row: Notification, instead: Said) -> None:
    row.url, row.parameters = instead


def _renew(row: Notification, now: datetime) -> None:
    """A digest tells of it on the day after this moment, as of what is written now."""
    row.created_at, row.is_digested = now, False
    db.session.flush()
    push_again(row, now)


def _has_arrived(row: Notification) -> bool:
    delivered = (Delivery.notification_id == row.id, Delivery.state == DeliveryState.DELIVERED.value)
    return not row.is_unread or bool(db.session.scalar(select(exists().where(*delivered))))


def _all_of(merged: Merged, ones: Sequence[One]) -> dict[str, Any]:
    people = list(dict.fromkeys(one.who for one in ones))
    return {"others": len(people) - 1, "people": people, **merged.details(ones)}


def _with_one_more(before: Mapping[str, Any], late: Mapping[str, Any]) -> dict[str, Any]:
    """Nobody is counted twice. Before it was kept who all are, at least the first was known."""
    people, who = before.get("people", [before.get("who", before.get("person_id"))]), late.get("people", [])
    new = [one for one in who if one not in people]
    return {"others": before.get("others", 0) + len(new), "people": [*people, *new]}


def _mark(one: One, about: Mapping[str, Any], since: str, named: list[int]) -> dict[str, Any]:
    return {"first": one.number, "since": since, "named": named or [about["person_id"]]}


def _named(before: Mapping[str, Any], about: Mapping[str, Any]) -> list[int]:
    return list(dict.fromkeys([*before.get("named", []), about["person_id"]]))


def _since(row: Notification) -> datetime:
    return _moment(row.parameters) or row.created_at


def _moment(parameters: Mapping[str, Any]) -> datetime | None:
    since = parameters.get("since")
    return datetime.fromisoformat(since) if since else None
