"""What is too large is refused before anybody reads it, and nothing of it comes back."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import FileStorage

from app.models.person import Person
from app.web.body_limits import LONGEST_NAME, MOST_FIELDS, USUAL
from tests.cast import Cast
from tests.factories import make_activity
from tests.pictures import jpeg

As = Callable[[Person], FlaskClient]

_MARK = b"zebra"
_TYPES = (
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=xx",
    "application/json",
    "text/plain",
    "application/octet-stream",
    "",
)


class Sent(io.RawIOBase):
    """A body that is made while it is read, and knows how much of it was."""

    def __init__(self, size: int) -> None:
        self.left = size
        self.taken = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        size = min(len(buffer), self.left)
        buffer[:size] = (_MARK * (size // len(_MARK) + 1))[:size]
        self.left -= size
        self.taken += size
        return size


def _send(client: FlaskClient, method: str, path: str, sent: io.IOBase, kind: str, told: int | None) -> Any:
    environ = {"wsgi.input": sent, "wsgi.input_terminated": True, "CONTENT_TYPE": kind}
    environ |= {"HTTP_TRANSFER_ENCODING": "chunked"} if told is None else {"CONTENT_LENGTH": str(told)}
    return client.open(path, method=method, environ_overrides=environ)


@pytest.mark.parametrize("kind", _TYPES)
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/login"),
        ("POST", "/push/subscriptions"),
        ("DELETE", "/push/subscriptions"),
        ("PUT", "/login"),
        ("PATCH", "/"),
        ("GET", "/privacy"),
        ("POST", "/nowhere"),
        ("PUT", "/nowhere"),
    ],
)
def test_a_large_body_is_refused_unread(client: FlaskClient, method: str, path: str, kind: str) -> None:
    sent = Sent(60_000_000)
    answer = _send(client, method, path, sent, kind, told=60_000_000)
    assert answer.status_code == 413
    assert sent.taken == 0
    assert _MARK not in answer.data


@pytest.mark.parametrize("kind", _TYPES)
@pytest.mark.parametrize(
    ("method", "path"), [("POST", "/login"), ("DELETE", "/push/subscriptions"), ("PUT", "/no")]
)
def test_a_body_of_untold_length_is_read_to_the_limit_only(
    client: FlaskClient, method: str, path: str, kind: str
) -> None:
    sent = Sent(60_000_000)
    answer = _send(client, method, path, sent, kind, told=None)
    assert answer.status_code == 413
    assert sent.taken <= USUAL + 128 * 1024
    assert _MARK not in answer.data


@pytest.mark.parametrize("size", [0, 1, 20_000, USUAL])
def test_a_body_of_untold_length_within_the_limit_is_taken_whole(client: FlaskClient, size: int) -> None:
    answer = _send(
        client, "POST", "/login", io.BytesIO((b"email=" + b"z" * size)[:size]), _TYPES[0], told=None
    )
    assert answer.status_code == 422


def test_no_more_is_read_than_a_body_claims_to_have(client: FlaskClient) -> None:
    sent = Sent(60_000_000)
    environ = {"wsgi.input": sent, "CONTENT_TYPE": _TYPES[0], "CONTENT_LENGTH": "10"}
    assert client.post("/login", environ_overrides=environ).status_code == 422
    assert sent.taken == 10


@pytest.mark.parametrize("claim", ["-1", "ten", "1e9", "9" * 400])
def test_a_length_that_is_none_is_no_crash(client: FlaskClient, claim: str) -> None:
    answer = client.post("/login", environ_overrides={"CONTENT_LENGTH": claim, "CONTENT_TYPE": _TYPES[0]})
    assert answer.status_code in {400, 413, 422}


def test_a_refusal_is_a_page_of_ours_and_says_how_much(cast: Cast, as_: As, client: FlaskClient) -> None:
    page = client.post("/login", data={"email": "a" * USUAL})
    assert "För mycket på en gång" in page.text
    assert "högst 2 MB" in page.text
    assert page.headers["Content-Security-Policy"]
    alice, activity = as_(cast.alice), make_activity(cast.alice)
    pictures = _send(alice, "POST", f"/activities/{activity.id}/photos", Sent(1), _TYPES[1], told=300_000_000)
    assert pictures.status_code == 413
    assert "Varje bild får vara högst 40 MB" in pictures.text


def test_scripts_get_only_the_sentence(client: FlaskClient, hx: dict[str, str]) -> None:
    for headers in (hx, {"X-Requested-With": "fetch"}):
        answer = client.post("/login", data={"email": "a" * USUAL}, headers=headers)
        assert answer.status_code == 413
        assert answer.text.startswith('<p class="err"')
    answer = client.post("/push/subscriptions", data=b"[" * (USUAL + 1), content_type="application/json")
    assert "högst 2 MB" in answer.get_json()["error"]


def test_pictures_may_be_larger(cast: Cast, as_: As) -> None:
    alice, activity = as_(cast.alice), make_activity(cast.alice)
    picture = jpeg() + b"\0" * (3 * USUAL)
    for path in ("photos", "outcome"):
        files = {"photos": FileStorage(io.BytesIO(picture), f"{path}.jpg")}
        answer = alice.post(f"/activities/{activity.id}/{path}", data=files)
        assert answer.status_code in {303, 422}, path


@pytest.mark.parametrize("path", ["photos", "outcome", "photos/1/removal"])
@pytest.mark.parametrize("told", [100_000_000, None])
def test_a_strangers_pictures_are_not_read(
    client: FlaskClient, cast: Cast, path: str, told: int | None
) -> None:
    activity, sent = make_activity(cast.alice), Sent(100_000_000)
    answer = _send(client, "POST", f"/activities/{activity.id}/{path}", sent, _TYPES[1], told)
    assert answer.status_code == 303
    assert answer.location.startswith("/login")
    assert sent.taken == 0


def _parts(number: int, name: str = "x") -> bytes:
    part = b'--xx\r\nContent-Disposition: form-data; name="%s"\r\n\r\nzebra\r\n' % name.encode()
    return part * number + b"--xx--\r\n"


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"&".join([b"x=zebra"] * (MOST_FIELDS + 1)), _TYPES[0]),
        (b"&" * 1_900_000, _TYPES[0]),
        (b"&".join([b"a"] * 900_000), _TYPES[0]),
        (b"email=" + b"%41" * 600_000, _TYPES[0]),
        (_parts(MOST_FIELDS + 1), _TYPES[1]),
        (_parts(1, "z" * (LONGEST_NAME + 1)), _TYPES[1]),
        (b"z" * (LONGEST_NAME + 1) + b"=zebra", _TYPES[0]),
        (
            b'--xx\r\nContent-Disposition: form-data; name="a"; filename="%s"\r\n\r\n\r\n--xx--\r\n'
            % (b"z" * 2000),
            _TYPES[1],
        ),
    ],
)
def test_too_many_fields_and_too_long_names_are_refused(client: FlaskClient, body: bytes, kind: str) -> None:
    answer = client.post("/login", data=body, content_type=kind)
    assert answer.status_code == 413
    assert b"zebra" not in answer.data


def test_as_many_fields_as_a_form_may_have_are_read(client: FlaskClient) -> None:
    for body, kind in ((b"&".join([b"x=1"] * MOST_FIELDS), _TYPES[0]), (_parts(MOST_FIELDS - 1), _TYPES[1])):
        assert client.post("/login", data=body, content_type=kind).status_code == 422


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        ("/privacy?" + "a" * 9000, {}, 414),
        ("/privacy?" + "&" * 1200, {}, 414),
        ("/" + "a" * 9000, {}, 414),
        ("/privacy", {"Cookie": "a=" + "b" * 70_000}, 431),
        ("/privacy", {"Referer": "http://localhost/" + "b" * 70_000}, 431),
        ("/privacy", {f"X-{number}": "b" * 1000 for number in range(80)}, 431),
    ],
)
def test_long_addresses_and_headers_are_refused(
    app: Flask, path: str, headers: dict[str, str], status: int
) -> None:
    names = {"HTTP_" + name.upper().replace("-", "_"): text for name, text in headers.items()}
    answer = app.test_client(use_cookies=False).get(path, environ_overrides=names)
    assert answer.status_code == status
    assert "Det gick inte" in answer.text
    assert len(answer.data) < 20_000


@pytest.mark.parametrize("path", ["/login", "/login/code", "/language", "/login/demo"])
def test_a_megabyte_in_a_field_does_not_come_back(app: Flask, client: FlaskClient, path: str) -> None:
    fields = ("email", "code", "next", "language", "role", "name")
    for field in fields:
        answer = client.post(path, data={field: "zebra" * 200_000})
        assert answer.status_code < 500
        assert len(answer.data) < 40_000, field
        assert len(answer.headers.get("Location", "")) < 2_000


def test_a_megabyte_in_the_fields_of_a_report_or_a_plan_does_not_come_back(cast: Cast, as_: As) -> None:
    alice, activity = as_(cast.alice), make_activity(cast.alice)
    long = "zebra " * 100_000
    for path, names in (
        (f"/activities/{activity.id}/outcome", ("story", "success", "pitfall", "seen", "reached", "alt-1")),
        ("/activities/new", ("title", "place", "audience", "success_sign", "colleagues", "request_key", "q")),
    ):
        for name in names:
            answer = alice.post(path, data={name: long})
            assert answer.status_code == 422, name
            assert answer.data.count(b"zebra") < 6_000, name


def test_what_people_plausibly_wrote_comes_back_whole(cast: Cast, as_: As) -> None:
    story = "Det gick bra. " * 400
    activity = make_activity(cast.alice)
    answer = as_(cast.alice).post(f"/activities/{activity.id}/outcome", data={"story": story})
    assert answer.status_code == 422
    assert story.strip() in answer.text


@pytest.mark.parametrize(
    "body", ["[" * 100_000, '{"a":' * 100_000, "[" * 1_900_000, '{"keys":' + "[" * 50_000]
)
@pytest.mark.parametrize("method", ["POST", "DELETE"])
def test_deep_json_is_refused(cast: Cast, as_: As, body: str, method: str) -> None:
    alice = as_(cast.alice)
    answer = alice.open("/push/subscriptions", method=method, data=body, content_type="application/json")
    assert answer.status_code in {400, 422}
