"""Stages enter their phases by the clock and by hand; each phase is recorded once."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from app.extensions import db
from app.models.feed import FeedItem
from app.models.stage import Phase, Stage, StageEvent
from app.services.stages.advance import advance_stage, begin_due_phases
from tests.cast import Cast
from tests.factories import NOW, TODAY, stage


def phases(number: int) -> list[str]:
    query = select(StageEvent.phase).where(StageEvent.stage_id == stage(number).id).order_by(StageEvent.at)
    return list(db.session.scalars(query))


def test_after_a_pause_all_phases_are_recorded(cast: Cast) -> None:
    events = begin_due_phases(NOW)
    db.session.commit()
    assert phases(1) == ["measure", "activate", "learn", "ended"]
    assert phases(2) == ["measure", "activate"]
    assert len(db.session.scalars(select(FeedItem)).all()) == 6
    assert events[-1].at == NOW
    assert events[0].at == datetime(2026, 2, 1, 23, 0, tzinfo=UTC)


def test_a_second_sweep_finds_nothing_to_do(cast: Cast) -> None:
    _ = cast.alice
    begin_due_phases(NOW)
    assert begin_due_phases(NOW + timedelta(minutes=1)) == []


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
