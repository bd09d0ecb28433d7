"""How often something may be done: counted in Redis where several machines share the work, else in the process.

Redis may be away, and people sign in all the same. While it is, each process counts for itself; when it is back, what
was counted in Redis holds again.
"""

import time
from collections.abc import Callable
from threading import Lock
from typing import Any, Final, TypeVar, cast

import structlog
from flask_limiter import Limiter
from limits.storage import Storage, storage_from_string
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from app.text import foreign

log = structlog.get_logger()

Answer = TypeVar("Answer")

#: Seconds in which one that is away is not asked again. One request in so many seconds waits for it.
_PAUSE: Final = 5.0
_IMPATIENT: Final[dict[str, Any]] = {
    "socket_connect_timeout": 0.5,
    "socket_timeout": 0.5,
    "retry": Retry(NoBackoff(), 0),
}


class ProcessStorage(Storage):
    """Counts in this process, for any number of threads.

    The one of `limits` removes what has expired in threads of its own, and takes a key's lock away while others count
    under it: counts get lost, and its threads die.
    """

    STORAGE_SCHEME = ["process"]

    #: Seconds between looks for counts that have expired.
    _SWEEP_EVERY: Final = 60.0

    def __init__(self, uri: str | None = None, wrap_exceptions: bool = False, **options: Any) -> None:
        super().__init__(uri, wrap_exceptions, **options)
        self._lock = Lock()
        #: For each key, how often and until when (seconds since 1970).
        self._counts: dict[str, tuple[int, float]] = {}
        self._sweep_at = 0.0

    @property
    def base_exceptions(self) -> type[Exception]:
        return ValueError

    def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        with self._lock:
            now = time.time()
            self._sweep(now)
            count, until = self._count(key, now) or (0, now + expiry)
            self._counts[key] = (count + amount, until)
            return count + amount

    def get(self, key: str) -> int:
        with self._lock:
            count, _until = self._count(key, time.time()) or (0, 0.0)
            return count

    def get_expiry(self, key: str) -> float:
        with self._lock:
            now = time.time()
            _count, until = self._count(key, now) or (0, now)
            return until

    def check(self) -> bool:
        return True

    def reset(self) -> int:
        with self._lock:
            number = len(self._counts)
            self._counts.clear()
            return number

    def clear(self, key: str) -> None:
        with self._lock:
            self._counts.pop(key, None)

    def _count(self, key: str, now: float) -> tuple[int, float] | None:
        count = self._counts.get(key)
        return count if count and count[1] > now else None

    def _sweep(self, now: float) -> None:
        if now < self._sweep_at:
            return
        self._sweep_at = now + self._SWEEP_EVERY
        self._counts = {key: count for key, count in self._counts.items() if count[1] > now}


class SharedStorage(Storage):
    """Counts in Redis, and in this process while Redis does not answer."""

    STORAGE_SCHEME = ["shared"]

    def __init__(
        self, uri: str | None = None, wrap_exceptions: bool = False, *, url: str, **options: Any
    ) -> None:
        super().__init__(uri, wrap_exceptions, **options)
        self._redis = cast(Storage, storage_from_string(url, **_IMPATIENT))
        self._here = ProcessStorage()
        #: On the clock that never goes back; 0 while Redis answers.
        self._ask_again_at = 0.0

    @property
    def base_exceptions(self) -> type[Exception]:
        return RedisError

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        return self._ask(lambda storage: storage.incr(key, expiry, amount))

    def get(self, key: str) -> int:
        return self._ask(lambda storage: storage.get(key))

    def get_expiry(self, key: str) -> float:
        return self._ask(lambda storage: storage.get_expiry(key))

    def check(self) -> bool:
        return self._ask(lambda storage: storage.check())

    def reset(self) -> int | None:
        return self._ask(lambda storage: storage.reset())

    def clear(self, key: str) -> None:
        self._ask(lambda storage: storage.clear(key))

    def _ask(self, question: Callable[[Storage], Answer]) -> Answer:
        now = time.monotonic()
        if now < self._ask_again_at:
            return question(self._here)
        if self._ask_again_at:
            self._ask_again_at = now + _PAUSE  # the others need not wait for this try
        try:
            answer = question(self._redis)
        except (RedisError, OSError) as error:
            self._ask_again_at = time.monotonic() + _PAUSE
            log.warning(
                "Redis does not answer: limits are counted in this process", error=foreign(str(error))
            )
            return question(self._here)
        self._ask_again_at = 0.0
        return answer


class RouteLimiter(Limiter):
    """Checks only the routes that have a limit, each in its own decorator.

    Flask-Limiter would also check before every request whether the whole application has a limit. It has none, and
    the check would take a twentieth of the time of a page of the feed.
    """

    def _check_request_limit(self, callable_name: str | None = None, in_middleware: bool = True) -> None:
        if not in_middleware:
            super()._check_request_limit(callable_name, in_middleware)
