"""What tests of pushes are made of: people whose browsers are subscribed to a push service, and a sender."""

from collections.abc import Callable
from datetime import datetime
from secrets import token_hex
from typing import Any

from sqlalchemy import select

from app.extensions import db
from app.gateways.push.vapid import VapidKeys, generate_private_key
from app.models.notification import Delivery, Kind, PushSubscription
from app.models.person import Person
from app.models.sign_in import DeviceSession
from app.services.delivery.pushes import deliver_pushes
from app.services.delivery.sender import PushSender
from app.services.delivery.subscriptions import BrowserSubscription, subscribe
from app.services.notifications.notify import notify
from tests.factories import NOW
from tests.push_device import Device
from tests.push_service import PushService


def sign_in_device(person: Person) -> DeviceSession:
    """A device that the person is signed in on."""
    session = DeviceSession(
        person_id=person.id, token_hash=token_hex(16), label="Test", created_at=NOW, seen_at=NOW
    )
    db.session.add(session)
    db.session.flush()
    return session


def subscribed(person: Person, browser: Device) -> PushSubscription:
    """The person takes pushes in that browser."""
    given = BrowserSubscription(browser.endpoint, browser.p256dh, browser.auth)
    extra = frozenset({browser.endpoint.split("/")[2]})
    subscription = subscribe(sign_in_device(person), given, extra_hosts=extra, now=NOW)
    db.session.commit()
    return subscription


def sender_to(service: PushService, timeout: float = 2.0) -> PushSender:
    vapid = VapidKeys.load(generate_private_key(), "mailto:test@example.se")
    return PushSender(vapid, frozenset({service.authority}), service.certificate, timeout)


def deliver_at(
    sender: PushSender,
    now: datetime,
    moment: Callable[[], datetime] | None = None,
    commit: Callable[[], None] = db.session.commit,
) -> int:
    """What the worker does, at that moment."""
    return deliver_pushes(sender, commit=commit, moment=moment or (lambda: now))


def tell(person: Person, key: str = "invitation:1", **more: Any) -> None:
    """An invitation to some activity."""
    about = {"name": "Bob", "contribution_id": 1, "title": "Fika med nyinflyttade"}
    given = {"kind": Kind.INVITATION, "url": "/activities/1", "parameters": about, "now": NOW, **more}
    notify([person.id], key=key, **given)
    db.session.commit()


def the_delivery() -> Delivery:
    db.session.expire_all()
    return db.session.scalars(select(Delivery)).one()
