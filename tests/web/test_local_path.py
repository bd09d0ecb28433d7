"""Whatever a link or a browser says of where to go, it is a page of ours."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.models.person import Person
from app.web.access import form_page
from app.web.local_path import local_path
from tests.cast import Cast

As = Callable[[Person], FlaskClient]

_OURS = [
    "/",
    "/inbox",
    "/activities/5#photos",
    "/?show=v:3&before=1763880000-42",
    "/people/search?q=Åsa Ö",
    "/a//b",
    "/?next=https://evil.example/",
    "/%2f%2fevil.example",
]
_NOT_OURS = [
    "",
    "inbox",
    "?a=1",
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/a\\..\\evil",
    "https://evil.example",
    "https:evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "/\t/evil.example",
    "\t//evil.example",
    "/\n/evil.example",
    "/\r\nSet-Cookie: a=b",
    "/\x07",
    "/\x1b[0m",
    "/\u2028/evil.example",
    "/\u202eelpmaxe",
    " //evil.example",
    " /inbox",
    "/" + "a" * 5000,
]
_REFERERS = [
    "http://localhost//evil.example",
    "http://localhost///evil.example",
    "http://localhost/\\evil.example",
    "http://localhost\\evil.example",
    "http://localhost:80\\@evil.example/",
    "http://localhost@evil.example/",
    "http://localhost.evil.example/",
    "http://localhost:8080/login",
    "https://localhost/login",
    "http://evil.example/http://localhost/login",
    "//evil.example/",
    "javascript:alert(1)//http://localhost/",
    "javascript://localhost/%0aalert(1)",
    "data:text/html,http://localhost/",
    "http://localhost/\t/evil.example",
    "http://localhost/\x7f",
    "http://[::1",
    "http://localhost/" + "a" * 5000,
    "http://localhost",
    "",
]


@pytest.mark.parametrize("path", _OURS)
def test_a_page_of_ours_is_gone_to(path: str) -> None:
    assert local_path(path) == path


@pytest.mark.parametrize("path", _NOT_OURS)
def test_nothing_else_is_gone_to(path: str, cast: Cast, as_: As, client: FlaskClient) -> None:
    assert local_path(path) == "/"
    assert as_(cast.alice).get("/login", query_string={"next": path}).location == "/"
    assert client.post("/language", data={"language": "en", "next": path}).location == "/"
    assert 'name="next" value="/"' in client.post("/login", data={"next": path}).text


@pytest.mark.parametrize("referer", _REFERERS)
def test_the_page_before_is_ours_or_the_start(app: Flask, referer: str) -> None:
    for headers in ({"Referer": referer}, {"HX-Request": "true", "HX-Current-URL": referer}):
        environ = {"HTTP_" + name.upper().replace("-", "_"): text for name, text in headers.items()}
        with app.test_request_context("/", environ_overrides=environ):
            assert form_page() == "/"
        answer = app.test_client().post("/privacy", environ_overrides=environ)
        assert "evil" not in answer.text
        assert "javascript:" not in answer.text


@pytest.mark.parametrize("path", _OURS)
def test_the_page_before_is_known_by_its_address(app: Flask, path: str) -> None:
    with app.test_request_context(
        "/", headers={"HX-Request": "true", "HX-Current-URL": f"http://localhost{path}"}
    ):
        assert form_page() == path.partition("#")[0]
