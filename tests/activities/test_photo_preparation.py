"""The worker prepares what has come: each picture on its own, once, whatever happens to the others or to itself."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from PIL import Image
from sqlalchemy import select, update

from app.extensions import db
from app.gateways.images import Bomb, Interrupted, NotAnImage, PreparedImage, Variant, prepare, prepare_apart
from app.gateways.media import MediaAway, MediaMissing, MediaStore
from app.models.activity import Activity
from app.models.outcome import Photo
from app.models.person import Person
from app.services.activities import photo_preparation
from app.services.activities.photo_preparation import MOST_ATTEMPTS, prepare_waiting
from app.services.activities.photos import MOST_WAITING, TooManyWaitingError, add_photo, remove_photo
from app.services.notifications.outbox import LEASE
from app.web.media import media_store
from tests.cast import Cast
from tests.factories import NOW, make_activity
from tests.pictures import jpeg, photos_of, picture_file

pytestmark = pytest.mark.usefixtures("app")

_MADE = PreparedImage(
    4, 3, "", tuple(Variant(size, kind, 4, 3, b"x") for size in ("s", "m", "l") for kind in ("avif", "webp"))
)


class _Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def moment() -> _Clock:
    return _Clock()


def _work(
    moment: _Clock, prepare: Callable[[bytes], PreparedImage] = lambda _data: _MADE, **over: MediaStore
) -> int:
    store = over.get("store") or media_store()
    count = prepare_waiting(store, commit=db.session.commit, moment=moment, prepare=prepare)
    db.session.expire_all()
    return count


def _send(activity: Activity, data: bytes, by: Person | None = None) -> Photo:
    photo = add_photo(activity, by or activity.owner, data, store=media_store(), now=NOW)
    db.session.commit()
    return photo


def _states() -> list[str]:
    photos = db.session.scalars(select(Photo).order_by(Photo.id))
    return [photo.refusal or ("waiting" if photo.is_waiting else "prepared") for photo in photos]


def test_a_picture_waits_as_it_came_and_that_file_is_gone_once_it_is_prepared(
    activity: Activity, moment: _Clock
) -> None:
    photo = _send(activity, jpeg(place=True))
    assert (photo.is_waiting, photo.is_prepared, photo.sizes) == (True, False, {})
    assert media_store().get(photo.upload) == jpeg(place=True)
    assert _work(moment, prepare_apart) == 1
    assert (photo.is_waiting, photo.is_prepared, photo.width) == (False, True, 640)
    assert not media_store().exists(photo.upload)
    assert all(media_store().exists(name) for name in photo.files)
    assert _work(moment) == 0


def _raise(error: BaseException) -> PreparedImage:
    raise error


#: What one picture of a hundred does to who prepares it, and what becomes of it in the end.
_POISONS: dict[str, tuple[Callable[[bytes], PreparedImage], str]] = {
    "not a picture": (lambda _data: _raise(NotAnImage()), "not_an_image"),
    "too many pixels": (lambda _data: _raise(Bomb()), "too_many_pixels"),
    "its process is killed": (lambda _data: _raise(Interrupted()), "not_an_image"),
    "a fault of ours": (lambda _data: _raise(ZeroDivisionError()), "not_an_image"),
    "no memory": (lambda _data: _raise(MemoryError()), "not_an_image"),
    "a text with NUL": (lambda _data: _raise(ValueError("\0" * 90_000)), "not_an_image"),
    "its file is gone": (lambda _data: _raise(MediaMissing("x")), "not_an_image"),
    "a variant with a strange name": (
        lambda _data: PreparedImage(4, 3, "", (Variant("å", "avif", 4, 3, b""),)),  # type: ignore[arg-type]
        "not_an_image",
    ),
    "the database refuses what it is": (lambda _data: PreparedImage(object(), 3, "", ()), "not_an_image"),  # type: ignore[arg-type]
}


@pytest.mark.parametrize("poison", _POISONS)
def test_one_of_a_hundred_is_poisoned_and_ninety_nine_are_prepared_once(
    cast: Cast, moment: _Clock, poison: str
) -> None:
    bites, end = _POISONS[poison]
    poisoned = b"picture 40"
    _wait_for_preparation(make_activity(cast.alice), [b"picture %d" % number for number in range(100)])
    prepared: list[bytes] = []

    def prepare_or_bite(data: bytes) -> PreparedImage:
        if data == poisoned:
            return bites(data)
        prepared.append(data)
        return _MADE

    _work(moment, prepare_or_bite)
    assert [state for number, state in enumerate(_states()) if number != 40] == ["prepared"] * 99
    for _ in range(MOST_ATTEMPTS + 1):
        moment.now += timedelta(hours=20)
        _work(moment, prepare_or_bite)
    assert _states()[40] == end
    assert len(prepared) == len(set(prepared)) == 99
    assert not any(media_store().exists(photo.upload) for photo in db.session.scalars(select(Photo)))


def _wait_for_preparation(activity: Activity, files: list[bytes]) -> None:
    """Straight into the table, since nobody has room for a hundred."""
    for number, data in enumerate(files):
        key = f"{number:032x}"
        photo = Photo(
            activity_id=activity.id, by_id=activity.owner_id, at=NOW, key=key, sha256=key,
            width=4, height=3, sizes={}, due_at=NOW,
        )  # fmt: skip
        media_store().put(photo.upload, data, "application/octet-stream")
        db.session.add(photo)
    db.session.commit()


def test_what_really_kills_its_process_leaves_the_others(activity: Activity, moment: _Clock) -> None:
    """Taken in, because its structure is in order; what is compressed in it is not."""
    good, broken = jpeg(), bytearray(picture_file("PNG"))
    at = broken.index(b"IDAT")
    broken[at + 8 : at + 14] = b"\xff" * 6
    _send(activity, bytes(broken))
    _send(activity, good)
    assert _work(moment, prepare_apart) == 2
    assert _states() == ["not_an_image", "prepared"]


def test_what_a_killed_worker_had_claimed_is_prepared_when_its_claim_has_run_out(
    activity: Activity, moment: _Clock
) -> None:
    _send(activity, jpeg())

    def die(_data: bytes) -> PreparedImage:
        raise KeyboardInterrupt  # nothing of ours runs after it, as after a kill

    with pytest.raises(KeyboardInterrupt):
        _work(moment, die)
    db.session.rollback()
    assert _work(moment) == 0
    moment.now += LEASE
    assert _work(moment) == 1
    assert _states() == ["prepared"]


def test_who_prepares_too_long_does_not_undo_what_another_has_done(
    activity: Activity, moment: _Clock
) -> None:
    photo = _send(activity, jpeg())

    def slow(_data: bytes) -> PreparedImage:
        moment.now += LEASE
        assert _work(moment) == 1
        raise NotAnImage

    _work(moment, slow)
    assert _states() == ["prepared"]
    assert media_store().exists(photo.files[0])


def test_a_picture_that_kills_every_worker_is_refused_at_last(activity: Activity, moment: _Clock) -> None:
    _send(activity, jpeg())
    db.session.execute(update(Photo).values(attempts=MOST_ATTEMPTS))
    db.session.commit()
    _work(moment, lambda _data: _raise(AssertionError("it must not be tried again")))
    assert _states() == ["not_an_image"]


def test_a_picture_that_was_taken_away_meanwhile_leaves_no_file(activity: Activity, moment: _Clock) -> None:
    photo = _send(activity, jpeg())
    files, upload = photo.files, photo.upload

    def meanwhile(_data: bytes) -> PreparedImage:
        remove_photo(photos_of(activity)[0], store=media_store(), commit=db.session.commit, now=NOW)
        return _MADE

    assert _work(moment, meanwhile) == 1
    assert not any(media_store().exists(name) for name in [*files, upload])


class _Away(MediaStore):
    """A store that cannot be reached for one of its verbs."""

    def __init__(self, verb: str) -> None:
        self._store, self._folder = media_store()._store, media_store()._folder
        setattr(self, verb, self._refuse)

    def _refuse(self, *_arguments: object) -> None:
        raise MediaAway


@pytest.mark.parametrize("verb", ["get", "put"])
def test_without_the_media_store_a_picture_waits_as_long_as_it_takes(
    activity: Activity, moment: _Clock, verb: str
) -> None:
    _send(activity, jpeg())
    for _ in range(3 * MOST_ATTEMPTS):
        _work(moment, store=_Away(verb))
        moment.now += timedelta(minutes=1)
    assert _states() == ["waiting"]
    _work(moment)
    assert _states() == ["prepared"]


def test_a_file_that_cannot_be_deleted_now_disturbs_nobody(activity: Activity, moment: _Clock) -> None:
    _send(activity, jpeg())
    _send(activity, jpeg("red"))
    assert _work(moment, store=_Away("delete")) == 2
    assert _states() == ["prepared", "prepared"]


def test_everybodys_first_picture_comes_before_anybodys_second(cast: Cast, moment: _Clock) -> None:
    alices, bobs = make_activity(cast.alice), make_activity(cast.bob)
    for colour in ("red", "green", "blue"):
        _send(alices, jpeg(colour, (40, 30)))
    _send(bobs, jpeg("black", (40, 30)))

    claimed: list[int] = []
    for _ in range(4):
        row = photo_preparation._claim(moment())
        assert row
        claimed.append(row.id)
    owners = [db.session.get_one(Photo, number).by_id for number in claimed]
    assert sorted(owners[:2]) == sorted([cast.alice.id, cast.bob.id])


def test_who_has_many_waiting_is_asked_for_patience(cast: Cast, moment: _Clock) -> None:
    activities = [make_activity(cast.alice) for _ in range(MOST_WAITING)]
    for one in activities:
        _send(one, jpeg(size=(40, 30)))
    last = make_activity(cast.alice)
    with pytest.raises(TooManyWaitingError):
        _send(last, jpeg("red"))
    _work(moment)
    assert _send(last, jpeg("red")).is_waiting


def test_a_refused_picture_leaves_its_place_and_may_be_tried_again(
    activity: Activity, moment: _Clock
) -> None:
    refused = [_send(activity, jpeg(colour)) for colour in ("red", "green", "blue", "white", "black", "pink")]
    _work(moment, lambda _data: _raise(NotAnImage()))
    again = _send(activity, jpeg("red"))
    assert again.is_waiting
    assert again.key != refused[0].key
    assert len(photos_of(activity)) == 6


def test_the_pictures_own_file_is_what_is_prepared(activity: Activity, moment: _Clock) -> None:
    data = picture_file("AVIF", (600, 400))
    photo = _send(activity, data)
    _work(moment, prepare)
    assert (photo.width, photo.height) == (600, 400)
    with Image.open(media_store()._folder / photo.files[0]) as stored:  # type: ignore[operator]
        assert stored.size == (400, 267)
