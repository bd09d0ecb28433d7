"""Photos of an activity: kept from the moment they arrive, shown to others with the report."""

import hashlib
import secrets
from collections.abc import Callable, Iterable
from datetime import datetime

from sqlalchemy import func, select

from app.extensions import db
from app.gateways.images import PreparedImage, prepare
from app.gateways.media import MediaStore
from app.models.activity import Activity, is_partner
from app.models.contribution import is_hidden, is_moderated_by, is_withdrawn, wait_for_turn
from app.models.outcome import Photo, is_reported
from app.models.person import Person

MOST_PHOTOS = 6
LONGEST_ALT = 300


class TooManyPhotosError(Exception):
    """The activity has `MOST_PHOTOS` already."""

    code = "too_many"


def add_photo(activity: Activity, by: Person, data: bytes, *, store: MediaStore, now: datetime) -> Photo:
    """Keep a picture, upright and stripped. The same file again is the photo that it became the first time.

    Raises:
        ImageRefused: it is no picture that we take (app/gateways/images.py).
        TooManyPhotosError: there is no room for another one.
    """
    sha256 = hashlib.sha256(data).hexdigest()
    if known := _known(activity, sha256):
        return known
    _demand_room(activity)
    return keep_photo(activity, by, prepare(data), store=store, now=now)


def keep_photo(
    activity: Activity, by: Person, prepared: PreparedImage, *, store: MediaStore, now: datetime
) -> Photo:
    """`add_photo` for a picture that is prepared already."""
    key = secrets.token_hex(16)
    # The files first and the row last: others wait for the row, and must not wait for the store.
    _put(key, prepared, store)
    wait_for_turn(activity.id)
    known = _known(activity, prepared.sha256)
    if known or _count(activity) >= MOST_PHOTOS:
        store.delete(_files(key))
        if known:
            return known
        raise TooManyPhotosError
    return _note(activity, by, key, prepared, now)


def remove_photo(photo: Photo, *, store: MediaStore, commit: Callable[[], None]) -> None:
    """Forget it, and its files once that is certain: without its row nobody asks for them, and files that are gone
    cannot be brought back."""
    files = _files(photo.key)
    db.session.delete(photo)
    commit()
    store.delete(files)


def describe_photo(photo: Photo, alt: str) -> None:
    """What the picture shows, for those who do not see it."""
    photo.alt = " ".join(alt.split())[:LONGEST_ALT]


def may_see_photo(key: str, viewer: Person) -> bool:
    """Owners at any time; others from the report on, until it is withdrawn; of what is hidden only its moderators.

    One query, by the key's index.
    """
    hidden_from_viewer = is_hidden(Activity.id) & ~is_moderated_by(viewer, Activity.id)
    shown = is_reported(Activity.id) & ~is_withdrawn(Activity.id) & ~hidden_from_viewer
    own = (Activity.owner_id == viewer.id) | is_partner(Activity.id, viewer.id)
    visible = select(Photo.id).join(Activity, Activity.id == Photo.activity_id)
    return db.session.scalar(visible.where(Photo.key == key, own | shown)) is not None


def _known(activity: Activity, sha256: str) -> Photo | None:
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


def _note(activity: Activity, by: Person, key: str, prepared: PreparedImage, now: datetime) -> Photo:
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
