"""What waits for a moderator, and the log of what was decided: for one's own area, and never about one's own work."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select, true, union_all
from sqlalchemy.orm import InstrumentedAttribute, aliased, joinedload, selectinload

from app.extensions import db
from app.models.activity import Activity, Answer, CoOwner, Withdrawal, takes_part
from app.models.moderation import Appeal, Decision, Report, decided_in, others_can_look
from app.models.person import Person, Role

PAGE = 20
#: The last row of a page before this one: its moment and its id.
After = tuple[datetime, int] | None


@dataclass(frozen=True)
class QueueItem:
    """An activity with its open reports, or hidden with its author's answer."""

    activity: Activity
    since: datetime
    reports: list[Report]
    appeal: Appeal | None
    #: Whether the viewer may reject the author's answer: whoever hid it leaves that to others, if there are any.
    may_uphold: bool


def queue(viewer: Person, after: After = None) -> tuple[list[QueueItem], bool]:
    """Oldest first, at most `PAGE`; and whether there are more."""
    rows = db.session.execute(_waiting(viewer, after).limit(PAGE + 1)).all()
    ids = [activity_id for activity_id, _since in rows[:PAGE]]
    activities = _activities(ids)
    reports, appeals, others = _reports(ids), _appeals(ids), others_can_look(viewer)
    items = []
    for activity_id, since in rows[:PAGE]:
        activity = activities[activity_id]
        mine = activity.removal is not None and activity.removal.decision.by_id == viewer.id
        items.append(
            QueueItem(activity, since, reports[activity_id], appeals.get(activity_id), not (mine and others))
        )
    return items, len(rows) > PAGE


def queue_length(viewer: Person) -> int:
    return db.session.scalar(select(func.count()).select_from(_waiting(viewer).subquery())) or 0


def reviewable(activity_id: int, viewer: Person) -> Activity | None:
    """The activity if the viewer may decide about it."""
    return db.session.scalar(
        select(Activity).where(Activity.id == activity_id, *_in_area(viewer)).options(*_RELATIONS)
    )


def decisions(viewer: Person, before: int | None = None) -> tuple[list[Decision], bool]:
    """The log, newest first, at most `PAGE`; and whether there are more. `before` is the id of the last one seen."""
    page = (
        select(Decision)
        .options(joinedload(Decision.by), joinedload(Decision.activity).joinedload(Activity.removal))
        .options(joinedload(Decision.activity).selectinload(Activity.co_owners))
        .limit(PAGE + 1)
    )
    number: ColumnElement[int] | InstrumentedAttribute[int] = Decision.id
    if not viewer.is_a(Role.LEAD):
        number = decided_in.c.decision_id
        page = page.join(decided_in, number == Decision.id)
        page = page.where(decided_in.c.municipality_id == viewer.municipality_id)
    if before:
        page = page.where(number < before)
    page = page.order_by(number.desc())
    rows = list(db.session.scalars(page))
    return rows[:PAGE], len(rows) > PAGE


def fresh_decision(decision_id: int, viewer: Person) -> Decision | None:
    """One of the viewer's own decisions while it is the last about its activity: what there is to say and to undo."""
    newer = aliased(Decision)
    is_last = ~exists().where(newer.activity_id == Decision.activity_id, newer.id > Decision.id)
    return db.session.scalar(
        select(Decision)
        .where(Decision.id == decision_id, Decision.by_id == viewer.id, is_last)
        .options(joinedload(Decision.activity))
    )


_RELATIONS = (
    joinedload(Activity.owner),
    joinedload(Activity.municipality),
    joinedload(Activity.value),
    joinedload(Activity.focus_area),
    joinedload(Activity.outcome),
    joinedload(Activity.removal),
    selectinload(Activity.photos),
    selectinload(Activity.tips),
    selectinload(Activity.municipalities),
    selectinload(Activity.co_owners),
)


def _waiting(viewer: Person, after: After = None) -> Select[int, datetime]:
    """From the few that are open to their activities, by an outer join so that no engine begins with all activities."""
    every = union_all(
        select(Report.activity_id, Report.at).where(Report.decision_id.is_(None)),
        select(Appeal.activity_id, Appeal.at).where(Appeal.settled_by_id.is_(None)),
    ).subquery()
    grouped = select(every.c.activity_id, func.min(every.c.at).label("since")).group_by(every.c.activity_id)
    waiting = grouped.subquery("waiting")
    rows = (
        select(waiting.c.activity_id, waiting.c.since)
        .outerjoin(Activity, Activity.id == waiting.c.activity_id)
        .where(*_in_area(viewer), ~exists().where(Withdrawal.activity_id == Activity.id))
        .order_by(waiting.c.since, waiting.c.activity_id)
    )
    if after:
        at, number = after
        since = waiting.c.since
        rows = rows.where(or_(since > at, and_(since == at, waiting.c.activity_id > number)))
    return rows


def _in_area(viewer: Person) -> tuple[ColumnElement[bool], ...]:
    """Nobody decides about what they have a part in themselves."""
    partner = exists().where(
        CoOwner.activity_id == Activity.id,
        CoOwner.person_id == viewer.id,
        CoOwner.answer == Answer.ACCEPTED.value,
    )
    return _area(viewer), Activity.owner_id != viewer.id, ~partner


def _area(viewer: Person) -> ColumnElement[bool]:
    """A lead's is everything, a coordinator's what their municipality takes part in."""
    if viewer.is_a(Role.LEAD):
        return true()
    return exists().where(
        takes_part.c.activity_id == Activity.id, takes_part.c.municipality_id == viewer.municipality_id
    )


def _activities(ids: list[int]) -> dict[int, Activity]:
    found = db.session.scalars(select(Activity).where(Activity.id.in_(ids)).options(*_RELATIONS))
    return {activity.id: activity for activity in found}


def _reports(ids: list[int]) -> dict[int, list[Report]]:
    by_activity: dict[int, list[Report]] = defaultdict(list)
    open_ones = select(Report).where(Report.activity_id.in_(ids), Report.decision_id.is_(None))
    for report in db.session.scalars(open_ones.order_by(Report.id)):
        by_activity[report.activity_id].append(report)
    return by_activity


def _appeals(ids: list[int]) -> dict[int, Appeal]:
    open_ones = select(Appeal).where(Appeal.activity_id.in_(ids), Appeal.settled_by_id.is_(None))
    return {appeal.activity_id: appeal for appeal in db.session.scalars(open_ones)}
