"""The time of day of a plan: beside its day, wherever that is read."""

from collections.abc import Callable
from datetime import date, time, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app.extensions import db
from app.models.activity import Activity
from app.models.notification import Kind, Notification
from app.models.person import Person
from app.services.activities.plan import move_activity
from app.services.notifications.kinds import words_of
from tests.cast import Cast
from tests.factories import NOW, TODAY, make_activity, make_joint, make_outcome
from tests.unchanged import unchanged

pytestmark = pytest.mark.usefixtures("at_now")

As = Callable[[Person], FlaskClient]
THURSDAY = date(2026, 11, 12)
PLAN = {"title": "Fika", "value": "valkomnande", "focus_area": "larande", "planned_for": THURSDAY.isoformat()}


def planned_at(alice: FlaskClient, starts_at: str, **more: str) -> Activity:
    assert alice.post("/activities/new", data=PLAN | {"starts_at": starts_at} | more).status_code == 303
    return db.session.scalars(select(Activity)).one()


@pytest.mark.parametrize("written", ["14:30", "14.30", "14:30:00"])
def test_it_is_kept_and_stands_beside_the_day(cast: Cast, as_: As, written: str) -> None:
    alice = as_(cast.alice)
    activity = planned_at(alice, written)
    assert activity.starts_at == time(14, 30)
    for path in (activity.path, "/activities/mine", "/me"):
        assert "torsdag 12 nov 14.30" in alice.get(path).text
    assert "torsdag 14.30" in alice.get("/").text
    cast.alice.language = "en"
    db.session.commit()
    assert "14:30" in alice.get(activity.path).text


def test_it_is_no_question_of_concreteness(cast: Cast, as_: As) -> None:
    alice = as_(cast.alice)
    assert planned_at(alice, "14:30").concreteness == 1


@pytest.mark.parametrize(("day", "starts_at"), [("", "14:30"), (THURSDAY.isoformat(), "halv tre")])
def test_a_time_that_is_none_comes_back(cast: Cast, as_: As, day: str, starts_at: str) -> None:
    alice = as_(cast.alice)
    with unchanged():
        answer = alice.post("/activities/new", data=PLAN | {"planned_for": day, "starts_at": starts_at})
    assert answer.status_code == 422
    assert f'value="{starts_at}"' in answer.text


def test_the_edit_form_has_it_and_a_similar_plan_does_not(cast: Cast, as_: As) -> None:
    alice = as_(cast.alice)
    activity = planned_at(alice, "14:30")
    assert 'value="14:30"' in alice.get(f"{activity.path}/edit").text
    assert 'value="14:30"' not in alice.get(f"/activities/new?like={activity.id}").text
    assert alice.post(f"{activity.path}/edit", data=PLAN | {"starts_at": ""}).status_code == 303
    db.session.expire_all()
    assert activity.starts_at is None


def test_who_does_it_too_is_told_when_the_time_moves(cast: Cast, as_: As) -> None:
    activity, alice = make_joint(cast.alice, cast.charlie, planned_for=THURSDAY), as_(cast.alice)
    moved = {"planned_for": THURSDAY.isoformat(), "starts_at": "09:15"}
    assert alice.post(f"{activity.path}/date", data=moved).status_code == 303
    told = select(Notification).where(
        Notification.kind == Kind.CHANGE, Notification.person_id == cast.charlie.id
    )
    parameters = db.session.scalars(told).one().parameters
    assert words_of("change", parameters, "sv").body.startswith("torsdag 12 november 09.15 · ")
    assert words_of("change", parameters, "en").body.startswith("Thursday 12 November 09:15 · ")
    with unchanged():
        assert alice.post(f"{activity.path}/date", data=moved).status_code == 303, "the same again is no news"


def test_moved_to_another_day_without_a_time_has_none(cast: Cast) -> None:
    activity = make_activity(cast.alice)
    move_activity(activity, THURSDAY, time(8), by=cast.alice, now=NOW)
    move_activity(activity, THURSDAY + timedelta(days=1), by=cast.alice, now=NOW)
    assert activity.starts_at is None


def test_reported_before_its_day_it_has_happened_at_no_known_time(cast: Cast) -> None:
    activity = make_activity(cast.alice)
    move_activity(activity, TODAY + timedelta(days=2), time(8), by=cast.alice, now=NOW)
    make_outcome(activity)
    assert (activity.planned_for, activity.starts_at) == (TODAY, None)
