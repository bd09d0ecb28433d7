"""Telling people: the inbox, the outbox, and nobody twice."""

import time
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, insert, select, text, update

from app.extensions import db
from app.models.notification import Delivery, Group, Kind, Notification, PushSubscription
from app.models.person import Person
from app.models.sign_in import DeviceSession
from app.services.notifications.kinds import words_of
from app.services.notifications.notify import notify
from app.services.notifications.outbox import take_news
from tests.cast import Cast
from tests.factories import NOW, municipality
from tests.push import sign_in_device, subscribed
from tests.push_device import Device

PHONE = Device("https://fcm.googleapis.com/fcm/send/phone")
LAPTOP = Device("https://updates.push.services.mozilla.com/wpush/v2/laptop")


def tell(*people: Person, key: str = "cheer:1", kind: Kind = Kind.CHEER, now: object = NOW) -> int:
    return notify(
        [person.id for person in people],
        kind,
        key=key,
        url="/activities/7",
        parameters={"name": "Bob", "title": "Fika å sånt"},
        now=now,  # type: ignore[arg-type]
    )


def count(table: type) -> int:
    return db.session.scalar(select(func.count()).select_from(table)) or 0


def test_everyone_gets_it_in_the_inbox_and_on_each_device(cast: Cast) -> None:
    subscribed(cast.alice, PHONE)
    subscribed(cast.alice, LAPTOP)
    assert tell(cast.alice, cast.bob) == 2
    rows = db.session.scalars(select(Notification).order_by(Notification.person_id)).all()
    assert {row.person_id for row in rows} == {cast.alice.id, cast.bob.id}
    assert rows[0].parameters == {"name": "Bob", "title": "Fika å sånt"}
    assert (rows[0].url, rows[0].created_at, rows[0].read_at) == ("/activities/7", NOW, None)
    # Nobody has asked anything of her, so they wait for the afternoon's slot. NOW is ten o'clock where she is.
    assert set(db.session.scalars(select(Delivery.due_at))) == {NOW.replace(hour=12, minute=30)}
    assert count(Delivery) == 2


def test_the_same_again_tells_only_who_has_not_been_told(cast: Cast) -> None:
    assert tell(cast.alice) == 1
    subscribed(cast.alice, PHONE)
    assert tell(cast.alice, cast.bob, cast.bob) == 1
    assert count(Notification) == 2
    assert count(Delivery) == 0


@pytest.mark.postgres
def test_they_are_numbered_in_the_order_of_people_whoever_was_changed_last(cast: Cast) -> None:
    """PostgreSQL finds a row that was changed behind the others, when it looks through the table."""
    for way in ("indexscan", "bitmapscan"):
        db.session.execute(text(f"SET LOCAL enable_{way} = off"))
    people = sorted((cast.alice, cast.bob, cast.charlie), key=lambda person: person.id)
    for person in reversed(people):
        db.session.execute(update(Person).where(Person.id == person.id).values(language="en"))
    tell(*people)
    numbered = db.session.scalars(select(Notification.person_id).order_by(Notification.id))
    assert numbered.all() == [person.id for person in people]


def test_who_has_left_is_not_told(cast: Cast) -> None:
    cast.alice.left_at = NOW
    db.session.commit()
    assert tell(cast.alice) == 0


def test_a_kind_that_is_switched_off_is_only_in_the_inbox(cast: Cast) -> None:
    subscribed(cast.alice, PHONE)
    cast.alice.muted_groups = [Group.THANKS.value]
    db.session.commit()
    assert tell(cast.alice) == 1
    assert count(Delivery) == 0
    tell(cast.alice, key="other", kind=Kind.ANSWER)
    assert count(Delivery) == 1


def test_who_has_paused_is_told_in_the_inbox_only(cast: Cast) -> None:
    subscribed(cast.alice, PHONE)
    cast.alice.paused_at = NOW
    db.session.commit()
    assert tell(cast.alice, kind=Kind.INVITATION) == 1
    assert count(Delivery) == 0


def test_a_device_that_is_signed_out_gets_nothing(cast: Cast) -> None:
    subscription = subscribed(cast.alice, PHONE)
    session = sign_in_device(cast.alice)
    session.ended_at, subscription.device_session_id = NOW, session.id
    db.session.commit()
    tell(cast.alice)
    assert count(Delivery) == 0


def test_the_push_waits_for_each_persons_own_hours(cast: Cast) -> None:
    subscribed(cast.alice, PHONE)
    subscribed(cast.bob, LAPTOP)
    cast.bob.push_weekends = True
    db.session.commit()
    saturday = NOW + timedelta(days=4)
    tell(cast.alice, cast.bob, kind=Kind.INVITATION, now=saturday)
    query = select(Notification.person_id, Delivery.due_at).join(Delivery.notification)
    due = {row.person_id: row.due_at for row in db.session.execute(query)}
    assert due == {
        cast.alice.id: (NOW + timedelta(days=6)).replace(hour=6),
        cast.bob.id: saturday,
    }


def test_what_was_taken_back_with_its_transaction_was_never_said(cast: Cast) -> None:
    alice = cast.alice
    begun = db.session.begin_nested()
    tell(alice)
    begun.rollback()
    assert count(Notification) == 0


def test_the_worker_is_woken_after_news_and_only_then(cast: Cast) -> None:
    subscribed(cast.alice, PHONE)
    take_news()
    assert tell(cast.alice) == 1
    assert take_news()
    assert tell(cast.alice) == 0
    assert not take_news()


def test_five_thousand_are_told_in_a_few_statements(cast: Cast, queries: list[str]) -> None:
    people = _crowd(5000)
    queries.clear()
    begun = time.perf_counter()
    assert (
        notify(people, Kind.STAGE, key="stage:2:learn", url="/", parameters={"step": "learn"}, now=NOW)
        == 5000
    )
    assert time.perf_counter() - begun < 10
    assert len(queries) <= 4
    assert count(Delivery) == 5000


def _crowd(size: int) -> list[int]:
    """People with a device each, made in bulk."""
    place = municipality("bjuv").id
    people = [
        {
            "email": f"crowd{number}@bjuv.se",
            "name": f"Crowd {number}",
            "municipality_id": place,
            "joined_at": NOW,
        }
        for number in range(size)
    ]
    db.session.execute(insert(Person), people)
    ids = list(db.session.scalars(select(Person.id).where(Person.email.like("crowd%"))))
    db.session.execute(
        insert(DeviceSession),
        [
            {"person_id": number, "token_hash": f"h{number}", "label": "", "created_at": NOW, "seen_at": NOW}
            for number in ids
        ],
    )
    sessions = db.session.scalars(select(DeviceSession)).all()
    db.session.execute(
        insert(PushSubscription),
        [
            {
                "person_id": session.person_id,
                "device_session_id": session.id,
                "endpoint": f"https://fcm.googleapis.com/{session.person_id}",
                "p256dh": "x",
                "auth": "x",
                "created_at": NOW,
            }
            for session in sessions
        ],
    )
    db.session.commit()
    return ids


@pytest.mark.parametrize(
    ("language", "day", "body"),
    [
        ("sv", "2026-05-05", "tisdag 5 maj · Byt kontor"),
        ("en", "2026-05-05", "Tuesday 5 May · Byt kontor"),
        ("sv", "", "Dagen är inte bestämd · Byt kontor"),
    ],
)
def test_a_new_day_is_named_in_the_readers_language(app: Flask, language: str, day: str, body: str) -> None:
    parameters = {"name": "Anna", "event": "moved", "day": day, "title": "Byt kontor"}
    with app.app_context():
        assert words_of(Kind.CHANGE, parameters, language).body == body
