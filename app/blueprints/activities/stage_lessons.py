"""What the last stage taught, in the plan form: first of all that comes up for the focus area."""

from collections.abc import Collection
from dataclasses import dataclass, field

from app.models.stage import Stage
from app.services.stages.lessons import PlanLesson, lessons_while_planning
from app.web.catalogue import catalogue
from app.web.identity import viewer


@dataclass(frozen=True)
class Learned:
    """Lessons of the stage whose were published last."""

    lessons: list[PlanLesson] = field(default_factory=list)

    @property
    def stage(self) -> Stage | None:
        """None where there is nothing of it."""
        stage_ids = {lesson.stage_id for lesson in self.lessons}
        return next((stage for stage in catalogue().stages if stage.id in stage_ids), None)

    @property
    def tip_ids(self) -> list[int]:
        return [lesson.tip.id for lesson in self.lessons]


def learned_in(focus_area_id: int | None, without: Collection[int]) -> Learned:
    """For that focus area, without those tips, which stand in the form already."""
    return Learned(lessons_while_planning(focus_area_id, viewer().id, without) if focus_area_id else [])
