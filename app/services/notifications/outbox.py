"""What the outboxes of pushes and mail share: the wake-up call, how long a claim lasts, the waits between tries."""

import random
from datetime import datetime, timedelta
from typing import Final

from app.extensions import db

#: How long a claim lasts. A worker that has not settled its rows by then is taken for dead, and they are free again.
LEASE: Final = timedelta(minutes=3)
#: The waits between tries: for a short failure, an outage, a night. The last try is about a day after the first.
_WAITS: Final = tuple(
    timedelta(seconds=seconds) for seconds in (30, 2 * 60, 10 * 60, 3600, 3 * 3600, 6 * 3600, 12 * 3600)
)
MOST_ATTEMPTS: Final = len(_WAITS) + 1
#: The waits between tries of a mail that expires within minutes: a greylisting server takes the second or third.
_WAITS_FOR_A_CODE: Final = tuple(timedelta(seconds=seconds) for seconds in (15, 30, 60, 90))
#: When a mail that expires is tried for the last time: whoever gets it has to read it and type the code.
_BEFORE_IT_EXPIRES: Final = timedelta(seconds=30)
#: How long mail waits for a server that is away, or for the operator to mend something. No tries are used up by it.
_PAUSE: Final = timedelta(minutes=5)
_PAUSE_FOR_A_CODE: Final = timedelta(seconds=30)

_NEWS = "outbox_has_news"


def outbox_has_news() -> None:
    """Note that this transaction leaves something for the worker; app/jobs.py wakes it after the commit."""
    db.session.info[_NEWS] = True


def take_news() -> bool:
    """Whether the transaction that has just been committed left something. Clears the note."""
    return bool(db.session.info.pop(_NEWS, False))


def wait_asked_for(wait: timedelta) -> timedelta:
    """The wait that a service asked for, or up to a tenth more, and at least a second."""
    return max(wait, timedelta(seconds=1)) * random.uniform(1.0, 1.1)


def wait_after(attempts: int) -> timedelta:
    """How long to wait after try number `attempts`: longer each time, and a little random, so that what failed together
    is not tried again together."""
    return _numbered(_WAITS, attempts) * random.uniform(0.8, 1.2)


def next_try(attempts: int, now: datetime, expires_at: datetime | None) -> datetime | None:
    """When a mail is tried again after try number `attempts`, which failed. None if that was the last.

    One that expires has no number of tries, but a last one shortly before.
    """
    if expires_at is None:
        return now + wait_after(attempts) if attempts < MOST_ATTEMPTS else None
    return _in_time(now + _numbered(_WAITS_FOR_A_CODE, attempts), now, expires_at)


def next_try_after_pause(now: datetime, expires_at: datetime | None) -> datetime | None:
    """When a mail is tried again that is not at fault itself. None if it will have expired."""
    if expires_at is None:
        return now + pause(is_code=False)
    return _in_time(now + pause(is_code=True), now, expires_at)


def pause(*, is_code: bool) -> timedelta:
    """How long mail waits for a server that is away, or for the operator to mend something."""
    return _PAUSE_FOR_A_CODE if is_code else _PAUSE * random.uniform(0.8, 1.2)


def _in_time(moment: datetime, now: datetime, expires_at: datetime) -> datetime | None:
    last = expires_at - _BEFORE_IT_EXPIRES
    return min(moment, last) if now < last else None


def _numbered(waits: tuple[timedelta, ...], attempts: int) -> timedelta:
    return waits[min(max(attempts, 1), len(waits)) - 1]
