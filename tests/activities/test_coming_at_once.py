"""Several who want the last place at the same time, leave it, and change how many there are."""

from collections.abc import Callable
from datetime import timedelta

from flask import Flask
from sqlalchemy import func, select

from app.extensions import db
from app.models.activity import Activity
from app.models.coming import Coming
from app.models.notification import Notification
from app.models.person import Person
from app.services.activities.coming import cannot_come, come_along
from app.services.activities.plan import change_plan
from app.services.activities.visibility import whole_activity
from app.services.people.membership import leave
from app.services.upkeep.audit import verify
from tests.at_once import all_at_once
from tests.factories import NOW, make_activity, make_person, make_plan


def _loaded(activity_id: int, person_id: int) -> tuple[Activity, Person]:
    activity = whole_activity(activity_id)
    assert activity
    return activity, db.session.get_one(Person, person_id)


def _come(activity_id: int, person_id: int) -> Callable[[], None]:
    return lambda: come_along(*_loaded(activity_id, person_id), now=NOW)


def _not_come(activity_id: int, person_id: int) -> Callable[[], None]:
    return lambda: cannot_come(*_loaded(activity_id, person_id), now=NOW)


def _with_places(activity_id: int, owner_id: int, places: int) -> Callable[[], None]:
    def change() -> None:
        activity, owner = _loaded(activity_id, owner_id)
        change_plan(activity, make_plan(places=places), by=owner, now=NOW + timedelta(minutes=1))

    return change


def _leave(person_id: int) -> Callable[[], None]:
    return lambda: leave(db.session.get_one(Person, person_id), now=NOW)


def _made(places: int, people: int) -> tuple[int, int, list[int]]:
    owner = make_person("Alice Ahl", "bjuv")
    activity = make_activity(owner)
    activity.places = places
    db.session.commit()
    return activity.id, owner.id, [make_person().id for _ in range(people)]


def _counts() -> tuple[int, int]:
    """How many are in, and how many wait."""
    query = select(func.count(Coming.let_in_at), func.count())
    inside, everybody = db.session.execute(query.select_from(Coming)).one()
    return inside, everybody - inside


def test_of_those_who_tap_for_the_last_place_exactly_one_gets_it(live: Flask) -> None:
    with live.app_context():
        activity_id, _owner, people = _made(1, 6)
    assert all_at_once(live, [_come(activity_id, person) for person in people]) == []
    with live.app_context():
        assert _counts() == (1, 5)
    assert all_at_once(live, [_come(activity_id, people[0])] * 4) == []
    with live.app_context():
        assert _counts() == (1, 5), "a double tap is one"


def test_whatever_happens_at_once_the_places_are_taken_and_nobody_is_told_twice(live: Flask) -> None:
    with live.app_context():
        activity_id, owner_id, people = _made(3, 9)
    assert all_at_once(live, [_come(activity_id, person) for person in people]) == []
    with live.app_context():
        inside = list(db.session.scalars(select(Coming.person_id).where(Coming.is_let_in)))
    steps: list[Callable[[], object]] = [
        _not_come(activity_id, inside[0]),
        _leave(inside[1]),
        _with_places(activity_id, owner_id, 4),
        _not_come(activity_id, inside[0]),
    ]
    assert all_at_once(live, steps) == []
    with live.app_context():
        assert _counts() == (4, 3)
        told = db.session.scalars(select(Notification).where(Notification.kind == "change")).all()
        assert [row.parameters["event"] for row in told] == ["let_in"] * 3
        assert len({row.person_id for row in told}) == 3
        assert verify() == []
