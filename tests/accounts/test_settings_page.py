"""One's own settings."""

from collections.abc import Callable
from datetime import time
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app.extensions import db
from app.models.notification import Kind
from app.models.person import Person
from app.models.sign_in import DeviceSession
from app.services.notifications.kinds import SWITCHABLE
from tests.cast import Cast
from tests.unchanged import unchanged

As = Callable[[Person], FlaskClient]

PREFERENCES: dict[str, Any] = {
    "kinds": ["stage", "invitation"],
    "quiet_from": "17:30",
    "quiet_until": "08:00",
    "theme": "dark",
    "language": "sv",
}


def test_the_page_shows_what_one_wants_now(cast: Cast, as_: As) -> None:
    cast.alice.muted_kinds = [Kind.CHEER.value]
    db.session.commit()
    page = as_(cast.alice).get("/settings").get_data(True)
    assert 'value="18:00"' in page
    assert 'value="07:00"' in page
    assert page.count('name="kinds"') == len(SWITCHABLE)
    assert 'id="kind-stage" value="stage" checked' in page
    assert 'id="kind-cheer" value="cheer">' in page


def test_preferences_are_kept(cast: Cast, as_: As) -> None:
    answer = as_(cast.alice).post("/settings", data=PREFERENCES)
    assert (answer.status_code, answer.location) == (303, "/settings")
    alice = db.session.get_one(Person, cast.alice.id)
    assert alice.muted_kinds == [kind for kind in SWITCHABLE if kind not in ("stage", "invitation")]
    assert (alice.push_from, alice.push_until, alice.push_weekends) == (time(8), time(17, 30), True)
    assert alice.theme == "dark"


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
        {"kinds": ["spam"]},
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
        assert here.post(f"/settings/devices/{second.id}/sign-out").status_code == 404


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
