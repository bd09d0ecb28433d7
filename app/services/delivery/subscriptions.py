"""Devices that take pushes: one subscription for each browser that is signed in."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from app.extensions import db
from app.gateways.push.encryption import check_keys
from app.gateways.push.endpoints import check_endpoint
from app.models.notification import Delivery, PushSubscription
from app.models.sign_in import DeviceSession, PushChoice

#: One person's devices that get pushes. Each notification is a message to each of them, so there is an end to it.
MOST_DEVICES: Final = 20


@dataclass(frozen=True)
class BrowserSubscription:
    """What the browser's `PushSubscription.toJSON()` gives, and the public key of ours that it was made with."""

    endpoint: str
    p256dh: str
    auth: str
    application_server_key: str = ""


def subscribe(
    device: DeviceSession, browser: BrowserSubscription, *, extra_hosts: frozenset[str], now: datetime
) -> PushSubscription:
    """Push to this device from now on; a second call with the same endpoint changes nothing.

    An endpoint belongs to a browser: if another person has signed in there, it becomes theirs, and what waited for the
    person before them is dropped. When a device's browser gets a new endpoint, what waits is sent there.

    Raises:
        ValueError: the endpoint is not a push service's (`EndpointRefused`), or the keys are malformed.
    """
    check_endpoint(browser.endpoint, extra_hosts)
    check_keys(browser.p256dh, browser.auth)
    try:
        with db.session.begin_nested():
            return _bind(device, browser, now)
    except IntegrityError:
        # The page and its service worker posted the same endpoint at the same time.
        return _bind(device, browser, now)


def unsubscribe(device: DeviceSession, endpoint: str) -> None:
    """Stop pushing to that endpoint, if it is this person's. If it is this device's, pushes are off here by choice."""
    own = (PushSubscription.endpoint == endpoint, PushSubscription.person_id == device.person_id)
    subscription = db.session.scalar(select(PushSubscription).where(*own))
    if subscription is None:
        return
    if subscription.device_session_id == device.id:
        device.push_choice = PushChoice.OFF
    db.session.delete(subscription)


def switch_off(device: DeviceSession) -> None:
    """No more pushes to this device until its person wants them again, whatever its endpoint is."""
    device.push_choice = PushChoice.OFF
    db.session.execute(delete(PushSubscription).where(PushSubscription.device_session_id == device.id))


def subscription_of(device: DeviceSession) -> PushSubscription | None:
    """The subscription of this device, if it takes pushes."""
    return db.session.scalar(select(PushSubscription).where(PushSubscription.device_session_id == device.id))


def fingerprint(endpoint: str, p256dh: str, auth: str) -> str:
    """Names a subscription in a page without telling its address; the script makes the same one
    (static/js/push-device.js)."""
    return hashlib.sha256(f"{endpoint} {p256dh} {auth}".encode()).hexdigest()[:24]


def _bind(device: DeviceSession, browser: BrowserSubscription, now: datetime) -> PushSubscription:
    with_endpoint = db.session.scalar(
        select(PushSubscription).where(PushSubscription.endpoint == browser.endpoint)
    )
    subscription = with_endpoint or subscription_of(device)
    if subscription is None:
        subscription = PushSubscription(created_at=now)
        db.session.add(subscription)
    else:
        _make_room(device, subscription)
    subscription.person_id, subscription.device_session_id = device.person_id, device.id
    subscription.endpoint = browser.endpoint
    subscription.p256dh, subscription.auth = browser.p256dh, browser.auth
    subscription.application_server_key = browser.application_server_key
    device.push_choice = PushChoice.ON
    db.session.flush()
    _end_the_oldest_but(subscription)
    return subscription


def _make_room(device: DeviceSession, subscription: PushSubscription) -> None:
    """What waited for another person is not for this one, and a device has one subscription."""
    if subscription.person_id != device.person_id:
        db.session.execute(delete(Delivery).where(Delivery.subscription_id == subscription.id))
    others = (PushSubscription.device_session_id == device.id, PushSubscription.id != subscription.id)
    db.session.execute(delete(PushSubscription).where(*others))


def _end_the_oldest_but(subscription: PushSubscription) -> None:
    others = (PushSubscription.person_id == subscription.person_id, PushSubscription.id != subscription.id)
    newest_first = select(PushSubscription.id).where(*others).order_by(PushSubscription.id.desc())
    if surplus := db.session.scalars(newest_first.offset(MOST_DEVICES - 1)).all():
        db.session.execute(delete(PushSubscription).where(PushSubscription.id.in_(surplus)))
