"""The address of a calendar: asked for without a session, a secret, and dead as soon as it should be."""

from collections.abc import Callable

import pytest
import structlog
from flask import Flask
from flask.testing import FlaskClient

from app.blueprints.calendar import routes
from app.extensions import db
from app.models.calendar_address import CalendarAddress
from app.models.person import Person, Role
from app.models.sign_in import DeviceSession
from app.services.accounts.calendar_address import address_of, make_address, switch_off
from app.services.people.membership import Newcomer, join, leave
from tests.calendar_makers import make_calendar, path_of_calendar
from tests.cast import Cast
from tests.factories import NOW, make_activity, make_person

pytestmark = pytest.mark.usefixtures("at_now")

As = Callable[[Person], FlaskClient]


def _serial(person: Person) -> str:
    address = address_of(person)
    return address.serial if address else ""


def test_it_is_a_calendar_that_nobody_else_keeps(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert "Set-Cookie" not in answer.headers
    assert "Content-Disposition" not in answer.headers


def test_whoever_has_it_already_is_told_so(cast: Cast, client: FlaskClient, path: str) -> None:
    first = client.get(path)
    again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    assert again.headers["Cache-Control"] == "private, no-cache"
    make_activity(cast.alice)
    assert client.get(path, headers={"If-None-Match": first.headers["ETag"]}).status_code == 200


def test_its_head_can_be_asked_for(client: FlaskClient, path: str) -> None:
    head, whole = client.head(path), client.get(path)
    assert (head.status_code, head.data) == (200, b"")
    for name in ("Content-Type", "Content-Length", "ETag"):
        assert head.headers[name] == whole.headers[name]


def test_it_looks_at_nobody_who_is_signed_in(cast: Cast, as_: As, client: FlaskClient, path: str) -> None:
    stig = as_(cast.stig)
    device = db.session.scalars(db.select(DeviceSession)).one()
    device.seen_at = cast.stig.joined_at
    db.session.commit()
    assert stig.get(path).data == client.get(path).data
    assert device.seen_at == cast.stig.joined_at


def test_the_database_alone_does_not_give_it(app: Flask, cast: Cast, client: FlaskClient, path: str) -> None:
    serial = _serial(cast.alice)
    assert len(serial) == 22, "128 bits"
    for guess in (serial, f"{serial}.", f"{serial}.{'A' * 43}", path[len("/calendar/") : -5]):
        assert client.get(f"/calendar/{guess}.ics").status_code == 404


def test_another_secret_key_ends_it(
    app: Flask, client: FlaskClient, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "SECRET_KEY", "another one, and long enough to pass")
    assert client.get(path).status_code == 404


def test_wrong_ones_and_dead_ones_are_answered_alike(
    app: Flask, cast: Cast, client: FlaskClient, path: str, queries: list[str]
) -> None:
    def answer(address: str) -> tuple[int, str, int]:
        db.session.remove()
        queries.clear()
        got = client.get(address)
        return got.status_code, got.text, len(queries)

    answer(path)
    serial = _serial(cast.alice)
    wrong_seal = answer(f"/calendar/{serial}.{'A' * 43}.ics")
    unknown = answer("/calendar/unknown.ics")
    assert switch_off(cast.alice, serial)
    db.session.commit()
    assert unknown[0] == 404
    assert answer(path) == wrong_seal == unknown
    assert answer("/calendar/å.ics") == unknown


def test_who_leaves_takes_it_along(app: Flask, cast: Cast, client: FlaskClient, path: str) -> None:
    alice = cast.alice
    leave(alice, now=NOW)
    db.session.commit()
    assert client.get(path).status_code == 404
    join(Newcomer(alice.email, alice.name, "", alice.municipality_id, "sv"), now=NOW)
    db.session.commit()
    assert client.get(path).status_code == 404, "who comes back asks for another"
    assert db.session.scalars(db.select(CalendarAddress)).all() == []


def test_one_that_was_made_while_its_owner_left_is_dead(cast: Cast, client: FlaskClient, app: Flask) -> None:
    leave(cast.alice, now=NOW)
    path = make_calendar(cast.alice)
    assert client.get(path).status_code == 404


def test_each_has_their_own(app: Flask, cast: Cast, client: FlaskClient, path: str) -> None:
    make_activity(cast.bob)
    bobs = make_calendar(cast.bob)
    assert bobs != path
    assert "Bjuda in grannarna" in client.get(bobs).text
    assert "Bjuda in grannarna" not in client.get(path).text
    assert not switch_off(cast.bob, _serial(cast.alice))
    assert not make_address(cast.bob, instead_of=_serial(cast.alice), now=NOW)


@pytest.mark.parametrize("role", list(Role))
def test_every_role_has_one(app: Flask, client: FlaskClient, role: Role) -> None:
    person = make_person("", role=role)
    path = make_calendar(person)
    assert path == path_of_calendar(person)
    assert client.get(path).status_code == 200


def test_a_program_that_runs_wild_is_stopped_and_others_are_not(
    app: Flask, cast: Cast, client: FlaskClient, path: str
) -> None:
    bobs = make_calendar(cast.bob)
    answers = [client.get(path).status_code for _ in range(61)]
    assert answers == [200] * 60 + [429]
    assert client.get(bobs).status_code == 200


def test_an_error_is_logged_without_the_address(
    app: Flask, client: FlaskClient, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_person: Person) -> bytes:
        raise ValueError("broken")

    monkeypatch.setattr(routes, "_calendar_of", fail)
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
    with structlog.testing.capture_logs() as logs:
        assert client.get(path).status_code == 500
    assert [entry["path"] for entry in logs] == ["/calendar/<token>.ics"]
