"""Every answer carries the security headers, whoever makes it."""

from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import create_app
from app.config import Settings
from app.web.assets import asset_url
from tests.cast import Cast

_HEADERS = {
    "Content-Security-Policy",
    "X-Content-Type-Options",
    "Referrer-Policy",
    "Permissions-Policy",
    "Cross-Origin-Opener-Policy",
    "Cross-Origin-Resource-Policy",
}


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "css/app.css", 200),
        ("HEAD", "css/app.css", 200),
        ("GET", "icons/sprite.svg", 200),
        ("POST", "css/app.css", 405),
        ("GET", "css/none.css", 404),
        ("GET", "../../etc/passwd", 404),
    ],
)
def test_files_carry_them_too(app: Flask, client: FlaskClient, method: str, path: str, status: int) -> None:
    answer = client.open(asset_url(app, path), method=method)
    assert answer.status_code == status
    assert set(answer.headers.keys()) >= _HEADERS
    assert len(answer.headers.getlist("X-Content-Type-Options")) == 1


def test_a_file_that_has_not_changed_carries_them(app: Flask, client: FlaskClient) -> None:
    path = asset_url(app, "css/app.css")
    etag = client.get(path).headers["ETag"]
    for headers in ({"If-None-Match": etag}, {"Range": "bytes=0-9"}):
        answer = client.get(path, headers=headers)
        assert answer.status_code in {304, 206}
        assert set(answer.headers.keys()) >= _HEADERS


@pytest.mark.parametrize(
    "path", ["/", "/privacy", "/nowhere", "/static/", "/media/x-m.avif", "/healthz", "/join/%00"]
)
def test_pages_errors_and_redirects_carry_them_once(client: FlaskClient, path: str) -> None:
    headers = client.get(path).headers
    assert set(headers.keys()) >= _HEADERS
    assert all(len(headers.getlist(name)) == 1 for name in _HEADERS)


def test_with_https_browsers_are_told_to_stay_there(settings: Settings, tmp_path: Path, cast: Cast) -> None:
    app = create_app(replace(settings, data_dir=tmp_path, base_url="https://eldsjal.example.se"))
    for path in (asset_url(app, "css/app.css"), "/healthz"):
        assert app.test_client().get(path).headers["Strict-Transport-Security"]
