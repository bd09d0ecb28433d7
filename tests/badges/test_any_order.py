"""Whatever happens in whatever order, badges are what a recomputation from nothing finds, and told at most once."""

from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from app.extensions import db
from app.models.activity import Activity
from app.models.notification import Kind, Notification
from app.models.person import Person
from app.models.tip import HeededTip, Tip, TipKind
from app.services.activities.adoption import adopt
from app.services.activities.best_practice import lift, lower
from app.services.activities.locking import ClosedError
from app.services.activities.plan import answer_invitation, invite, withdraw_activity
from app.services.activities.tips import withdraw_tip
from app.services.activities.visibility import whole_activity
from app.services.moderation.decide import AlreadyDecidedError, hide, restore, undo
from app.services.people.membership import leave
from app.services.upkeep.audit import repair, verify
from tests.anew import starting_anew
from tests.cast import Cast
from tests.factories import NOW, focus_area, make_activity, make_outcome, make_tip, stage, value

pytestmark = pytest.mark.usefixtures("at_now")

_VALUES = ("manskligt", "valkomnande", "kreativt", "gemensamt")
_AREAS = ("infrastruktur", "naringsliv", "larande")


@dataclass
class World:
    """Numbers of the people and of what they have made, the oldest first."""

    people: list[int]
    lead: int
    activities: list[int] = field(default_factory=list)
    tips: list[int] = field(default_factory=list)

    def take(self, step: str, number: int, chosen: int) -> None:
        with suppress(ClosedError, AlreadyDecidedError):
            getattr(self, step)(number, chosen)

    def plan(self, number: int, chosen: int) -> None:
        traps = frozenset(self.tips[:chosen])
        activity = make_activity(
            self._person(number),
            value=value(_VALUES[chosen % 4]),
            focus_area=focus_area(_AREAS[number % 3]),
            stage=stage(1 + chosen % 2),
            heeded=traps,
        )
        self.activities.append(activity.id)

    def join(self, number: int, chosen: int) -> None:
        activity, guest = self._activity(number), self._person(chosen)
        if not activity.is_owned_by(guest):
            owner = db.session.get_one(Person, activity.owner_id)
            answer_invitation(invite(activity, guest, by=owner, now=NOW), True, now=NOW)

    def report(self, number: int, chosen: int) -> None:
        activity = self._activity(number)
        heeded = db.session.scalars(select(HeededTip.tip_id).where(HeededTip.activity_id == activity.id))
        helped = {tip_id: bool((tip_id + chosen) % 2) for tip_id in heeded}
        texts = {"story": "Så gick det." if chosen % 3 else "", "pitfall": "Lås inte." if chosen % 2 else ""}
        make_outcome(activity, carried_out=chosen > 1, helped=helped, **texts)

    def borrow(self, number: int, chosen: int) -> None:
        origin = self._activity(number)
        if origin.outcome and origin.outcome.carried_out:
            activity = make_activity(self._person(chosen))
            self.activities.append(activity.id)
            adopt(activity, self._activity(number), now=NOW)

    def withdraw(self, number: int, _chosen: int) -> None:
        activity = self._activity(number)
        withdraw_activity(activity, by=db.session.get_one(Person, activity.owner_id), now=NOW)

    def hide(self, number: int, _chosen: int) -> None:
        hide(self._activity(number), self._lead(), "tone", "", NOW)

    def show(self, number: int, chosen: int) -> None:
        (undo if chosen % 2 else restore)(self._activity(number), self._lead(), NOW)

    def lift(self, number: int, _chosen: int) -> None:
        lift(self._activity(number), "För att alla kan.", by=self._lead(), now=NOW)

    def lower(self, number: int, _chosen: int) -> None:
        lower(self._activity(number), by=self._lead(), now=NOW)

    def warn(self, number: int, _chosen: int) -> None:
        self.tips.append(make_tip(self._person(number), kind=TipKind.PITFALL).id)

    def take_tip_back(self, number: int, _chosen: int) -> None:
        if tip := self._tip(number):
            withdraw_tip(tip, by=db.session.get_one(Person, tip.owner_id), now=NOW)

    def hide_tip(self, number: int, _chosen: int) -> None:
        if tip := self._tip(number):
            hide(tip, self._lead(), "tone", "", NOW)

    def show_tip(self, number: int, _chosen: int) -> None:
        if tip := self._tip(number):
            restore(tip, self._lead(), NOW)

    def leave(self, number: int, chosen: int) -> None:
        if chosen == 5:
            leave(self._person(number), now=NOW)

    def _person(self, number: int) -> Person:
        return db.session.get_one(Person, self.people[number % len(self.people)])

    def _lead(self) -> Person:
        return db.session.get_one(Person, self.lead)

    def _activity(self, number: int) -> Activity:
        activity = whole_activity(self.activities[number % len(self.activities)])
        assert activity
        return activity

    def _tip(self, number: int) -> Tip | None:
        """One that stands alone, or a lesson of a report."""
        every = list(db.session.scalars(select(Tip).order_by(Tip.id)))
        return every[number % len(every)] if every else None


_STEPS = [
    name for name in vars(World) if not name.startswith("_") and name not in ("take", *World.__annotations__)
]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    steps=st.lists(
        st.tuples(st.sampled_from(_STEPS), st.integers(0, 8), st.integers(0, 5)), min_size=6, max_size=24
    )
)
@starting_anew
def test_any_order_leaves_what_a_recomputation_finds(cast: Cast, steps: list[tuple[str, int, int]]) -> None:
    people = [person.id for person in (cast.alice, cast.bob, cast.charlie)]
    world = World(people, cast.lena.id)
    for number in range(4):
        world.take("plan", number, number)
        world.take("report", number, 2 + number)
    for step in steps:
        world.take(*step)
    db.session.flush()
    assert verify() == []
    keys = select(Notification.person_id, Notification.key).where(Notification.kind == Kind.BADGE)
    assert set(Counter(db.session.execute(keys).all()).values()) <= {1}
    repair()
    assert verify() == []
