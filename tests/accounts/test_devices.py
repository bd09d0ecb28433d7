"""Where people are signed in: begun with a token that only the device has, seen, listed, ended, forgotten."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.extensions import db
from app.models.notification import Notification, PushSubscription
from app.models.person import Person, Role
from app.models.sign_in import SESSION_LIFE, DeviceSession
from app.services.accounts.devices import (
    RENEWED_AFTER,
    begin_session,
    device_of,
    devices_of,
    end_all_sessions,
    end_session,
    forget_devices,
    glance_at,
    note_seen,
)
from tests.cast import Cast
from tests.factories import NOW

SECOND = timedelta(seconds=1)


def test_a_session_is_found_by_its_token_alone(cast: Cast) -> None:
    token = begin_session(cast.alice, "Firefox, Linux", NOW)
    other = begin_session(cast.bob, "", NOW)
    device = devices_of(cast.alice)[0]
    assert (device.label, device.created_at, device.seen_at) == ("Firefox, Linux", NOW, NOW)
    glance = glance_at(token)
    assert glance is not None
    assert (glance.id, glance.device_id, glance.seen_at) == (cast.alice.id, device.id, NOW)
    assert token != other
    assert glance_at(token.swapcase()) is glance_at("") is None


def test_the_database_does_not_hold_the_token(cast: Cast) -> None:
    token = begin_session(cast.alice, "", NOW)
    token_hash = db.session.scalars(select(DeviceSession.token_hash)).one()
    assert token not in token_hash
    assert glance_at(token_hash) is None


def test_a_glance_tells_what_every_page_needs(cast: Cast) -> None:
    cast.cora.language, cast.cora.theme = "en", "dark"
    token = begin_session(cast.cora, "", NOW)
    for number, read_at in enumerate((None, None, NOW)):
        about = {"kind": "stage", "key": str(number), "url": "/", "parameters": {}}
        db.session.add(Notification(person_id=cast.cora.id, created_at=NOW, read_at=read_at, **about))
    db.session.flush()
    glance = glance_at(token)
    assert glance is not None
    assert (glance.name, glance.role, glance.language, glance.theme, glance.unread) == (
        "Cora Coster",
        Role.COORDINATOR,
        "en",
        "dark",
        2,
    )
    assert glance.municipality_id == cast.cora.municipality_id
    assert glance.is_a(Role.LEAD, Role.COORDINATOR)
    assert not glance.is_a(Role.LEAD)


def test_who_has_left_is_no_longer_signed_in(cast: Cast) -> None:
    token = begin_session(cast.alice, "", NOW)
    cast.alice.left_at = NOW
    db.session.flush()
    assert glance_at(token) is None


def test_that_a_device_was_seen_is_written_once_an_hour(cast: Cast) -> None:
    token = begin_session(cast.alice, "", NOW)
    begin_session(cast.alice, "another", NOW)
    glance = glance_at(token)
    assert glance is not None
    assert not note_seen(glance, NOW + RENEWED_AFTER)
    assert [device.seen_at for device in devices_of(cast.alice)] == [NOW, NOW]
    later = NOW + RENEWED_AFTER + SECOND
    assert note_seen(glance, later)
    db.session.expire_all()
    assert [(device.id == glance.device_id, device.seen_at) for device in devices_of(cast.alice)] == [
        (True, later),
        (False, NOW),
    ]


def test_ones_own_devices_are_listed_and_found_until_they_are_signed_out(cast: Cast) -> None:
    first, second, bobs = _device(cast.alice, "a"), _device(cast.alice, "b"), _device(cast.bob, "c")
    assert devices_of(cast.alice) == [second, first]
    first.seen_at = NOW + SECOND
    assert devices_of(cast.alice) == [first, second]
    assert device_of(cast.alice, first.id) is first
    assert device_of(cast.alice, bobs.id) is None
    end_session(first, NOW)
    assert devices_of(cast.alice) == [second]
    end_session(first, NOW + timedelta(hours=1))
    assert first.ended_at == NOW, "a second time changes nothing"


def test_an_ended_session_is_not_found(cast: Cast) -> None:
    token = begin_session(cast.alice, "", NOW)
    end_session(devices_of(cast.alice)[0], NOW)
    db.session.flush()
    assert glance_at(token) is None


def test_signing_out_ends_the_session_and_its_pushes(cast: Cast) -> None:
    here, there = _device(cast.alice, "a"), _device(cast.alice, "b")
    end_session(here, NOW)
    assert (here.ended_at, there.ended_at) == (NOW, None)
    assert [push.endpoint for push in db.session.scalars(select(PushSubscription))] == [
        "https://push.example/b"
    ]


def test_signing_out_everywhere_ends_all_of_one_person(cast: Cast) -> None:
    devices = [_device(cast.alice, "a"), _device(cast.alice, "b"), _device(cast.bob, "c")]
    end_all_sessions(cast.alice, NOW)
    assert [device.ended_at for device in devices] == [NOW, NOW, None]
    assert [push.endpoint for push in db.session.scalars(select(PushSubscription))] == [
        "https://push.example/c"
    ]


def test_signing_out_everywhere_leaves_the_past_as_it_was(cast: Cast) -> None:
    gone = _device(cast.alice, "a")
    end_session(gone, NOW)
    end_all_sessions(cast.alice, NOW + SECOND)
    db.session.refresh(gone)
    assert gone.ended_at == NOW


@pytest.mark.parametrize(
    ("begun", "ended", "is_forgotten"),
    [
        (timedelta(days=9), timedelta(days=7), False),
        (timedelta(days=9), timedelta(days=7) + SECOND, True),
        (SESSION_LIFE, None, False),
        (SESSION_LIFE + SECOND, None, True),
    ],
)
def test_devices_are_forgotten_some_time_after_signing_out_or_when_their_cookie_is_over(
    cast: Cast, begun: timedelta, ended: timedelta | None, is_forgotten: bool
) -> None:
    device = _device(cast.alice, "a")
    device.created_at, device.ended_at = NOW - begun, NOW - ended if ended else None
    db.session.flush()
    forget_devices(NOW, keep_for=timedelta(days=7))
    assert (db.session.scalars(select(DeviceSession.id)).all() == []) is is_forgotten


def _device(person: Person, token: str) -> DeviceSession:
    device = DeviceSession(person=person, token_hash=token, label="", created_at=NOW, seen_at=NOW)
    db.session.add(device)
    db.session.flush()
    db.session.add(
        PushSubscription(
            person_id=person.id,
            device_session_id=device.id,
            endpoint=f"https://push.example/{token}",
            p256dh="",
            auth="",
            created_at=NOW,
        )
    )
    db.session.flush()
    return device
