"""Whose an answer is, said to the browser."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from app import clock
from app.extensions import db
from app.models.person import Person
from app.services.accounts.devices import end_all_sessions
from app.web.owner import NOBODY, OWNER
from tests.cast import Cast

As = Callable[[Person], FlaskClient]


@pytest.mark.parametrize("path", ["/", "/inbox", "/settings", "/privacy", "/no-such-page", "/insights"])
def test_a_page_says_for_whom_it_was_made(as_: As, cast: Cast, path: str) -> None:
    answer = as_(cast.alice).get(path)
    assert answer.headers[OWNER] == str(cast.alice.id)
    assert "Clear-Site-Data" not in answer.headers


def test_a_page_carries_the_same_number(as_: As, cast: Cast) -> None:
    answer = as_(cast.alice).get("/")
    assert f'data-person="{answer.headers[OWNER]}"' in answer.text


@pytest.mark.parametrize("path", ["/", "/inbox", "/login", "/privacy", "/no-such-page"])
def test_to_a_stranger_it_says_nobody(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert answer.headers[OWNER] == NOBODY
    assert "Clear-Site-Data" not in answer.headers


@pytest.mark.parametrize("path", ["/healthz", "/service-worker.js"])
def test_what_is_for_no_person_says_nothing(as_: As, cast: Cast, path: str) -> None:
    assert OWNER not in as_(cast.alice).get(path).headers


def test_the_browser_may_keep_who_is_signed_in_under_that_cookie_alone(
    as_: As, cast: Cast, client: FlaskClient
) -> None:
    answer = as_(cast.alice).get("/owner")
    assert answer.text == str(cast.alice.id)
    assert "Cookie" in answer.headers["Vary"]
    assert answer.headers["Cache-Control"] == "private, no-cache"
    nobody = client.get("/owner")
    assert nobody.text == NOBODY
    assert "Cookie" in nobody.headers["Vary"]
    assert nobody.headers["Cache-Control"] == "private, no-cache"


@pytest.mark.parametrize("path", ["/", "/inbox", "/login", "/privacy"])
def test_a_session_that_has_ended_takes_the_browsers_copies_along(as_: As, cast: Cast, path: str) -> None:
    phone = as_(cast.alice)
    end_all_sessions(cast.alice, clock.now())
    db.session.commit()
    answer = phone.get(path)
    assert answer.headers[OWNER] == NOBODY
    assert answer.headers["Clear-Site-Data"] == '"cache"'
    assert phone.get("/owner").text == NOBODY


@pytest.mark.parametrize("header", [{"X-Requested-With": "fetch"}, {"HX-Request": "true"}])
def test_a_script_is_told_by_the_status(as_: As, cast: Cast, header: dict[str, str]) -> None:
    phone = as_(cast.alice)
    end_all_sessions(cast.alice, clock.now())
    db.session.commit()
    assert phone.get("/feed/new?since=0-0", headers=header).status_code == 401


def test_the_page_without_a_network_takes_nobodys_messages_along(as_: As, cast: Cast) -> None:
    phone = as_(cast.alice)
    with phone.session_transaction() as session:
        session["_flashes"] = [("message", "Alices plan är sparad")]
    assert "Alices plan" not in phone.get("/offline").text
    assert "Alices plan" in phone.get("/inbox").text
