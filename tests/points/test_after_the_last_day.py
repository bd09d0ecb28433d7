"""Between midnight and the sweep that closes a board, it stands as its last day left it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine

from app import clock
from app.extensions import db
from app.models.person import Person, Role
from app.services.accounts.devices import begin_session
from app.services.insights.figures import StageFigures, stage_figures
from app.services.people.membership import Newcomer, join, leave, move, set_role
from app.services.points.board import open_board
from app.services.points.reward import reward_of
from app.services.points.standings import standings
from app.services.programme.clock import local_today
from app.services.programme.file import load_programme
from app.services.stages.advance import begin_due_phases
from app.services.upkeep.audit import repair, verify
from tests.cast import Cast
from tests.factories import NOW, make_activity, make_joint, make_outcome, make_person, municipality, stage

#: 00.10 of the day after the last, on the programme's clock; the sweep comes at 00.15.
_NIGHT = datetime(2026, 12, 13, 23, 10, tzinfo=UTC)
_SWEEP = _NIGHT + timedelta(minutes=5)
_FILE = (Path(__file__).parents[1] / "programme" / "small-programme.toml").read_text(
    "utf-8"
) + "[leaderboard]\nsmallest = 1\n"


@pytest.fixture
def karin(cast: Cast) -> Person:
    """One of five in Bjuv who count, since they had signed in before the stage began; she has done something."""
    begin_due_phases(NOW)
    people = [make_person(signed_in_at=NOW - timedelta(days=300)) for _ in range(5)]
    make_outcome(make_joint(people[0], cast.charlie))
    open_board(stage(), stage().opened_at or NOW)
    db.session.commit()
    return people[0]


def _another_pool(_karin: Person) -> None:
    load_programme(_FILE.replace("<pool>", "40"), _NIGHT)


def _joins(_karin: Person) -> None:
    join(Newcomer("k@bjuv.se", "Kim Ek", "", municipality("bjuv").id, "sv"), now=_NIGHT)


NIGHTLY: dict[str, Callable[[Person], object]] = {
    "another pool": _another_pool,
    "moves": lambda karin: move(karin, municipality("klippan"), now=_NIGHT),
    "leaves": lambda karin: leave(karin, now=_NIGHT),
    "joins the office": lambda karin: set_role(karin, Role.LEAD, now=_NIGHT),
    "joins": _joins,
    "signs in for the first time": lambda _karin: begin_session(make_person(), "Phone", _NIGHT),
    "does something": lambda karin: make_outcome(make_activity(karin, now=_NIGHT), now=_NIGHT),
}


def figures() -> StageFigures:
    return stage_figures(stage(), local_today(clock.now()))


@pytest.mark.parametrize("what", NIGHTLY)
def test_what_happens_in_the_night_changes_nothing(karin: Person, what: str) -> None:
    with time_machine.travel(_NIGHT, tick=False) as traveller:
        board, frozen = standings(stage().id), figures()
        assert [row.divisor for row in board] == [5, 5, 20]
        NIGHTLY[what](karin)
        db.session.commit()
        assert (standings(stage().id), figures()) == (board, frozen)
        traveller.move_to(_SWEEP)
        begin_due_phases(_SWEEP)
        db.session.commit()
        assert (standings(stage().id), figures()) == (board, frozen)
        assert verify() == []
        repair()
        assert (standings(stage().id), figures()) == (board, frozen)


def test_a_pool_that_is_changed_while_the_stage_runs_counts(karin: Person) -> None:
    with time_machine.travel(NOW, tick=False):
        load_programme(_FILE.replace("<pool>", "40"), NOW)
        assert {row.slug: row.divisor for row in standings(stage().id)}["bjuv"] == 40


def test_a_late_report_puts_nobody_ahead_on_a_board_that_is_closed(cast: Cast) -> None:
    activity = make_activity(cast.alice)
    make_outcome(activity, now=_NIGHT)
    reward = reward_of(activity, cast.alice, _NIGHT)
    assert (reward.points, reward.rival) == (50, None)
