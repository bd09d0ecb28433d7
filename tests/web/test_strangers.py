"""Nothing that a stranger or a person with a broken browser sends is a crash, on any route."""

import random
import re
from collections.abc import Callable, Iterator
from itertools import cycle, islice
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from app.models.person import Person
from tests.cast import Cast
from tests.factories import make_activity, make_outcome

As = Callable[[Person], FlaskClient]

_FORM = "application/x-www-form-urlencoded"
#: As it stands in an address or a form, percent-encoded.
_TEXTS = (
    "%00",
    "a%00b",
    "%ff",
    "%ed%a0%80",
    "%zz",
    "%E2%80%AE",
    "9" * 30,
    "-1",
    "1e400",
    "NaN",
    "%D9%A3",
    "1763880000-%D9%A3",
    "253402300799-2147483647",
    "0001-01-01",
    "9999-12-31",
    "m:" + "9" * 30,
    "a" * 5000,
)
_NUMBERS = ("9" * 30, str(2**31 - 1), str(2**31), "0", "-1", "01", "%ff", "1%00", "%D9%A3")
_QUERY = (
    "after", "before", "carried_out", "code", "decided", "earlier", "focus_area", "like", "next", "pick", "q",
    "reported", "show", "since", "stage", "unreported", "value", "page",
)  # fmt: skip
_FIELDS = (
    "accepted", "alt-1", "audience", "carried_out", "code", "colleagues", "email", "endpoint", "focus_areas",
    "informed", "kinds", "language", "municipality", "name", "next", "on", "permission", "photos", "pitfall",
    "place", "quiet_from", "quiet_until", "rating", "reached", "reason", "request_key", "role", "seen",
    "starts_on", "story", "success", "success_sign", "text", "theme", "title", "to", "values",
)  # fmt: skip
_JSON = (
    "null",
    "[]",
    "1e999",
    '"x"',
    "{",
    "\xff",
    '{"endpoint": {}, "keys": []}',
    '{"endpoint": "\\u0000", "keys": {"p256dh": "\\ud800", "auth": "\\u0000"}}',
    '{"endpoint": "https://fcm.googleapis.com/\\ud800", "keys": {"p256dh": "a", "auth": "b"}}',
    '{"endpoint": "https://[::1", "keys": {"p256dh": "a", "auth": "b"}}',
    '{"endpoint": "https://fcm.googleapis.com:99999/x", "keys": {"p256dh": "a", "auth": "\xe5"}}',
    "[" * 100_000,
)
_BODIES = (
    (_FORM, b"%zz=%&=&&\xff=\xfe"),
    (_FORM + "; charset=utf-7", b"a=+AAA-"),
    ("multipart/form-data", b"--xx\r\n"),
    ("multipart/form-data; boundary=\xff", b"--\xff\r\n"),
    ("multipart/form-data; boundary=xx", b"--xx\r\nnonsense\r\n\r\nx\r\n--xx--"),
    ("multipart/form-data; boundary=xx", b"--xx\r\nContent-Disposition: form-data\r\n\r\nx\r\n--xx--"),
    (
        "multipart/form-data; boundary=xx",
        b'--xx\r\nContent-Disposition: form-data; name="photos"; filename="\xff\x00.jpg"\r\n\r\nx\r\n--xx--',
    ),
    ("application/json; charset=utf-99", b"{}"),
    ("text/xml", b"<a/>"),
    ("\xff;;;=", b"x"),
)
_RIGHT = ("1", "5", "yes", "no", "sv", "on", "2026-11-20", "none", "08%3A00", "value", "", "a%40bjuv.se")
_HEADERS = (
    {"HTTP_COOKIE": "eldsjal=\xff\xfe; language=\xff; =;;"},
    {"HTTP_ACCEPT_LANGUAGE": "sv;q=x, *;q=9e999, \xff"},
    {"HTTP_USER_AGENT": "\xff Firefox"},
    {"HTTP_RANGE": "bytes=9-1,-", "HTTP_IF_NONE_MATCH": 'W/"\xff', "HTTP_IF_MODIFIED_SINCE": "x"},
    {"HTTP_HOST": "a b"},
    {"HTTP_HOST": "\xff"},
    {"HTTP_HOST": "[::1"},
    {"HTTP_HX_REQUEST": "true", "HTTP_HX_CURRENT_URL": "\xff http://["},
    {"HTTP_REFERER": "http://[", "HTTP_ORIGIN": "\xff", "HTTP_SEC_FETCH_SITE": "\xff"},
    {"HTTP_AUTHORIZATION": "Basic \xff", "HTTP_X_CSRFTOKEN": "\xff"},
    {"HTTP_ACCEPT_ENCODING": "gzip;q=x, \xff", "HTTP_ACCEPT": "\xff/;q=x"},
    {"REMOTE_ADDR": ""},
)


class Visitors:
    """The programme's lead, who owns an activity, and a stranger. Each request must be answered without a crash."""

    def __init__(self, app: Flask, lead: Person, as_: As) -> None:
        self._lead, self._as = lead, as_
        self._activity = make_activity(lead)
        make_outcome(self._activity)
        self._stranger, self._signed_in = app.test_client(), as_(lead)

    def ask(
        self,
        rule: Rule,
        method: str,
        number: str = "",
        word: str = "x",
        only_signed_in: bool = False,
        **request: Any,
    ) -> None:
        number = number or str(self._activity.id)
        path = re.sub(r"<(int:)?\w+>", lambda found: number if found[1] else word, rule.rule)
        for client in [self._signed_in] if only_signed_in else [self._signed_in, self._stranger]:
            answer = client.open(path, method=method, **request)
            assert answer.status_code < 500, (method, path, request)
        if rule.endpoint.startswith(("auth.", "settings.")):  # it may have signed out
            self._signed_in = self._as(self._lead)


@pytest.fixture
def visitors(app: Flask, cast: Cast, as_: As, monkeypatch: pytest.MonkeyPatch) -> Visitors:
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
    return Visitors(app, cast.lena, as_)


def _rules(app: Flask, *methods: str) -> Iterator[tuple[Rule, str]]:
    for rule in app.url_map.iter_rules():
        if (
            rule.endpoint == "health.ready"
        ):  # the tests' database was not made by migrations, so it is never ready
            continue
        yield from ((rule, method) for method in methods if method in (rule.methods or ()))


@pytest.mark.parametrize("method", ["PUT", "TRACE", "NONSENSE"])
def test_methods_that_nobody_knows(app: Flask, visitors: Visitors, method: str) -> None:
    for rule in app.url_map.iter_rules():
        visitors.ask(rule, method)


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_paths(app: Flask, visitors: Visitors, method: str) -> None:
    for rule, _method in _rules(app, method):
        for number in _NUMBERS if "<int:" in rule.rule else ():
            visitors.ask(rule, method, number=number)
        for word in _TEXTS if re.search("<(?!int:)", rule.rule) else ():
            visitors.ask(rule, method, word=word)


def test_queries(app: Flask, visitors: Visitors) -> None:
    texts = cycle(_TEXTS)
    for rule, method in _rules(app, "GET"):
        for one, other in zip(_QUERY[::2], _QUERY[1::2], strict=True):
            query = f"{one}={next(texts)}&{other}={next(texts)}"
            visitors.ask(rule, method, only_signed_in=True, query_string=query)


@pytest.mark.parametrize("text", _TEXTS)
def test_forms(app: Flask, visitors: Visitors, text: str) -> None:
    data = "&".join(f"{name}={text}" for name in _FIELDS)
    for rule, method in _rules(app, "POST"):
        visitors.ask(rule, method, data=data, content_type=_FORM)


@pytest.mark.parametrize("seed", range(6))
def test_forms_that_are_partly_right(app: Flask, visitors: Visitors, seed: int) -> None:
    choose = random.Random(seed)
    for rule, method in _rules(app, "POST"):
        texts = {name: choose.choice([*_TEXTS, *_RIGHT]) for name in _FIELDS}
        data = "&".join(f"{name}={text}" for name, text in texts.items())
        visitors.ask(rule, method, data=data, content_type=_FORM)


def test_bodies_of_every_kind(app: Flask, visitors: Visitors) -> None:
    json = [("application/json", text.encode("latin-1")) for text in _JSON]
    others = cycle([*_BODIES, json[0], json[4]])
    for rule, method in _rules(app, "POST", "DELETE"):
        # Only a few routes read JSON, and they read no form.
        for kind, body in json if rule.endpoint.startswith("push.") else islice(others, 5):
            visitors.ask(rule, method, data=body, environ_overrides={"CONTENT_TYPE": kind})


def test_headers(app: Flask, visitors: Visitors) -> None:
    headers = cycle(_HEADERS)
    for rule, method in _rules(app, "GET", "POST"):
        for _turn in range(3):
            visitors.ask(rule, method, environ_overrides=next(headers))
