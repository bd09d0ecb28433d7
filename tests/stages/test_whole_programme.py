"""Two stages from the first day to the last: everybody is told each thing once, within their hours, and not too often;
and the figures are those that one counts by hand."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, datetime

import pytest
from flask import Flask
from sqlalchemy import select

from app.extensions import db
from app.models.notification import Delivery, DeliveryState, Notification
from app.models.person import Person
from app.services.delivery.timing import MOST_SLOTTED_A_DAY
from app.services.insights.figures import Figures, stage_figures
from app.services.notifications.kinds import SLOTTED, is_muted, kind_named
from app.services.notifications.quiet_hours import hours_of
from tests.factories import municipality, stage
from tests.push import deliver_at, sender_to
from tests.push_service import PushService
from tests.stages.whole_programme import DATES, LAST_DAY, PLACES, ZONE, Plan, World, deliver_at_once

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("app")]


@pytest.fixture
def app(live: Flask) -> Iterator[Flask]:
    """On a database of its own: in the other one thousands of tests have left rows that were never committed, of which
    PostgreSQL's planner knows nothing."""
    with live.app_context():
        yield live


def test_a_whole_programme_runs_itself(push_service: PushService, monkeypatch: pytest.MonkeyPatch) -> None:
    world, sender = World(), sender_to(push_service)
    monkeypatch.setattr("app.services.delivery.pushes.webpush.deliver", deliver_at_once)
    for moment in world.play():
        deliver_at(sender, moment)
    _check_that_each_was_told_once(world)
    _check_that_nobody_was_disturbed()
    for number in DATES:
        _check_figures(world, number)


def _check_that_each_was_told_once(world: World) -> None:
    rows = db.session.execute(select(Notification.person_id, Notification.key)).all()
    told = Counter((person, key) for person, key in rows if key.startswith("stage:"))
    assert set(told.values()) == {1}
    assert set(told) - world.expected == set()
    assert world.expected - set(told) == set()
    assert len(told) > 3000


def _check_that_nobody_was_disturbed() -> None:
    """Each push within the person's hours; what nobody asked of them at most twice a day; each question alone."""
    query = (
        select(Delivery.settled_at, Notification.kind, Person)
        .join(Notification, Notification.id == Delivery.notification_id)
        .join(Person, Person.id == Notification.person_id)
        .where(Delivery.state == DeliveryState.DELIVERED.value)
    )
    slotted: dict[tuple[int, date], set[datetime]] = defaultdict(set)
    for settled_at, kind, person in db.session.execute(query):
        assert settled_at
        local = settled_at.astimezone(ZONE)
        hours = hours_of(person)
        assert hours.start <= local.time() < hours.until
        assert hours.weekends or local.weekday() < 5
        assert not person.is_paused
        assert not is_muted(kind, person.muted_groups)
        if kind in SLOTTED and not kind_named(kind).is_answered:
            slotted[(person.id, local.date())].add(settled_at)
    assert max(len(moments) for moments in slotted.values()) <= MOST_SLOTTED_A_DAY
    assert len(slotted) > 1000


def _check_figures(world: World, number: int) -> None:
    figures = stage_figures(stage(number), LAST_DAY)
    mine = [plan for plan in world.plans if plan.stage == number]
    _check(figures.total, mine, DATES[number][3])
    for place in PLACES:
        _check(
            figures.municipalities[municipality(place).id],
            [plan for plan in mine if plan.place == place],
            DATES[number][3],
        )


def _check(figures: Figures, plans: list[Plan], end_on: date) -> None:
    """What was reported after the stage's last day stays not carried out in it."""
    reports = [
        plan.report for plan in plans if plan.report and plan.reported_on and plan.reported_on < end_on
    ]
    done = [report for report in reports if report.carried_out]
    assert figures.planned == figures.due == len(plans)
    assert figures.carried_out == len(done)
    assert figures.completion_rate == pytest.approx(len(done) / len(plans))
    assert {rating: count for rating, count in figures.ratings.items() if count} == Counter(
        report.rating for report in done
    )
    assert figures.reach == sum(report.reached for report in done)
    assert figures.concreteness == 1
