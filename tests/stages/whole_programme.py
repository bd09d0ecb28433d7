"""A whole programme played through: two stages, 300 people, a moving clock, and a worker that comes and goes.

People plan, move, report, join, leave and pause by chance, always the same. What each of them is to be told is worked
out beside it, from what they did and the dates of the stages alone.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import delete, insert

from app.extensions import db
from app.gateways.push.answers import PushResult
from app.models.activity import Activity
from app.models.board import MunicipalityTotal
from app.models.notification import PushSubscription
from app.models.person import Person, Role
from app.models.sign_in import DeviceSession
from app.models.stage import Phase, Stage
from app.services.activities.plan import move_activity, plan_activity
from app.services.activities.report import Report, report_outcome
from app.services.activities.visibility import whole_activity
from app.services.people.membership import leave
from app.services.stages.advance import begin_due_phases
from app.services.stages.run_playbook import run_playbook
from tests.factories import focus_area, make_person, make_plan, stage, value

ZONE: Final = ZoneInfo("Europe/Stockholm")
PLACES: Final = ("bjuv", "klippan", "helsingborg")
_DAY: Final = timedelta(days=1)
_RUNNING: Final = {Phase.MEASURE, Phase.ACTIVATE, Phase.LEARN}
#: Stage by stage: measure, act, learn, end. In both the clock is changed, on a Sunday amid the acting.
DATES: Final = {
    1: (date(2026, 3, 9), date(2026, 3, 16), date(2026, 4, 13), date(2026, 4, 20)),
    2: (date(2026, 10, 5), date(2026, 10, 12), date(2026, 11, 9), date(2026, 11, 16)),
}
FIRST_DAY, LAST_DAY = date(2026, 3, 8), date(2026, 11, 24)
#: Without a worker.
DOWN: Final = {date(2026, 3, 25), date(2026, 3, 26), date(2026, 10, 22)}


def at(day: date, clock: str) -> datetime:
    return datetime.combine(day, time.fromisoformat(clock), ZONE).astimezone(UTC)


@dataclass
class Plan:
    """A plan, as the play knows it."""

    id: int
    owner: int
    place: str
    stage: int
    day: date
    report: Report | None = None
    reported_on: date | None = None


class KilledError(BaseException):
    """The worker dies."""


@dataclass
class World:
    """What has happened so far, and what people are to have been told of it."""

    random: Random = field(default_factory=lambda: Random(11))
    roles: dict[int, str] = field(default_factory=dict)
    places: dict[int, str] = field(default_factory=dict)
    joined: dict[int, date] = field(default_factory=dict)
    left: dict[int, date] = field(default_factory=dict)
    plans: list[Plan] = field(default_factory=list)
    expected: set[tuple[int, str]] = field(default_factory=set)
    last_run: date | None = None

    def play(self) -> Iterator[datetime]:
        """Day by day; yields the moments at which the worker looks for pushes."""
        _begin_anew()
        self._let_join(280, at(FIRST_DAY, "09:00"))
        day = FIRST_DAY
        while day <= LAST_DAY:
            if day in DOWN:
                self._act(day)
            else:
                self._let_worker_run(at(day, "00:01"))
                yield from (at(day, clock) for clock in ("07:00", "08:30"))
                self._act(day)
                yield from (at(day, clock) for clock in ("13:30", "17:45", "21:00"))
            # Between the stages nothing happens.
            day = day + _DAY if not date(2026, 5, 1) < day < date(2026, 9, 27) else date(2026, 9, 27)

    def _let_join(self, count: int, now: datetime) -> None:
        for number in range(count):
            chance = self.random.random()
            role = Role.STEERING if chance < 0.02 else Role.COORDINATOR if chance < 0.06 else Role.PARTICIPANT
            place = self.random.choice(PLACES)
            since: dict[str, Any] = {"joined_at": now, "signed_in_at": now}
            person = make_person(place=place, role=role, **since, **self._preferences(number))
            self.roles[person.id], self.places[person.id] = role.value, place
            self.joined[person.id] = now.astimezone(ZONE).date()
        db.session.flush()
        _give_phones(
            [number for number, day in self.joined.items() if day == now.astimezone(ZONE).date()], now
        )
        db.session.commit()

    def _preferences(self, number: int) -> dict[str, Any]:
        match number % 12:
            case 1:
                return {"push_from": time(17), "push_until": time(22), "push_weekends": True}
            case 2:
                return {"first_slot": time(7), "second_slot": time(17, 45)}
            case 3:
                return {"muted_groups": ["plans", "stage"]}
            case 4:
                return {"paused_at": at(FIRST_DAY, "08:00")}
        return {}

    def _act(self, day: date) -> None:
        now = at(day, "10:00")
        running = next((number for number, dates in DATES.items() if dates[1] <= day < dates[3]), None)
        if day in (DATES[1][1] + 2 * _DAY, DATES[2][1] + 10 * _DAY):
            self._let_join(10, now)
        if running is None:
            return
        here = [number for number in self.roles if number not in self.left]
        if day < DATES[running][2]:
            of, about = stage(running), {"value": value(), "focus_area": focus_area()}
            for number in self.random.sample(here, 8):
                self._plan(number, of, about, day, now)
        for plan in [plan for plan in self.plans if plan.report is None and plan.stage == running]:
            self._go_on(plan, day, now)
        if self.random.random() < 0.1:
            self._leave(self.random.choice(here), day, now)
        db.session.commit()

    def _plan(self, number: int, of: Stage, about: dict[str, Any], day: date, now: datetime) -> None:
        planned_for = day + timedelta(days=self.random.randint(0, 12))
        owner = db.session.get_one(Person, number)
        key = f"play-{len(self.plans)}"
        plan = make_plan(planned_for=planned_for, **about)
        made = plan_activity(owner, plan, stage=of, request_key=key, now=now)
        self.plans.append(Plan(made.id, number, self.places[number], of.number, planned_for))

    def _go_on(self, plan: Plan, day: date, now: datetime) -> None:
        """Whose day has come reports, soon, later or never; some move it before."""
        chance = self.random.random()
        if plan.owner in self.left:
            return
        if plan.day <= day and chance < 0.3:
            carried_out = self.random.random() < 0.7
            rating = self.random.randint(1, 5) if carried_out else None
            plan.report = Report(carried_out=carried_out, rating=rating, reached=self.random.randint(0, 40))
            plan.reported_on = day
            report_outcome(_whole(plan.id), plan.report, by=db.session.get_one(Person, plan.owner), now=now)
        elif plan.day > day and chance < 0.04:
            plan.day = day + timedelta(days=self.random.randint(1, 6))
            move_activity(_whole(plan.id), plan.day, by=db.session.get_one(Person, plan.owner), now=now)

    def _leave(self, number: int, day: date, now: datetime) -> None:
        self.left[number] = day
        leave(db.session.get_one(Person, number), now=now)

    def _let_worker_run(self, now: datetime) -> None:
        """It is killed amid its work now and then, and another one goes on; two run at once on other days."""
        self._expect(now.astimezone(ZONE).date())
        begin_due_phases(now)
        db.session.commit()
        if self.random.random() < 0.3:
            commits_left = self.random.randint(0, 6)

            def die() -> None:
                nonlocal commits_left
                db.session.commit()
                commits_left -= 1
                if commits_left < 0:
                    raise KilledError

            try:
                run_playbook(now, commit=die)
            except KilledError:
                db.session.rollback()
        for later in (0, 1):
            run_playbook(now + timedelta(minutes=later), commit=db.session.commit)

    def _expect(self, day: date) -> None:
        """What is to be told on that day, in the words of docs/product.md and no line of the product's."""
        for number in DATES:
            for step, who in self._steps_of(number, day):
                self.expected |= {(person, f"stage:{number}:{step}") for person in who}
            self.expected |= self._about_plans(number, day)
        self.last_run = day

    def _steps_of(self, number: int, day: date) -> Iterator[tuple[str, Iterable[int]]]:
        measure_on, activate_on, learn_on, end_on = DATES[number]
        phase = stage(number).phase(day)
        roles = {
            "": {Role.PARTICIPANT},
            "-staff": {Role.COORDINATOR, Role.LEAD},
            "-steering": {Role.STEERING},
        }
        begins = {
            Phase.MEASURE: measure_on,
            Phase.ACTIVATE: activate_on,
            Phase.LEARN: learn_on,
            Phase.ENDED: end_on,
        }
        if phase in begins and day - begins[phase] <= timedelta(days=7):
            if phase == Phase.MEASURE:
                yield "measure", self._here(set(Role))
            elif phase == Phase.ENDED:
                yield "ended", self._here({Role.PARTICIPANT})
                yield "ended-staff", self._here({Role.COORDINATOR, Role.LEAD, Role.STEERING})
            else:
                for ending, some in roles.items():
                    yield f"{phase.value}{ending}", self._here(some)
        if phase == Phase.ACTIVATE:
            middle = activate_on + (learn_on - activate_on) / 2
            if timedelta(0) <= day - middle <= timedelta(days=2):
                # The small programme ranks whoever has points; all three municipalities have by then.
                yield "halfway", self._here({Role.PARTICIPANT, Role.COORDINATOR})
            if activate_on + timedelta(days=7) <= day <= learn_on - timedelta(days=4):
                begun = {plan.owner for plan in self.plans if plan.stage == number}
                idle = self._here({Role.PARTICIPANT}) - begun
                yield "idle", {one for one in idle if day - self.joined[one] >= timedelta(days=7)}
            if timedelta(0) <= day - (learn_on - timedelta(days=3)) <= _DAY:
                yield "last-days", {plan.owner for plan in self._open(number)}
        if phase in (Phase.ACTIVATE, Phase.LEARN) and day.weekday() <= 1:
            week = "{}-W{:02}".format(*day.isocalendar())
            yield f"monday:{week}", self._here({Role.COORDINATOR})

    def _about_plans(self, number: int, day: date) -> set[tuple[int, str]]:
        phase, told = stage(number).phase(day), set()
        ahead = {4: 3, 5: 0, 6: 0}.get(day.weekday(), 1)
        since = max(self.last_run or date.min, day - timedelta(days=7))
        for plan in self._open(number):
            about = f"{plan.id}:{plan.day}"
            if phase in _RUNNING and _DAY <= plan.day - day <= ahead * _DAY:
                told.add((plan.owner, f"stage:{number}:eve:{about}"))
            if phase in _RUNNING | {Phase.ENDED} and since <= plan.day < day:
                told.add((plan.owner, f"stage:{number}:day-after:{about}"))
        return told

    def _here(self, roles: set[Role]) -> set[int]:
        return {number for number, role in self.roles.items() if role in roles and number not in self.left}

    def _open(self, number: int) -> list[Plan]:
        return [
            plan
            for plan in self.plans
            if plan.stage == number and plan.report is None and plan.owner not in self.left
        ]


def deliver_at_once(messages: Iterable[Any], **more: Any) -> list[PushResult]:
    """The far end of the gateway: every push arrives."""
    results = []
    for message in messages:
        results.append(PushResult(message.id, "delivered"))
        more["on_result"](results[-1])
    return results


def _begin_anew() -> None:
    """Neither stage has begun."""
    db.session.execute(delete(MunicipalityTotal))
    for number, dates in DATES.items():
        of = stage(number)
        of.measure_on, of.activate_on, of.learn_on, of.end_on = dates
        of.opened_at = of.points = of.closed_at = None
    db.session.commit()


def _give_phones(person_ids: list[int], now: datetime) -> None:
    sessions = [
        {"person_id": number, "token_hash": f"play-{number}", "label": "", "created_at": now, "seen_at": now}
        for number in person_ids
    ]
    ids = db.session.scalars(insert(DeviceSession).returning(DeviceSession.id), sessions).all()
    phones = [
        {
            "person_id": number, "device_session_id": session, "endpoint": f"https://push.example/{number}",
            "p256dh": "x", "auth": "x", "created_at": now, "application_server_key": "",
        }
        for number, session in zip(person_ids, ids, strict=True)
    ]  # fmt: skip
    db.session.execute(insert(PushSubscription), phones)


def _whole(activity_id: int) -> Activity:
    activity = whole_activity(activity_id)
    assert activity
    return activity
