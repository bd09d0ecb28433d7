"""The session's cookie: what was signed long ago, or by somebody else, is none."""

from typing import Any

import pytest
from flask import Flask
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request

from app.web import sessions


def test_each_request_has_its_own_session(app: Flask) -> None:
    cookie = _signed(app, {"names": ["Åsa"]})
    first, second = _read(app, cookie), _read(app, cookie)
    first["names"].append("Bo")

    assert second["names"] == ["Åsa"]
    assert _read(app, cookie)["names"] == ["Åsa"]


@pytest.mark.parametrize("place", [3, -3])
def test_a_changed_cookie_is_none_also_beside_one_that_was_read(app: Flask, place: int) -> None:
    cookie = _signed(app, {"name": "Åsa"})
    assert _read(app, cookie)
    changed = cookie[:place] + ("a" if cookie[place] != "a" else "b") + cookie[place + 1 or None :]

    assert not _read(app, changed)


@pytest.mark.parametrize("seconds_before", [1, 1800, 3500])
def test_a_cookie_that_was_read_is_none_after_its_life(
    app: Flask, monkeypatch: pytest.MonkeyPatch, seconds_before: int
) -> None:
    cookie, made_at = _signed(app, {"name": "Åsa"}), sessions.time()
    life = app.permanent_session_lifetime.total_seconds()
    _go_to(made_at + life - 7200, monkeypatch)
    assert _read(app, cookie)
    _go_to(made_at + life - seconds_before, monkeypatch)
    _read(app, cookie)
    _go_to(made_at + life + 1, monkeypatch)
    assert not _read(app, cookie)


def _go_to(moment: float, monkeypatch: pytest.MonkeyPatch) -> None:
    for clock in ("app.web.sessions.time", "itsdangerous.timed.time.time"):
        monkeypatch.setattr(clock, lambda: moment)


def _signed(app: Flask, content: dict[str, Any]) -> str:
    serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    return str(serializer.dumps(content))


def _read(app: Flask, cookie: str) -> Any:
    name = app.session_interface.get_cookie_name(app)
    headers = [("Cookie", f"{name}={cookie}")]
    request: Any = Request(EnvironBuilder(headers=headers).get_environ())
    with app.app_context():
        return app.session_interface.open_session(app, request)
