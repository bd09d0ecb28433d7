"""Pictures to which somebody in them objects, as moderators find them: for their own area, never about their own."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import joinedload

from app.extensions import db
from app.models.activity import Activity, is_made_by
from app.models.contribution import Contribution, is_moderated_in, is_withdrawn
from app.models.moderation import Decision
from app.models.outcome import Photo
from app.models.person import Person
from app.models.photo_objection import PhotoObjection
from app.services.activities.wholes import whole_activities
from app.services.moderation.queue_area import parameters_of, reviewable_kind

#: The rest comes up as these are decided.
_MOST_SHOWN: Final = 20


@dataclass(frozen=True)
class WaitingPicture:
    """`since` is of the oldest objection that is open; None when none is."""

    photo: Photo
    activity: Activity
    objections: list[PhotoObjection]
    since: datetime | None


def waiting_pictures(viewer: Person, most: int = _MOST_SHOWN) -> list[WaitingPicture]:
    """Oldest first."""
    oldest = _waiting(everywhere=viewer.moderated_municipality_ids is None).limit(most)
    rows = db.session.execute(oldest, parameters_of(viewer)).all()
    return _whole([row.photo_id for row in rows]) if rows else []


def reviewable_picture(photo_id: int, viewer: Person) -> WaitingPicture | None:
    """One that somebody has objected to at any time, if the viewer may decide about it."""
    activity_id = db.session.scalar(
        select(PhotoObjection.contribution_id).where(PhotoObjection.photo_id == photo_id).limit(1)
    )
    if activity_id is None or reviewable_kind(activity_id, viewer) is None:
        return None
    return _whole([photo_id])[0]


def decisions_about(photo_id: int) -> list[Decision]:
    """Oldest first, with who decided."""
    about = select(Decision).where(Decision.photo_id == photo_id).order_by(Decision.id)
    return list(db.session.scalars(about.options(joinedload(Decision.by))))


@lru_cache
def waiting_number(*, everywhere: bool) -> Select[int]:
    """How many wait; needs `parameters_of`."""
    return select(func.count()).select_from(_waiting(everywhere=everywhere).order_by(None).subquery())


@lru_cache
def _waiting(*, everywhere: bool) -> Select[Any]:
    """Reads the few open objections first: the outer join keeps engines from beginning with everything."""
    since = func.min(PhotoObjection.at).label("since")
    pair = (PhotoObjection.photo_id, PhotoObjection.contribution_id)
    waiting = select(*pair, since).where(PhotoObjection.is_open).group_by(*pair).subquery("pictures")
    query = (
        select(waiting.c.photo_id)
        .outerjoin(Contribution, Contribution.id == waiting.c.contribution_id)
        .where(~is_made_by(bindparam("viewer_id"), Contribution), ~is_withdrawn(Contribution.id))
        .order_by(waiting.c.since, waiting.c.photo_id)
    )
    in_area = is_moderated_in(bindparam("area", expanding=True), Contribution.id)
    return query if everywhere else query.where(in_area)


def _whole(numbers: Sequence[int]) -> list[WaitingPicture]:
    """In that order: a few queries, however many they are."""
    photos = {photo.id: photo for photo in db.session.scalars(select(Photo).where(Photo.id.in_(numbers)))}
    activities = {one.id: one for one in whole_activities({photo.activity_id for photo in photos.values()})}
    open_ones: dict[int | None, list[PhotoObjection]] = defaultdict(list)
    about = (PhotoObjection.photo_id.in_(numbers), PhotoObjection.is_open)
    for objection in db.session.scalars(select(PhotoObjection).where(*about).order_by(PhotoObjection.id)):
        open_ones[objection.photo_id].append(objection)
    return [
        _item(photos[number], activities[photos[number].activity_id], open_ones[number]) for number in numbers
    ]


def _item(photo: Photo, activity: Activity, objections: list[PhotoObjection]) -> WaitingPicture:
    return WaitingPicture(photo, activity, objections, min((one.at for one in objections), default=None))
