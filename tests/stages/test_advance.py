"""Stages enter their phases by the clock and by hand; each phase is told once, to those whom it concerns."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from app.extensions import db
from app.models.feed import FeedItem
from app.models.notification import Notification
from app.models.person import Role
from app.models.stage import Phase, Stage, StageEvent
from app.services.notifications.kinds import words_of
from app.services.notifications.playbook import PLAYBOOK, steps
from app.services.stages.advance import advance_stage, begin_due_phases
from tests.cast import Cast
from tests.factories import NOW, TODAY, stage


def told() -> dict[str, str]:
    """The page that each person was sent to, by first name."""
    rows = db.session.scalars(select(Notification).join(Notification.person))
    return {row.parameters["step"]: row.url for row in rows}


def phases(number: int) -> list[str]:
    query = select(StageEvent.phase).where(StageEvent.stage_id == stage(number).id).order_by(StageEvent.at)
    return list(db.session.scalars(query))


def test_each_role_is_told_once_in_each_phase() -> None:
    for phase in (Phase.MEASURE, Phase.ACTIVATE, Phase.LEARN, Phase.ENDED):
        reached = [role for step in steps(phase) for role in step.who]
        assert sorted(reached) == sorted(Role)


def test_the_rows_of_the_playbook_have_names_of_their_own_and_words_in_both_languages(cast: Cast) -> None:
    assert len({step.name for step in PLAYBOOK}) == len(PLAYBOOK)
    for step in PLAYBOOK:
        about = {"step": step.name, "number": 2, "name": {"sv": "Över gränsen", "en": "Across the border"}}
        swedish, english = words_of(step.kind, about, "sv"), words_of(step.kind, about, "en")
        assert swedish.title != english.title
        assert "%" not in "".join((*swedish, *english))


def test_after_a_pause_all_phases_are_recorded_and_only_the_latest_is_told(cast: Cast) -> None:
    people = (cast.alice, cast.cora, cast.lena, cast.stig)
    events = begin_due_phases(NOW)
    db.session.commit()
    assert phases(1) == ["measure", "activate", "learn", "ended"]
    assert phases(2) == ["measure", "activate"]
    assert len(db.session.scalars(select(FeedItem)).all()) == 6
    assert told() == {
        "activate": "/activities/new",
        "activate-staff": "/activities/new",
        "activate-steering": "/insights/stages/2",
    }
    assert len(db.session.scalars(select(Notification)).all()) == len(people)
    assert events[-1].at == NOW
    assert events[0].at == datetime(2026, 2, 1, 23, 0, tzinfo=UTC)


def test_a_second_sweep_finds_nothing_to_do(cast: Cast) -> None:
    _ = cast.alice
    begin_due_phases(NOW)
    assert begin_due_phases(NOW + timedelta(minutes=1)) == []
    assert len(db.session.scalars(select(Notification)).all()) == 1


def test_a_stage_that_ends_on_the_day_on_which_the_next_begins_is_told_too(cast: Cast) -> None:
    _ = cast.alice
    first, second = stage(1), stage(2)
    first.end_on = second.measure_on = TODAY
    second.activate_on = TODAY + timedelta(days=7)
    db.session.commit()
    begin_due_phases(NOW)
    assert set(told()) == {"ended", "measure"}


def test_what_was_passed_before_a_sweep_saw_it_is_not_told_after_what_came_next(cast: Cast) -> None:
    _ = cast.alice
    advance_stage(stage(), by=cast.lena, now=NOW)
    begin_due_phases(NOW)
    assert phases(2) == ["measure", "activate", "learn"]
    assert "activate" not in told()


def test_a_phase_begins_at_midnight_of_the_programme(cast: Cast) -> None:
    _ = cast.alice
    begin_due_phases(NOW)
    before = datetime(2026, 11, 29, 22, 59, tzinfo=UTC)
    assert begin_due_phases(before) == []
    (event,) = begin_due_phases(before + timedelta(minutes=1))
    assert (event.phase, event.by_id) == ("learn", None)


def test_by_hand_the_next_phase_begins_today(cast: Cast) -> None:
    begin_due_phases(NOW)
    event = advance_stage(stage(), by=cast.lena, now=NOW)
    assert event
    assert (event.phase, event.by_id, event.at) == ("learn", cast.lena.id, NOW)
    assert (stage().learn_on, stage().end_on) == (TODAY, date(2026, 12, 14))
    assert stage().phase(TODAY) == Phase.LEARN
    assert begin_due_phases(NOW) == []


def test_by_hand_through_to_the_end_and_no_further(cast: Cast) -> None:
    reached = []
    while event := advance_stage(stage(), by=cast.lena, now=NOW):
        reached.append(event.phase)
    assert reached == ["learn", "ended"]
    assert stage().phase(TODAY) == Phase.ENDED


def test_a_double_tap_moves_one_phase(cast: Cast) -> None:
    assert advance_stage(stage(), by=cast.lena, now=NOW, to=Phase.LEARN)
    assert advance_stage(stage(), by=cast.lena, now=NOW, to=Phase.LEARN) is None
    assert stage().phase(TODAY) == Phase.LEARN


@pytest.mark.parametrize("column", ["learn_on"])
def test_whoever_was_quicker_has_moved_it(cast: Cast, column: str) -> None:
    mine = stage()
    # Another process moves it: this one still holds the old date.
    db.session.connection().exec_driver_sql(f"UPDATE stage SET {column} = '2026-11-10' WHERE number = 2")
    assert advance_stage(mine, by=cast.lena, now=NOW, to=Phase.LEARN) is None


def test_a_stage_that_has_not_begun_begins(cast: Cast) -> None:
    early = datetime(2026, 9, 1, 9, 0, tzinfo=UTC)
    event = advance_stage(stage(), by=cast.lena, now=early)
    assert event
    assert (event.phase, stage().measure_on) == ("measure", date(2026, 9, 1))


def test_a_stage_waits_for_the_one_before_it(cast: Cast) -> None:
    third = Stage(
        number=3, name={"sv": "Tre"}, theme={"sv": "Tre"}, **dict.fromkeys(_DATES, TODAY + timedelta(days=90))
    )
    db.session.add(third)
    db.session.commit()
    assert advance_stage(third, by=cast.lena, now=NOW) is None
    assert Stage.current(TODAY) is stage()
    while advance_stage(stage(), by=cast.lena, now=NOW):
        pass
    event = advance_stage(third, by=cast.lena, now=NOW)
    assert event
    assert event.phase == "measure"


_DATES = ("measure_on", "activate_on", "learn_on", "end_on")
