"""Pictures to which somebody in them objects, or about which their author has answered, as moderators find them: for
their own area, never about their own."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, Final, NamedTuple

from sqlalchemy import Select, bindparam, func, null, select, union_all
from sqlalchemy.orm import contains_eager, joinedload

from app.extensions import db
from app.models.activity import Activity, is_made_by
from app.models.contribution import (
    Contribution,
    ContributionKind,
    is_moderated_in,
    is_withdrawn,
    path_of,
)
from app.models.moderation import Appeal, Decision
from app.models.outcome import Photo
from app.models.person import Person
from app.models.photo_objection import PhotoObjection, is_decided_about, photo_decided_about
from app.models.review import is_for_another
from app.services.activities.wholes import whole_activities
from app.services.moderation.queue_area import parameters_of, reviewable_kind

#: The rest comes up as these are decided.
_MOST_SHOWN: Final = 20


class PictureInQueue(NamedTuple):
    """What its card shows of a picture, of the activity that it belongs to, and of what is open about it."""

    id: int
    key: str
    sizes: dict[str, list[int]]
    alt: str
    activity_id: int
    title: str
    value_id: int
    #: Of its author's answer, or of the oldest objection.
    since: datetime
    #: What its author has answered; None when somebody in it objects, and nobody has decided.
    answer: str | None
    #: How many wait in all.
    length: int

    @property
    def path(self) -> str:
        """The address of the activity."""
        return path_of(ContributionKind.ACTIVITY, self.activity_id)


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


def waiting_pictures(viewer: Person, most: int = _MOST_SHOWN) -> list[PictureInQueue]:
    """Oldest first."""
    oldest = _oldest(everywhere=viewer.moderated_municipality_ids is None)
    rows = db.session.connection().execute(oldest, {**parameters_of(viewer), "most": most})
    return [PictureInQueue._make(row) for row in rows]


def is_there(photo_id: int) -> bool:
    """It has not been removed."""
    return db.session.get(Photo, photo_id) is not None


def reviewable_picture(photo_id: int, viewer: Person) -> WaitingPicture | None:
    """One that somebody has objected to at any time, if the viewer may decide about it. Sent again, it can be looked at
    when it is prepared."""
    objected_to = select(PhotoObjection.contribution_id).join(Photo, Photo.id == PhotoObjection.photo_id)
    activity_id = db.session.scalar(objected_to.where(Photo.id == photo_id, Photo.is_prepared).limit(1))
    if activity_id is None or reviewable_kind(activity_id, viewer) is None:
        return None
    return _whole(photo_id, viewer)


def decisions_about(photo_id: int) -> list[Decision]:
    """Oldest first, with who decided."""
    about = select(Decision).where(is_decided_about(photo_id)).order_by(Decision.id)
    return list(db.session.scalars(about.options(joinedload(Decision.by))))


@lru_cache
def waiting_number(*, everywhere: bool) -> Select[int]:
    """How many wait; needs `parameters_of`."""
    return select(func.count()).select_from(_waiting(everywhere=everywhere).order_by(None).subquery())


@lru_cache
def _oldest(*, everywhere: bool) -> Select[*tuple[Any, ...]]:
    """The columns are in the order of `PictureInQueue`; needs `parameters_of`, and how many at `most`."""
    length = func.count().over().label("length")
    waiting = _waiting(everywhere=everywhere).add_columns(length).limit(bindparam("most")).subquery()
    shown = (Photo.id, Photo.key, Photo.sizes, Photo.alt, Activity.id, Activity.title, Activity.value_id)
    return (
        select(*shown, func.coalesce(Appeal.at, waiting.c.since), Appeal.text, waiting.c.length)
        .select_from(waiting)
        .join(Photo, Photo.id == waiting.c.photo_id)
        .join(Activity, Activity.id == Photo.activity_id)
        .outerjoin(Appeal, Appeal.id == waiting.c.appeal_id)
        .order_by(waiting.c.since, waiting.c.photo_id)
    )


@lru_cache
def _waiting(*, everywhere: bool) -> Select[Any]:
    """Reads the few open objections and answers first: the outer joins keep engines from beginning with everything."""
    columns = (PhotoObjection.photo_id, PhotoObjection.contribution_id, PhotoObjection.at, null())
    open_ones = union_all(_open_answers(), select(*columns).where(PhotoObjection.is_open)).subquery()
    pair = (open_ones.c.photo_id, open_ones.c.contribution_id)
    about = (func.min(open_ones.c.at).label("since"), func.max(open_ones.c.appeal_id).label("appeal_id"))
    there = select(*pair, *about).where(open_ones.c.photo_id.is_not(None))
    waiting = there.group_by(*pair).subquery("pictures")
    query = (
        select(waiting.c.photo_id, waiting.c.since, waiting.c.appeal_id)
        .outerjoin(Contribution, Contribution.id == waiting.c.contribution_id)
        .outerjoin(Photo, Photo.id == waiting.c.photo_id)
        .where(~is_made_by(bindparam("viewer_id"), Contribution), ~is_withdrawn(Contribution.id))
        .where(Photo.is_prepared)
        .order_by(waiting.c.since, waiting.c.photo_id)
    )
    in_area = is_moderated_in(bindparam("area", expanding=True), Contribution.id)
    return query if everywhere else query.where(in_area)


def _open_answers() -> Select[Any]:
    """With the number of the picture, which is None when its author has removed it: nobody has to look again."""
    photo_id, appeal_id = photo_decided_about().label("photo_id"), Appeal.id.label("appeal_id")
    columns = (photo_id, Appeal.contribution_id, Appeal.at, appeal_id)
    answers = select(*columns).outerjoin(Decision, Decision.id == Appeal.decision_id)
    return answers.where(Appeal.is_open, Decision.is_about_picture)


def _whole(photo_id: int, viewer: Person) -> WaitingPicture:
    photo = db.session.get_one(Photo, photo_id)
    (activity,) = whole_activities([photo.activity_id])
    answered = PhotoObjection.decision_id.in_(select(Appeal.decision_id).where(Appeal.is_open))
    about = (PhotoObjection.photo_id == photo_id, PhotoObjection.is_open | answered)
    objections = db.session.scalars(select(PhotoObjection).where(*about).order_by(PhotoObjection.id))
    answer = _answer(photo)
    needs_another = answer is not None and is_for_another(answer.decision, viewer)
    return WaitingPicture(photo, activity, list(objections), answer, not needs_another)


def _answer(photo: Photo) -> Appeal | None:
    """The open one, with the decision that it is about."""
    about = (Appeal.contribution_id == photo.activity_id, photo_decided_about() == photo.id)
    query = select(Appeal).join(Appeal.decision).where(*about, Appeal.is_open, Decision.is_about_picture)
    newest = query.order_by(Appeal.id.desc()).limit(1)
    return db.session.scalar(newest.options(contains_eager(Appeal.decision)))
