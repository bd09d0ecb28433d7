"""Thanks of the demonstration: to Karin, and to some for what they have done in the running stage."""

import tomllib
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from app.demo.scene import Scene
from app.models.activity import Activity
from app.models.person import Person, Role
from app.models.stage import Stage
from app.services.conversation.thanks import Line, say_thanks
from app.services.people.shown import Shown, choose_shown

_FILE: Final = Path(__file__).with_name("thanks.toml")


def thank_each_other(scenes: list[Scene], people: list[Person], stage: Stage, now: datetime) -> None:
    """The first of `people` is Karin. Whoever is thanked shows it."""
    others = [person for person in people[1:] if person.role == Role.PARTICIPANT]
    for number, line in enumerate(tomllib.loads(_FILE.read_text(encoding="utf-8"))["thanks"]):
        activity, to, at = _for_what(line, scenes, people[0], stage, now)
        if to is None:
            continue
        elsewhere = [one for one in others if one.municipality_id != to.municipality_id]
        by = elsewhere[(41 * number + 17) % len(elsewhere)]
        say_thanks(to, by, Line(line["text"], f"demo-thanks-{number}"), about=activity, now=at)
        choose_shown(to, Shown(title=True, done=True, badges=True, thanks=True))


def _for_what(
    line: dict[str, Any], scenes: list[Scene], karin: Person, stage: Stage, now: datetime
) -> tuple[Activity | None, Person | None, datetime]:
    """The activity, who is thanked, and when; nobody when nobody has done that yet."""
    days = timedelta(days=line["days"])
    if "about" not in line:
        return None, karin, now - days
    done = [
        scene
        for scene in scenes
        if scene.activity and scene.reported_at and scene.stage is stage and not scene.came_to_nothing
        if scene.idea["title"].startswith(line["about"]) and scene.owner is not karin
    ]
    if not done:
        return None, None, now
    last = max(done, key=lambda scene: scene.reported_at or scene.planned_at)
    since = last.reported_at or last.planned_at
    return last.activity, last.owner, min(since + days, now - timedelta(hours=1))
