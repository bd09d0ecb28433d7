"""Reports at the same time, each in a transaction of its own, as in production, on either engine."""

from collections.abc import Callable

from flask import Flask

from app.extensions import db
from app.models.person import Person
from app.services.activities.report import Report, report_outcome
from app.services.activities.visibility import whole_activity
from app.services.upkeep.audit import verify
from tests.at_once import all_at_once
from tests.badges.shelves import badge_of, holders, told
from tests.factories import NOW, make_activity, make_joint, make_person

_WHY = Report(carried_out=False, rating=None, story="Det regnade.")


def _reported(activity_id: int, person_id: int) -> Callable[[], object]:
    """The report of that activity by that person, to be sent."""

    def send() -> None:
        activity = whole_activity(activity_id)
        assert activity
        report_outcome(activity, _WHY, by=db.session.get_one(Person, person_id), now=NOW)

    return send


def test_two_reports_that_together_are_enough_earn_it_once(live: Flask) -> None:
    with live.app_context():
        alice = make_person("Alice Ahl")
        reports = [(make_activity(alice).id, alice.id) for _ in range(2)]
    assert all_at_once(live, [_reported(*report) for report in reports]) == []
    with live.app_context():
        person = db.session.get_one(Person, reports[0][1])
        assert badge_of(person, "honest").is_held
        assert told(person) == [], "the pages that follow the reports celebrate them"
        assert holders("honest") == holders("first-report") == 1
        assert verify() == []


def test_two_partners_who_report_the_same_earn_theirs_once_each(live: Flask) -> None:
    with live.app_context():
        alice, charlie = make_person("Alice Ahl"), make_person("Charlie Ceder", "klippan")
        number = make_joint(alice, charlie).id
        reports = [(number, alice.id), (number, charlie.id), (number, alice.id)]
    assert all_at_once(live, [_reported(*report) for report in reports]) == []
    with live.app_context():
        people = [db.session.get_one(Person, person_id) for person_id in {one for _number, one in reports}]
        assert sorted(told(person) for person in people) == [[], ["badge:first-report"]]
        assert holders("first-report") == 2
        assert verify() == []
