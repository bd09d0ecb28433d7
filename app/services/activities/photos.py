"""Photos of an activity: stored when they arrive, shown to others once the activity is reported."""

import hashlib
import secrets
from collections.abc import Callable, Iterable
from datetime import datetime

from sqlalchemy import func, select

from app.extensions import db
from app.gateways.images import PreparedImage, prepare
from app.gateways.media import MediaStore
from app.models.activity import Activity, is_made_by
from app.models.contribution import is_hidden, is_moderated_by, is_withdrawn, wait_for_turn
from app.models.outcome import Photo, is_reported
from app.models.person import Person

MOST_PHOTOS = 6
LONGEST_ALT = 300


class TooManyPhotosError(Exception):
    """The activity has `MOST_PHOTOS` already."""

    code = "too_many"


def add_photo(activity: Activity, by: Person, data: bytes, *, store: MediaStore, now: datetime) -> Photo:
    """Store a picture, turned upright and without metadata. For the same file again, return its first photo.

    Raises:
        ImageRefused: it is not a picture that we accept (app/gateways/images.py).
        TooManyPhotosError: there is no room for another one.
    """
    sha256 = hashlib.sha256(data).hexdigest()
    if earlier := _photo_of_file(activity, sha256):
        return earlier
    _demand_room(activity)
    return keep_photo(activity, by, prepare(data), store=store, now=now)


def keep_photo(
    activity: Activity, by: Person, prepared: PreparedImage, *, store: MediaStore, now: datetime
) -> Photo:
    """`add_photo` for a picture that is prepared already."""
    key = secrets.token_hex(16)
    # The files first: others wait while the row is written, and must not wait for the store too.
    _put(key, prepared, store)
    wait_for_turn(activity.id)
    earlier = _photo_of_file(activity, prepared.sha256)
    if earlier or _count(activity) >= MOST_PHOTOS:
        store.delete(_files(key))
        if earlier:
            return earlier
        raise TooManyPhotosError
    return _add_row(activity, by, key, prepared, now)


def remove_photo(photo: Photo, *, store: MediaStore, commit: Callable[[], None]) -> None:
    """Delete its row, and its files only after the commit: files without a row harm nobody, and if the commit failed,
    deleted files could not be brought back."""
    files = _files(photo.key)
    db.session.delete(photo)
    commit()
    store.delete(files)


def describe_photo(photo: Photo, alt: str) -> None:
    """Say what the picture shows, for those who cannot see it."""
    photo.alt = " ".join(alt.split())[:LONGEST_ALT]


def may_see_photo(key: str, viewer: Person) -> bool:
    """Owners always; others once the activity is reported, unless it is withdrawn; if it is hidden, its moderators.

    One query, by the key's index.
    """
    hidden_from_viewer = is_hidden(Activity.id) & ~is_moderated_by(viewer, Activity.id)
    shown = is_reported(Activity.id) & ~is_withdrawn(Activity.id) & ~hidden_from_viewer
    own = is_made_by(viewer.id, Activity)
    visible = select(Photo.id).join(Activity, Activity.id == Photo.activity_id)
    return db.session.scalar(visible.where(Photo.key == key, own | shown)) is not None


def _photo_of_file(activity: Activity, sha256: str) -> Photo | None:
    return db.session.scalar(select(Photo).where(Photo.activity_id == activity.id, Photo.sha256 == sha256))


def _count(activity: Activity) -> int:
    return db.session.scalar(select(func.count()).where(Photo.activity_id == activity.id)) or 0


def _demand_room(activity: Activity) -> None:
    if _count(activity) >= MOST_PHOTOS:
        raise TooManyPhotosError


def _put(key: str, prepared: PreparedImage, store: MediaStore) -> None:
    for variant in prepared.variants:
        store.put(f"{key}-{variant.name}.{variant.format}", variant.data, variant.content_type)


def _files(key: str) -> Iterable[str]:
    return [f"{key}-{size}.{extension}" for size in ("s", "m", "l") for extension in ("avif", "webp")]


def _add_row(activity: Activity, by: Person, key: str, prepared: PreparedImage, now: datetime) -> Photo:
    photo = Photo(
        activity_id=activity.id,
        by_id=by.id,
        at=now,
        key=key,
        sha256=prepared.sha256,
        width=prepared.width,
        height=prepared.height,
        sizes={variant.name: [variant.width, variant.height] for variant in prepared.variants},
    )
    db.session.add(photo)
    db.session.flush()
    db.session.expire(activity, ["photos"])
    return photo
