"""A stage that is over: its figures and its quilt stand as its last day left them."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select

from app.extensions import db
from app.models.activity import Activity
from app.models.programme import Programme
from app.models.stage import Stage
from app.services.activities.plan import answer_invitation, invite, move_activity, withdraw_activity
from app.services.activities.visibility import whole_activity
from app.services.challenges.squares import activities_of_square
from app.services.insights.figures import StageFigures, stage_figures
from app.services.moderation.decide import hide, restore
from app.services.people.membership import leave, move
from app.services.points.board import close_board
from app.services.sums.squares import squares_of
from app.services.upkeep.audit import verify
from tests.cast import Cast
from tests.factories import NOW, make_activity, make_outcome, municipality, stage

_END = datetime(2026, 12, 13, 23, tzinfo=UTC)  # 00.00 of the day after, on the programme's clock
_LATER = _END + timedelta(hours=9)
_DAY_AFTER = date(2026, 12, 14)


class World:
    """Three plans of stage 2 as its last day ends: one carried out, one that nobody reported, one hidden."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        self._numbers = [make_activity(cast.alice).id for _ in range(2)] + [make_activity(cast.bob).id]
        make_outcome(self.done)
        hide(self.hidden, cast.cora, "tone", "", NOW)

    def _activity(self, place: int) -> Activity:
        activity = whole_activity(self._numbers[place])
        assert activity
        return activity

    @property
    def done(self) -> Activity:
        return self._activity(0)

    @property
    def forgotten(self) -> Activity:
        return self._activity(1)

    @property
    def hidden(self) -> Activity:
        return self._activity(2)


def _report_late(world: World) -> None:
    make_outcome(world.forgotten, now=_LATER)


def _report_otherwise(world: World) -> None:
    make_outcome(world.done, carried_out=False, now=_LATER)


def _hide(world: World) -> None:
    hide(world.done, world.cast.cora, "tone", "", _LATER)


def _restore(world: World) -> None:
    restore(world.hidden, world.cast.cora, _LATER)


def _withdraw(world: World) -> None:
    withdraw_activity(world.forgotten, by=world.cast.alice, now=_LATER)


def _move_the_date(world: World) -> None:
    move_activity(world.forgotten, _DAY_AFTER, by=world.cast.alice, now=_LATER)


def _join(world: World) -> None:
    invitation = invite(world.forgotten, world.cast.charlie, by=world.cast.alice, now=_LATER)
    answer_invitation(invitation, True, now=_LATER)


def _plan_in_it(world: World) -> None:
    make_activity(world.cast.charlie, stage=stage(), now=_LATER)


def _leave(world: World) -> None:
    leave(world.cast.alice, now=_LATER)


def _move(world: World) -> None:
    move(world.cast.alice, municipality("klippan"), now=_LATER)


_LATE: tuple[Callable[[World], None], ...] = (
    _report_late, _report_otherwise, _hide, _restore, _withdraw, _move_the_date, _join, _plan_in_it, _leave, _move,
)  # fmt: skip


def _as_shown() -> tuple[StageFigures, dict[tuple[int, int], int]]:
    db.session.flush()
    db.session.expire_all()
    return stage_figures(stage(), _DAY_AFTER), squares_of(stage().id)


@pytest.mark.parametrize("swept", [True, False], ids=["closed", "not yet noticed"])
@pytest.mark.parametrize("happens", _LATE, ids=lambda act: act.__name__.strip("_"))
def test_nothing_that_happens_later_changes_it(
    cast: Cast, happens: Callable[[World], None], swept: bool
) -> None:
    world = World(cast)
    if swept:
        close_board(stage(), _END)
    before = _as_shown()
    assert (before[0].total.planned, before[0].total.carried_out, before[0].total.due) == (2, 1, 2)
    assert list(before[1].values()) == [1]
    happens(world)
    assert _as_shown() == before
    with time_machine.travel(_LATER, tick=False):
        assert verify() == []


def test_another_pool_is_that_of_later_stages(cast: Cast) -> None:
    World(cast)
    close_board(stage(), _END)
    before = _as_shown()
    municipality("bjuv").pool = 400
    assert _as_shown() == before


def test_in_its_last_moment_everything_still_counts(cast: Cast) -> None:
    world = World(cast)
    make_outcome(world.forgotten, now=_END - timedelta(seconds=1))
    assert _as_shown()[0].total.carried_out == 2


def test_nobody_is_first_in_a_quilt_that_is_over(cast: Cast) -> None:
    """Points for the report itself are another matter: they count in the stage that then runs."""
    programme, over = db.session.get_one(Programme, 1), stage()
    over.points = programme.points = {**programme.points, "first": {"points": 20, "daily": 2}}
    activity = make_activity(cast.alice)
    make_outcome(activity, now=_LATER)
    assert squares_of(over.id) == {}


def test_the_square_of_a_frozen_quilt_does_not_show_what_was_hidden_later(cast: Cast) -> None:
    world = World(cast)
    square = next(iter(squares_of(stage().id)))
    assert len(activities_of_square(stage().id, square).items) == 1
    _hide_at(world, _LATER)
    assert activities_of_square(stage().id, square).items == []
    assert squares_of(stage().id) == {square: 1}


def _hide_at(world: World, at: datetime) -> None:
    hide(world.done, world.cast.cora, "tone", "", at)


def test_a_stage_that_has_not_begun_counts_what_is_planned_in_it(cast: Cast) -> None:
    coming = Stage(number=3, name={"sv": "Sen"}, theme={"sv": "Vidare."}, measure_on=date(2027, 2, 1),
                   activate_on=date(2027, 2, 8), learn_on=date(2027, 5, 1), end_on=date(2027, 6, 1))  # fmt: skip
    db.session.add(coming)
    db.session.flush()
    make_activity(cast.alice, stage=coming, now=_LATER)
    assert stage_figures(coming, _DAY_AFTER).total.planned == 1
    with time_machine.travel(_LATER, tick=False):
        assert verify() == []
    assert db.session.scalars(select(Stage.opened_at).where(Stage.number == 3)).one() is None
