"""What came of each step of the playbook: opened, acted, switched off; sums, and never of the survey."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.extensions import db
from app.models.activity import Activity
from app.models.close_out import Choice
from app.models.notification import Group, Kind, Notification
from app.models.person import Person
from app.models.playbook import PlaybookRun
from app.services.accounts.preferences import Preferences, change_preferences
from app.services.activities.close_out import Question, close_out, question_in_turn
from app.services.activities.plan import answer_invitation, invite
from app.services.activities.visibility import whole_activity
from app.services.notifications.close_address import CloseToken
from app.services.notifications.inbox import mark_all_read, mark_read
from app.services.notifications.notify import notify
from app.services.stages.acted import count_who_acted
from app.services.stages.run_playbook import run_playbook
from tests.cast import Cast
from tests.factories import NOW, TODAY, make_activity, make_outcome, stage

pytestmark = pytest.mark.usefixtures("app")

DAY = timedelta(days=1)


def told_how_it_went(*people: Person) -> None:
    """Each is asked how yesterday's plan went."""
    for person in people:
        make_activity(person, planned_for=TODAY - DAY)
    run_playbook(NOW, commit=db.session.commit)


def sums(step: str = "day-after") -> tuple[int, int, int | None, int]:
    db.session.expire_all()
    run = db.session.get_one(PlaybookRun, (stage().id, step, TODAY))
    return (run.told, run.opened, run.acted, run.switched_off)


def newest(person: Person) -> Notification:
    mine = select(Notification).where(Notification.person_id == person.id)
    return db.session.scalars(mine.order_by(Notification.id.desc())).first() or pytest.fail(
        "nothing was told"
    )


class TestOpened:
    def test_each_notification_counts_once_however_often_it_is_opened(self, cast: Cast) -> None:
        told_how_it_went(cast.alice, cast.bob)
        for _time in range(3):
            mark_read(newest(cast.alice), NOW + DAY)
        mark_all_read(cast.alice, NOW + DAY)
        assert sums() == (2, 1, None, 0)

    def test_reading_all_at_once_opens_what_was_not_open(self, cast: Cast) -> None:
        told_how_it_went(cast.alice)
        mark_all_read(cast.alice, NOW)
        mark_all_read(cast.alice, NOW)
        assert sums() == (1, 1, None, 0)

    @pytest.mark.parametrize("choice", Choice)
    def test_who_closes_out_by_the_link_has_opened_it_and_acted(self, cast: Cast, choice: Choice) -> None:
        told_how_it_went(cast.alice, cast.bob)
        for _time in range(2):
            close_out(_question(cast.alice), choice, NOW + timedelta(hours=1))
        db.session.commit()
        mark_all_read(cast.alice, NOW + DAY)
        assert sums() == (2, 1, None, 0)
        count_who_acted(NOW + 3 * DAY)
        assert sums() == (2, 1, 1, 0)

    def test_who_had_opened_it_before_counts_once(self, cast: Cast) -> None:
        told_how_it_went(cast.alice)
        mark_read(newest(cast.alice), NOW)
        close_out(_question(cast.alice), Choice.DONE, NOW)
        db.session.commit()
        assert sums() == (1, 1, None, 0)

    def test_nobody_learns_who_opened_the_survey(self, cast: Cast) -> None:
        told_how_it_went(cast.alice)
        about = {"event": "open", "step": "day-after", "number": 2, "last_day": "2026-11-20"}
        notify([cast.alice.id], Kind.SURVEY, key="survey:2:open", url="/survey", parameters=about, now=NOW)
        mark_read(newest(cast.alice), NOW)
        assert sums() == (1, 0, None, 0)

    def test_what_is_no_step_counts_nowhere(self, cast: Cast) -> None:
        told_how_it_went(cast.alice)
        notify([cast.alice.id], Kind.BADGE, key="badge:1", url="/badges", parameters={"name": "x"}, now=NOW)
        mark_read(newest(cast.alice), NOW)
        assert sums() == (1, 0, None, 0)


class TestActed:
    def test_it_is_counted_when_the_two_days_are_over(self, cast: Cast) -> None:
        told_how_it_went(cast.alice, cast.bob)
        make_outcome(_plan_of(cast.alice), now=NOW + DAY)
        count_who_acted(NOW + 2 * DAY)
        assert sums() == (2, 0, None, 0)
        count_who_acted(NOW + 3 * DAY)
        assert sums() == (2, 0, 1, 0)

    def test_once_for_each_notification_whatever_is_done_and_how_often(self, cast: Cast) -> None:
        told_how_it_went(cast.alice)
        make_outcome(_plan_of(cast.alice), now=NOW + DAY)
        make_activity(cast.alice, now=NOW + DAY)
        for days in (3, 4):
            count_who_acted(NOW + days * DAY)
        assert sums() == (1, 0, 1, 0)

    def test_neither_what_came_before_nor_what_came_late(self, cast: Cast) -> None:
        told_how_it_went(cast.alice)
        make_activity(cast.alice, now=NOW - timedelta(hours=1))
        make_activity(cast.alice, now=NOW + 3 * DAY)
        count_who_acted(NOW + 4 * DAY)
        assert sums() == (1, 0, 0, 0)

    def test_whoever_answers_an_invitation_has_acted(self, cast: Cast) -> None:
        told_how_it_went(cast.alice)
        asked = invite(_whole(make_activity(cast.bob)), cast.alice, by=cast.bob, now=NOW)
        answer_invitation(asked, False, now=NOW + DAY)
        db.session.commit()
        count_who_acted(NOW + 3 * DAY)
        assert sums() == (1, 0, 1, 0)


class TestSwitchedOff:
    def test_the_group_of_a_step_or_everything(self, cast: Cast) -> None:
        told_how_it_went(cast.alice, cast.bob, cast.charlie)
        change_preferences(cast.alice, _wants(cast.alice, without=Group.PLANS), NOW + DAY)
        change_preferences(cast.bob, _wants(cast.bob, is_paused=True), NOW + DAY)
        change_preferences(cast.charlie, _wants(cast.charlie, without=Group.THANKS), NOW + DAY)
        assert sums() == (3, 0, None, 2)

    def test_who_pauses_after_switching_it_off_counts_once(self, cast: Cast) -> None:
        told_how_it_went(cast.alice)
        change_preferences(cast.alice, _wants(cast.alice, without=Group.PLANS), NOW)
        change_preferences(cast.alice, _wants(cast.alice, without=Group.PLANS, is_paused=True), NOW)
        assert sums() == (1, 0, None, 1)

    def test_a_slip_of_the_finger_counts_for_nothing(self, cast: Cast) -> None:
        told_how_it_went(cast.alice)
        for off in (True, False, True, False):
            change_preferences(cast.alice, _wants(cast.alice, without=Group.PLANS if off else None), NOW)
        assert sums() == (1, 0, None, 0)

    def test_later_it_has_another_reason(self, cast: Cast) -> None:
        told_how_it_went(cast.alice)
        change_preferences(cast.alice, _wants(cast.alice, without=Group.PLANS), NOW + 2 * DAY)
        assert sums() == (1, 0, None, 0)


@pytest.mark.sqlite
def test_a_day_is_a_range_of_an_index(cast: Cast, queries: list[str]) -> None:
    told_how_it_went(cast.alice)
    queries.clear()
    count_who_acted(NOW + 3 * DAY)
    (counted,) = [query for query in queries if query.startswith("SELECT") and "FROM notification" in query]
    plan = [
        row[3]
        for row in db.session.connection().exec_driver_sql(
            f"EXPLAIN QUERY PLAN {counted}", (None,) * counted.count("?")
        )
    ]
    assert (
        "SEARCH notification USING INDEX ix_notification_created_at (created_at>? AND created_at<?)" in plan
    )
    assert [step for step in plan if step.startswith("SCAN")] == []


def _question(person: Person) -> Question:
    token = CloseToken(_plan_of(person).id, person.id, TODAY - DAY, NOW)
    return question_in_turn(token, NOW) or pytest.fail("there is nothing to be answered")


def _plan_of(person: Person) -> Activity:
    return _whole(db.session.scalars(select(Activity).where(Activity.owner_id == person.id)).one())


def _whole(activity: Activity) -> Activity:
    return whole_activity(activity.id) or pytest.fail("it is gone")


def _wants(person: Person, *, without: Group | None = None, is_paused: bool = False) -> Preferences:
    return Preferences(
        groups=frozenset(Group) - {without},
        is_paused=is_paused,
        push_from=person.push_from,
        push_until=person.push_until,
        push_weekends=person.push_weekends,
        slots=(person.first_slot, person.second_slot),
        takes_digest=person.takes_digest,
        language=person.language,
        theme=person.theme,
    )
