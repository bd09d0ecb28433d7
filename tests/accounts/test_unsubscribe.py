"""Fewer mails by the address that a mail carries, without signing in."""

from datetime import timedelta

import pytest
from flask import current_app
from flask.testing import FlaskClient

from app.extensions import db
from app.models.notification import Group
from app.services.notifications.mail_addresses import Site, sign_in_address, unsubscribe_address
from tests.cast import Cast
from tests.factories import NOW

_ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def site() -> Site:
    return Site("", current_app.config["SECRET_KEY"])


def test_a_provider_switches_the_digest_off_without_cookie_or_form(
    client: FlaskClient, cast: Cast, site: Site
) -> None:
    address = unsubscribe_address(cast.alice.id, None, site, NOW)
    for _ in range(3):
        answer = client.post(address, data=_ONE_CLICK)
        assert (answer.status_code, answer.headers.get("Location")) == (200, None)
        assert "Set-Cookie" not in answer.headers
    db.session.expire_all()
    assert not cast.alice.takes_digest
    assert cast.alice.muted_groups == []


def test_a_person_switches_one_group_off(client: FlaskClient, cast: Cast, site: Site) -> None:
    address = unsubscribe_address(cast.alice.id, Group.THANKS, site, NOW)
    for _ in range(2):
        answer = client.post(address)
        assert (answer.status_code, answer.headers["Location"]) == (303, address)
    db.session.expire_all()
    assert cast.alice.muted_groups == [Group.THANKS.value]
    assert cast.alice.takes_digest
    assert "Det är avstängt." in client.get(address).text


def test_looking_changes_nothing_and_is_kept_nowhere(client: FlaskClient, cast: Cast, site: Site) -> None:
    address = unsubscribe_address(cast.alice.id, None, site, NOW)
    for answer in (client.get(address), client.head(address)):
        assert answer.status_code == 200
        assert "no-store" in answer.headers["Cache-Control"]
        assert answer.headers["Referrer-Policy"] == "no-referrer"
    db.session.expire_all()
    assert cast.alice.takes_digest


def test_what_is_not_ours_old_for_something_else_or_of_nobody_is_answered_alike(
    client: FlaskClient, cast: Cast, site: Site
) -> None:
    address = unsubscribe_address(cast.alice.id, None, site, NOW)
    cast.bob.left_at = NOW
    db.session.commit()
    sign_in = sign_in_address(cast.alice.id, "/", site, NOW).rpartition("who=")[2]
    useless = [
        f"{address}x",
        unsubscribe_address(cast.alice.id, None, Site("", "a secret that is not ours"), NOW),
        unsubscribe_address(cast.alice.id, None, site, NOW - timedelta(days=367)),
        f"/unsubscribe/{sign_in}",
        unsubscribe_address(cast.bob.id, None, site, NOW),
    ]
    answers = [client.post(one, data=_ONE_CLICK) for one in useless]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.text for answer in answers}) == 1
    db.session.expire_all()
    assert cast.alice.takes_digest
    assert cast.bob.takes_digest


def test_the_sign_in_is_filled_in_and_lets_nobody_in(client: FlaskClient, cast: Cast, site: Site) -> None:
    page = client.get(sign_in_address(cast.alice.id, "/survey", site, NOW))
    assert f'value="{cast.alice.email}"' in page.text
    assert client.get("/survey").status_code == 303
    assert cast.alice.email not in client.get("/login?who=forged").text
