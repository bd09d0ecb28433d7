"""Who comes along to what in the demonstration. Everything follows from numbers, so that no random choice of the other
scenes changes."""

import tomllib
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from itertools import cycle, islice
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import select

from app import clock
from app.demo.openings import Step
from app.demo.scene import Scene
from app.extensions import db
from app.models.person import Person, Role
from app.models.programme import FocusArea, Value
from app.models.stage import Stage
from app.services.activities.coming import come_along
from app.services.activities.plan import Plan, plan_activity

_FILE: Final = Path(__file__).with_name("coming.toml")
#: Every so many-th plan has people who come along; of those that reached so many, every so many-th has a crowd.
_EVERY, _CROWDED, _CROWD = 3, 4, 64
_PLACES: Final = 4


def places_for(number: int) -> int | None:
    """One of four with people who come has few places: some of those stand in a queue."""
    return _PLACES if number % (4 * _EVERY) == 0 else None


def who_comes_to(scene: Scene, number: int, people: list[Person]) -> Iterator[Step]:
    """From the day after it was planned on, one each quarter of an hour."""
    for nth, person in enumerate(_fans(scene, number, people)):
        at = scene.planned_at + timedelta(days=1, minutes=15 * nth)
        yield Step(at, partial(_come, scene, person, at))


def plan_together(people: list[Person], stage: Stage, now: datetime, zone: str) -> None:
    """A plan that has places left, so that whoever signs in may say that they come, and a full one with a queue."""
    today = clock.local_date(now, zone)
    at = min(datetime.combine(today, time(7, 40), ZoneInfo(zone)).astimezone(UTC), now)
    for told in tomllib.loads(_FILE.read_text(encoding="utf-8"))["together"]:
        there = (one for one in people if one.municipality.slug == told["place"] and _takes_part(one))
        owner = next(there, people[-1])
        key = f"demo-together-{told['title']}"
        activity = plan_activity(owner, _plan(told, today), stage=stage, request_key=key, now=at)
        for person in islice(_from_everywhere(people, owner), told["coming"]):
            come_along(activity, person, now=at)


def karin_comes_along(karin: Person, scenes: list[Scene], now: datetime) -> None:
    """To the last of what is planned elsewhere, so that its eve is not today."""
    elsewhere = [
        scene
        for scene in scenes
        if scene.activity and not scene.reported_at and scene.owner.municipality_id != karin.municipality_id
    ]
    last = max(elsewhere, key=lambda scene: (scene.planned_for, scene.planned_at), default=None)
    if last and last.activity and last.activity.is_open and last.planned_for > now.date() + timedelta(days=4):
        come_along(last.activity, karin, now=now - timedelta(days=1))


def _fans(scene: Scene, number: int, people: list[Person]) -> list[Person]:
    if number % _CROWDED == 0 and scene.reached >= _CROWD:
        count = _CROWD
    elif number % _EVERY == 0 and scene.stage.number > 1:
        count = 1 + number % 8
    else:
        return []
    makers = (scene.owner, scene.joint_with, people[0])  # Karin chooses herself
    others = [person for person in people if person not in makers]
    return [others[(13 * number + 7 * nth) % len(others)] for nth in range(count)]


def _come(scene: Scene, person: Person, at: datetime) -> None:
    if scene.activity and scene.activity.is_open and clock.local_date(at, "UTC") < scene.planned_for:
        come_along(scene.activity, person, now=at)


def _plan(told: dict[str, Any], today: date) -> Plan:
    """On that weekday, next week or the week after."""
    days = 6 + (told["weekday"] - (today + timedelta(days=6)).weekday()) % 7
    return Plan(
        value=db.session.scalars(select(Value).where(Value.slug == told["value"])).one(),
        also_values=[],
        focus_area=db.session.scalars(select(FocusArea).where(FocusArea.slug == told["focus_area"])).one(),
        starts_at=time.fromisoformat(told["time"]),
        places=told["places"],
        answers={
            "title": told["title"],
            "planned_for": today + timedelta(days=days),
            "place": told["where"],
            "audience": told["audience"],
            "success_sign": told["sign"],
        },
    )


def _from_everywhere(people: list[Person], owner: Person) -> Iterator[Person]:
    """One of each municipality in turn."""
    places = sorted({person.municipality_id for person in people})
    for turn, place in enumerate(cycle(places)):
        there = [
            p for p in people if p.municipality_id == place and _takes_part(p) and p not in (owner, people[0])
        ]
        nth = 3 + turn // len(places)
        if nth < len(there):
            yield there[nth]


def _takes_part(person: Person) -> bool:
    return person.role == Role.PARTICIPANT
