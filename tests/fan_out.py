"""One notification to many devices, sent by a worker that is killed amid it: who was told, and who twice."""

import os
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Final

from sqlalchemy import func, insert, select

from app import clock
from app.config import Settings
from app.extensions import db
from app.models.notification import Delivery, DeliveryState, Kind, PushSubscription
from app.models.sign_in import DeviceSession
from app.services.notifications.notify import notify
from tests.factories import make_person
from tests.push_device import Device
from tests.push_service import PushService
from tests.waiting import until

_ROOT: Final = Path(__file__).resolve().parents[1]


def start_worker(
    settings: Settings, *, lease: float = 0, log: Path = Path(os.devnull), **other: str
) -> subprocess.Popen[bytes]:
    """A worker process with these settings, and perhaps others of the environment; with `lease`, its claims of pushes
    run out after so many seconds. What it says goes to the end of `log`."""
    env = os.environ | {
        "ELDSJAL_DEV": "1",
        "DATA_DIR": str(settings.data_dir),
        "DATABASE_URL": settings.database_url,
        "MAIL_URL": settings.mail_url,
        "SECRET_KEY": settings.secret_key,
        "VAPID_SUBJECT": settings.vapid_subject,
        "PUSH_EXTRA_HOSTS": ",".join(settings.push_extra_hosts),
        **other,
    }
    flask = ["flask", "--app", "wsgi", "worker"]
    command = [sys.executable, "-m", *(["tests.impatient_worker", str(lease)] if lease else flask)]
    with log.open("ab") as file:
        return subprocess.Popen(command, cwd=_ROOT, env=env, stdout=file)


def tell_devices(service: PushService, number: int, name: str = "fan-out") -> list[Device]:
    """Tell somebody something who has so many devices; they are called by that name."""
    person = make_person(push_weekends=True)
    person.push_until = person.push_from
    now = clock.now()
    sessions = [
        {"person_id": person.id, "token_hash": f"{name}-{n}", "label": "Test", "created_at": now, "seen_at": now}
        for n in range(number)
    ]  # fmt: skip
    ids = db.session.scalars(insert(DeviceSession).returning(DeviceSession.id), sessions).all()
    browsers = [service.device(f"{name}-{n}") for n in range(number)]
    subscriptions = [
        {
            "person_id": person.id, "device_session_id": id, "created_at": now, "endpoint": browser.endpoint,
            "p256dh": browser.p256dh, "auth": browser.auth,
        }
        for id, browser in zip(ids, browsers, strict=True)
    ]  # fmt: skip
    db.session.execute(insert(PushSubscription), subscriptions)
    about = {"name": "Bob", "title": "Fika"}
    notify([person.id], Kind.INVITATION, key="fan-out", url="/", parameters=about, now=now)
    db.session.commit()
    return browsers


def kill_amid(service: PushService, worker: subprocess.Popen[bytes], after: int) -> int:
    """Kill the worker when it has sent so many. Returns of how many the answers were not written down."""
    before = len(service.received)
    until(lambda: len(service.received) >= before + after)
    worker.kill()
    worker.wait()
    until(lambda: _is_quiet(service))
    sent = {request.path for request in service.received[before:]}
    return len(sent & _waiting_paths())


def times_told(service: PushService) -> Counter[str]:
    """How often each device was told."""
    return Counter(request.path for request in list(service.received))


def count_of(state: DeliveryState) -> int:
    """How many deliveries are in that state now."""
    db.session.rollback()
    return db.session.scalar(select(func.count()).where(Delivery.state == state.value)) or 0


def _is_quiet(service: PushService) -> bool:
    """Nothing more comes in of what the killed worker had written to its connections."""
    count = len(service.received)
    time.sleep(0.1)
    return len(service.received) == count


def _waiting_paths() -> set[str]:
    db.session.rollback()
    waiting = select(PushSubscription.endpoint).join(
        Delivery, Delivery.subscription_id == PushSubscription.id
    )
    endpoints = db.session.scalars(waiting.where(Delivery.state == DeliveryState.WAITING.value))
    return {Device(endpoint).path for endpoint in endpoints}
