"""One person moved, sent away and given a role by several at once: everybody is counted once, and where they are."""

import threading
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from app.extensions import db
from app.models.person import Person, Role
from app.models.programme import Municipality
from app.services.people.membership import Newcomer, join, leave, move, set_role
from app.services.points.board import open_board
from app.services.upkeep.audit import verify
from tests.factories import NOW, make_person, municipality, stage

pytestmark = pytest.mark.usefixtures("at_now")

_ROUNDS = 8
_Change = Callable[[Person], object]


def _moves(slug: str) -> _Change:
    return lambda person: move(person, municipality(slug), now=NOW)


def _leaves(person: Person) -> None:
    leave(person, now=NOW)


def _leads(person: Person) -> None:
    set_role(person, Role.LEAD, now=NOW)


def _comes_back(person: Person) -> None:
    join(Newcomer(person.email, "Karin Ek", "", municipality("klippan").id, "sv"), now=NOW)


CHANGES: dict[str, list[_Change]] = {
    "moved twice": [_moves("klippan"), _moves("klippan")],
    "moved to two places": [_moves("klippan"), _moves("helsingborg")],
    "moved and gone": [_moves("klippan"), _leaves],
    "gone twice": [_leaves, _leaves],
    "moved and in the office": [_moves("klippan"), _leads],
    "gone and back": [_leaves, _comes_back],
}


def _at_once(app: Flask, changes: list[tuple[int, _Change]]) -> None:
    """Each change of the person with that number, after all have been read; fails with the first that fails."""
    start, failures = threading.Barrier(len(changes)), list[Exception]()

    def make(person_id: int, change: _Change) -> None:
        with app.app_context():
            try:
                person = db.session.get_one(Person, person_id)
                start.wait()
                change(person)
                db.session.commit()
            except Exception as failure:
                failures.append(failure)

    threads = [threading.Thread(target=make, args=change) for change in changes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


@pytest.mark.parametrize("name", CHANGES)
def test_two_changes_of_one_person_count_them_once(live: Flask, name: str) -> None:
    with live.app_context():
        people = [make_person(signed_in_at=NOW.replace(year=2025)).id for _ in range(_ROUNDS)]
        open_board(stage(), stage().opened_at or NOW)
        db.session.commit()
    for person_id in people:
        _at_once(live, [(person_id, change) for change in CHANGES[name]])
    with live.app_context():
        assert verify() == []
        assert min(db.session.scalars(select(Municipality.registered))) >= 0


def test_two_who_change_places_do_not_wait_in_a_circle(live: Flask) -> None:
    with live.app_context():
        numbers = [make_person("", place).id for place in ("bjuv", "klippan")]
    for there, back in (("klippan", "bjuv"), ("bjuv", "klippan")) * _ROUNDS:
        _at_once(live, [(numbers[0], _moves(there)), (numbers[1], _moves(back))])
    with live.app_context():
        assert verify() == []
