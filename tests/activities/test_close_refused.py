"""`/close/<token>` to whom it is not meant for, when it is over, and how often."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from flask import Flask, current_app
from flask.testing import FlaskClient
from itsdangerous import URLSafeSerializer
from structlog.testing import capture_logs

from app.extensions import db, limiter
from app.models.activity import Activity
from app.models.person import Person
from app.services.activities.plan import withdraw_activity
from app.services.moderation.decide import hide, restore
from app.services.people.membership import leave
from tests.activities.closing import YESTERDAY, address_of, again, make_due
from tests.cast import Cast
from tests.factories import NOW, TODAY, make_outcome
from tests.unchanged import unchanged

pytestmark = pytest.mark.usefixtures("at_now")

As = Callable[[Person], FlaskClient]


def _expect_old(client: FlaskClient, address: str) -> None:
    """Nothing is told, and nothing can be done."""
    with unchanged():
        places = ("", "/account", "/day", "/undo")
        posted = [client.post(address + place, data={"choice": "done"}) for place in places]
        answers = [client.get(address), *posted]
    for answer in answers:
        assert answer.status_code == 410
        assert "Fika" not in answer.text
        assert "Bjuv" not in answer.text
        assert "Logga in och berätta" in answer.text


def test_it_runs_out_after_seven_days(client: FlaskClient, due: Activity, cast: Cast) -> None:
    address = address_of(due, cast.alice)
    with time_machine.travel(NOW + timedelta(days=7, seconds=-1), tick=False):
        assert client.get(address).status_code == 200
    with time_machine.travel(NOW + timedelta(days=7), tick=False):
        _expect_old(client, address)


def test_a_signature_for_something_else_or_of_somebody_else_is_none(
    client: FlaskClient, due: Activity, cast: Cast, address: str
) -> None:
    content = [due.id, cast.alice.id, 2500, 4_000_000_000]
    forged = URLSafeSerializer("another key", salt="close out an activity").dumps(content)
    elsewhere = URLSafeSerializer(current_app.config["SECRET_KEY"], salt="cookie-session").dumps(content)
    for token in (forged, elsewhere, "x", address.rpartition("/")[2] + "x"):
        _expect_old(client, f"/close/{token}")


def test_who_does_not_make_it_cannot_close_it(client: FlaskClient, due: Activity, cast: Cast) -> None:
    _expect_old(client, address_of(due, cast.bob))


def test_what_is_planned_for_another_day_is_not_asked_about(
    client: FlaskClient, due: Activity, cast: Cast
) -> None:
    _expect_old(client, address_of(due, cast.alice, day=YESTERDAY - timedelta(days=1)))
    tomorrow = TODAY + timedelta(days=1)
    ahead = make_due(cast.alice, planned_for=tomorrow)
    _expect_old(client, address_of(ahead, cast.alice, day=tomorrow))


def test_what_is_hidden_shows_nothing_and_is_there_again_when_it_is_shown(
    client: FlaskClient, due: Activity, cast: Cast, address: str
) -> None:
    hide(due, cast.cora, "tone", "", NOW)
    _expect_old(client, address)
    restore(again(due), cast.cora, NOW)
    db.session.commit()
    assert client.post(address, data={"choice": "done"}).status_code == 303


def test_what_is_withdrawn_shows_nothing(
    client: FlaskClient, due: Activity, cast: Cast, address: str
) -> None:
    withdraw_activity(due, by=cast.alice, now=NOW)
    _expect_old(client, address)


def test_who_has_left_closes_nothing(client: FlaskClient, cast: Cast, address: str) -> None:
    leave(cast.alice, now=NOW)
    _expect_old(client, address)


def test_what_is_reported_meanwhile_is_not_closed_again(
    client: FlaskClient, due: Activity, address: str
) -> None:
    make_outcome(due)
    _expect_old(client, address)


def test_a_report_that_was_changed_since_is_out_of_reach(
    client: FlaskClient, due: Activity, address: str
) -> None:
    client.post(address, data={"choice": "done"})
    make_outcome(again(due), story="Så här gick det till.")
    _expect_old(client, address)


def test_it_acts_for_its_own_person_whoever_is_signed_in(
    as_: As, cast: Cast, due: Activity, address: str
) -> None:
    bobs = as_(cast.bob)
    assert "Bob" not in bobs.get(address).text
    bobs.post(address, data={"choice": "done"})
    outcome = again(due).outcome
    assert outcome
    assert outcome.by_id == cast.alice.id


def test_it_speaks_the_language_of_whoever_is_asked(client: FlaskClient, cast: Cast, address: str) -> None:
    cast.alice.language = "en"
    db.session.commit()
    assert "Nothing is saved. Choose one, and it is done." in client.get(address).text
    client.post(address, data={"choice": "moved"})
    answer = client.post(f"{address}/day", data={"other": "2030-01-01"})
    assert "Choose a day from Wednesday 11 Nov" in answer.text


@pytest.mark.parametrize("signed_in", [True, False])
def test_it_sets_no_cookie_is_kept_nowhere_and_tells_no_other_page(
    client: FlaskClient, as_: As, cast: Cast, address: str, signed_in: bool
) -> None:
    browser = as_(cast.bob) if signed_in else client
    for answer in (
        browser.get(address),
        browser.post(address, data={"choice": "done"}),
        browser.get("/close/x"),
    ):
        assert "Set-Cookie" not in answer.headers
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert "<script" not in answer.text


def test_no_token_of_a_form_is_asked_for_here_and_elsewhere_it_is(
    app: Flask, client: FlaskClient, as_: As, cast: Cast, due: Activity, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    alices = as_(cast.alice)
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    assert client.post(address, data={"choice": "done"}).status_code == 303
    assert client.post(f"{address}/account", data={"rating": "3"}).status_code == 303
    assert alices.post(f"{due.path}/outcome", data={"carried_out": "yes"}).status_code == 400


def test_one_address_is_not_asked_without_end(client: FlaskClient, cast: Cast, address: str) -> None:
    statuses = [client.get(address).status_code for _ in range(61)]
    assert statuses == [200] * 60 + [429]
    assert client.get(address_of(make_due(cast.alice), cast.alice)).status_code == 200


def test_its_person_has_the_same_brake_as_everywhere(
    client: FlaskClient, due: Activity, address: str
) -> None:
    for number in range(15):
        assert client.post(address, data={"choice": ("done", "not")[number % 2]}).status_code == 303
        assert client.post(f"{address}/undo").status_code == 303
    assert client.post(address, data={"choice": "done"}).status_code == 429
    limiter.reset()
    assert client.post(address, data={"choice": "done"}).status_code == 303


def test_the_words_come_back_when_the_brake_refuses_them(
    client: FlaskClient, cast: Cast, address: str
) -> None:
    client.post(address, data={"choice": "done"})
    for _ in range(29):
        client.post(f"{address}/account", data={"rating": "4"})
    answer = client.post(f"{address}/account", data={"sentence": "Ring dagen innan."})
    assert answer.status_code == 429
    assert "Ring dagen innan." in answer.text


def test_a_fault_is_logged_without_the_address(
    app: Flask, client: FlaskClient, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
    monkeypatch.setattr("app.blueprints.closeout.routes.question_of", fail)
    with capture_logs() as logged:
        assert client.get(address).status_code == 500
    assert [entry["path"] for entry in logged] == ["/close/<token>"]
    assert address.rpartition("/")[2] not in str(logged)
