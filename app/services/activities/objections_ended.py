"""What somebody in a picture has asked for ends when its author removes the picture, and goes on when it comes again;
who asked is told."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, select, update

from app.extensions import db
from app.models.contribution import ContributionKind, path_of
from app.models.notification import Kind
from app.models.outcome import Photo, Withheld
from app.models.photo_objection import PhotoObjection, is_open_objection, removed_objections
from app.services.notifications.notify import notify


def end_objections(photo: Photo, now: datetime) -> None:
    """Of a picture that is about to be removed; the caller has made others wait."""
    told = who_objected(is_open_objection(photo.id))
    db.session.execute(
        update(PhotoObjection).where(is_open_objection(photo.id)).values(ended_at=now),
        execution_options={"synchronize_session": False},
    )
    tell_who_objected(photo, told, "removed", f"removed:{photo.id}", now)


def resume_objections(photo: Photo) -> None:
    """Of the same file, which has been removed from there and comes again: withheld from all if that was decided, else
    from everybody outside, and somebody looks at it after all. The caller has made others wait."""
    earlier = removed_objections(photo.activity_id, photo.sha256)
    if not earlier:
        return
    for objection in earlier:
        objection.photo_id = photo.id
    if any(objection.decision_id for objection in earlier):
        photo.withheld = Withheld.ALL.value
    else:
        photo.withheld, earlier[-1].ended_at = Withheld.PUBLIC.value, None
    db.session.flush()


def who_objected(*conditions: ColumnElement[bool]) -> list[int]:
    """Ids of those who have such an objection and were signed in."""
    people = select(PhotoObjection.by_id).where(*conditions, PhotoObjection.by_id.is_not(None))
    return list(db.session.scalars(people.distinct()))


def tell_who_objected(photo: Photo, people: Collection[int], result: str, key: str, now: datetime) -> None:
    """That somebody has looked, and the result: `withhold`, `release` or `removed`. What the picture belongs to is not
    named: it may be hidden meanwhile."""
    notify(
        people,
        Kind.MODERATION,
        key=f"picture:{key}",
        url=path_of(ContributionKind.ACTIVITY, photo.activity_id),
        parameters={"event": "picture_looked_at", "verdict": result},
        now=now,
        asked_for=True,
    )
