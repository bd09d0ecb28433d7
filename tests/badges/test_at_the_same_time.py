"""Reports at the same time, each in a transaction of its own, as in production, on either engine."""

import dataclasses
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from app import create_app
from app.config import Settings
from app.extensions import Model, db
from app.models.person import Person
from app.services.activities.report import Report, report_outcome
from app.services.activities.visibility import whole_activity
from app.services.upkeep.audit import verify
from tests.badges.shelves import badge_of, holders, told
from tests.conftest import ON_POSTGRESQL, _postgresql
from tests.factories import NOW, load_small_programme, make_activity, make_joint, make_person

_WHY = Report(carried_out=False, rating=None, story="Det regnade.")


@pytest.fixture
def live(settings: Settings, tmp_path: Path, worker_id: str) -> Iterator[Flask]:
    """The application on a database of its own, in which what is committed is committed."""
    url = _postgresql(f"{worker_id}_badges") if ON_POSTGRESQL else f"sqlite:///{tmp_path / 'live.db'}"
    database_url = url.replace("postgresql://", "postgresql+psycopg://", 1)
    app = create_app(dataclasses.replace(settings, database_url=database_url, data_dir=tmp_path))
    with app.app_context():
        Model.metadata.drop_all(db.engine)
        Model.metadata.create_all(db.engine)
        load_small_programme()
        db.session.commit()
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def _report_at_once(app: Flask, reports: list[tuple[int, int]]) -> None:
    """Each is an activity's number and its reporter's; fails with the first that fails."""
    start, failures = threading.Barrier(len(reports)), list[Exception]()

    def send(activity_id: int, person_id: int) -> None:
        with app.app_context():
            start.wait()
            try:
                activity = whole_activity(activity_id)
                assert activity
                report_outcome(activity, _WHY, by=db.session.get_one(Person, person_id), now=NOW)
                db.session.commit()
            except Exception as failure:
                failures.append(failure)

    threads = [threading.Thread(target=send, args=report) for report in reports]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_two_reports_that_together_are_enough_earn_it_once(live: Flask) -> None:
    with live.app_context():
        alice = make_person("Alice Ahl")
        reports = [(make_activity(alice).id, alice.id) for _ in range(2)]
    _report_at_once(live, reports)
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
    _report_at_once(live, reports)
    with live.app_context():
        people = [db.session.get_one(Person, person_id) for person_id in {one for _number, one in reports}]
        assert sorted(told(person) for person in people) == [[], ["badge:first-report"]]
        assert holders("first-report") == 2
        assert verify() == []
