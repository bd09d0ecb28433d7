"""Devices that take pushes: one subscription for each browser that is signed in."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from app.extensions import db
from app.gateways.push.encryption import check_keys
from app.gateways.push.endpoints import check_endpoint
from app.models.notification import Delivery, PushSubscription
from app.models.sign_in import DeviceSession


@dataclass(frozen=True)
class BrowserSubscription:
    """What the browser's `PushSubscription.toJSON()` gives."""

    endpoint: str
    p256dh: str
    auth: str


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
    """Stop pushing to that endpoint, if it is this person's."""
    own = (PushSubscription.endpoint == endpoint, PushSubscription.person_id == device.person_id)
    db.session.execute(delete(PushSubscription).where(*own))


def subscription_of(device: DeviceSession) -> PushSubscription | None:
    """The subscription of this device, if it takes pushes."""
    query = select(PushSubscription).where(PushSubscription.device_session_id == device.id)
    return db.session.scalar(query.order_by(PushSubscription.id.desc()).limit(1))


def _bind(device: DeviceSession, browser: BrowserSubscription, now: datetime) -> PushSubscription:
    with_endpoint = db.session.scalar(
        select(PushSubscription).where(PushSubscription.endpoint == browser.endpoint)
    )
    subscription = with_endpoint or subscription_of(device)
    if subscription is None:
        subscription = PushSubscription(created_at=now)
        db.session.add(subscription)
    elif subscription.person_id != device.person_id:
        db.session.execute(delete(Delivery).where(Delivery.subscription_id == subscription.id))
    subscription.person_id, subscription.device_session_id = device.person_id, device.id
    subscription.endpoint = browser.endpoint
    subscription.p256dh, subscription.auth = browser.p256dh, browser.auth
    db.session.flush()
    others = (PushSubscription.device_session_id == device.id, PushSubscription.id != subscription.id)
    db.session.execute(delete(PushSubscription).where(*others))
    return subscription
