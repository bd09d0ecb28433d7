"""Many who change things around each other at the same time, each in a transaction of their own: nobody waits for ever,
and every sum is what a recount finds."""

import threading
from collections.abc import Callable
from contextlib import suppress
from random import Random

import pytest
from flask import Flask
from sqlalchemy import select

from app.extensions import db
from app.models.activity import Activity
from app.models.person import Person, Role
from app.models.programme import Programme
from app.models.stage import Stage
from app.models.tip import Tip
from app.services.activities.begin import Ties, begin_activity
from app.services.activities.locking import ClosedError
from app.services.activities.plan import Plan, answer_invitation, change_plan, invite, move_activity
from app.services.activities.visibility import whole_activity
from app.services.moderation.acts import AlreadyDecidedError
from app.services.moderation.decide import hide, restore
from app.services.people.membership import move
from app.services.upkeep.audit import verify
from tests.factories import (
    NOW,
    TODAY,
    focus_area,
    make_activity,
    make_outcome,
    make_person,
    make_plan,
    municipality,
    stage,
    value,
)

pytestmark = [pytest.mark.postgres, pytest.mark.usefixtures("at_now")]

_AT_ONCE, _ROUNDS = 6, 15
_PEOPLE = 4


@pytest.fixture
def live(live: Flask) -> Flask:
    """With a few people who have done something, and points for what others take of it."""
    with live.app_context():
        earning = {reason: {"points": 10} for reason in ("borrowed", "heeded", "first")}
        for policy in (db.session.get_one(Programme, 1), *db.session.scalars(select(Stage))):
            policy.points = {**(policy.points or {}), **earning}
        for number in range(_PEOPLE):
            person = make_person("", "klippan" if number % 2 else "bjuv")
            make_outcome(make_activity(person))
        make_person("Lena Lind", "helsingborg", role=Role.LEAD)
        db.session.commit()
    return live


def _some(random: Random, model: type[Activity] | type[Person] | type[Tip]) -> int:
    return random.choice(db.session.scalars(select(model.id).order_by(model.id).limit(6)).all())


def _activity(random: Random) -> Activity:
    activity = whole_activity(_some(random, Activity))
    assert activity
    return activity


def _person(random: Random) -> Person:
    return db.session.get_one(Person, _some(random, Person))


def _plan(random: Random) -> Plan:
    return make_plan(
        value=value(random.choice(["manskligt", "kreativt"])),
        focus_area=focus_area(random.choice(["miljo", "larande"])),
        heeded=frozenset({_some(random, Tip), _some(random, Tip)}),
    )


def _begin(random: Random) -> None:
    ties = Ties(idea=_activity(random), alike={_some(random, Activity)})
    key = str(random.random())
    begin_activity(_person(random), _plan(random), ties=ties, stage=stage(), request_key=key, now=NOW)


def _change(random: Random) -> None:
    activity = _activity(random)
    change_plan(activity, _plan(random), by=activity.owner, now=NOW)


def _move_day(random: Random) -> None:
    activity = _activity(random)
    move_activity(activity, TODAY, by=activity.owner, now=NOW)


def _report(random: Random) -> None:
    make_outcome(_activity(random), rating=random.randint(1, 5))


def _join(random: Random) -> None:
    activity = _activity(random)
    answer_invitation(invite(activity, _person(random), by=activity.owner, now=NOW), True, now=NOW)


def _hide(random: Random) -> None:
    lead = db.session.scalars(select(Person).where(Person.is_office)).one()
    activity = _activity(random)
    if activity.removal:
        restore(activity, lead, NOW)
    else:
        hide(activity, lead, "tone", "", NOW)


def _move_person(random: Random) -> None:
    """Only one of those who act does it: two who move the same person at once are another matter."""
    move(_person(random), municipality(random.choice(["bjuv", "klippan"])), now=NOW)


_ACTS: tuple[Callable[[Random], None], ...] = (
    _begin, _begin, _change, _report, _report, _move_day, _join, _hide,
)  # fmt: skip


def _keep_acting(app: Flask, seed: int, start: threading.Barrier, failures: list[Exception]) -> None:
    random, acts = Random(seed), (*_ACTS, _move_person) if seed == 0 else _ACTS
    start.wait()
    for _ in range(_ROUNDS):
        with app.app_context():
            try:
                with suppress(ClosedError, AlreadyDecidedError):
                    random.choice(acts)(random)
                    db.session.commit()
            except Exception as failure:
                failures.append(failure)
            finally:
                db.session.remove()


def test_nobody_waits_for_ever_and_nothing_is_counted_wrong(live: Flask) -> None:
    start, failures = threading.Barrier(_AT_ONCE), list[Exception]()
    threads = [
        threading.Thread(target=_keep_acting, args=(live, seed, start, failures)) for seed in range(_AT_ONCE)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    with live.app_context():
        assert verify() == []
