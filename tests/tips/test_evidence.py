"""The evidence of tips, their order, and the points that they earn: whatever happens in whatever order."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from app.extensions import db
from app.models.activity import Activity
from app.models.credit import Credit, is_earned
from app.models.ledger import PointEntry
from app.models.person import Person
from app.models.tip import HeededTip, Tip
from app.services.activities.cheer import cheer, withdraw_cheer
from app.services.activities.lessons import TipFilter, tips_page
from app.services.activities.locking import ClosedError
from app.services.activities.plan import answer_invitation, change_plan, invite, withdraw_activity
from app.services.activities.tips import withdraw_tip
from app.services.activities.visibility import whole_activity
from app.services.moderation.acts import AlreadyDecidedError
from app.services.moderation.decide import hide, restore
from app.services.sums.rank import Evidence, rank_of
from app.services.sums.settle import settle
from app.services.upkeep.audit import repair, verify
from tests.anew import starting_anew
from tests.cast import Cast
from tests.factories import NOW, make_activity, make_outcome, make_plan, make_tip


def test_evidence_lifts_a_tip_and_a_spark_does_too(cast: Cast) -> None:
    plain, cheered, heeded = (make_tip(cast.charlie) for _ in range(3))
    cheer(cheered, cast.alice, now=NOW)
    make_activity(cast.alice, heeded=frozenset({heeded.id}))
    assert [tip.id for tip in tips_page(TipFilter()).items] == [heeded.id, cheered.id, plain.id]
    withdraw_cheer(cheered, cast.alice, now=NOW)
    db.session.refresh(cheered)
    assert cheered.rank == plain.rank


def test_a_new_good_tip_rises_past_an_old_better_one() -> None:
    old = rank_of(6, Evidence(4, 2), NOW - timedelta(days=90))
    assert rank_of(1, Evidence(1, 0), NOW) > old > rank_of(0, Evidence(0, 0), NOW)


def test_the_tenth_helps_less_than_the_first() -> None:
    ranks = [rank_of(0, Evidence(count, 0), NOW) for count in (0, 1, 9, 10)]
    assert ranks[1] - ranks[0] > ranks[3] - ranks[2] > 0


def test_settling_twice_changes_nothing(cast: Cast) -> None:
    tip = make_tip(cast.charlie)
    activity = make_activity(cast.alice, heeded=frozenset({tip.id}))
    before = (tip.rank, tip.heeded_count, db.session.scalar(select(func.count()).select_from(PointEntry)))
    settle(activity, NOW)
    assert before == (
        tip.rank,
        tip.heeded_count,
        db.session.scalar(select(func.count()).select_from(PointEntry)),
    )


def test_a_wrong_count_is_found_and_repaired(cast: Cast) -> None:
    tip = make_tip(cast.charlie)
    make_activity(cast.alice, heeded=frozenset({tip.id}))
    tip.heeded_count, tip.rank = 7, 3
    db.session.flush()
    assert {one.of.split()[0] for one in verify()} == {"heeded_count", "rank"}
    repair()
    assert verify() == []


@dataclass
class World:
    """Numbers of plans, of tips that stand alone, and of activities whose reports have taught."""

    cast: Cast
    plans: list[int]
    tips: list[int]
    sources: list[int]

    def take(self, step: str, number: int, chosen: int) -> None:
        try:
            getattr(self, step)(number, chosen)
        except (ClosedError, AlreadyDecidedError):
            return

    def edit(self, number: int, chosen: int) -> None:
        """The bits of `chosen` are the tips that are ticked."""
        every = [*self.tips, *db.session.scalars(select(Tip.id).where(Tip.activity_id.in_(self.sources)))]
        ticked = frozenset(tip_id for bit, tip_id in enumerate(every) if chosen >> bit & 1)
        plan = self._activity(self.plans[number])
        change_plan(plan, make_plan(heeded=ticked), by=self._owner(plan), now=NOW)

    def report(self, number: int, chosen: int) -> None:
        plan = self._activity(self.plans[number])
        heeded = db.session.scalars(select(HeededTip.tip_id).where(HeededTip.activity_id == plan.id))
        helped = {tip_id: bool((tip_id + chosen) % 2) for tip_id in heeded}
        make_outcome(plan, helped=helped, carried_out=chosen % 3 > 0)

    def join(self, number: int, _chosen: int) -> None:
        """The author of the tips does it too."""
        plan = self._activity(self.plans[number])
        answer_invitation(
            invite(plan, self.cast.charlie, by=self._owner(plan), now=NOW), accept=True, now=NOW
        )

    def withdraw(self, number: int, _chosen: int) -> None:
        plan = self._activity(self.plans[number])
        withdraw_activity(plan, by=self._owner(plan), now=NOW)

    def empty_lesson(self, number: int, chosen: int) -> None:
        source = self._activity(self.sources[number % len(self.sources)])
        make_outcome(source, pitfall="" if chosen % 2 else "Bestäm i förväg vem som låser efteråt.")

    def withdraw_tip(self, number: int, _chosen: int) -> None:
        tip = self._tip(number)
        withdraw_tip(tip, by=self.cast.charlie, now=NOW)

    def cheer(self, number: int, chosen: int) -> None:
        tip = self._tip(number)
        if chosen % 2:
            cheer(tip, self.cast.bob, now=NOW)
        else:
            withdraw_cheer(tip, self.cast.bob, now=NOW)

    def hide_plan(self, number: int, _chosen: int) -> None:
        hide(self._activity(self.plans[number]), self.cast.lena, "tone", "", NOW)

    def show_plan(self, number: int, _chosen: int) -> None:
        restore(self._activity(self.plans[number]), self.cast.lena, NOW)

    def hide_source(self, number: int, _chosen: int) -> None:
        hide(self._activity(self.sources[number % len(self.sources)]), self.cast.lena, "tone", "", NOW)

    def show_source(self, number: int, _chosen: int) -> None:
        restore(self._activity(self.sources[number % len(self.sources)]), self.cast.lena, NOW)

    def hide_tip(self, number: int, _chosen: int) -> None:
        hide(self._tip(number), self.cast.lena, "tone", "", NOW)

    def show_tip(self, number: int, _chosen: int) -> None:
        restore(self._tip(number), self.cast.lena, NOW)

    def _activity(self, number: int) -> Activity:
        activity = whole_activity(number)
        assert activity
        return activity

    def _owner(self, activity: Activity) -> Person:
        return db.session.get_one(Person, activity.owner_id)

    def _tip(self, number: int) -> Tip:
        """One that stands alone, or a lesson of a report."""
        lessons = db.session.scalars(select(Tip.id).where(Tip.activity_id.in_(self.sources)).order_by(Tip.id))
        every = [*self.tips, *lessons]
        return db.session.get_one(Tip, every[number % len(every)])


_STEPS = [name for name in vars(World) if not name.startswith("_") and name != "take"]


@pytest.mark.usefixtures("heeded_earns")
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    steps=st.lists(
        st.tuples(st.sampled_from(_STEPS), st.integers(0, 2), st.integers(0, 63)), min_size=4, max_size=18
    )
)
@starting_anew
def test_any_order_leaves_what_a_recomputation_finds(cast: Cast, steps: list[tuple[str, int, int]]) -> None:
    sources = [make_activity(cast.charlie).id]
    for number in sources:
        make_outcome(whole_activity(number))  # type: ignore[arg-type]
    tips = [make_tip(cast.charlie).id for _ in range(2)]
    plans = [make_activity(person).id for person in (cast.alice, cast.bob, cast.cora)]
    world = World(cast, plans, tips, sources)
    for step in steps:
        world.take(*step)
    db.session.flush()
    assert verify() == []
    assert _points_by_tip() == _points_from_nothing()


def _points_by_tip() -> dict[int, int]:
    sums = (
        select(Tip.id, func.sum(PointEntry.points))
        .join(PointEntry, Tip.id == PointEntry.contribution_id)
        .group_by(Tip.id)
    )
    return {tip_id: points for tip_id, points in db.session.execute(sums) if points}


def _points_from_nothing() -> dict[int, int]:
    sums = (
        select(Credit.contribution_id, func.sum(Credit.points))
        .where(is_earned())
        .group_by(Credit.contribution_id)
    )
    return {tip_id: points for tip_id, points in db.session.execute(sums) if points}
