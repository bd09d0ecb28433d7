"""What a push service's answer means: for the message, for the subscription, and for us."""

from datetime import timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app import clock
from app.gateways.push.answers import LONGEST_WAIT, PushResult, read_retry_after
from tests.gateways.conftest import Send, message
from tests.push_service import Answer, PushService

pytestmark = pytest.mark.house  # needs no database


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (200, "delivered"), (201, "delivered"), (202, "delivered"), (204, "delivered"),
        (301, "refused"), (302, "refused"), (307, "refused"), (308, "refused"),
        (400, "ours"), (401, "ours"), (403, "ours"), (404, "gone"), (410, "gone"),
        (405, "refused"), (411, "refused"), (413, "refused"), (414, "refused"), (415, "refused"), (418, "refused"),
        (406, "retry"), (408, "retry"), (421, "retry"), (425, "retry"), (429, "retry"),
        (500, "retry"), (502, "retry"), (503, "retry"), (599, "retry"), (999, "retry"),
    ],
)  # fmt: skip
def test_each_status_has_its_outcome(
    push_service: PushService, send: Send, status: int, outcome: str
) -> None:
    [result] = send(message(push_service.device(answers=str(status))))
    assert (result.kind, result.status) == (outcome, status)
    assert push_service.count == 1, "a redirect must not be followed"


def test_retry_after_is_read_in_seconds_and_as_a_date(push_service: PushService, send: Send) -> None:
    device = push_service.device(answers="429")
    [result] = send(message(device))
    assert result.retry_after == timedelta(seconds=7)

    date = format_datetime(clock.now() + timedelta(minutes=5), usegmt=True)
    push_service.play(device.path, Answer(503, {"Retry-After": date}))
    [result] = send(message(device))
    assert result.retry_after is not None
    assert timedelta(minutes=4) < result.retry_after <= timedelta(minutes=5)


@pytest.mark.parametrize(
    ("value", "wait"),
    [
        ("soon", None), ("-5", None), ("", None), ("99999999999999999999", timedelta(days=7)),
        ("Wed, 21 Oct 2015 07:28:00 GMT", timedelta(0)),
    ],
)  # fmt: skip
def test_a_strange_retry_after_does_no_harm(
    push_service: PushService, send: Send, value: str, wait: timedelta | None
) -> None:
    device = push_service.device()
    push_service.play(device.path, Answer(429, {"Retry-After": value}))
    assert send(message(device))[0].retry_after == wait


def test_a_refusal_carries_what_the_service_said(push_service: PushService, send: Send) -> None:
    device = push_service.device()
    push_service.play(device.path, Answer(403, body=b'{"reason":\n"BadJwtToken"}' + b" " * 100_000))
    [result] = send(message(device))
    assert (result.kind, result.detail) == ("ours", '{"reason": "BadJwtToken"}')


@pytest.mark.parametrize("status", [302, 400, 401, 403, 404, 406, 410, 413, 429, 500, 503])
def test_whoever_asks_us_to_come_again_is_asked_again(
    push_service: PushService, send: Send, status: int
) -> None:
    device = push_service.device()
    push_service.play(device.path, Answer(status, {"Retry-After": "120"}))
    [result] = send(message(device))
    assert (result.kind, result.status, result.retry_after) == ("retry", status, timedelta(seconds=120))


def test_what_was_taken_is_delivered_whatever_it_says_about_coming_again(
    push_service: PushService, send: Send
) -> None:
    device = push_service.device()
    push_service.play(device.path, Answer(201, {"Retry-After": "120"}))
    assert send(message(device)) == [PushResult(1, "delivered", 201)]


@pytest.mark.parametrize("value", ["soon", "", "-5", "Mon, 99 Foo 2026"])
def test_a_wait_that_cannot_be_read_leaves_the_status_its_meaning(
    push_service: PushService, send: Send, value: str
) -> None:
    device = push_service.device()
    push_service.play(device.path, Answer(403, {"Retry-After": value}))
    assert send(message(device))[0].kind == "ours"


@settings(max_examples=200)
@given(
    st.text()
    | st.datetimes().map(format_datetime)
    | st.from_regex(r"\w{3}, \d+ Jan \d{1,5} [\d:]+ [+-]\d{4}")
)
def test_whatever_is_asked_for_is_a_wait_within_reason_or_none(value: str) -> None:
    wait = read_retry_after(value)
    assert wait is None or timedelta(0) <= wait <= LONGEST_WAIT


@pytest.mark.parametrize(
    ("headers", "body", "detail"),
    [
        ({"X-WNS-Status": "dropped", "X-WNS-Msg-ID": "712"}, b"", "X-WNS-Status: dropped"),
        ({"x-wns-error-description": "Channel throttled"}, b"slow", "x-wns-error-description: Channel throttled slow"),
        (
            {"X-WNS-NotificationStatus": "channelthrottled", "X-WNS-DeviceConnectionStatus": "disconnected"}, b"",
            "X-WNS-NotificationStatus: channelthrottled; X-WNS-DeviceConnectionStatus: disconnected",
        ),
        ({"X-WNS-Status": "\x1b[31m" + "x" * 1000}, b"", "X-WNS-Status: [31m" + "x" * 282),
        ({}, b"no \x00 room\xff\n at all", "no room\ufffd at all"),
        ({}, b"\x00" * 10_000, ""),
        ({}, "å".encode() * 1000, "å" * 300),
    ],
)  # fmt: skip
def test_reasons_are_kept_as_one_line_fit_to_be_stored(
    push_service: PushService, send: Send, headers: dict[str, str], body: bytes, detail: str
) -> None:
    device = push_service.device()
    push_service.play(device.path, Answer(406, headers, body))
    assert send(message(device))[0].detail == detail
