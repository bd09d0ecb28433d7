"""What is kept in the process: within its bound, for seconds where it may change, and for one application."""

from concurrent.futures import ThreadPoolExecutor
from random import Random
from threading import Barrier
from typing import Any

import pytest
from flask import Flask, g, session
from flask_babel import force_locale
from flask_wtf.csrf import validate_csrf
from sqlalchemy import delete

from app.extensions import db
from app.models.programme import FocusArea, Municipality, Programme, Value
from app.models.stage import Stage
from app.web import cache
from app.web.cache import Cache
from app.web.catalogue import catalogue
from app.web.filters import form_token


class Clock:
    """A timer that stands still until it is moved."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def timed(clock: Clock) -> Cache[object]:
    return Cache("test", key="a number", changed_by="the test", at_most=2, timer=clock)


def test_an_entry_is_made_once(app: Flask) -> None:
    numbers: Cache[object] = Cache("test", key="a number", at_most=2)
    one = numbers.get(1, object)
    assert numbers.get(1, object) is one
    assert numbers.get(2, object) is not one


@pytest.mark.parametrize("changed_by", ["", "the test"])
def test_past_the_bound_the_oldest_goes(app: Flask, monkeypatch: pytest.MonkeyPatch, changed_by: str) -> None:
    monkeypatch.setitem(app.config, "CACHE_SECONDS", 24 * 3600)
    numbers: Cache[object] = Cache("test", key="a number", changed_by=changed_by, at_most=2)
    one, two, three = (numbers.get(number, object) for number in (1, 2, 3))
    assert (numbers.get(2, object), numbers.get(3, object)) == (two, three)
    assert numbers.get(1, object) is not one


def test_what_may_change_is_made_again_after_some_seconds(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "CACHE_SECONDS", 5)
    clock = Clock()
    numbers = timed(clock)
    one = numbers.get(1, object)
    clock.now = 4.9
    assert numbers.get(1, object) is one
    clock.now = 5
    again = numbers.get(1, object)
    assert again is not one
    clock.now = 9.9
    assert numbers.get(1, object) is again


def test_for_no_seconds_means_not_at_all(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.config, "CACHE_SECONDS", 0)
    numbers = timed(Clock())
    assert numbers.get(1, object) is not numbers.get(1, object)


def test_what_fails_is_tried_again(app: Flask) -> None:
    numbers: Cache[int] = Cache("test", key="a number", at_most=2)
    with pytest.raises(ZeroDivisionError):
        numbers.get(1, lambda: 1 // 0)
    assert numbers.get(1, lambda: 1) == 1


def test_an_entry_may_be_made_of_others(app: Flask) -> None:
    numbers: Cache[int] = Cache("test", key="a number", at_most=2)
    assert numbers.get(2, lambda: numbers.get(1, lambda: 1) + 1) == 2


@pytest.mark.parametrize("changed_by", ["", "the test"])
def test_threads_that_miss_an_entry_at_once_get_the_same_one(
    app: Flask, monkeypatch: pytest.MonkeyPatch, changed_by: str
) -> None:
    monkeypatch.setitem(app.config, "CACHE_SECONDS", 24 * 3600)
    numbers: Cache[object] = Cache("test", key="a number", changed_by=changed_by, at_most=2)
    together = Barrier(8)

    def make() -> object:
        together.wait(10)
        return object()

    def ask(_thread: int) -> object:
        with app.app_context():
            return numbers.get(1, make)

    with ThreadPoolExecutor(8) as threads:
        assert len(set(threads.map(ask, range(8)))) == 1


@pytest.mark.parametrize("changed_by", ["", "the test"])
def test_threads_that_crowd_each_other_out_get_what_they_ask_for(
    app: Flask, monkeypatch: pytest.MonkeyPatch, changed_by: str
) -> None:
    monkeypatch.setitem(app.config, "CACHE_SECONDS", 0.001)
    numbers: Cache[str] = Cache("test", key="a number", changed_by=changed_by, at_most=3)

    def ask(thread: int) -> bool:
        random = Random(thread)
        with app.app_context():
            asked = [random.randrange(6) for _ in range(3000)]
            return all(numbers.get(number, number.__str__) == str(number) for number in asked)

    with ThreadPoolExecutor(8) as threads:
        assert all(threads.map(ask, range(8)))
    assert len(numbers.of(app)._entries) <= 3


def test_two_applications_share_nothing(app: Flask) -> None:
    other = Flask("other")
    cache.init_app(other)
    numbers: Cache[object] = Cache("test", key="a number", at_most=2)
    ours = numbers.get(1, object)
    with other.app_context():
        theirs = numbers.get(1, object)
        assert numbers.get(1, object) is theirs
    assert numbers.get(1, object) is ours is not theirs


def test_two_caches_of_one_name_share_nothing(app: Flask) -> None:
    first, second = (Cache[object]("test", key="a number", at_most=2) for _ in range(2))
    assert first.get(1, object) is not second.get(1, object)


@pytest.mark.parametrize(
    ("draw", "arguments"),
    [("cached_fragment", ["components/script_words.html"]), ("cached", ["components/bell.html", "bell", 2])],
)
def test_drawn_markup_is_kept_for_each_language(app: Flask, draw: str, arguments: list[Any]) -> None:
    drawn = app.jinja_env.globals[draw]
    assert callable(drawn)
    with app.test_request_context():
        swedish = drawn(*arguments)
        with force_locale("en"):
            english = drawn(*arguments)
            assert drawn(*arguments) is english
        assert drawn(*arguments) is swedish
    assert swedish != english


def test_markup_of_other_arguments_is_drawn_anew(app: Flask) -> None:
    drawn: Any = app.jinja_env.globals["cached"]
    with app.test_request_context():
        assert drawn("components/bell.html", "bell", 2) != drawn("components/bell.html", "bell", 3)


def test_each_session_has_a_form_token_of_its_own(app: Flask) -> None:
    tokens = []
    for _ in range(2):
        with app.test_request_context():
            token = form_token()
            validate_csrf(token)
            cookie = dict(session)
        g.pop("csrf_token")
        with app.test_request_context():
            session.update(cookie)
            assert form_token() == token
            validate_csrf(token)
        tokens.append(token)
        g.pop("csrf_token", None)
    assert tokens[0] != tokens[1]


def test_the_catalogue_is_one_reading_for_some_seconds(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    assert catalogue() is not catalogue()
    monkeypatch.setitem(app.config, "CACHE_SECONDS", 24 * 3600)
    assert catalogue() is catalogue()


def test_an_empty_catalogue_is_not_believed(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.config, "CACHE_SECONDS", 24 * 3600)
    with db.session.begin_nested() as before_the_programme:
        for table in (Stage, Municipality, FocusArea, Value, Programme):
            db.session.execute(delete(table))
        assert not catalogue().values
        before_the_programme.rollback()
    assert len(catalogue().values) == 4
