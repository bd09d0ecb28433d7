"""Ideas on their way in the demonstration: one that goes from place to place, some that are done again elsewhere, what
coordinators have lifted, and two who plan the same in the same days."""

import tomllib
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import select

from app import clock
from app.demo.scene import Scene
from app.extensions import db
from app.models.activity import Activity
from app.models.outcome import Outcome, Permission
from app.models.person import Person, Role
from app.models.programme import FocusArea, Value
from app.models.stage import Stage
from app.services.activities.adoption import adopt, borrowable
from app.services.activities.best_practice import lift, may_lift
from app.services.activities.plan import Plan, plan_activity
from app.services.activities.report import Report, report_outcome
from app.services.activities.visibility import whole_activity

_FILE = Path(__file__).with_name("ideas.toml")
_CELL: Final = ("valkomnande", "oppenhet")
_TOP_RATING: Final = 5
#: How many of the plans that repeat what somebody else did well before are tied to it.
_REPEATED: Final = 9


def spread_ideas(scenes: list[Scene], people: list[Person], stage: Stage, now: datetime, zone: str) -> None:
    """After the play: everything that the module's docstring names. The first of `people` is Karin."""
    bank = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    karin, story = people[0], _Story(people, stage, clock.local_date(now, zone), now, zone)
    before = Stage.numbered(stage.number - 1)
    if before:
        first = _Story(people, before, before.learn_on, now, zone).play(karin, bank["first"])
        story.spread(first, bank["borrowed"])
    story.play(karin, bank["karin"])
    _tie_repetitions(scenes)
    for best in bank["best"]:
        _lift(best, people, now)


class _Story:
    """What happens in a stage, on days that are counted from `day`."""

    def __init__(self, people: list[Person], stage: Stage, day: date, now: datetime, zone: str) -> None:
        self.people, self.stage, self.day, self.now, self.zone = people, stage, day, now, ZoneInfo(zone)
        self.value = db.session.scalars(select(Value).where(Value.slug == _CELL[0])).one()
        self.area = db.session.scalars(select(FocusArea).where(FocusArea.slug == _CELL[1])).one()

    def spread(self, first: int, borrowed: list[dict[str, Any]]) -> None:
        """Each borrows of an earlier one, as far as its place is in the programme."""
        done = {"": first}
        for scene in borrowed:
            person = self._somebody_in(scene["place"])
            if person:
                done[scene["place"]] = self.play(person, scene, done.get(scene["of"], first))

    def play(self, person: Person, scene: dict[str, Any], origin_id: int | None = None) -> int:
        """Plan it, borrowed from that one, and report it if it was carried out. Returns its number."""
        at = self._at(scene["planned"])
        key = f"demo-idea-{scene['title']}"
        activity = plan_activity(person, self._plan(scene), stage=self.stage, request_key=key, now=at)
        origin = borrowable(origin_id, person)
        if origin:
            adopt(activity, origin, now=at)
        if "rating" in scene:
            report_outcome(activity, _report(scene), by=person, now=self._at(scene["day"] + 1))
        return activity.id

    def _plan(self, scene: dict[str, Any]) -> Plan:
        answers = {
            "title": scene["title"],
            "planned_for": self.day + timedelta(days=scene["day"]),
            "place": scene["where"],
            "audience": scene["audience"],
            "success_sign": scene["sign"],
        }
        return Plan(value=self.value, also_values=[], focus_area=self.area, answers=answers)

    def _somebody_in(self, slug: str) -> Person | None:
        there = (p for p in self.people if p.municipality.slug == slug and p.role == Role.PARTICIPANT)
        return next(there, None)

    def _at(self, days: int) -> datetime:
        """Mid-morning so many days from that day, and never later than now."""
        local = datetime.combine(self.day + timedelta(days=days), time(9, 40), self.zone)
        return min(local.astimezone(UTC), self.now)


def _report(scene: dict[str, Any]) -> Report:
    answers = {key: scene[key] for key in ("rating", "reached", "story", "success", "pitfall")}
    return Report(carried_out=True, permission=Permission.INTERNAL, **answers)


def _tie_repetitions(scenes: list[Scene]) -> None:
    """Tie plans of the second stage to what somebody elsewhere did well in the first, where it is the same idea."""
    well_done: dict[str, Scene] = {}
    for scene in scenes:
        if scene.stage.number == 1 and (scene.rating or 0) > 3 and scene.activity:
            well_done.setdefault(scene.idea["title"], scene)
    repeated = 0
    for scene in scenes:
        before = well_done.get(scene.idea["title"]) if scene.stage.number > 1 and scene.activity else None
        if not before or before.owner.municipality_id == scene.owner.municipality_id or repeated == _REPEATED:
            continue
        repeated += _tie(scene, before)


def _tie(scene: Scene, before: Scene) -> bool:
    origin = borrowable(before.activity.id if before.activity else None, scene.owner)
    activity = whole_activity(scene.activity.id) if scene.activity else None
    return bool(origin and activity and adopt(activity, origin, now=scene.planned_at))


def _lift(best: dict[str, str], people: list[Person], now: datetime) -> None:
    """By a coordinator of its municipality, or else by the lead."""
    wanted = Activity.title.startswith(best["title"]) if best["title"] else Outcome.rating == _TOP_RATING
    latest = select(Activity.id).join(Outcome).where(Outcome.carried_out, wanted).order_by(Outcome.at.desc())
    activity = whole_activity(db.session.scalar(latest.limit(1)) or 0)
    if activity is None or activity.outcome is None:
        return
    coordinators_first = sorted(people, key=lambda person: person.role != Role.COORDINATOR)
    by = next((person for person in coordinators_first if may_lift(person, activity)), None)
    if by:
        lift(activity, best["sentence"], by=by, now=min(activity.outcome.at + timedelta(hours=3), now))
