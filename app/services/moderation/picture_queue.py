"""Pictures to which somebody in them objects, or about which their author has answered, as moderators find them: for
their own area, never about their own."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import Select, bindparam, func, select, union_all
from sqlalchemy.orm import contains_eager, joinedload

from app.extensions import db
from app.models.activity import Activity, is_made_by
from app.models.contribution import Contribution, is_moderated_in, is_withdrawn
from app.models.moderation import Appeal, Decision
from app.models.outcome import Photo
from app.models.person import Person
from app.models.photo_objection import PhotoObjection, is_decided_about, photo_decided_about
from app.models.review import others_can_look
from app.services.activities.wholes import whole_activities
from app.services.moderation.queue_area import parameters_of, reviewable_kind

#: The rest comes up as these are decided.
_MOST_SHOWN: Final = 20


@dataclass(frozen=True)
class WaitingPicture:
    """With what is open about it: objections; or its author's answer, with the decision that it is about, and with the
    objections which that settled."""

    photo: Photo
    activity: Activity
    objections: list[PhotoObjection]
    appeal: Appeal | None
    #: Whether the viewer may reject the author's answer: who withheld it may not, if there are other moderators.
    may_keep_withheld: bool

    @property
    def since(self) -> datetime | None:
        """Of the answer or the oldest objection; None when nothing is open."""
        return self.appeal.at if self.appeal else min((one.at for one in self.objections), default=None)


def waiting_pictures(viewer: Person, most: int = _MOST_SHOWN) -> list[WaitingPicture]:
    """Oldest first."""
    oldest = _waiting(everywhere=viewer.moderated_municipality_ids is None).limit(most)
    rows = db.session.execute(oldest, parameters_of(viewer)).all()
    return _whole([row.photo_id for row in rows], viewer) if rows else []


def reviewable_picture(photo_id: int, viewer: Person) -> WaitingPicture | None:
    """One that somebody has objected to at any time, if the viewer may decide about it."""
    activity_id = db.session.scalar(
        select(PhotoObjection.contribution_id).where(PhotoObjection.photo_id == photo_id).limit(1)
    )
    if activity_id is None or reviewable_kind(activity_id, viewer) is None:
        return None
    return _whole([photo_id], viewer)[0]


def decisions_about(photo_id: int) -> list[Decision]:
    """Oldest first, with who decided."""
    about = select(Decision).where(is_decided_about(photo_id)).order_by(Decision.id)
    return list(db.session.scalars(about.options(joinedload(Decision.by))))


@lru_cache
def waiting_number(*, everywhere: bool) -> Select[int]:
    """How many wait; needs `parameters_of`."""
    return select(func.count()).select_from(_waiting(everywhere=everywhere).order_by(None).subquery())


@lru_cache
def _waiting(*, everywhere: bool) -> Select[Any]:
    """Reads the few open objections and answers first: the outer joins keep engines from beginning with everything."""
    objections = select(PhotoObjection.photo_id, PhotoObjection.contribution_id, PhotoObjection.at)
    open_ones = union_all(objections.where(PhotoObjection.is_open), _open_answers()).subquery()
    pair = (open_ones.c.photo_id, open_ones.c.contribution_id)
    since = func.min(open_ones.c.at).label("since")
    there = select(*pair, since).where(open_ones.c.photo_id.is_not(None))
    waiting = there.group_by(*pair).subquery("pictures")
    query = (
        select(waiting.c.photo_id)
        .outerjoin(Contribution, Contribution.id == waiting.c.contribution_id)
        .where(~is_made_by(bindparam("viewer_id"), Contribution), ~is_withdrawn(Contribution.id))
        .order_by(waiting.c.since, waiting.c.photo_id)
    )
    in_area = is_moderated_in(bindparam("area", expanding=True), Contribution.id)
    return query if everywhere else query.where(in_area)


def _open_answers() -> Select[Any]:
    """With the number of the picture, which is None when its author has removed it: nobody has to look again."""
    columns = (photo_decided_about().label("photo_id"), Appeal.contribution_id, Appeal.at)
    answers = select(*columns).outerjoin(Decision, Decision.id == Appeal.decision_id)
    return answers.where(Appeal.is_open, Decision.is_about_picture)


def _whole(numbers: Sequence[int], viewer: Person) -> list[WaitingPicture]:
    """In that order: a few queries, however many they are."""
    photos = {photo.id: photo for photo in db.session.scalars(select(Photo).where(Photo.id.in_(numbers)))}
    activities = {one.id: one for one in whole_activities({photo.activity_id for photo in photos.values()})}
    open_ones: dict[int | None, list[PhotoObjection]] = defaultdict(list)
    answered = PhotoObjection.decision_id.in_(select(Appeal.decision_id).where(Appeal.is_open))
    about = (PhotoObjection.photo_id.in_(numbers), PhotoObjection.is_open | answered)
    for objection in db.session.scalars(select(PhotoObjection).where(*about).order_by(PhotoObjection.id)):
        open_ones[objection.photo_id].append(objection)
    answers, others = _answers(activities), others_can_look(viewer)
    return [
        _item(photos[number], activities, open_ones[number], answers.get(number), viewer, others)
        for number in numbers
    ]


def _answers(activity_ids: Collection[int]) -> dict[int, Appeal]:
    """By the number of the picture."""
    query = select(photo_decided_about(), Appeal).join(Decision, Decision.id == Appeal.decision_id)
    about = (Appeal.contribution_id.in_(activity_ids), Appeal.is_open, Decision.is_about_picture)
    rows = db.session.execute(query.where(*about).options(contains_eager(Appeal.decision)))
    return dict(rows.all())


def _item(
    photo: Photo,
    activities: dict[int, Activity],
    objections: list[PhotoObjection],
    answer: Appeal | None,
    viewer: Person,
    others: bool,
) -> WaitingPicture:
    needs_another = answer is not None and answer.decision.by_id == viewer.id and others
    return WaitingPicture(photo, activities[photo.activity_id], objections, answer, not needs_another)
