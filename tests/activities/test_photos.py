"""Photos: stripped, kept once, at most six, and gone with their files."""

import io

import pytest
from PIL import Image

from app.extensions import db
from app.gateways.images import NotAnImage
from app.gateways.media import MediaStore
from app.models.activity import Activity
from app.models.outcome import Photo
from app.services.activities.photos import (
    TooManyPhotosError,
    add_photo,
    describe_photo,
    remove_photo,
)
from app.web.media import media_store
from tests.factories import NOW
from tests.pictures import jpeg, photos_of, prepare_photos

pytestmark = pytest.mark.usefixtures("app")


def _add(activity: Activity, data: bytes) -> Photo:
    photo = add_photo(activity, activity.owner, data, store=media_store(), now=NOW)
    db.session.commit()
    prepare_photos()
    return photo


def _files(photo: Photo) -> list[str]:
    return [f"{photo.key}-{size}.{kind}" for size in "sml" for kind in ("avif", "webp")]


def test_a_photo_is_kept_in_three_sizes_and_two_formats_without_its_place(activity: Activity) -> None:
    photo = _add(activity, jpeg(place=True))
    assert photo.sizes == {"s": [400, 300], "m": [640, 480], "l": [640, 480]}
    for name in _files(photo):
        with Image.open(io.BytesIO(media_store().get(name))) as kept:
            assert not kept.getexif()


def test_the_same_file_again_is_the_same_photo(activity: Activity) -> None:
    assert _add(activity, jpeg()).id == _add(activity, jpeg()).id
    assert len(photos_of(activity)) == 1


def test_there_is_room_for_six(activity: Activity) -> None:
    for colour in ("red", "green", "blue", "white", "black", "yellow"):
        _add(activity, jpeg(colour, (40, 30)))
    with pytest.raises(TooManyPhotosError):
        _add(activity, jpeg("pink", (40, 30)))
    assert len(photos_of(activity)) == 6


def test_what_is_no_picture_is_refused_and_leaves_nothing(activity: Activity) -> None:
    with pytest.raises(NotAnImage):
        _add(activity, b"%PDF-1.7 not a picture")
    assert photos_of(activity) == []


def test_a_photo_that_is_removed_takes_its_files_with_it(activity: Activity) -> None:
    photo = _add(activity, jpeg())
    store: MediaStore = media_store()
    remove_photo(photo, store=store, commit=db.session.commit, now=NOW)
    assert photos_of(activity) == []
    assert not any(store.exists(name) for name in _files(photo))


def test_a_description_is_one_line_and_not_endless(activity: Activity) -> None:
    photo = _add(activity, jpeg())
    describe_photo(photo, "  Två personer\r\n på en brygga " + "x" * 400)
    assert photo.alt.startswith("Två personer på en brygga xxx")
    assert len(photo.alt) == 300
