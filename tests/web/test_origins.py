"""Why a form is not taken is told apart: too old, from elsewhere, from nobody knows where, or through a wrong proxy."""

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask
from structlog.testing import capture_logs

_OURS = "https://eldsjal.example.se"
_OLD = "Sidan hade stått öppen"
_ELSEWHERE = "Det där kom inte härifrån"
_HIDDEN = "döljer var formuläret fanns"
_OUR_FAULT = "Det är vi som strular"


@pytest.fixture
def secure(app: Flask) -> Iterator[Flask]:
    """As for people who use https, with forms' tokens demanded."""
    settings = app.config["SETTINGS"]
    app.config.update(SETTINGS=replace(settings, base_url=_OURS), WTF_CSRF_ENABLED=True)
    yield app
    app.config.update(SETTINGS=settings, WTF_CSRF_ENABLED=False)


def _send(
    app: Flask, headers: dict[str, str], base_url: str = _OURS, token: str | None = None
) -> tuple[int, str]:
    client = app.test_client()
    page = client.get("/login", base_url=base_url).text
    found = re.search(r'name="csrf-token" content="([^"]+)"', page)
    assert found
    answer = client.post(
        "/login",
        data={"email": "alice@example.se", "csrf_token": found[1] if token is None else token},
        headers=headers,
        base_url=base_url,
    )
    return answer.status_code, answer.text


@pytest.mark.parametrize(
    "headers",
    [
        {"Referer": f"{_OURS}/login"},
        {"Origin": _OURS},
        {"Origin": _OURS.upper().replace("HTTPS", "https")},
        {"Origin": _OURS, "Referer": f"{_OURS}/login"},
        {"Origin": _OURS, "Referer": "https://shortened.example/"},
        {"Origin": "null", "Referer": f"{_OURS}/login"},
        {"Sec-Fetch-Site": "same-origin"},
        {"Origin": "null", "Sec-Fetch-Site": "same-origin"},
    ],
)
def test_one_header_that_is_right_is_enough(secure: Flask, headers: dict[str, str]) -> None:
    assert _send(secure, headers)[0] == 303


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "https://evil.example", "Referer": f"{_OURS}/login"},
        {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"},
        {"Origin": f"{_OURS}.evil.example"},
        {"Origin": f"{_OURS}:8443"},
        {"Origin": _OURS.replace("https", "http")},
        {"Referer": "https://evil.example/login"},
        {"Referer": f"https://evil.example/?{_OURS}"},
        {"Referer": f"{_OURS}@evil.example/"},
        {"Referer": "https://[half"},
        {"Referer": f"{_OURS}.evil.example/", "Sec-Fetch-Site": "same-site"},
    ],
)
def test_what_was_sent_from_elsewhere_is_refused(secure: Flask, headers: dict[str, str]) -> None:
    status, page = _send(secure, headers)
    assert status == 400
    assert _ELSEWHERE in page


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "none"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Referer": "about:blank"},
    ],
)
def test_who_hides_where_the_form_stood_is_told_what_to_do(secure: Flask, headers: dict[str, str]) -> None:
    status, page = _send(secure, headers)
    assert status == 400
    assert _HIDDEN in page


@pytest.mark.parametrize("token", ["", "x", "a" * 300, "IjEi.aaaa.bbbb"])
def test_a_token_that_is_none_is_called_too_old(secure: Flask, token: str) -> None:
    for headers in ({"Origin": _OURS}, {}):
        status, page = _send(secure, headers, token=token)
        assert status == 400
        assert _OLD in page


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": _OURS},
        {"Referer": f"{_OURS}/login"},
        {"Origin": "https://other-name.example.se", "Sec-Fetch-Site": "same-origin"},
    ],
)
def test_a_proxy_that_changes_the_host_is_our_fault_and_logged(
    secure: Flask, headers: dict[str, str]
) -> None:
    with capture_logs() as logged:
        status, page = _send(secure, headers, base_url="https://127.0.0.1:8000")
    assert status == 400
    assert _OUR_FAULT in page
    (entry,) = [entry for entry in logged if entry["log_level"] == "error"]
    assert entry["host_that_arrives"] == "127.0.0.1:8000"
    assert "proxy_set_header Host" in entry["mend"]
    assert "TRUSTED_PROXIES" in entry["mend"]


def test_a_proxy_that_does_not_tell_of_https_is_no_hindrance(secure: Flask) -> None:
    assert _send(secure, {"Origin": _OURS}, base_url=_OURS.replace("https", "http"))[0] == 303


def test_scripts_are_asked_the_same(secure: Flask) -> None:
    headers = {"Origin": "https://evil.example", "X-Requested-With": "fetch"}
    status, answer = _send(secure, headers)
    assert status == 400
    assert answer.startswith('<p class="err"')


def test_without_https_only_the_token_is_asked_for(app: Flask) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    try:
        assert _send(app, {}, base_url="http://localhost")[0] == 303
    finally:
        app.config["WTF_CSRF_ENABLED"] = False
