"""Which idea each scene of the demonstration gets, and which lessons it tells.

Ideas are dealt along the feed, newest first, so that three pages of it repeat none.
"""

from collections import deque
from collections.abc import Callable
from datetime import datetime
from random import Random
from typing import Any

from app.demo.scene import Scene
from app.models.person import Person
from app.models.programme import Municipality

Idea = dict[str, Any]

#: So many scenes in a row are of different ideas; three pages of the feed hold sixty.
NEAR = 64
_CAME_TO_NOTHING = (
    "Det blev sjukt i gruppen och ingen tog över. Nästa gång är vi två som håller i det.",
    "Vi bokade samma vecka som bokslutet. Det gör vi inte om.",
    "Inbjudan gick ut för sent. Fyra veckor är minimum.",
    "Chefen som skulle vara med fick förhinder och vi väntade för länge på ett nytt datum.",
    "Vi ville för mycket på en gång. Idén är kvar, men mindre.",
    "Den som hade idén bytte jobb. Vi letar efter någon som vill ta över.",
    "Vi hittade ingen lokal som var öppen när folk är lediga.",
    "Budgeten räckte inte. Nu har vi en variant som inte kostar något.",
    "För få kunde just den dagen. Vi frågar om datum först nästa gång.",
)


def deal(
    scenes: list[Scene],
    ideas: list[Idea],
    lessons: dict[str, list[str]],
    random: Random,
    colleague: Callable[[Municipality], Person],
) -> None:
    """Give every scene that has no idea yet one, what it taught, and somebody to do it with where that takes two."""
    told: dict[str, int] = {}
    recent: deque[str] = deque(maxlen=NEAR)
    given = {scene.idea["title"] for scene in scenes if scene.idea}
    for number, scene in enumerate(sorted(scenes, key=_last_moment, reverse=True)):
        if not scene.idea:
            idea = random.choice([i for i in ideas if i["title"] not in given and i["title"] not in recent])
            recent.append(idea["title"])
            scene.idea = idea
            _find_company(scene, random, colleague)
        if scene.came_to_nothing:
            scene.failed = scene.idea.get("failed") or random.choice(_CAME_TO_NOTHING)
        if scene.reported_at:
            scene.idea = scene.idea | _lessons(scene.idea, lessons, told, number)


def _last_moment(scene: Scene) -> datetime:
    """When it moved to the top of the feed."""
    return max(scene.reported_at or scene.planned_at, scene.planned_at)


def _find_company(scene: Scene, random: Random, colleague: Callable[[Municipality], Person]) -> None:
    joint = "{granne}" in str(scene.idea) or random.random() < 0.08
    if joint and random.random() < 0.75:
        scene.joint_with = colleague(scene.neighbour)


def _lessons(idea: Idea, lessons: dict[str, list[str]], told: dict[str, int], number: int) -> dict[str, str]:
    """Its own or common ones, whichever were told longest ago; its own first."""
    chosen = {}
    for kind, common in lessons.items():
        own = [] if idea.get("once") else common
        chosen[kind] = min([idea[kind], *own], key=lambda lesson: told.get(lesson, -1))
        told[chosen[kind]] = number
    return chosen
