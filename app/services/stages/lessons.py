"""The lessons of a stage, as they are read: by everybody once they are published, by coordinators before, and at the
moment when the next plan is made."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import contains_eager, joinedload

from app.extensions import db
from app.models.activity import Activity
from app.models.lesson import LessonSet, LessonWords, StageLesson, is_chosen_lesson
from app.models.paging import LAST_NUMBER
from app.models.stage import Stage
from app.models.stage_figure import StageFigure
from app.models.tip import Tip, TipKind, is_shown, title_of
from app.services.activities.peer_tips import PEER_TIP, PeerTip
from app.services.sums.shares import ALL

#: How many come up in the plan form for a focus area, the first trap before the first of what worked.
_WHILE_PLANNING: Final = 2

_IN_ORDER: Final = (StageLesson.kind_of_tip.desc(), StageLesson.place.nulls_last(), StageLesson.id)
_LESSONS: Final[Select[Any]] = (
    select(StageLesson)
    .join(StageLesson.tip)
    .options(
        contains_eager(StageLesson.tip).joinedload(Tip.owner, innerjoin=True),
        contains_eager(StageLesson.tip).joinedload(Tip.contribution, innerjoin=True),
        contains_eager(StageLesson.tip).joinedload(Tip.activity).load_only(Activity.title),
        joinedload(StageLesson.changed_by),
    )
    .where(is_shown(Tip))
)
_OF_STAGE: Final = _LESSONS.where(StageLesson.stage_id == bindparam("stage_id")).order_by(*_IN_ORDER)
_ONE: Final = _LESSONS.where(
    StageLesson.stage_id == bindparam("stage_id"), StageLesson.id == bindparam("lesson_id")
)
_LATEST: Final = (
    select(Stage)
    .join(LessonSet, LessonSet.stage_id == Stage.id)
    .where(LessonSet.published_at.is_not(None), Stage.number < bindparam("number"))
    .order_by(Stage.number.desc())
    .limit(1)
)
_WHILE_PLANNING_IN: Final = (
    select(StageLesson.stage_id, StageLesson.edited_heading, StageLesson.edited_text, *PEER_TIP)
    .join(StageLesson.tip)
    .join(Tip.owner)
    .where(StageLesson.stage_id == _LATEST.with_only_columns(Stage.id).scalar_subquery())
    .where(is_chosen_lesson(), Tip.focus_area_id == bindparam("focus_area_id"))
    .where(Tip.owner_id != bindparam("reader_id"))
    .order_by(*_IN_ORDER)
)
_FIRST_OF_LATEST: Final = (
    select(StageLesson.tip_id, StageLesson.edited_heading, Tip.text, Stage.number)
    .join(StageLesson.tip)
    .join(Stage, Stage.id == StageLesson.stage_id)
    .where(Stage.id == _LATEST.with_only_columns(Stage.id).scalar_subquery(), is_chosen_lesson())
    .order_by(*_IN_ORDER)
    .limit(1)
)


class FirstLesson(NamedTuple):
    """With which the lessons of a stage begin."""

    tip_id: int
    heading: str
    of_stage: int


@dataclass(frozen=True)
class Lessons:
    """Of one stage: what worked and the traps, each in order. `in_line` are those that are not chosen."""

    successes: list[StageLesson]
    pitfalls: list[StageLesson]
    in_line: list[StageLesson]

    @property
    def chosen(self) -> list[StageLesson]:
        return [*self.successes, *self.pitfalls]

    @property
    def without_change(self) -> list[StageLesson]:
        """Those that do not say yet what changes in the next stage."""
        return [lesson for lesson in self.chosen if not lesson.change]

    def of(self, kind: TipKind) -> list[StageLesson]:
        return self.successes if kind is TipKind.SUCCESS else self.pitfalls

    def next_in_line(self, kind: TipKind) -> list[StageLesson]:
        return [lesson for lesson in self.in_line if lesson.kind_of_tip == kind]


@dataclass(frozen=True)
class PlanLesson(LessonWords):
    """A lesson as the plan form shows it."""

    stage_id: int
    edited_heading: str | None
    edited_text: str | None
    tip: PeerTip


@dataclass(frozen=True)
class Told:
    """What they were chosen from: how much was reported as carried out, and how much as come to nothing."""

    carried_out: int
    came_to_nothing: int


def set_of(stage: Stage) -> LessonSet | None:
    """None as long as nothing has been drafted."""
    return db.session.get(LessonSet, stage.id)


def are_published(stage: Stage) -> bool:
    """Whether everybody may read them."""
    lessons = set_of(stage)
    return lessons is not None and lessons.published_at is not None


def lessons_of_stage(stage: Stage) -> Lessons:
    """All that are shown, with all that their cards show: one query."""
    lessons = list(db.session.scalars(_OF_STAGE, {"stage_id": stage.id}))
    chosen = [lesson for lesson in lessons if lesson.place is not None]
    return Lessons(
        [lesson for lesson in chosen if lesson.works],
        [lesson for lesson in chosen if not lesson.works],
        [lesson for lesson in lessons if lesson.place is None],
    )


def lesson_of(stage_id: int, lesson_id: int) -> StageLesson | None:
    """The lesson as it is by now; None when it is hidden, withdrawn or of another stage."""
    numbers = {"stage_id": stage_id, "lesson_id": lesson_id}
    found: StageLesson | None = db.session.scalar(_ONE.execution_options(populate_existing=True), numbers)
    return found


def latest_published(before: Stage | None = None) -> Stage | None:
    """The latest stage whose lessons are published; of those before that one, if it is given."""
    return db.session.scalar(_LATEST, {"number": before.number if before else LAST_NUMBER})


def first_published(before: Stage) -> FirstLesson | None:
    """Of the latest stage before that one which has published its lessons; None when none of them is shown."""
    row = db.session.execute(_FIRST_OF_LATEST, {"number": before.number}).first()
    if row is None:
        return None
    return FirstLesson(row.tip_id, row.edited_heading or title_of(row.text), row.number)


def lessons_while_planning(focus_area_id: int, reader_id: int, without: Collection[int]) -> list[PlanLesson]:
    """Of the latest stage whose lessons are published: the first trap and the first of what worked in that focus area,
    or two of the one that there is; of others, and without those tips, which the reader sees already."""
    about = {"number": LAST_NUMBER, "focus_area_id": focus_area_id, "reader_id": reader_id}
    rows = db.session.connection().execute(_WHILE_PLANNING_IN, about)
    all_lessons = [PlanLesson(*row[:3], PeerTip._make(row[3:])) for row in rows]
    found = [lesson for lesson in all_lessons if lesson.tip.id not in without]
    first_of_kind = {lesson.tip.kind_of_tip: lesson for lesson in reversed(found)}
    firsts = [first_of_kind[kind] for kind in (TipKind.PITFALL, TipKind.SUCCESS) if kind in first_of_kind]
    rest = [lesson for lesson in found if lesson not in firsts]
    return [*firsts, *rest][:_WHILE_PLANNING]


def chosen_from(stage: Stage) -> Told:
    figure = db.session.get(StageFigure, (stage.id, ALL))
    if figure is None:
        return Told(0, 0)
    return Told(figure.carried_out, figure.reported - figure.carried_out)
