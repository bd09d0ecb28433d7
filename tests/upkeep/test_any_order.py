"""Whatever happens in whatever order, everything that is counted is what a recomputation from nothing finds: points,
badges, sums, what the search finds, and boards; nobody is told of a badge twice, and nothing earns less than none."""

import os
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import time_machine
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, func, select

from app.extensions import db
from app.models.ledger import PointEntry
from app.models.notification import Kind, Notification
from app.services.points.standings import standings
from app.services.upkeep.audit import repair, verify
from tests.cast import Cast
from tests.challenge_makers import make_challenge
from tests.factories import NOW, add_rules, stage
from tests.upkeep.any_order import STEPS, World

_EXAMPLES = int(os.environ.get("ANY_ORDER_EXAMPLES", "8"))


@contextmanager
def from_the_beginning() -> Iterator[None]:
    """What an example does is forgotten after it, so that each begins alike."""
    connection = db.session.get_bind()
    assert isinstance(connection, Connection)
    example = connection.begin_nested()
    try:
        yield
    finally:
        db.session.remove()
        example.rollback()


def less_than_nothing() -> list[Any]:
    """Person, contribution and sum where more was taken than had been given."""
    points = func.sum(PointEntry.points)
    sums = select(PointEntry.person_id, PointEntry.contribution_id, points).group_by(
        PointEntry.person_id, PointEntry.contribution_id
    )
    return list(db.session.execute(sums.having(points < 0)))


@settings(
    max_examples=_EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    steps=st.lists(
        st.tuples(st.sampled_from(STEPS), st.integers(0, 8), st.integers(0, 5)), min_size=6, max_size=24
    )
)
def test_any_order_leaves_what_a_recomputation_finds(app: Flask, steps: list[tuple[str, int, int]]) -> None:
    with from_the_beginning(), time_machine.travel(NOW, tick=False) as clock:
        add_rules(
            heeded={"points": 5, "daily": 2, "weekly": 3},
            borrowed={"points": 10, "daily": 2},
            first={"points": 20, "daily": 2, "weekly": 3},
        )
        cast = Cast()
        challenges = [make_challenge().id, make_challenge(needs_approval=True, points=25).id]
        people = [person.id for person in (cast.alice, cast.bob, cast.charlie)]
        world = World(people, cast.lena.id, challenges, clock, NOW)
        for number in range(4):
            world.take("plan", number, number)
            world.take("report", number, 2 + number)
        for step in steps:
            world.take(*step)
        db.session.flush()
        assert verify() == []
        assert less_than_nothing() == []
        keys = select(Notification.person_id, Notification.key).where(Notification.kind == Kind.BADGE)
        assert set(Counter(db.session.execute(keys).all()).values()) <= {1}
        boards = [standings(one) for one in (stage(1).id, stage(2).id, None)]
        repair()
        assert verify() == []
        assert [standings(one) for one in (stage(1).id, stage(2).id, None)] == boards
