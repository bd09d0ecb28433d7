"""What stands in a person's calendar, read as their calendar program reads it."""

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from icalendar import Calendar

from app.extensions import db
from app.gateways.survey_keys import SurveyKeys
from app.models.contribution import Withdrawal
from app.services.activities.coming import cannot_come, come_along
from app.services.activities.dated import MOST_PLANS
from app.services.activities.plan import answer_invitation, invite, move_activity, withdraw_activity
from app.services.activities.visibility import whole_activity
from app.services.moderation.decide import hide, undo
from app.services.stages.advance import advance_stage
from app.services.survey.opening import move_end
from tests.calendar.conftest import Read
from tests.calendar_makers import entries_in, make_calendar
from tests.cast import Cast
from tests.factories import NOW, TODAY, make_activity, make_joint, make_outcome, stage
from tests.survey_makers import make_survey

pytestmark = pytest.mark.usefixtures("at_now")

_STAGES = {
    "stage-1-measure": (date(2026, 2, 2), date(2026, 2, 16)),
    "stage-1-activate": (date(2026, 2, 16), date(2026, 5, 4)),
    "stage-1-learn": (date(2026, 5, 4), date(2026, 6, 1)),
    "stage-1-last_day": (date(2026, 5, 3), date(2026, 5, 4)),
    "stage-2-measure": (date(2026, 9, 7), date(2026, 9, 28)),
    "stage-2-activate": (date(2026, 9, 28), date(2026, 11, 30)),
    "stage-2-learn": (date(2026, 11, 30), date(2026, 12, 14)),
    "stage-2-last_day": (date(2026, 11, 29), date(2026, 11, 30)),
}


def test_it_has_the_phases_of_the_stage_that_runs_and_of_the_last_that_ended(read: Read) -> None:
    entries = read()
    assert {key: (entry.start, entry.end) for key, entry in entries.items()} == _STAGES
    acting = entries["stage-2-activate"]
    assert acting.summary == "Etapp 2: Göra"
    assert acting.url == "http://localhost/stages/2"
    assert acting.transparency == "TRANSPARENT", "nobody is busy for nine weeks"
    assert "Vi provar ihop." in acting.description


def test_older_stages_are_gone(read: Read) -> None:
    stage(1).number = 10
    stage(2).measure_on, stage(2).activate_on = date(2026, 3, 1), date(2026, 3, 2)
    stage(2).learn_on, stage(2).end_on = date(2026, 3, 3), date(2026, 3, 4)
    db.session.commit()
    assert {key.rpartition("-")[0] for key in read()} == {"stage-10"}


def test_a_phase_without_days_is_not_there(read: Read) -> None:
    stage().activate_on = stage().measure_on
    stage().learn_on = stage().measure_on
    db.session.commit()
    assert {key for key in read() if key.startswith("stage-2")} == {"stage-2-learn"}


def test_the_last_day_of_the_survey_is_where_a_lead_has_moved_it(
    cast: Cast, read: Read, tmp_path: Path
) -> None:
    survey = make_survey(SurveyKeys(tmp_path), ends_on=date(2026, 11, 12))
    before = read()["stage-2-survey_closes"]
    assert (before.start, before.end) == (date(2026, 11, 11), date(2026, 11, 12))
    stage().activate_on = date(2026, 11, 16)
    move_end(survey, date(2026, 11, 20), by=cast.lena, now=NOW + timedelta(minutes=1))
    db.session.commit()
    after = read()["stage-2-survey_closes"]
    assert after.start == date(2026, 11, 19)
    assert after.sequence > before.sequence
    assert after.last_modified > before.last_modified


def test_a_phase_that_a_lead_begins_today_moves_there(cast: Cast, read: Read) -> None:
    before = read()
    advance_stage(stage(), by=cast.lena, now=NOW + timedelta(minutes=1))
    db.session.commit()
    after = read()
    assert after["stage-2-activate"].end == after["stage-2-learn"].start == TODAY
    assert after["stage-2-learn"].sequence > before["stage-2-learn"].sequence
    assert after["stage-1-learn"] == before["stage-1-learn"]


def test_a_plan_has_its_day_its_place_and_its_page(cast: Cast, read: Read) -> None:
    activity = make_activity(cast.alice)
    entry = read()[f"activity-{activity.id}"]
    assert entry.summary == "Bjuda in grannarna på fika"
    assert (entry.start, entry.end) == (date(2026, 11, 17), date(2026, 11, 18))
    assert entry.location == "Biblioteket i Bjuv"
    assert entry.url == f"http://localhost/activities/{activity.id}"
    assert entry.transparency == "TRANSPARENT"
    assert entry.description == (
        "För vem: Nya kollegor\nSå märks det: Minst fyra bokar ett eget möte\n"
        f"http://localhost/activities/{activity.id}"
    )


def test_a_plan_with_a_time_takes_an_hour(cast: Cast, read: Read) -> None:
    activity = make_activity(cast.alice, place="")
    move_activity(activity, date(2026, 11, 17), time(8, 30), by=cast.alice, now=NOW)
    db.session.commit()
    entry = read()[f"activity-{activity.id}"]
    assert entry.start == datetime(2026, 11, 17, 7, 30, tzinfo=UTC)
    assert entry.end == datetime(2026, 11, 17, 8, 30, tzinfo=UTC)
    assert entry.transparency == "OPAQUE"
    assert "LOCATION" not in entry


def test_a_plan_that_is_moved_is_the_same_one_later_on(cast: Cast, read: Read) -> None:
    activity = make_activity(cast.alice)
    key = f"activity-{activity.id}"
    before = read()[key]
    assert read()[key] == before, "nothing has happened"
    move_activity(activity, date(2026, 11, 20), by=cast.alice, now=NOW + timedelta(seconds=1))
    db.session.commit()
    after = read()[key]
    assert after.start == date(2026, 11, 20)
    assert after.sequence > before.sequence
    assert after.last_modified == after.stamp == NOW + timedelta(seconds=1)
    assert after.uid == before.uid


@pytest.mark.parametrize(
    ("carried_out", "title"),
    [(True, "Genomförd: Bjuda in grannarna på fika"), (False, "Blev inte av: Bjuda in grannarna på fika")],
)
def test_what_was_reported_is_marked(cast: Cast, read: Read, carried_out: bool, title: str) -> None:
    activity = make_activity(cast.alice, planned_for=TODAY)
    before = read()[f"activity-{activity.id}"]
    make_outcome(activity, carried_out=carried_out, now=NOW + timedelta(hours=2))
    after = read()[f"activity-{activity.id}"]
    assert after.summary == title
    assert after.sequence > before.sequence


def test_a_plan_without_a_day_and_one_of_long_ago_are_not_there(cast: Cast, read: Read) -> None:
    make_activity(cast.alice, planned_for=None)
    make_activity(cast.alice, planned_for=TODAY - timedelta(days=91))
    recent = make_activity(cast.alice, planned_for=TODAY - timedelta(days=90))
    assert set(read()) - set(_STAGES) == {f"activity-{recent.id}"}


def test_what_was_withdrawn_is_gone(cast: Cast, read: Read) -> None:
    activity = make_activity(cast.alice)
    assert f"activity-{activity.id}" in read()
    withdraw_activity(activity, by=cast.alice, now=NOW)
    db.session.commit()
    assert set(read()) == set(_STAGES)


def test_what_is_hidden_is_gone_until_it_is_shown_again(cast: Cast, read: Read) -> None:
    activity = make_activity(cast.alice)
    hide(activity, cast.cora, "tone", "", NOW)
    db.session.commit()
    assert set(read()) == set(_STAGES)
    undo(activity, cast.cora, NOW)
    db.session.commit()
    assert f"activity-{activity.id}" in read()


def test_only_a_partner_who_has_accepted_has_it(cast: Cast, read: Read) -> None:
    make_activity(cast.bob)
    joint = make_joint(cast.bob, cast.alice)
    declined = make_activity(cast.bob)
    answer_invitation(invite(declined, cast.alice, by=cast.bob, now=NOW), False, now=NOW)
    withdrawn = make_joint(cast.bob, cast.alice)
    db.session.add(Withdrawal(contribution_id=withdrawn.id, by_id=cast.bob.id, at=NOW))
    db.session.commit()
    asked = make_activity(cast.bob)
    invitation = invite(asked, cast.alice, by=cast.bob, now=NOW)
    assert set(read()) - set(_STAGES) == {f"activity-{joint.id}"}
    answer_invitation(invitation, True, now=NOW)
    db.session.commit()
    assert set(read()) - set(_STAGES) == {f"activity-{joint.id}", f"activity-{asked.id}"}


def test_who_comes_along_has_it_and_who_stands_in_the_queue_has_not(cast: Cast, read: Read) -> None:
    along, full = make_activity(cast.bob), make_activity(cast.bob)
    full.places = 1
    for person in (cast.charlie, cast.alice):
        come_along(full, person, now=NOW)
    come_along(along, cast.alice, now=NOW)
    db.session.commit()
    assert set(read()) - set(_STAGES) == {f"activity-{along.id}"}
    cannot_come(full, cast.charlie, now=NOW)
    cannot_come(along, cast.alice, now=NOW)
    db.session.commit()
    assert set(read()) - set(_STAGES) == {f"activity-{full.id}"}


def test_it_is_in_the_persons_language(cast: Cast, client: FlaskClient, path: str) -> None:
    make_outcome(make_activity(cast.alice, planned_for=TODAY))
    cast.alice.language = "en"
    db.session.commit()
    answer = client.get(path, headers={"Accept-Language": "sv"})
    calendar = Calendar.from_ical(answer.data)
    assert calendar.calendar_name == "The test journey"
    titles = {entry.summary for entry in calendar.events}
    assert {"Stage 2: Act", "Carried out: Bjuda in grannarna på fika"} <= titles


def test_it_says_how_often_to_ask(client: FlaskClient, path: str) -> None:
    text = client.get(path).text
    assert "REFRESH-INTERVAL;VALUE=DURATION:PT4H" in text
    assert Calendar.from_ical(text).refresh_interval == timedelta(hours=4)
    assert {"VERSION:2.0", "NAME:Testresan", "X-WR-CALNAME:Testresan"} <= set(text.split("\r\n"))
    assert "METHOD" not in text, "which is for what is sent, not for what is followed"


def test_it_costs_the_same_however_much_there_is(
    app: Flask, cast: Cast, client: FlaskClient, path: str, queries: list[str]
) -> None:
    make_activity(cast.alice)

    alice, bob = cast.alice, cast.bob

    def asks() -> int:
        db.session.expire_all()
        queries.clear()
        assert client.get(path).status_code == 200
        return len(queries)

    asks()
    little = asks()
    for _ in range(4):
        make_outcome(make_activity(alice))
        make_joint(bob, alice)
    assert asks() == little <= 8


def test_there_is_an_end_to_it(app: Flask, cast: Cast, client: FlaskClient) -> None:
    first = make_activity(cast.bob, planned_for=TODAY)
    columns = (
        "owner_id",
        "municipality_id",
        "stage_id",
        "value_id",
        "focus_area_id",
        "title",
        "concreteness",
    )
    for number in range(MOST_PLANS + 5):
        same = {column: getattr(first, column) for column in columns}
        db.session.add(
            type(first)(
                **same,
                request_key=f"many-{number}",
                planned_for=TODAY + timedelta(days=1 + number % 300),
                created_at=NOW,
                changed_at=NOW,
            )
        )
    db.session.commit()
    path = make_calendar(cast.bob)
    plans = [key for key in entries_in(client.get(path).data) if key.startswith("activity")]
    assert len(plans) == MOST_PLANS
    assert f"activity-{first.id}" not in plans, "the earliest goes first"
    assert whole_activity(first.id)
