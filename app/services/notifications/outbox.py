"""What the outboxes of pushes and mail share: the wake-up call, the lease of a claim, the waits between tries."""

import random
from datetime import timedelta
from typing import Final

from app.extensions import db

#: A worker that has said nothing for so long is dead, and its rows are free again.
LEASE: Final = timedelta(minutes=3)
#: The waits between tries: a hiccup, an outage, a night. The last try is about a day after the first.
_WAITS: Final = tuple(
    timedelta(seconds=seconds) for seconds in (30, 2 * 60, 10 * 60, 3600, 3 * 3600, 6 * 3600, 12 * 3600)
)
MOST_ATTEMPTS: Final = len(_WAITS) + 1

_NEWS = "outbox_has_news"


def outbox_has_news() -> None:
    """Say that this transaction leaves something for the worker; app/jobs.py wakes it once the commit is through."""
    db.session.info[_NEWS] = True


def take_news() -> bool:
    """Whether the transaction that has just been committed left something; asking forgets it."""
    return bool(db.session.info.pop(_NEWS, False))


def later(asked: timedelta) -> timedelta:
    """The wait that a service asked for: never less, at most a tenth more."""
    return max(asked, timedelta(seconds=1)) * random.uniform(1.0, 1.1)


def wait_after(attempts: int) -> timedelta:
    """How long to wait after the `attempts`-th try: growing, and a little different for each, so that what failed
    together does not come back together."""
    wait = _WAITS[min(attempts, len(_WAITS)) - 1]
    return wait * random.uniform(0.8, 1.2)
