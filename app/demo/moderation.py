"""What coordinators have to do with in the demonstration: a question that waits, and one that is settled."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from app.demo.script import Scene
from app.models.activity import Activity
from app.models.person import Person, Role
from app.services import moderate
from app.services.seeing import whole_activity

_WAITING = ("consent", "Det är barn på bilden. Har någon frågat föräldrarna?")
_SETTLED = ("tone", "Lite väl hård ton mot dem som inte kom.")
_ANSWER = "Jag har läst den två gånger. Den är rak men inte otrevlig, så den får stå."


def question_some(scenes: list[Scene], people: list[Person], now: datetime) -> None:
    """For each coordinator with anything reported: the latest is questioned, the one before was and may stay."""
    for coordinator in people:
        if coordinator.role != Role.COORDINATOR:
            continue
        latest = list(_reported_near(coordinator, scenes))[:2]
        asker = next(p for p in people if p.municipality_id != coordinator.municipality_id)
        for number, activity in enumerate(latest):
            if activity.is_owned_by(coordinator) or activity.is_owned_by(asker):
                continue
            at = now - timedelta(hours=20, minutes=coordinator.id % 50)
            moderate.report_item(activity, asker, *(_SETTLED if number else _WAITING), at)
            if number:
                moderate.keep(activity, coordinator, at + timedelta(hours=2), _ANSWER)


def _reported_near(coordinator: Person, scenes: list[Scene]) -> Iterator[Activity]:
    near = [
        scene
        for scene in scenes
        if scene.activity and scene.pictured and scene.owner.municipality_id == coordinator.municipality_id
    ]
    for scene in sorted(near, key=lambda scene: scene.planned_for, reverse=True):
        activity = whole_activity(scene.activity.id) if scene.activity else None
        if activity and activity.outcome and scene.stage.number > 1:
            yield activity
