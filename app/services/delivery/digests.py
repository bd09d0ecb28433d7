"""Who gets a digest by mail: people whom no push reaches, once a day at most, with what they have been told since the
last one and have not read.

Here the outbox gets a row for each, at a slot of theirs; what it says is made when it is sent (digest_letter.py). One
row a day and address can be written, so two workers write one; and what it tells of is marked in the same transaction,
so one that was killed has either done both or nothing.
"""

import hmac
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from functools import partial
from typing import Final, NamedTuple

import structlog
from sqlalchemy import ColumnElement, and_, exists, select, update

from app.extensions import db
from app.models.notification import Mail, Notification
from app.models.person import Person
from app.models.upsert import upsert
from app.services.delivery.digest_contents import NEWS_COLUMNS, TOO_OLD, News, reads_digests, worth_telling
from app.services.delivery.isolation import together_or_apart
from app.services.notifications.digests_kept import digest_key, is_digest
from app.services.notifications.outbox import outbox_has_news
from app.services.notifications.quiet_hours import HOURS_COLUMNS, DaysSlot, Hours, hours_of, todays_first_slot
from app.services.programme.clock import programme_zone, start_of_day

#: People in one transaction, and rows in one statement: SQLite takes 32,766 parameters at most.
_PORTION: Final = 1000
_MOST_ROWS: Final = 10_000

log = structlog.get_logger()


class _Reader(NamedTuple):
    """Somebody whose slot has come."""

    id: int
    email: str
    muted_groups: list[str]
    slot: DaysSlot


def write_digests(now: datetime, *, secret: str, commit: Callable[[], None]) -> None:
    """Write what is due. Whoever cannot be written to is logged and tried again, and keeps nobody else waiting.

    A few statements when no slot of anybody has come, and for each thousand people. `secret` is the installation's;
    whoever has it can tell in which order the digests of a day are sent.
    """
    slots = _slots(now)
    commit()
    if not slots:
        return
    for readers in _portions(slots, now):
        if readers:
            together_or_apart(readers, partial(_write, now, secret), _not_written)
        commit()


def _slots(now: datetime) -> dict[Hours, DaysSlot]:
    """By hours that somebody has: the day's first slot, where it has come. Only that one: if what came after it could
    go out on the same day, it would tell whether there was nothing else, such as a reminder of the survey."""
    zone = programme_zone()
    rows = db.session.execute(select(*HOURS_COLUMNS).where(Person.is_present).distinct())
    past = {hours: todays_first_slot(hours, now, zone) for hours in map(hours_of, rows)}
    return {hours: slot for hours, slot in past.items() if slot}


def _portions(slots: dict[Hours, DaysSlot], now: datetime) -> Iterator[list[_Reader]]:
    last = 0
    columns = (Person.id, Person.email, Person.muted_groups, *HOURS_COLUMNS)
    has_news = exists().where(Notification.person_id == Person.id, _is_news(now))
    people = select(*columns).where(reads_digests(), has_news, ~_has_one_today(now))
    people = people.order_by(Person.id).limit(_PORTION)
    while rows := db.session.execute(people.where(Person.id > last)).all():
        last = rows[-1].id
        due = [(row, slots[hours]) for row in rows if (hours := hours_of(row)) in slots]
        yield [_Reader(row.id, row.email, row.muted_groups, slot) for row, slot in due]


def _is_news(now: datetime) -> ColumnElement[bool]:
    """Condition on a notification: neither read nor told of by mail, and not too old for that."""
    return and_(Notification.is_unread, ~Notification.is_digested, Notification.created_at > now - TOO_OLD)


def _has_one_today(now: datetime) -> ColumnElement[bool]:
    """Condition on a person: a digest waits or has gone out today, be it one of an earlier day that was held up."""
    waits_or_went = (Mail.settled_at.is_(None)) | (Mail.settled_at >= start_of_day(now, programme_zone()))
    return exists().where(Mail.to == Person.email, is_digest(), waits_or_went)


def _write(now: datetime, secret: str, readers: Sequence[_Reader]) -> list[None]:
    news = _news({reader.id: reader for reader in readers}, now)
    muted = {reader.id: reader.muted_groups for reader in readers}
    told = worth_telling([row for rows in news.values() for row in rows], muted, now)
    contents = {number: [row.id for row in rows if row.id in told] for number, rows in news.items()}
    told_of = [reader for reader in readers if contents.get(reader.id)]
    mailed = _add_to_outbox(_in_secret_order(told_of, secret), contents, now)
    nothing = {number for number, ids in contents.items() if not ids}
    _mark([row.id for number in mailed | nothing for row in news[number]])
    return []


def _news(readers: dict[int, _Reader], now: datetime) -> dict[int, list[News]]:
    """By person: what is new to those who had some of it when their slot came."""
    of_readers = Notification.person_id.in_(readers)
    query = select(*NEWS_COLUMNS).where(of_readers, _is_news(now)).order_by(Notification.id)
    news: dict[int, list[News]] = {}
    for row in map(News._make, db.session.execute(query)):
        news.setdefault(row.person_id, []).append(row)
    return {
        number: rows
        for number, rows in news.items()
        if min(row.created_at for row in rows) <= readers[number].slot.at
    }


def _in_secret_order(readers: Sequence[_Reader], secret: str) -> list[_Reader]:
    """Another one each day, which nobody can guess: mails go out one after the other and say when, which may not tell
    who got none between two. For every worker the same: two that add the same mails in different orders would each wait
    for the other."""

    def place(reader: _Reader) -> bytes:
        return hmac.digest(secret.encode(), f"digest:{reader.slot.day}:{reader.id}".encode(), "sha256")

    return sorted(readers, key=place)


def _add_to_outbox(readers: Sequence[_Reader], contents: dict[int, list[int]], now: datetime) -> set[int]:
    """Whose digest of the day is written now: not those of whom another worker has written it, or whom an earlier one
    went to. They are sent in the order of the readers."""
    if not readers:
        return set()
    numbers = {reader.email: reader.id for reader in readers}
    rows = [
        {
            "to": reader.email, "about": digest_key(reader.slot.day), "subject": "", "body": "", "due_at": now,
            "contents": contents[reader.id],
        }
        for reader in readers
    ]  # fmt: skip
    insert = upsert(Mail).on_conflict_do_nothing().returning(Mail.to)
    outbox_has_news()
    return {numbers[to] for to in db.session.scalars(insert, rows)}


def _mark(notification_ids: list[int]) -> None:
    for start in range(0, len(notification_ids), _MOST_ROWS):
        some = Notification.id.in_(notification_ids[start : start + _MOST_ROWS])
        marked = update(Notification).where(some).values(is_digested=True)
        db.session.execute(marked.execution_options(synchronize_session=False))


def _not_written(reader: _Reader, error: Exception) -> None:
    log.error("somebody's digest could not be written; it is tried again", person=reader.id, exc_info=error)
