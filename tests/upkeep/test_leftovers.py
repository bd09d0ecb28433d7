"""What no picture has is swept from the media store, and nothing else."""

import os
from datetime import timedelta
from pathlib import Path

import pytest

from app import clock
from app.extensions import db
from app.gateways.images import PreparedImage, Variant
from app.gateways.media import MediaAway, MediaStore
from app.models.outcome import Photo
from app.services.activities.photos import add_photo, keep_photo
from app.services.upkeep.leftovers import sweep_media
from tests.cast import Cast
from tests.factories import NOW, make_activity
from tests.pictures import jpeg

pytestmark = pytest.mark.usefixtures("app")

_MADE = PreparedImage(
    4, 3, "", tuple(Variant(size, kind, 4, 3, b"x") for size in ("s", "m", "l") for kind in ("avif", "webp"))
)
_TOMORROW = timedelta(days=1, minutes=1)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


@pytest.fixture
def store(folder: Path) -> MediaStore:
    return MediaStore.from_url(f"file://{folder}")


def _sweep(store: MediaStore, after: timedelta = _TOMORROW) -> int:
    return sweep_media(store, now=clock.now() + after, commit=db.session.commit)


def _files(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def _photos(cast: Cast, store: MediaStore) -> tuple[Photo, Photo]:
    """One that is prepared, and one that waits."""
    activity = make_activity(cast.alice)
    prepared = keep_photo(activity, cast.alice, _MADE, store=store, now=NOW)
    waiting = add_photo(activity, cast.alice, jpeg(), store=store, now=NOW)
    db.session.commit()
    return prepared, waiting


def test_what_a_picture_has_stays_and_what_none_has_goes(cast: Cast, store: MediaStore, folder: Path) -> None:
    prepared, waiting = _photos(cast, store)
    gone = "0" * 32
    leftovers = [
        f"{gone}-s.avif", f"{gone}-l.webp", f"uploads/{gone}",  # of a picture without a row
        prepared.upload,  # as it came, which is needed no longer
    ]  # fmt: skip
    half_done = waiting.files[0]  # its worker was killed; the next one writes it again
    for name in [*leftovers, half_done]:
        store.put(name, b"x", "image/webp")
    (folder / "uploads" / "#".join((gone, "1"))).write_bytes(b"half")
    assert _sweep(store) == len(leftovers) + 1
    assert _files(folder) == {*prepared.files, waiting.upload, half_done}


def test_what_is_younger_than_a_day_stays(store: MediaStore, folder: Path) -> None:
    store.put(f"uploads/{'0' * 32}", b"x", "image/webp")
    assert _sweep(store, timedelta(hours=23)) == 0
    assert len(_files(folder)) == 1


def test_what_somebody_else_keeps_there_stays(store: MediaStore, folder: Path) -> None:
    for name in (
        "backup.sql",
        "lost/0123.webp",
        "0" * 32,
        f"{'0' * 31}-s.avif",
        f"{'0' * 32}-x.avif",
        "uploads/readme",
    ):
        store.put(name, b"x", "text/plain")
    assert _sweep(store) == 0
    assert len(_files(folder)) == 6


def test_one_of_a_hundred_that_cannot_be_deleted_leaves_the_others(
    store: MediaStore, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = [f"{number:032x}-s.avif" for number in range(100)]
    for name in names:
        store.put(name, b"x", "image/avif")
    delete = store.delete

    def delete_or_refuse(keys: list[str]) -> None:
        if names[40] in keys:
            raise MediaAway
        delete(keys)

    monkeypatch.setattr(store, "delete", delete_or_refuse)
    assert _sweep(store) == 99
    assert _files(folder) == {names[40]}
    monkeypatch.undo()
    assert _sweep(store) == 1


def test_a_store_that_is_away_is_left_alone(store: MediaStore, folder: Path) -> None:
    os.rmdir(folder)
    with pytest.raises(MediaAway):
        _sweep(store)
