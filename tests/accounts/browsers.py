"""Browsers in the tests of signing in: what they ask for, type, keep and lose."""

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.accounts.code_mail import latest_code

_COOKIES = ("eldsjal", "sign-in")


def ask(browser: FlaskClient, email: str, network: str = "198.51.100.1") -> str:
    """Ask for a code; returns the one that is mailed."""
    answer = browser.post("/login", data={"email": email}, environ_base={"REMOTE_ADDR": network})
    assert answer.status_code == 303
    return latest_code()


def type_code(browser: FlaskClient, code: str, network: str = "198.51.100.1") -> TestResponse:
    return browser.post("/login/code", data={"code": code}, environ_base={"REMOTE_ADDR": network})


def is_signed_in(browser: FlaskClient) -> bool:
    return browser.get("/people/search").status_code == 200


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


def restarted(app: Flask, browser: FlaskClient) -> FlaskClient:
    """The browser after a restart: it has kept the cookies that have a time to live."""
    again = app.test_client()
    for name in _COOKIES:
        cookie = browser.get_cookie(name)
        if cookie and (cookie.max_age or cookie.expires):
            again.set_cookie(name, cookie.value, httponly=True, samesite="Lax", max_age=cookie.max_age)
    return again
