"""What the process keeps instead of making it again.

One rule for all: an entry is found under everything that it depends on, so it is never stale and nobody clears it. Only
what somebody may change in the database meanwhile is kept for seconds (`CATALOGUE_SECONDS`).

A cache is declared beside its use. Its entries belong to the application object, and threads share them. What depends
on its arguments alone, whatever the application, is kept by `functools.lru_cache`.
"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from threading import Lock
from time import monotonic
from typing import Any, Generic, TypeVar

import cachetools
from flask import Flask, current_app

Entry = TypeVar("Entry")


def init_app(app: Flask) -> None:
    app.extensions["caches"] = {}


class Entries(Generic[Entry]):
    """What one application has in a cache. A page reads dozens, so the oldest goes first and not the least used: then
    reading changes nothing and needs no lock."""

    def __init__(self, entries: cachetools.Cache[Hashable, Entry]) -> None:
        self._entries = entries
        self._lock = Lock()

    def get(self, key: Hashable, make: Callable[[], Entry]) -> Entry:
        """The entry; made first when there is none. Threads that miss it at once all make it, and get the same one."""
        try:
            return self._entries[key]
        except KeyError:
            return self._add(key, make)

    def _add(self, key: Hashable, make: Callable[[], Entry]) -> Entry:
        made = make()  # not under the lock: it may take long, and may look into the same cache
        with self._lock:
            return self._entries.setdefault(key, made)


class TimedEntries(Entries[Entry]):
    """Those that are kept for seconds; reading them changes their order, so it needs the lock too."""

    def get(self, key: Hashable, make: Callable[[], Entry]) -> Entry:
        with self._lock:
            try:
                return self._entries[key]
            except KeyError:
                pass
        return self._add(key, make)


@dataclass(frozen=True, eq=False)
class Cache(Generic[Entry]):
    """The declaration of a cache."""

    name: str
    #: In words: what an entry is found under.
    key: str
    at_most: int
    #: In words: who may change what an entry depends on. With it entries are kept for seconds, without it for ever.
    changed_by: str = ""
    timer: Callable[[], float] = monotonic

    def get(self, key: Hashable, make: Callable[[], Entry]) -> Entry:
        """As `Entries.get`, in the current application."""
        # A page asks a dozen times, and the way through the proxy is long.
        app = current_app._get_current_object()  # type: ignore[attr-defined]
        return self.of(app).get(key, make)

    def of(self, app: Flask) -> Entries[Entry]:
        """The entries in that application, for whoever asks for many."""
        caches: dict[Cache[Any], Entries[Any]] = app.extensions["caches"]
        if self not in caches:
            caches.setdefault(self, self._empty())  # another thread may have been first
        return caches[self]

    def _empty(self) -> Entries[Entry]:
        if self.changed_by:
            return TimedEntries(cachetools.TLRUCache(self.at_most, _seconds_from, self.timer))
        return Entries(cachetools.FIFOCache(self.at_most))


def _seconds_from(_key: Hashable, _entry: object, now: float) -> float:
    return now + float(current_app.config["CATALOGUE_SECONDS"])
