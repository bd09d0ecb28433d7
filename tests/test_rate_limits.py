"""Limits hold under many threads, and when Redis is away."""

import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from limits.strategies import FixedWindowRateLimiter

from app import rate_limits
from app.extensions import limiter
from app.rate_limits import ProcessStorage, SharedStorage
from tests.cast import Cast
from tests.redis_server import RedisServer


@pytest.fixture
def hurried() -> Iterator[None]:
    """Threads take turns far more often than usual."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(usual)


def _together(number: int, work: object) -> None:
    barrier, raised = threading.Barrier(number), []

    def run() -> None:
        barrier.wait()
        try:
            work()  # type: ignore[operator]
        except Exception as error:
            raised.append(error)

    threads = [threading.Thread(target=run) for _ in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert raised == []


def test_no_count_is_lost_when_many_begin_at_once(hurried: None) -> None:
    storage = ProcessStorage()
    for number in range(150):
        _together(8, lambda number=number: storage.incr(f"key {number}", 60))
    assert {storage.get(f"key {number}") for number in range(150)} == {8}


def test_counting_goes_on_while_other_counts_expire(hurried: None) -> None:
    storage = ProcessStorage()

    def count() -> None:
        for number in range(500):
            storage.incr("lasting", 60)
            storage.incr(f"short {number % 7}", 0.0001)
            storage.get(f"short {number % 5}")
            storage.get_expiry(f"short {number % 3}")
            storage.clear(f"short {number % 2}")

    _together(12, count)
    assert storage.get("lasting") == 12 * 500


def test_counting_needs_no_thread_of_its_own() -> None:
    before = threading.active_count()
    storage = ProcessStorage()
    for number in range(50):
        storage.incr(f"key {number}", 1)
    assert threading.active_count() == before


def test_what_has_expired_counts_no_more_and_takes_no_room() -> None:
    storage = ProcessStorage()
    with time_machine.travel(1_800_000_000, tick=False) as clock:
        assert [storage.incr("a", 10), storage.incr("a", 10)] == [1, 2]
        assert storage.get_expiry("a") == 1_800_000_010
        clock.shift(11)
        assert storage.get("a") == 0
        assert storage.incr("a", 10) == 1
        clock.shift(120)
        storage.incr("b", 10)
        assert storage.reset() == 1


@contextmanager
def _closed_port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
    yield port


@contextmanager
def _mute() -> Iterator[int]:
    """Takes connections and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@contextmanager
def _babbling() -> Iterator[int]:
    with RedisServer(nonsense=True) as server:
        yield server.port


@pytest.mark.parametrize("redis", [_closed_port, _mute, _babbling])
def test_people_sign_in_without_redis_and_limits_hold(
    app: Flask, client: FlaskClient, cast: Cast, redis: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    with redis() as port:  # type: ignore[operator]
        _count_in(f"redis://127.0.0.1:{port}/0", app, monkeypatch)
        statuses = [client.post("/login", data={"email": cast.alice.email}).status_code for _ in range(6)]
    assert statuses == [303] * 5 + [429]


def test_redis_is_used_again_when_it_is_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rate_limits, "_PAUSE", 0.0)
    with RedisServer() as server:
        storage = SharedStorage(url=f"redis://127.0.0.1:{server.port}/0")
        assert [storage.incr("a", 60), storage.incr("a", 60)] == [1, 2]
        server.stop()
        assert storage.incr("a", 60) == 1
        server.start()
        assert storage.incr("a", 60) == 3
        assert storage.get("a") == 3


def test_one_that_is_away_is_not_asked_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    with RedisServer() as server:
        storage = SharedStorage(url=f"redis://127.0.0.1:{server.port}/0")
        server.stop()
        storage.incr("a", 60)
        server.start()
        assert storage.incr("a", 60) == 2
        assert server.counts == {}


def test_what_a_key_cannot_be_made_of_is_no_outage(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """A form that is refused while its address is looked for stays refused."""
    with RedisServer() as server:
        _count_in(f"redis://127.0.0.1:{server.port}/0", app, monkeypatch)
        answer = app.test_client().post("/login", data="&".join(["x=1"] * 2000), content_type=_FORM)
    assert answer.status_code == 413


_FORM = "application/x-www-form-urlencoded"


def _count_in(url: str, app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    storage = SharedStorage(url=url)
    monkeypatch.setattr(limiter, "_storage", storage)
    monkeypatch.setattr(limiter, "_limiter", FixedWindowRateLimiter(storage))
    monkeypatch.setattr(limiter, "enabled", True)
