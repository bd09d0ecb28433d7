"""The playbook goes out: to those whom it concerns, once, also late and moved."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from app.extensions import db
from app.models.activity import Activity
from app.models.notification import Delivery, Notification
from app.models.person import Person
from app.models.playbook import PlaybookRun, ReminderStop
from app.models.stage import Phase
from app.services.activities.coming import come_along
from app.services.activities.plan import move_activity, withdraw_activity
from app.services.activities.visibility import whole_activity
from app.services.notifications.kinds import words_of
from app.services.stages.advance import advance_stage
from app.services.stages.run_playbook import run_playbook
from tests.cast import Cast
from tests.challenge_makers import make_challenge
from tests.factories import NOW, TODAY, make_activity, make_joint, make_outcome, make_person, stage
from tests.push import deliver_at, sender_to, subscribed
from tests.push_service import PushService

pytestmark = pytest.mark.usefixtures("app")

DAY = timedelta(days=1)


def run(now: datetime = NOW) -> None:
    run_playbook(now, commit=db.session.commit)


def told(person: Person | None = None) -> list[str]:
    """The steps that people were told, in order, as often as they were."""
    rows = db.session.scalars(select(Notification).order_by(Notification.id))
    mine = [row for row in rows if person is None or row.person_id == person.id]
    return [row.parameters["step"] for row in mine if "step" in row.parameters]


def at(day: str) -> datetime:
    return datetime.combine(date.fromisoformat(day), NOW.timetz())


def test_each_role_is_told_of_a_phase_once(cast: Cast) -> None:
    people = (cast.alice, cast.cora, cast.lena, cast.stig)
    for minutes in (0, 1, 60):
        run(at("2026-09-30") + timedelta(minutes=minutes))
    assert sorted(told()) == ["activate", "activate-staff", "activate-staff", "activate-steering"]
    assert {row.person_id for row in db.session.scalars(select(Notification))} == {one.id for one in people}
    run(at("2026-10-01"))
    assert len(told()) == len(people)


def test_who_joins_while_it_is_news_is_told_too_and_later_no_more(cast: Cast) -> None:
    run(at("2026-09-28"))
    alice = cast.alice
    run(at("2026-10-05"))
    assert told(alice) == ["activate"]
    bob = cast.bob
    run(at("2026-10-06"))
    assert told(bob) == []


def test_after_a_pause_what_came_too_late_is_left_out_and_noted(cast: Cast) -> None:
    _ = cast.alice
    run(at("2026-11-10"))
    assert "activate" not in told()
    left_out = select(PlaybookRun.step).where(PlaybookRun.is_skipped, PlaybookRun.stage_id == stage().id)
    assert {"measure", "activate", "halfway"} <= set(db.session.scalars(left_out))
    run(at("2026-11-11"))
    assert len(db.session.scalars(left_out).all()) == len(set(db.session.scalars(left_out)))


def test_a_stage_that_ends_on_the_day_on_which_the_next_begins_is_told_too(cast: Cast) -> None:
    _ = cast.alice
    first, second = stage(1), stage(2)
    first.end_on = second.measure_on = TODAY
    second.activate_on = TODAY + timedelta(days=7)
    db.session.commit()
    run()
    assert set(told()) == {"ended", "measure"}


def test_moved_by_a_lead_the_phase_is_told_within_the_minute(cast: Cast) -> None:
    _ = cast.alice
    run()
    advance_stage(stage(), by=cast.lena, now=NOW, to=Phase.LEARN)
    run(NOW + timedelta(minutes=1))
    assert told(cast.alice)[-1] == "learn"


def test_halfway_brings_the_standing_of_ones_municipality(cast: Cast) -> None:
    make_activity(cast.alice)
    _ = cast.kim
    run(at("2026-10-29"))
    (alices,) = [row for row in db.session.scalars(select(Notification)) if row.person_id == cast.alice.id]
    assert alices.parameters["step"] == "halfway"
    assert (alices.parameters["place"], alices.parameters["rank"]) == ("Bjuv", 1)
    assert told(cast.kim) == ["halfway-unranked"]


class TestIdle:
    """Who could have planned for a week and has not gets one suggestion a stage, the first that there is for them."""

    def test_a_challenge_that_fits(self, cast: Cast) -> None:
        challenge = make_challenge()
        _ = cast.alice
        run()
        run(NOW + DAY)
        assert told(cast.alice) == ["idle-challenge"]
        assert db.session.scalar(select(Notification.url)) == f"/challenges/{challenge.id}"

    def test_else_an_idea_that_went_well_near_them(self, cast: Cast) -> None:
        for owner in (cast.bob, cast.kim):
            make_outcome(make_activity(owner), rating=5)
        alice = cast.alice
        far = make_person(place="helsingborg")
        run()
        about = {row.person_id: row.parameters for row in db.session.scalars(select(Notification))}
        assert about[alice.id]["author"] == cast.bob.name
        assert about[far.id]["step"] == "idle-idea"

    def test_else_an_empty_square(self, cast: Cast) -> None:
        _ = cast.alice
        run()
        (row,) = db.session.scalars(select(Notification))
        assert row.parameters["step"] == "idle-square"
        assert row.url.startswith("/activities/new?value=")

    @pytest.mark.parametrize("day", ["2026-10-04", "2026-11-27"])
    def test_not_in_the_first_week_nor_in_the_last_days(self, cast: Cast, day: str) -> None:
        _ = cast.alice
        run(at(day))
        assert [step for step in told() if step.startswith("idle")] == []

    def test_not_who_has_planned_nor_who_has_just_joined(self, cast: Cast) -> None:
        make_activity(cast.alice)
        make_person().joined_at = NOW - timedelta(days=6)
        run()
        assert [step for step in told() if step.startswith("idle")] == []


class TestReminders:
    def test_the_day_before_the_plan_is_read_back_to_those_who_made_it(self, cast: Cast) -> None:
        make_joint(cast.alice, cast.bob, planned_for=TODAY + DAY, title="Byt kontor")
        make_activity(cast.charlie, planned_for=TODAY + 2 * DAY)
        run()
        assert told(cast.alice) == told(cast.bob) == ["eve"]
        assert "eve" not in told(cast.charlie)

    def test_those_who_come_along_are_reminded_too_but_not_those_in_the_queue(self, cast: Cast) -> None:
        activity = make_activity(cast.alice, planned_for=TODAY + DAY, title="Byt kontor")
        activity.places = 2
        for person in (cast.bob, cast.charlie, cast.kim):
            come_along(activity, person, now=NOW)
        db.session.add(ReminderStop(person_id=cast.charlie.id, activity_id=activity.id, at=NOW))
        db.session.commit()
        run()
        run(NOW + timedelta(minutes=1))
        assert [step for step in told() if step.startswith("eve")] == ["eve", "eve-coming"]
        assert "eve-coming" in told(cast.bob)
        about_plans = select(Notification).where(Notification.kind == "plan")
        row = db.session.scalars(about_plans.where(Notification.person_id == cast.bob.id)).one()
        assert words_of(row.kind, row.parameters, "sv")[:2] == (
            "Snart: Byt kontor",
            "Onsdag 11 november, Biblioteket i Bjuv: Byt kontor. Du är med.",
        )

    def test_on_friday_for_the_weekend_and_monday_and_then_not_again(self, cast: Cast) -> None:
        friday = date(2026, 11, 13)
        for days in (1, 2, 3, 4):
            make_activity(cast.alice, planned_for=friday + days * DAY)
        for days in range(3):
            run(at("2026-11-13") + days * DAY)
        assert told(cast.alice).count("eve") == 3
        run(at("2026-11-16"))
        assert told(cast.alice).count("eve") == 4

    def test_the_day_after_one_is_asked_until_it_is_reported(self, cast: Cast) -> None:
        reported = make_activity(cast.bob, planned_for=TODAY - DAY)
        make_outcome(reported)
        make_activity(cast.alice, planned_for=TODAY - DAY)
        for days in range(3):
            run(NOW + days * DAY)
        assert told(cast.alice) == ["day-after"]
        assert told(cast.bob) == []

    def test_late_one_is_still_asked_of_the_last_week(self, cast: Cast) -> None:
        for days in (1, 7, 8):
            make_activity(cast.alice, planned_for=TODAY - days * DAY)
        run()
        assert told(cast.alice) == ["day-after"] * 2

    def test_moved_it_is_another_occasion(self, cast: Cast) -> None:
        plan = make_activity(cast.alice, planned_for=TODAY - DAY)
        run()
        move_activity(_whole(plan), TODAY + DAY, by=cast.alice, now=NOW)
        run(NOW + DAY)
        run(NOW + 2 * DAY)
        assert told(cast.alice) == ["day-after", "day-after"]

    def test_who_wants_no_more_of_it_hears_no_more(self, cast: Cast) -> None:
        plan = make_joint(cast.alice, cast.bob, planned_for=TODAY - DAY)
        db.session.add(ReminderStop(person_id=cast.alice.id, activity_id=plan.id, at=NOW))
        db.session.commit()
        run()
        run(at("2026-11-27"))
        assert told(cast.alice) == []
        assert told(cast.bob) == ["day-after", "last-days"]

    @pytest.mark.parametrize("change", ["reported", "moved", "withdrawn"])
    def test_what_makes_no_sense_any_more_is_not_pushed(
        self, cast: Cast, push_service: PushService, change: str
    ) -> None:
        subscribed(cast.alice, push_service.device())
        plan = make_activity(cast.alice, planned_for=TODAY + DAY)
        run()
        _change(_whole(plan), cast.alice, change)
        assert deliver_at(sender_to(push_service), NOW.replace(hour=13)) == 0
        assert set(db.session.scalars(select(Delivery.detail))) == {"no longer planned"}

    def test_three_days_before_the_end_who_has_something_open_is_told(self, cast: Cast) -> None:
        make_joint(cast.alice, cast.bob)
        make_outcome(make_activity(cast.charlie))
        run(at("2026-11-27"))
        assert told(cast.alice) == told(cast.bob) == ["last-days"]
        assert told(cast.charlie) == []


def _whole(plan: Activity) -> Activity:
    activity = whole_activity(plan.id)
    assert activity
    return activity


def _change(plan: Activity, by: Person, change: str) -> None:
    if change == "reported":
        make_outcome(plan)
    elif change == "moved":
        move_activity(plan, TODAY + 9 * DAY, by=by, now=NOW)
    else:
        withdraw_activity(plan, by=by, now=NOW)


def test_on_monday_coordinators_see_how_many_are_quiet_and_what_waits(cast: Cast) -> None:
    _ = cast.cora
    for _number in range(6):
        make_person(signed_in_at=at("2026-09-01"))
    run(at("2026-11-16"))
    run(at("2026-11-17"))
    (row,) = db.session.scalars(select(Notification).where(Notification.person_id == cast.cora.id))
    assert (row.parameters["step"], row.parameters["waiting"]) == ("monday", 0)
