"""What lets the demonstration's badges be seen: Karin is near two of them, and one of hers rests, because a coordinator
has hidden something that it is built on."""

import tomllib
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from app.extensions import db
from app.models.activity import Activity
from app.models.outcome import Permission
from app.models.person import Person, Role
from app.models.programme import FocusArea, Value
from app.models.stage import Stage
from app.services.activities.plan import Plan, answer_invitation, invite, plan_activity
from app.services.activities.report import Report, report_outcome
from app.services.activities.visibility import whole_activity
from app.services.moderation.acts import UNNOTICED_FOR
from app.services.moderation.decide import hide
from app.services.notifications.held import tell_what_is_due

_FILE = Path(__file__).with_name("badges.toml")


def earn_badges(people: list[Person], stage: Stage, now: datetime, zone: str) -> None:
    """In a stage that is over, so that the running one comes out as it was written; the first of `people` is Karin."""
    bank = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    karin, play = people[0], _Play(people, stage, ZoneInfo(zone))
    done = {scene["title"]: play.through(karin, scene) for scene in (*bank["done"], *bank["came_to_nothing"])}
    hidden = bank["hidden"]
    coordinator = play.somebody_in(karin.municipality.slug, Role.COORDINATOR)
    activity = whole_activity(done[hidden["title"]])
    if coordinator and activity:
        at = now - timedelta(days=hidden["days_ago"])
        hide(activity, coordinator, hidden["reason"], hidden["text"], at)
        tell_what_is_due(at + UNNOTICED_FOR, commit=db.session.flush)


class _Play:
    """What happens in a stage, on days that are counted from the one on which it begins to learn."""

    def __init__(self, people: list[Person], stage: Stage, zone: ZoneInfo) -> None:
        self.people, self.stage, self.zone = people, stage, zone
        self.values = {value.slug: value for value in db.session.scalars(select(Value))}
        self.areas = {area.slug: area for area in db.session.scalars(select(FocusArea))}

    def through(self, person: Person, scene: dict[str, Any]) -> int:
        """Plan it, do it with somebody of the place that it names, and report it. Returns its number."""
        at = self.at(scene["planned"])
        key = f"demo-badge-{scene['title']}"
        activity = plan_activity(person, self._plan(scene), stage=self.stage, request_key=key, now=at)
        partner = self.somebody_in(scene.get("with", ""), Role.PARTICIPANT)
        if partner:
            answer_invitation(invite(activity, partner, by=person, now=at), True, now=at)
        whole: Activity | None = whole_activity(activity.id)
        if whole:
            report_outcome(whole, _report(scene), by=person, now=self.at(scene["day"] + 1))
        return activity.id

    def somebody_in(self, slug: str, role: Role) -> Person | None:
        there = (p for p in self.people if p.municipality.slug == slug and p.role == role)
        return next(there, None)

    def at(self, days: int) -> datetime:
        """Early in the afternoon of that day."""
        local = datetime.combine(self.stage.learn_on + timedelta(days=days), time(13, 20), self.zone)
        return local.astimezone(UTC)

    def _plan(self, scene: dict[str, Any]) -> Plan:
        value, area = scene["cell"]
        answers = {
            "title": scene["title"],
            "planned_for": self.stage.learn_on + timedelta(days=scene["day"]),
            "place": scene["where"],
            "audience": scene["audience"],
            "success_sign": scene["sign"],
        }
        return Plan(value=self.values[value], also_values=[], focus_area=self.areas[area], answers=answers)


def _report(scene: dict[str, Any]) -> Report:
    return Report(
        carried_out="rating" in scene,
        rating=scene.get("rating"),
        story=scene["story"],
        reached=scene.get("reached", 0),
        success=scene.get("success", ""),
        pitfall=scene["pitfall"],
        permission=Permission.INTERNAL,
    )
