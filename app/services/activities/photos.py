"""Photos of an activity: taken in as they come, prepared by the worker (photo_preparation.py), shown to others once the
activity is reported."""

import hashlib
import secrets
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

from sqlalchemy import func, select

from app.extensions import db
from app.gateways.images import PreparedImage, examine
from app.gateways.media import MediaAway, MediaStore
from app.models.activity import Activity, is_made_by
from app.models.contribution import is_hidden, is_moderated_by, is_withdrawn
from app.models.outcome import Photo, is_reported
from app.models.person import Person
from app.models.programme import Check
from app.services.activities.checks import checked
from app.services.activities.objections_ended import end_objections, resume_objections
from app.services.sums.settle import settle
from app.services.sums.turns import wait_for_all_around

MOST_PHOTOS = 6
#: Pictures of one person that wait to be prepared: those of four reports.
MOST_WAITING = 24
LONGEST_ALT = 300


class TooManyPhotosError(Exception):
    """The activity has `MOST_PHOTOS` already."""

    code = "too_many"


class TooManyWaitingError(Exception):
    """The person has `MOST_WAITING` pictures that are not prepared yet."""

    code = "too_many_waiting"


def add_photo(activity: Activity, by: Person, data: bytes, *, store: MediaStore, now: datetime) -> Photo:
    """Take a picture in as it came; the worker prepares it. For the same file again, return its first photo.

    Raises:
        ImageRefused: its structure says that we do not accept it (app/gateways/images/structure.py).
        TooManyPhotosError: there is no room for another one.
        TooManyWaitingError: the person has to wait a little.
        MediaAway: the media store cannot be reached.
    """
    sha256 = hashlib.sha256(data).hexdigest()
    if earlier := _photo_of_file(activity, sha256):
        return earlier
    _demand_room(activity)
    _demand_patience(by)
    skeleton = examine(data)
    photo = _new_photo(activity, by, sha256, now)
    photo.width, photo.height, photo.sizes, photo.due_at = skeleton.width, skeleton.height, {}, now
    # The file first: others wait while the row is written, and must not wait for the store too.
    store.put(photo.upload, data, "application/octet-stream")
    return _add_row(activity, by, photo, [photo.upload], store, now)


def keep_photo(
    activity: Activity, by: Person, prepared: PreparedImage, *, store: MediaStore, now: datetime
) -> Photo:
    """`add_photo` for a picture that is prepared already."""
    photo = _new_photo(activity, by, prepared.sha256, now)
    put_variants(photo.key, prepared, store)
    photo.width, photo.height, photo.sizes = prepared.width, prepared.height, sizes_of(prepared)
    return _add_row(activity, by, photo, photo.files, store, now)


def put_variants(key: str, prepared: PreparedImage, store: MediaStore) -> None:
    for variant in prepared.variants:
        store.put(f"{key}-{variant.name}.{variant.format}", variant.data, variant.content_type)


def sizes_of(prepared: PreparedImage) -> dict[str, list[int]]:
    return {variant.name: [variant.width, variant.height] for variant in prepared.variants}


def remove_photo(photo: Photo, *, store: MediaStore, commit: Callable[[], None], now: datetime) -> None:
    """Delete its row, which also ends what somebody in it has asked for, and its files only after the commit: files
    without a row harm nobody, and if the commit failed, deleted files could not be brought back. What stays because the
    store is away is swept later."""
    files = [*photo.files, photo.upload]
    activity = db.session.get_one(Activity, photo.activity_id)
    wait_for_all_around(activity)
    end_objections(photo, now)
    db.session.delete(photo)
    settle(activity, now)
    commit()
    with suppress(MediaAway):
        store.delete(files)


def describe_photo(photo: Photo, alt: str) -> None:
    """Say what the picture shows, for those who cannot see it."""
    photo.alt = " ".join(alt.split())[:LONGEST_ALT]


def own_photo(activity_id: int, photo_id: int, viewer: Person) -> Photo | None:
    """The picture, prepared or not, if the activity is the viewer's own. One query, since pages ask again and again."""
    own = (
        select(Photo).join(Activity, Activity.id == Photo.activity_id).where(is_made_by(viewer.id, Activity))
    )
    return db.session.scalar(own.where(Photo.id == photo_id, Photo.activity_id == activity_id))


def may_see_photo(key: str, viewer: Person) -> bool:
    """Owners always; others once the activity is reported, unless it is withdrawn; if it is hidden, its moderators.
    What a decision withholds, since somebody in it objects, only the moderators, who may change that.

    One query, by the key's index.
    """
    own, moderated = is_made_by(viewer.id, Activity), is_moderated_by(viewer, Activity.id)
    shown = is_reported(Activity.id) & ~is_withdrawn(Activity.id) & (~is_hidden(Activity.id) | moderated)
    visible = select(Photo.id).join(Activity, Activity.id == Photo.activity_id)
    seen = (own | shown) & (Photo.is_shown | (moderated & ~own))
    return db.session.scalar(visible.where(Photo.key == key, Photo.is_prepared, seen)) is not None


def _photo_of_file(activity: Activity, sha256: str) -> Photo | None:
    """One that was refused is not it: it may be tried again."""
    same_file = select(Photo).where(Photo.activity_id == activity.id, Photo.sha256 == sha256)
    return db.session.scalar(same_file.where(Photo.refusal.is_(None)))


def _demand_room(activity: Activity) -> None:
    taken = select(func.count()).where(Photo.activity_id == activity.id, Photo.refusal.is_(None))
    if (db.session.scalar(taken) or 0) >= MOST_PHOTOS:
        raise TooManyPhotosError


def _demand_patience(person: Person) -> None:
    waiting = select(func.count()).where(Photo.by_id == person.id, Photo.is_waiting)
    if (db.session.scalar(waiting) or 0) >= MOST_WAITING:
        raise TooManyWaitingError


def _new_photo(activity: Activity, by: Person, sha256: str, now: datetime) -> Photo:
    return Photo(activity_id=activity.id, by_id=by.id, at=now, key=secrets.token_hex(16), sha256=sha256)


def _add_row(
    activity: Activity, by: Person, photo: Photo, files: list[str], store: MediaStore, now: datetime
) -> Photo:
    """Meanwhile the same picture may have come twice, or too many."""
    wait_for_all_around(activity)
    if earlier := _photo_of_file(activity, photo.sha256):
        store.delete(files)
        return earlier
    try:
        _demand_room(activity)
    except TooManyPhotosError:
        store.delete(files)
        raise
    _forget_refused(activity, photo.sha256)
    db.session.add(photo)
    db.session.flush()
    resume_objections(photo)
    db.session.expire(activity, ["photos"])
    # Others see it with the report, which is looked at then.
    is_shown = db.session.scalar(select(is_reported(activity.id)))
    with checked(activity, by, (Check.ALL, Check.PHOTOS) if is_shown else (), now):
        settle(activity, now)
    return photo


def _forget_refused(activity: Activity, sha256: str) -> None:
    same_file = select(Photo).where(Photo.activity_id == activity.id, Photo.sha256 == sha256)
    for refused in db.session.scalars(same_file):
        db.session.delete(refused)
    db.session.flush()
