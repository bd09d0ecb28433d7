"""A stage's board: who counts on it, by which rules, and until when."""

from datetime import date, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from app.extensions import db
from app.models.board import MunicipalityTotal
from app.models.ledger import PointEntry
from app.models.person import Role
from app.models.programme import Municipality, Programme
from app.models.stage import Stage
from app.services.accounts.devices import begin_session
from app.services.moderation.decide import hide, restore
from app.services.people.membership import Newcomer, join, leave, move, set_role
from app.services.points import award
from app.services.points.board import close_board, open_board
from app.services.points.closing import counting_stage
from app.services.points.standings import Board, Row, standings
from app.services.stages.advance import advance_stage, begin_due_phases
from app.services.upkeep.audit import repair, verify
from tests.cast import Cast
from tests.factories import NOW, make_activity, make_joint, make_outcome, make_person, municipality, stage

pytestmark = pytest.mark.usefixtures("at_now")

BEFORE = NOW - timedelta(days=300)
#: In the morning after the last day of stage 2.
AFTER = datetime(2026, 12, 14, 9, tzinfo=NOW.tzinfo)


def on_the_board(slug: str, number: int = 2) -> Row:
    return next(row for row in standings(stage(number).id) if row.slug == slug)


def members(slug: str, number: int = 2) -> int:
    here = (MunicipalityTotal.stage_id == stage(number).id, Municipality.slug == slug)
    total = select(MunicipalityTotal.members).join(
        Municipality, Municipality.id == MunicipalityTotal.municipality_id
    )
    return db.session.scalar(total.where(*here)) or 0


def open_again(number: int = 2) -> None:
    """With the people who are here by now."""
    open_board(stage(number), stage(number).opened_at or NOW)
    db.session.commit()


def the_next_stage() -> Stage:
    third = Stage(
        number=3, name={"sv": "Tre"}, theme={"sv": "Vi går vidare."}, measure_on=date(2027, 1, 11),
        activate_on=date(2027, 2, 1), learn_on=date(2027, 4, 1), end_on=date(2027, 5, 1),
    )  # fmt: skip
    db.session.add(third)
    db.session.commit()
    return third


def close(now: datetime = AFTER) -> None:
    begin_due_phases(now)
    db.session.commit()


def test_points_are_divided_by_those_who_had_signed_in_before_the_stage_began(cast: Cast) -> None:
    make_activity(cast.alice)
    assert on_the_board("bjuv").divisor == municipality("bjuv").pool == 4
    for _ in range(6):
        make_person(place="bjuv", signed_in_at=BEFORE)
    make_person(place="bjuv", signed_in_at=None)
    make_person(place="bjuv", role=Role.LEAD, signed_in_at=BEFORE)
    open_again()
    assert (on_the_board("bjuv").divisor, on_the_board("bjuv").score) == (6, 10 / 6)


def test_who_joins_during_a_stage_counts_from_the_next(app: Flask) -> None:
    join(Newcomer("k@bjuv.se", "Karin Ek", "", municipality("bjuv").id, "sv"), now=NOW)
    assert members("bjuv") == 0
    the_next_stage()
    begin_due_phases(datetime(2027, 1, 11, 9, tzinfo=NOW.tzinfo))
    assert members("bjuv", 3) == 1


def test_who_leaves_moves_or_comes_back_is_counted_where_they_are(app: Flask) -> None:
    karin = make_person(place="bjuv", signed_in_at=BEFORE)
    open_again()
    assert (members("bjuv"), members("klippan")) == (1, 0)
    move(karin, municipality("klippan"), now=NOW)
    assert (members("bjuv"), members("klippan")) == (0, 1)
    leave(karin, now=NOW)
    assert (members("bjuv"), members("klippan")) == (0, 0)
    join(Newcomer(karin.email, "Karin Ek", "", municipality("bjuv").id, "sv"), now=NOW)
    assert (members("bjuv"), members("klippan")) == (1, 0)
    set_role(karin, Role.LEAD, now=NOW)
    assert members("bjuv") == 0
    set_role(karin, Role.COORDINATOR, now=NOW)
    assert members("bjuv") == 1
    db.session.commit()
    assert verify() == []


def test_who_did_something_is_counted_once_and_where_they_belong(cast: Cast) -> None:
    make_activity(cast.alice)
    make_activity(cast.alice)
    make_joint(cast.alice, cast.charlie)
    assert (on_the_board("bjuv").active, on_the_board("klippan").active) == (1, 1)
    move(cast.charlie, municipality("bjuv"), now=NOW)
    assert (on_the_board("bjuv").active, on_the_board("klippan").active) == (2, 0)
    leave(cast.charlie, now=NOW)
    db.session.commit()
    assert on_the_board("bjuv").active == 2
    assert verify() == []
    move(cast.charlie, municipality("klippan"), now=NOW)  # a list of people has many who have left
    db.session.commit()
    assert (on_the_board("bjuv").active, on_the_board("klippan").active) == (1, 1)
    assert verify() == []


def test_what_is_hidden_was_not_done(cast: Cast) -> None:
    activity = make_activity(cast.alice)
    hide(activity, cast.cora, "tone", "", NOW)
    assert on_the_board("bjuv").active == 0
    restore(activity, cast.cora, NOW)
    assert on_the_board("bjuv").active == 1


def test_the_office_earns_nothing_and_is_on_no_board(cast: Cast) -> None:
    make_outcome(make_joint(cast.lena, cast.alice))
    entries = db.session.scalars(select(PointEntry.person_id).distinct()).all()
    assert entries == [cast.alice.id]
    assert on_the_board("helsingborg").active == 0


def test_where_too_few_did_something_there_is_no_rank(cast: Cast) -> None:
    programme = db.session.get_one(Programme, 1)
    programme.leaderboard = {"smallest": 2}
    for person in (cast.alice, cast.bob, cast.charlie):
        make_activity(person)
    make_outcome(make_activity(cast.charlie))
    rows = [(row.slug, row.rank) for row in standings(stage().id)]
    assert rows == [("bjuv", 1), ("klippan", None), ("helsingborg", None)]


def test_a_stage_keeps_the_rules_with_which_it_began(cast: Cast) -> None:
    third = the_next_stage()
    programme = db.session.get_one(Programme, 1)
    programme.points = programme.points | {"plan": {"points": 99, "daily": 3}}
    db.session.commit()
    make_activity(cast.alice)
    assert on_the_board("bjuv").points == 10
    close()
    day = datetime(2027, 2, 2, 9, tzinfo=NOW.tzinfo)
    begin_due_phases(day)
    make_activity(cast.alice, stage=third, now=day)
    assert on_the_board("bjuv", 3).points == 99


def test_a_late_report_earns_in_the_next_stage_and_leaves_the_closed_board_alone(cast: Cast) -> None:
    third, activity = the_next_stage(), make_activity(cast.alice)
    close()
    make_outcome(activity, now=AFTER)
    assert counting_stage(stage(), AFTER) is third
    assert (on_the_board("bjuv").points, on_the_board("bjuv", 3).points) == (10, 50)
    db.session.commit()
    with time_machine.travel(AFTER, tick=False):
        assert verify() == []


def test_a_late_report_without_a_next_stage_is_the_person_s_own(cast: Cast) -> None:
    activity = make_activity(cast.alice)
    close()
    make_outcome(activity, now=AFTER)
    assert on_the_board("bjuv").points == 10
    with time_machine.travel(AFTER, tick=False):
        assert verify() == []


def test_nothing_later_changes_a_closed_board(cast: Cast) -> None:
    karin = make_person(place="bjuv", signed_in_at=BEFORE)
    open_again()
    activity = make_joint(karin, cast.charlie)
    make_outcome(activity)
    close()
    board = standings(stage().id)
    award.take_back(activity, "removal:1", "hidden", AFTER)
    move(cast.charlie, municipality("bjuv"), now=AFTER)
    leave(karin, now=AFTER)
    municipality("bjuv").pool = 400
    db.session.commit()
    assert standings(stage().id) == board
    with time_machine.travel(AFTER, tick=False):
        assert verify() == []
        repair()
    assert standings(stage().id) == board


def test_before_the_sweep_has_come_the_last_day_is_over_all_the_same(cast: Cast) -> None:
    make_activity(cast.alice)
    moment = datetime(2026, 12, 13, 23, 2, tzinfo=NOW.tzinfo)
    make_activity(cast.alice, now=moment)
    assert on_the_board("bjuv").points == 10
    close(moment + timedelta(minutes=5))
    assert stage().closed_at == datetime(2026, 12, 13, 23, tzinfo=NOW.tzinfo)
    with time_machine.travel(AFTER, tick=False):
        assert verify() == []


def test_a_lead_who_ends_a_stage_keeps_what_was_earned_that_day(cast: Cast) -> None:
    make_activity(cast.alice)
    for later in (1, 2):
        advance_stage(stage(), by=cast.lena, now=NOW + timedelta(hours=later))
    db.session.commit()
    assert stage().closed_at == NOW + timedelta(hours=2)
    assert on_the_board("bjuv").points == 10
    with time_machine.travel(NOW + timedelta(hours=3), tick=False):
        make_activity(cast.bob, now=NOW + timedelta(hours=3))
        assert on_the_board("bjuv").points == 10
        assert verify() == []


def test_a_stage_that_was_missed_is_opened_and_closed(app: Flask) -> None:
    third = the_next_stage()
    close_board(third, AFTER)
    assert third.opened_at == third.closed_at == AFTER


def test_the_standings_of_a_day_leave_out_what_came_later(cast: Cast) -> None:
    make_activity(cast.alice, now=NOW - timedelta(days=7))
    make_activity(cast.alice)
    make_activity(cast.charlie)
    today = NOW.date()
    week_ago = {row.slug: row.points for row in Board(stage().id).at(today - timedelta(days=7))}
    assert week_ago == {"bjuv": 10, "klippan": 0, "helsingborg": 0}
    assert Board(stage().id).at(today) == standings(stage().id)


def test_in_total_the_scores_of_the_stages_are_added(cast: Cast) -> None:
    make_activity(cast.alice, stage=stage(1), now=NOW - timedelta(days=250))
    make_activity(cast.alice)
    (row,) = [row for row in standings(None) if row.slug == "bjuv"]
    assert (row.points, row.score) == (20, 10 / 4 + 10 / 4)


def test_who_signs_in_is_remembered_from_the_first_time(cast: Cast) -> None:
    person = make_person(signed_in_at=None)
    begin_session(person, "Phone", NOW)
    begin_session(person, "Laptop", NOW + timedelta(days=1))
    assert person.signed_in_at == NOW
