"""What the outboxes of pushes and mail share: the wake-up call, how long a claim lasts, the waits between tries."""

import random
from datetime import timedelta
from typing import Final

from app.extensions import db

#: How long a claim lasts. A worker that has not settled its rows by then is taken for dead, and they are free again.
LEASE: Final = timedelta(minutes=3)
#: The waits between tries: for a short failure, an outage, a night. The last try is about a day after the first.
_WAITS: Final = tuple(
    timedelta(seconds=seconds) for seconds in (30, 2 * 60, 10 * 60, 3600, 3 * 3600, 6 * 3600, 12 * 3600)
)
MOST_ATTEMPTS: Final = len(_WAITS) + 1

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
    wait = _WAITS[min(attempts, len(_WAITS)) - 1]
    return wait * random.uniform(0.8, 1.2)
