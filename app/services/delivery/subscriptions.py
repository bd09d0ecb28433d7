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
    device: DeviceSession, given: BrowserSubscription, *, extra_hosts: frozenset[str], now: datetime
) -> PushSubscription:
    """Push to this device from now on; again with the same endpoint changes nothing.

    An endpoint belongs to a browser: if another person has signed in there, it moves to them, and what waited for the
    one before is dropped. A device whose browser has got a new endpoint keeps what waits.

    Raises:
        ValueError: the endpoint is no push service's (`EndpointRefused`), or the keys are no keys.
    """
    check_endpoint(given.endpoint, extra_hosts)
    check_keys(given.p256dh, given.auth)
    try:
        with db.session.begin_nested():
            return _bind(device, given, now)
    except IntegrityError:
        # The page and its service worker posted the same endpoint at once.
        return _bind(device, given, now)


def unsubscribe(device: DeviceSession, endpoint: str) -> None:
    """No more pushes to that endpoint, if it is this person's."""
    mine = (PushSubscription.endpoint == endpoint, PushSubscription.person_id == device.person_id)
    db.session.execute(delete(PushSubscription).where(*mine))


def subscription_of(device: DeviceSession) -> PushSubscription | None:
    """The subscription of this device, if it takes pushes."""
    query = select(PushSubscription).where(PushSubscription.device_session_id == device.id)
    return db.session.scalar(query.order_by(PushSubscription.id.desc()).limit(1))


def _bind(device: DeviceSession, given: BrowserSubscription, now: datetime) -> PushSubscription:
    held = db.session.scalar(select(PushSubscription).where(PushSubscription.endpoint == given.endpoint))
    own = held or subscription_of(device)
    if own is None:
        own = PushSubscription(created_at=now)
        db.session.add(own)
    elif own.person_id != device.person_id:
        db.session.execute(delete(Delivery).where(Delivery.subscription_id == own.id))
    own.person_id, own.device_session_id = device.person_id, device.id
    own.endpoint, own.p256dh, own.auth = given.endpoint, given.p256dh, given.auth
    db.session.flush()
    others = (PushSubscription.device_session_id == device.id, PushSubscription.id != own.id)
    db.session.execute(delete(PushSubscription).where(*others))
    return own
