"""What the last stage taught, in the plan form: first of all that comes up for the focus area."""

from collections.abc import Collection
from dataclasses import dataclass, field

from app.models.lesson import StageLesson
from app.models.stage import Stage
from app.services.stages.lessons import latest_published, lessons_while_planning
from app.web.identity import viewer


@dataclass(frozen=True)
class Learned:
    """Lessons of the stage whose were published last."""

    stage: Stage | None = None
    lessons: list[StageLesson] = field(default_factory=list)

    @property
    def tip_ids(self) -> list[int]:
        return [lesson.tip_id for lesson in self.lessons]


def learned_in(focus_area_id: int | None, without: Collection[int]) -> Learned:
    """For that focus area, without those tips, which stand in the form already."""
    stage = latest_published() if focus_area_id else None
    if stage is None or focus_area_id is None:
        return Learned()
    return Learned(stage, lessons_while_planning(stage, focus_area_id, viewer().id, without))
