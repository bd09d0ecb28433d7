"""People to whom anything may happen in any order: each step is one thing that somebody does, through the services."""

from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import select

from app.extensions import db
from app.models.activity import Activity
from app.models.challenge import Challenge
from app.models.close_out import Choice, CloseOut
from app.models.ledger import PointEntry
from app.models.person import Person, Role
from app.models.programme import municipalities
from app.models.tip import HeededTip, Tip, TipKind
from app.services.activities import close_out as closing
from app.services.activities.adoption import adopt
from app.services.activities.best_practice import NotTheirsToLiftError, lift, lower
from app.services.activities.locking import ClosedError
from app.services.activities.plan import (
    answer_invitation,
    change_plan,
    invite,
    move_activity,
    withdraw_activity,
)
from app.services.activities.tips import withdraw_tip
from app.services.activities.visibility import whole_activity
from app.services.challenges import review, undertake
from app.services.moderation.acts import AlreadyDecidedError
from app.services.moderation.decide import hide, restore, undo
from app.services.notifications.close_address import CloseToken
from app.services.people.membership import Newcomer, join, leave, move, set_role
from app.services.points.history import own_entry
from app.services.points.neighbours import show, stop_showing
from app.services.points.questions import AlreadyAskedError, NotReversibleError, answer, ask
from app.services.programme.clock import local_today
from app.services.stages.advance import begin_due_phases
from tests.factories import TODAY, focus_area, make_activity, make_outcome, make_plan, make_tip, stage, value

_VALUES: Final = ("manskligt", "valkomnande", "kreativt", "gemensamt")
_AREAS: Final = ("infrastruktur", "naringsliv", "larande")
_ROLES: Final = (Role.PARTICIPANT, Role.COORDINATOR, Role.STEERING)
_PAUSES: Final = (timedelta(hours=1), timedelta(days=1), timedelta(days=7), timedelta(days=20))
#: What a thing turned out to be meanwhile is an answer, and no fault.
_ANSWERS: Final = (
    ClosedError, AlreadyDecidedError, review.AlreadyDecidedError, undertake.ClosedChallengeError, NotTheirsToLiftError,
)  # fmt: skip


@dataclass
class World:
    """Numbers of the people and of what they have made, the oldest first. `clock` is what `now` is moved by."""

    people: list[int]
    lead: int
    challenges: list[int]
    clock: Any
    now: datetime
    activities: list[int] = field(default_factory=list)

    def take(self, step: str, number: int, chosen: int) -> None:
        with suppress(*_ANSWERS):
            getattr(self, step)(number, chosen)

    def plan(self, number: int, chosen: int) -> None:
        activity = make_activity(
            self._person(number),
            value=value(_VALUES[chosen % 4]),
            focus_area=focus_area(_AREAS[number % 3]),
            stage=stage(1 + (chosen > 0)),
            heeded=self._tips(chosen),
            now=self.now,
        )
        self.activities.append(activity.id)

    def edit(self, number: int, chosen: int) -> None:
        activity = self._activity(number)
        plan = make_plan(value=value(_VALUES[number % 4]), heeded=self._tips(chosen))
        change_plan(activity, plan, by=self._owner(activity), now=self.now)

    def join(self, number: int, chosen: int) -> None:
        activity, guest = self._activity(number), self._person(chosen)
        if not activity.is_owned_by(guest):
            answer_invitation(
                invite(activity, guest, by=self._owner(activity), now=self.now), True, now=self.now
            )

    def report(self, number: int, chosen: int) -> None:
        activity = self._activity(number)
        heeded = db.session.scalars(select(HeededTip.tip_id).where(HeededTip.activity_id == activity.id))
        helped = {tip_id: bool((tip_id + chosen) % 2) for tip_id in heeded}
        trap = "Bestäm i förväg vem som låser." if chosen % 2 else ""
        texts = {"story": "Så gick det." if chosen % 3 else "", "pitfall": trap}
        ticked = (0, 1)[: chosen % 3]
        make_outcome(activity, carried_out=chosen > 1, helped=helped, ticked=ticked, now=self.now, **texts)

    def close_out(self, number: int, chosen: int) -> None:
        """With one tap, by the address of a push, on the plan's day or after it."""
        if question := self._question(number):
            with suppress(closing.NoDayLeftError):
                closing.close_out(question, list(Choice)[chosen % 3], self.now)
        if question and chosen > 2:
            account = closing.Account(sentence="Bestäm i förväg vem som låser.")
            closing.tell_more(question, account, self.now)

    def undo_close_out(self, number: int, _chosen: int) -> None:
        if question := self._question(number):
            closing.undo(question, self.now)

    def borrow(self, number: int, chosen: int) -> None:
        origin = self._activity(number)
        if origin.outcome and origin.outcome.carried_out:
            activity = make_activity(self._person(chosen), now=self.now)
            self.activities.append(activity.id)
            adopt(activity, self._activity(number), now=self.now)

    def take_on(self, number: int, chosen: int) -> None:
        challenge = db.session.get_one(Challenge, self.challenges[chosen % len(self.challenges)])
        key = f"challenge-{len(self.activities)}"
        activity = undertake.take_on(
            challenge, self._person(number), make_plan(), stage=stage(), request_key=key, now=self.now
        )
        if activity.id not in self.activities:
            self.activities.append(activity.id)

    def give_up(self, number: int, _chosen: int) -> None:
        activity = self._activity(number)
        undertake.leave(activity, by=self._owner(activity), now=self.now)

    def review(self, number: int, chosen: int) -> None:
        if chosen % 2:
            review.approve(self._activity(number), self._lead(), self.now)
        else:
            review.send_back(self._activity(number), self._lead(), "Vem var med?", self.now)

    def withdraw(self, number: int, _chosen: int) -> None:
        activity = self._activity(number)
        withdraw_activity(activity, by=self._owner(activity), now=self.now)

    def hide(self, number: int, _chosen: int) -> None:
        hide(self._activity(number), self._lead(), "tone", "", self.now)

    def show(self, number: int, chosen: int) -> None:
        (undo if chosen % 2 else restore)(self._activity(number), self._lead(), self.now)

    def lift(self, number: int, _chosen: int) -> None:
        lift(self._activity(number), "För att alla kan.", by=self._lead(), now=self.now)

    def lower(self, number: int, _chosen: int) -> None:
        lower(self._activity(number), by=self._lead(), now=self.now)

    def warn(self, number: int, _chosen: int) -> None:
        make_tip(self._person(number), kind=TipKind.PITFALL, now=self.now)

    def take_tip_back(self, number: int, _chosen: int) -> None:
        if tip := self._tip(number):
            withdraw_tip(tip, by=db.session.get_one(Person, tip.owner_id), now=self.now)

    def hide_tip(self, number: int, _chosen: int) -> None:
        if tip := self._tip(number):
            hide(tip, self._lead(), "tone", "", self.now)

    def show_tip(self, number: int, _chosen: int) -> None:
        if tip := self._tip(number):
            restore(tip, self._lead(), self.now)

    def correct(self, number: int, chosen: int) -> None:
        """Somebody asks about an entry of theirs, and the answer takes what it gave."""
        person = self._person(chosen)
        mine = select(PointEntry.id).where(PointEntry.person_id == person.id).order_by(PointEntry.id.desc())
        entries = db.session.scalars(mine).all()
        line = own_entry(person.id, entries[number % len(entries)]) if entries else None
        if line:
            with suppress(AlreadyAskedError, NotReversibleError), db.session.begin_nested():
                answer(ask(line, person, "Stämmer det?", self.now), self._lead(), "Nej.", True, self.now)

    def leave(self, number: int, chosen: int) -> None:
        if chosen > 3:
            leave(self._person(number), now=self.now)

    def come_back(self, number: int, chosen: int) -> None:
        person = self._person(number)
        place = municipalities()[chosen % 3]
        join(Newcomer(person.email, person.name, "", place.id, "sv"), now=self.now)

    def move(self, number: int, chosen: int) -> None:
        move(self._person(number), municipalities()[chosen % 3], now=self.now)

    def change_role(self, number: int, chosen: int) -> None:
        set_role(self._person(number), _ROLES[chosen % 3], now=self.now)

    def be_shown(self, number: int, chosen: int) -> None:
        person = self._person(number)
        if chosen % 2 and person.is_present and not person.is_office:
            show(person)
        else:
            stop_showing(person)

    def wait(self, number: int, _chosen: int) -> None:
        """Time goes by, and the sweep begins what is due: the stage ends after some weeks."""
        self.now += _PAUSES[number % len(_PAUSES)]
        self.clock.move_to(self.now)
        begin_due_phases(self.now)

    def _person(self, number: int) -> Person:
        return db.session.get_one(Person, self.people[number % len(self.people)])

    def _owner(self, activity: Activity) -> Person:
        return db.session.get_one(Person, activity.owner_id)

    def _lead(self) -> Person:
        return db.session.get_one(Person, self.lead)

    def _activity(self, number: int) -> Activity:
        activity = whole_activity(self.activities[number % len(self.activities)])
        assert activity
        return activity

    def _question(self, number: int) -> closing.Question | None:
        activity = self._activity(number)
        answered = db.session.scalars(select(CloseOut.day).where(CloseOut.activity_id == activity.id)).first()
        if answered is None and activity.is_open and activity.planned_for != local_today(self.now):
            move_activity(activity, local_today(self.now), by=self._owner(activity), now=self.now)
        day = answered or activity.planned_for or TODAY
        return closing.question_in_turn(CloseToken(activity.id, activity.owner_id, day, self.now), self.now)

    def _tips(self, most: int) -> frozenset[int]:
        return frozenset(db.session.scalars(select(Tip.id).order_by(Tip.id.desc()).limit(most)))

    def _tip(self, number: int) -> Tip | None:
        """One that stands alone, or a lesson of a report."""
        every = list(db.session.scalars(select(Tip).order_by(Tip.id)))
        return every[number % len(every)] if every else None


STEPS: Final = [
    name for name in vars(World) if not name.startswith("_") and name not in ("take", *World.__annotations__)
]
