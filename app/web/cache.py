"""Caches: what the process keeps instead of making it again.

They follow one rule: an entry's key holds everything that the entry depends on, so it is never stale and nobody clears
it. Only what somebody may change in the database meanwhile is kept for a few seconds (`CACHE_SECONDS`).

A cache is declared beside its use. Its entries belong to the application object, and threads share them. For a function
whose result depends on its arguments alone, and not on the application, use `functools.lru_cache`.
"""

from collections.abc import Callable, Hashable, MutableMapping
from dataclasses import dataclass
from threading import Lock
from time import monotonic
from typing import Any, Generic, TypeVar

from cachetools import TLRUCache
from flask import Flask, current_app

CacheEntry = TypeVar("CacheEntry")


def init_app(app: Flask) -> None:
    app.extensions["caches"] = {}


class Entries(Generic[CacheEntry]):
    """One application's entries in a cache."""

    def __init__(self, entries: MutableMapping[Hashable, CacheEntry]) -> None:
        self._entries = entries
        self._lock = Lock()

    def get(self, key: Hashable, make: Callable[[], CacheEntry]) -> CacheEntry:
        """The entry, made if it is missing. Threads that miss it together all make one, and all get the first."""
        try:
            return self._entries[key]
        except KeyError:
            return self._add(key, make)

    def _add(self, key: Hashable, make: Callable[[], CacheEntry]) -> CacheEntry:
        entry = make()  # not under the lock: it may take long, and may look into the same cache
        with self._lock:
            return self._entries.setdefault(key, entry)


class OldestGoes(dict[Hashable, CacheEntry]):
    """A full one drops its oldest entry, not the least used one: so reading changes nothing and needs no lock. That of
    cachetools reads in Python, and a page reads dozens of times."""

    def __init__(self, at_most: int) -> None:
        self._at_most = at_most

    def setdefault(self, key: Hashable, entry: CacheEntry) -> CacheEntry:
        if key not in self and len(self) >= self._at_most:
            del self[next(iter(self))]
        return super().setdefault(key, entry)


class TimedEntries(Entries[CacheEntry]):
    """Entries that expire after some seconds. Reading them changes their order, so it needs the lock too."""

    def get(self, key: Hashable, make: Callable[[], CacheEntry]) -> CacheEntry:
        with self._lock:
            try:
                return self._entries[key]
            except KeyError:
                pass
        return self._add(key, make)


@dataclass(frozen=True, eq=False)
class Cache(Generic[CacheEntry]):
    """The declaration of a cache: its entries are in each application."""

    name: str
    #: In words: what an entry's key holds.
    key: str
    at_most: int
    #: In words: who may change what an entry depends on. With it entries are kept for seconds, without it for ever.
    changed_by: str = ""
    timer: Callable[[], float] = monotonic

    def get(self, key: Hashable, make: Callable[[], CacheEntry]) -> CacheEntry:
        """As `Entries.get`, in the current application."""
        # The application itself and not its proxy, which is slow: a page asks a dozen times.
        app = current_app._get_current_object()  # type: ignore[attr-defined]
        return self.of(app).get(key, make)

    def of(self, app: Flask) -> Entries[CacheEntry]:
        """The entries in that application, for callers that ask often."""
        caches: dict[Cache[Any], Entries[Any]] = app.extensions["caches"]
        if self not in caches:
            caches.setdefault(self, self._empty())  # another thread may have been first
        return caches[self]

    def _empty(self) -> Entries[CacheEntry]:
        if self.changed_by:
            return TimedEntries(TLRUCache(self.at_most, _expires_at, self.timer))
        return Entries(OldestGoes(self.at_most))


def _expires_at(_key: Hashable, _entry: object, now: float) -> float:
    return now + float(current_app.config["CACHE_SECONDS"])
