"""Not this one: reminders of a plan that somebody wants no more of."""

from collections.abc import Callable
from datetime import timedelta

from flask.testing import FlaskClient
from sqlalchemy import select

from app.extensions import db
from app.models.notification import Kind, Notification
from app.models.person import Person
from app.models.playbook import ReminderStop
from app.services.notifications.notify import notify
from app.services.stages.run_playbook import run_playbook
from tests.cast import Cast
from tests.factories import NOW, TODAY, make_activity, make_joint, make_outcome
from tests.inbox import inbox_path
from tests.unchanged import unchanged

As = Callable[[Person], FlaskClient]


def remind(person: Person) -> int:
    """They have planned something for tomorrow, and are reminded of it today."""
    make_activity(person, planned_for=TODAY + timedelta(days=1))
    run_playbook(NOW, commit=db.session.commit)
    mine = select(Notification.id).where(Notification.person_id == person.id, Notification.kind == Kind.PLAN)
    return db.session.scalars(mine).one()


def test_it_ends_the_reminders_of_one_plan(cast: Cast, as_: As) -> None:
    number = remind(cast.alice)
    alice = as_(cast.alice)
    assert f'action="{inbox_path(number)}/reminder-stop"' in alice.get("/inbox").text
    for _twice in range(2):
        answer = alice.post(f"{inbox_path(number)}/reminder-stop")
        assert (answer.status_code, answer.location) == (303, "/inbox")
    assert db.session.scalars(select(ReminderStop.person_id)).all() == [cast.alice.id]
    assert "reminder-stop" not in alice.get("/inbox").text
    run_playbook(NOW + timedelta(days=2), commit=db.session.commit)
    asked = select(Notification).where(Notification.kind == Kind.CLOSE_OUT)
    assert db.session.scalars(asked).all() == []


def test_only_of_ones_own_reminders(cast: Cast, as_: As, client: FlaskClient) -> None:
    number, bob = remind(cast.alice), as_(cast.bob)
    with unchanged():
        assert bob.post(f"{inbox_path(number)}/reminder-stop").status_code == 404
    with unchanged():
        assert "/login" in client.post(f"{inbox_path(number)}/reminder-stop").location


def test_what_reminds_of_no_plan_cannot_be_stopped(cast: Cast, as_: As) -> None:
    notify([cast.alice.id], Kind.ANSWER, key="a", url="/", parameters={"contribution_id": 7}, now=NOW)
    db.session.commit()
    number = db.session.scalars(select(Notification.id)).one()
    alice = as_(cast.alice)
    assert "reminder-stop" not in alice.get("/inbox").text
    with unchanged():
        assert alice.post(f"{inbox_path(number)}/reminder-stop").status_code == 404


def test_of_what_is_reported_there_is_nothing_to_stop(cast: Cast, as_: As) -> None:
    plan = make_joint(cast.alice, cast.bob, planned_for=TODAY + timedelta(days=1))
    run_playbook(NOW, commit=db.session.commit)
    assert "reminder-stop" in as_(cast.bob).get("/inbox").text
    make_outcome(plan)
    assert "reminder-stop" not in as_(cast.bob).get("/inbox").text
