"""Tips in the demonstration: which are taken into account and whether they help, whom they helped, and those that stand
alone. Everything follows from numbers, so that no random choice of the other scenes changes."""

import tomllib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, time, timedelta
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import select

from app.extensions import db
from app.models.activity import Activity
from app.models.person import Person, Role
from app.models.programme import FocusArea, Value, focus_areas, values
from app.models.stage import Stage
from app.models.tip import Tip, TipKind
from app.services.activities.cheer import cheer
from app.services.activities.heeding import heeded_tips
from app.services.activities.lessons import TipFilter, more_peer_tips, peer_tips
from app.services.activities.tips import Words, write_tip

_FILE = Path(__file__).with_name("tips.toml")


def tips_to_heed(area: FocusArea, value: Value, owner: Person, number: int) -> frozenset[int]:
    """Every second plan takes something into account: one of the first two tips, or one that they had to look for."""
    if number % 2:
        return frozenset()
    best = peer_tips(TipFilter(focus_area_id=area.id, value_id=value.id), owner)
    choice = list(best.tips)
    if number % 3 == 0:
        choice += more_peer_tips(best.sought, owner, None, [tip.id for tip in choice]).items
    taken = choice[number % len(choice) :][: 1 + number % 4 // 2] if choice else []
    return frozenset(tip.id for tip in taken)


def whether_tips_helped(activity: Activity) -> dict[int, bool]:
    """Six of ten helped, two did not, and two get no answer."""
    marks = {heed.tip_id: (7 * heed.tip_id + activity.id) % 10 for heed in heeded_tips(activity.id)}
    return {tip_id: mark < 6 for tip_id, mark in marks.items() if mark < 8}


def say_what_helped(activity: Activity, fan: Person, at: datetime) -> None:
    """Some of those who like an activity were helped by what it taught."""
    for tip in db.session.scalars(select(Tip).where(Tip.activity_id == activity.id)):
        if (tip.id + fan.id) % 3 == 0:
            cheer(tip, fan, now=at)


def lone_tips(
    people: list[Person], stages: tuple[Stage, ...], zone: str
) -> Iterator[tuple[datetime, Callable[[], object]]]:
    """Each at its moment, some days apart, half of them in either stage."""
    by_slug = {value.slug: value for value in values()}, {area.slug: area for area in focus_areas()}
    authors = [person for person in people if person.role == Role.PARTICIPANT]
    for number, told in enumerate(tomllib.loads(_FILE.read_text(encoding="utf-8"))["tip"]):
        day = stages[number % len(stages)].activate_on + timedelta(days=6 + 3 * number)
        at = datetime.combine(day, time(10, 5 * number), ZoneInfo(zone)).astimezone(UTC)
        words = Words(
            TipKind(told["kind"]), told["text"], by_slug[1][told["focus_area"]], by_slug[0][told["value"]]
        )
        author = authors[(31 * number + 7) % len(authors)]
        yield at, partial(write_tip, author, words, request_key=f"demo-tip-{number}", now=at)
