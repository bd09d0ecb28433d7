"""Chooses the idea for each scene of the demonstration, and the lessons that its report has.

Ideas are dealt out in the order of the feed, newest first, so that its first three pages repeat none.
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

#: So many scenes in a row have different ideas; three pages of the feed have sixty items.
NEAR = 64
#: Squares of the quilt, by the slugs of value and focus area, that nobody has found yet in the running stage.
LEFT_EMPTY = {("kreativt", "infrastruktur"), ("kreativt", "oppenhet"), ("manskligt", "besok")}
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
    """Give every scene an idea, if it has none, its lessons, and a partner where it needs one."""
    last_used: dict[str, int] = {}
    recent: deque[str] = deque(maxlen=NEAR)
    once_only = {scene.idea["title"] for scene in scenes if scene.idea}
    for number, scene in enumerate(sorted(scenes, key=_last_moment, reverse=True)):
        if not scene.idea:
            used = once_only | set(recent)
            idea = random.choice([i for i in _allowed(scene, ideas) if i["title"] not in used])
            recent.append(idea["title"])
            scene.idea = idea
            _find_company(scene, random, colleague)
        if scene.came_to_nothing:
            scene.failed = scene.idea.get("failed") or random.choice(_CAME_TO_NOTHING)
        if scene.reported_at:
            scene.idea = scene.idea | _lessons(scene.idea, lessons, last_used, number)


def _allowed(scene: Scene, ideas: list[Idea]) -> list[Idea]:
    return ideas if scene.stage.number == 1 else [i for i in ideas if tuple(i["cell"]) not in LEFT_EMPTY]


def _last_moment(scene: Scene) -> datetime:
    """When it last moved to the top of the feed."""
    return max(scene.reported_at or scene.planned_at, scene.planned_at)


def _find_company(scene: Scene, random: Random, colleague: Callable[[Municipality], Person]) -> None:
    joint = "{granne}" in str(scene.idea) or random.random() < 0.08
    if joint and random.random() < 0.75:
        scene.joint_with = colleague(scene.neighbour)


def _lessons(
    idea: Idea, lessons: dict[str, list[str]], last_used: dict[str, int], number: int
) -> dict[str, str]:
    """For each kind, the idea's own lesson or a common one, whichever was used longest ago; its own first."""
    chosen = {}
    for kind, common in lessons.items():
        own = [] if idea.get("once") else common
        chosen[kind] = min([idea[kind], *own], key=lambda lesson: last_used.get(lesson, -1))
        last_used[chosen[kind]] = number
    return chosen
