"""The draft of a stage's lessons, from what people wrote. The rules, as the page states them:

1. A tip belongs to the stage of the activity that taught it; one that stands alone, to the stage in which it was
   written. What is hidden or withdrawn is left out.
2. Tips are compared by what came of them: each "It helped me" is one, each plan that takes it into account two more,
   and each plan that it helped in three more. Of those alike comes first what helped in more plans, then what was
   written first.
3. Of what worked and of the traps alike: first the best of each focus area, then the second best of each, and so on. No
   two say the same, and nobody has more than two.
4. The first five are proposed, if they have helped somebody at all; five more stand next in line.
5. Behind them stands what the three best outcomes taught: by their rating, then by how often others have borrowed the
   idea, then by how many people they reached.

As long as nobody has touched the draft, it is made anew whenever it is asked for; after that, what is new stands last
in line.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import partial
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, and_, delete, func, insert, or_, select

from app.extensions import db
from app.models.activity import Activity
from app.models.adoption import Adoption
from app.models.contribution import Contribution, is_visible
from app.models.lesson import MOST_CHOSEN, Ground, LessonSet, StageLesson, wait_for_lessons
from app.models.outcome import Outcome
from app.models.savepoint import succeeds
from app.models.stage import Stage
from app.models.tip import Tip, TipKind, is_shown
from app.models.upsert import upsert
from app.services.activities.lessons import gist_of
from app.services.programme.clock import midnight, programme_zone
from app.services.sums.rank import what_came_of

#: How many of each kind stand next in line behind the first five.
_IN_LINE: Final = 5
_MOST_OF_ONE_OWNER: Final = 2
_BEST_OUTCOMES: Final = 3
#: So many of a focus area are looked at, since some say the same or are of somebody who has two.
_READ_OF_AN_AREA: Final = 30


class _Candidate(NamedTuple):
    tip_id: int
    kind: str
    focus_area_id: int
    owner_id: int
    text: str
    score: int
    helped: int
    at: datetime

    @property
    def order(self) -> tuple[int, int, datetime, int]:
        """Its place among all, best first."""
        return -self.score, -self.helped, self.at, self.tip_id


def begin_draft(stage: Stage, now: datetime) -> None:
    """As the stage begins to learn. What goes wrong here keeps no phase from beginning: coordinators can ask for the
    draft themselves."""
    succeeds(partial(draft_lessons, stage, now), failing="the lessons were not drafted", stage=stage.number)


def draft_lessons(stage: Stage, now: datetime) -> int:
    """Draft them, or bring in what has come since. Returns how many are new in it. A few queries, however much there
    is."""
    lessons = _set_of(stage, now)
    is_untouched = lessons.changed_by_id is None and lessons.published_at is None
    if is_untouched:
        db.session.execute(delete(StageLesson).where(StageLesson.stage_id == stage.id))
        lessons.drafted_at = now
    there = set(db.session.scalars(select(StageLesson.tip_id).where(StageLesson.stage_id == stage.id)))
    about: dict[str, Any] = {"stage_id": stage.id, "change": "", "changed_at": now}
    about |= {} if is_untouched else {"place": None}
    rows = [row | about for row in _proposed(stage) if row["tip_id"] not in there]
    if rows:
        # By the table: the mapped class would write those without a place apart.
        db.session.execute(insert(StageLesson.__table__), rows)  # type: ignore[arg-type]
    return len(rows)


def _set_of(stage: Stage, now: datetime) -> LessonSet:
    row = {"stage_id": stage.id, "drafted_at": now, "changed_at": now}
    db.session.execute(upsert(LessonSet).values(row).on_conflict_do_nothing())
    lessons = wait_for_lessons(stage.id)
    assert lessons  # noqa: S101 - it is there since the line before, and nobody deletes one
    return lessons


def _proposed(stage: Stage) -> list[dict[str, Any]]:
    """Rows of lessons, in the order of the line."""
    rows: list[dict[str, Any]] = []
    candidates = _candidates(stage)
    for kind in TipKind:
        best = list(_in_turns(one for one in candidates if one.kind == kind))[: MOST_CHOSEN + _IN_LINE]
        rows += [
            _row(one.tip_id, kind, Ground.HELPFUL, number if number <= MOST_CHOSEN and one.score else None)
            for number, one in enumerate(best, 1)
        ]
    known = {row["tip_id"] for row in rows}
    taught = (tip_id for tip_id in _taught_by_best_outcomes(stage) if tip_id not in known)
    return rows + [_row(tip_id, TipKind.SUCCESS, Ground.OUTCOME, None) for tip_id in taught]


def _row(tip_id: int, kind: TipKind, ground: Ground, place: int | None) -> dict[str, Any]:
    return {"tip_id": tip_id, "kind": kind.value, "ground": ground.value, "place": place}


def _in_turns(candidates: Iterable[_Candidate]) -> Iterator[_Candidate]:
    """The best of each focus area, then the second best of each; those that helped nobody after all others."""
    by_area: dict[tuple[bool, int], list[_Candidate]] = defaultdict(list)
    for one in sorted(candidates, key=lambda one: one.order):
        by_area[one.score == 0, one.focus_area_id].append(one)
    texts: set[str] = set()
    owners: Counter[int] = Counter()
    for without_help in (False, True):
        queues = [queue for (is_zero, _area), queue in by_area.items() if is_zero is without_help]
        while queues:
            for queue in sorted(queues, key=lambda queue: queue[0].order):
                if candidate := _next_of(queue, texts, owners):
                    texts.add(gist_of(candidate.text))
                    owners[candidate.owner_id] += 1
                    yield candidate
            queues = [queue for queue in queues if queue]


def _next_of(queue: list[_Candidate], texts: set[str], owners: Counter[int]) -> _Candidate | None:
    """The first that says something new and is of somebody who has not two already; what stands before it is out."""
    while queue:
        one = queue.pop(0)
        if gist_of(one.text) not in texts and owners[one.owner_id] < _MOST_OF_ONE_OWNER:
            return one
    return None


def _candidates(stage: Stage) -> list[_Candidate]:
    """The best of each focus area and kind, in one query whatever there is."""
    score = what_came_of(Contribution.cheer_count, Tip.heeded_count, Tip.helped_count)
    order = (score.desc(), Tip.helped_count.desc(), Tip.at, Tip.id)
    number = func.row_number().over(partition_by=(Tip.kind_of_tip, Tip.focus_area_id), order_by=order)
    columns = (
        Tip.id,
        Tip.kind_of_tip.label("kind"),
        Tip.focus_area_id,
        Tip.owner_id,
        Tip.text,
        score.label("score"),
    )
    ranked = (
        select(*columns, Tip.helped_count, Tip.at, number.label("number"))
        .join(Contribution, Contribution.id == Tip.id)
        .outerjoin(Activity, Activity.id == Tip.activity_id)
        .where(_is_of(stage), is_shown(Tip))
        .subquery()
    )
    best = select(*list(ranked.c)[:-1]).where(ranked.c.number <= _READ_OF_AN_AREA)
    return [_Candidate(*row) for row in db.session.execute(best)]


def _is_of(stage: Stage) -> ColumnElement[bool]:
    """Condition, about tips with their activities: the first rule."""
    zone = programme_zone()
    written_in_it = and_(Tip.at >= midnight(stage.measure_on, zone), Tip.at < midnight(stage.end_on, zone))
    return or_(Activity.stage_id == stage.id, Tip.activity_id.is_(None) & written_in_it)


def _taught_by_best_outcomes(stage: Stage) -> list[int]:
    """The tips of the activities that came out best, best first."""
    borrowed = (
        select(func.count())
        .where(Adoption.origin_id == Activity.id, is_visible(Adoption.activity_id))
        .correlate(Activity)
        .scalar_subquery()
    )
    query = (
        select(Tip.id)
        .join(Activity, Activity.id == Tip.activity_id)
        .join(Outcome, Outcome.activity_id == Activity.id)
        .where(Activity.stage_id == stage.id, Outcome.carried_out, Outcome.rating.is_not(None))
        .where(Tip.kind_of_tip == TipKind.SUCCESS.value, is_shown(Tip))
        .order_by(Outcome.rating.desc(), borrowed.desc(), Outcome.reached.desc(), Tip.id)
        .limit(_BEST_OUTCOMES)
    )
    return list(db.session.scalars(query))
