"""One's own settings."""

from collections.abc import Callable
from datetime import time
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app.extensions import db
from app.models.notification import Group
from app.models.person import Person
from app.models.sign_in import DeviceSession
from tests.cast import Cast
from tests.unchanged import unchanged

As = Callable[[Person], FlaskClient]

PREFERENCES: dict[str, Any] = {
    "groups": ["stage", "together"],
    "quiet_from": "17:30",
    "quiet_until": "08:00",
    "first_slot": "14:00",
    "second_slot": "09:15",
    "theme": "dark",
    "language": "sv",
}


def test_the_page_shows_what_one_wants_now(cast: Cast, as_: As) -> None:
    cast.alice.muted_groups = [Group.THANKS.value]
    db.session.commit()
    page = as_(cast.alice).get("/settings").get_data(True)
    assert 'value="18:00"' in page
    assert 'value="07:00"' in page
    assert page.count('name="groups"') == len(Group)
    assert 'id="group-stage" value="stage" checked' in page
    assert 'id="group-thanks" value="thanks">' in page


def test_preferences_are_kept(cast: Cast, as_: As) -> None:
    answer = as_(cast.alice).post("/settings", data=PREFERENCES)
    assert (answer.status_code, answer.location) == (303, "/settings")
    alice = db.session.get_one(Person, cast.alice.id)
    assert alice.muted_groups == [group for group in Group if group not in ("stage", "together")]
    assert (alice.push_from, alice.push_until, alice.push_weekends) == (time(8), time(17, 30), True)
    assert (alice.first_slot, alice.second_slot) == (time(9, 15), time(14))
    assert alice.theme == "dark"


def test_a_pause_lasts_until_it_is_ended(cast: Cast, as_: As) -> None:
    alice = as_(cast.alice)
    for change, is_paused in (({"is_paused": "y"}, True), ({"is_paused": "y"}, True), ({}, False)):
        alice.post("/settings", data=PREFERENCES | change)
        assert db.session.get_one(Person, cast.alice.id).is_paused == is_paused
        assert (' id="is_paused" value="y" checked' in alice.get("/settings").text) == is_paused


def test_the_script_gets_only_that_it_was_kept(cast: Cast, as_: As, hx: dict[str, str]) -> None:
    answer = as_(cast.alice).post("/settings", data=PREFERENCES | {"theme": "auto"}, headers=hx)
    assert answer.status_code == 200
    assert answer.get_data(True).strip() == '<p class="sm" id="saved" role="status">Sparat.</p>'


def test_a_page_that_looks_different_is_loaded_anew(cast: Cast, as_: As, hx: dict[str, str]) -> None:
    answer = as_(cast.alice).post("/settings", data=PREFERENCES | {"language": "en"}, headers=hx)
    assert answer.headers["HX-Redirect"] == "/settings"
    assert "Your settings" in as_(cast.alice).get("/settings").get_data(True)


@pytest.mark.parametrize(
    "change",
    [
        {"quiet_from": "late"},
        {"quiet_until": ""},
        {"language": "tlh"},
        {"theme": "pink"},
        {"groups": ["spam"]},
        {"first_slot": "soon"},
    ],
)
def test_what_cannot_be_wanted_is_refused_and_changes_nothing(
    cast: Cast, as_: As, hx: dict[str, str], change: dict[str, Any]
) -> None:
    alice = as_(cast.alice)
    with unchanged():
        assert alice.post("/settings", data=PREFERENCES | change).status_code == 422
        fragment = alice.post("/settings", data=PREFERENCES | change, headers=hx)
    assert fragment.status_code == 422
    assert 'class="err"' in fragment.get_data(True)


def test_another_device_is_signed_out(cast: Cast, as_: As) -> None:
    here, there = as_(cast.alice), as_(cast.alice)
    first, second = db.session.scalars(select(DeviceSession).order_by(DeviceSession.id))
    answer = here.post(f"/settings/devices/{second.id}/sign-out")
    assert answer.status_code == 303
    assert first.ended_at is None
    assert there.get("/settings").status_code == 303
    assert here.get("/settings").status_code == 200
    with unchanged():
        assert here.post(f"/settings/devices/{second.id}/sign-out").location == answer.location, (
            "a second tap"
        )


def test_nobody_signs_anothers_device_out(cast: Cast, as_: As) -> None:
    as_(cast.alice)
    (device,) = db.session.scalars(select(DeviceSession))
    bob, url = as_(cast.bob), f"/settings/devices/{device.id}/sign-out"
    with unchanged():
        assert bob.post(url).status_code == 404


def test_strangers_are_sent_to_sign_in(cast: Cast, as_: As, client: FlaskClient) -> None:
    as_(cast.alice)
    number = db.session.scalar(select(DeviceSession.id))
    with unchanged():
        answers = (
            client.get("/settings"),
            client.post("/settings", data=PREFERENCES),
            client.post(f"/settings/devices/{number}/sign-out"),
        )
    for answer in answers:
        assert answer.status_code == 303
        assert "/login" in answer.location
