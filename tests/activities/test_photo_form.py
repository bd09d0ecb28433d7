"""Pictures on their way into the report: one by one, in a bunch, refused, taken away."""

import io
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app.extensions import db
from app.gateways.images import LARGEST_FILE
from app.models.activity import Activity
from app.models.outcome import Photo
from app.models.person import Person
from tests.cast import Cast
from tests.factories import make_activity
from tests.pictures import bomb, jpeg, photos_of
from tests.unchanged import unchanged

As = Callable[[Person], FlaskClient]
FETCH = {"X-Requested-With": "fetch"}


def _send(browser: FlaskClient, activity_id: int, *pictures: bytes, **headers: str):  # type: ignore[no-untyped-def]
    files = [(io.BytesIO(data), f"bild {n}.jpg") for n, data in enumerate(pictures, 1)]
    return browser.post(f"/activities/{activity_id}/photos", data={"photos": files}, headers=headers)


def test_a_script_gets_the_tile_of_the_photo_that_it_sent(activity: Activity, cast: Cast, as_: As) -> None:
    answer = _send(as_(cast.alice), activity.id, jpeg(), **FETCH)
    assert answer.status_code == 201
    photo = photos_of(activity)[0]
    assert answer.text.lstrip().startswith(f'<div class="shot" id="photo-{photo.id}">')
    assert f'name="alt-{photo.id}"' in answer.text


def test_without_scripts_several_come_at_once_and_one_is_back_at_the_form(
    activity: Activity, cast: Cast, as_: As
) -> None:
    answer = _send(as_(cast.alice), activity.id, jpeg("red"), jpeg("green"))
    assert answer.status_code == 303
    assert answer.headers["Location"] == f"/activities/{activity.id}/outcome#photos"
    assert len(photos_of(activity)) == 2


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"hello", "bild 1.jpg gick inte att läsa som bild. Skicka JPEG, PNG, WebP eller HEIC."),
        (jpeg()[:900], "bild 1.jpg gick inte att läsa som bild."),
        (bomb(), "bild 1.jpg har för många bildpunkter. Skicka en mindre version."),
        (b"\xff\xd8" + b"0" * LARGEST_FILE, "bild 1.jpg är för stor. En bild får vara högst 40 MB."),
    ],
    ids=["no picture", "broken", "bomb", "too large"],
)
def test_what_cannot_be_taken_is_refused_in_a_sentence(
    activity: Activity, cast: Cast, as_: As, data: bytes, sentence: str
) -> None:
    alice = as_(cast.alice)
    with unchanged():
        answer = _send(alice, activity.id, data, **FETCH)
    assert answer.status_code == 422
    assert '<p class="err"' in answer.text
    assert sentence in answer.text


def test_the_sentence_is_in_the_readers_language(activity: Activity, cast: Cast, as_: As) -> None:
    cast.alice.language = "en"
    db.session.commit()
    answer = _send(as_(cast.alice), activity.id, b"hello", **FETCH)
    assert "could not be read as a picture" in answer.text


def test_a_seventh_photo_is_refused_and_the_six_stay(activity: Activity, cast: Cast, as_: As) -> None:
    pictures = [
        jpeg(colour, (40, 30)) for colour in ("red", "green", "blue", "white", "black", "pink", "gold")
    ]
    answer = _send(as_(cast.alice), activity.id, *pictures, **FETCH)
    assert answer.status_code == 422
    assert "Det finns plats för sex bilder." in answer.text
    assert len(photos_of(activity)) == 6


def test_an_empty_form_is_told_to_choose(activity: Activity, cast: Cast, as_: As) -> None:
    alice = as_(cast.alice)
    with unchanged():
        answer = alice.post(f"/activities/{activity.id}/photos", data={}, headers=FETCH)
    assert answer.status_code == 422
    assert '<p class="err"' in answer.text


@pytest.mark.parametrize("who", ["bob", "cora", "lena"])
def test_nobody_adds_or_removes_photos_of_others(photo: Photo, cast: Cast, as_: As, who: str) -> None:
    browser = as_(getattr(cast, who))
    with unchanged():
        assert _send(browser, photo.activity_id, jpeg("red"), **FETCH).status_code == 404
        assert browser.post(_removal(photo)).status_code == 404


def test_a_photo_is_removed_in_place(photo: Photo, cast: Cast, as_: As, hx: dict[str, str]) -> None:
    activity_id = photo.activity_id
    address, alice = _removal(photo), as_(cast.alice)
    for _tap in range(2):
        answer = alice.post(address, headers=hx)
        assert (answer.status_code, answer.text) == (200, "")
    assert db.session.query(Photo).filter_by(activity_id=activity_id).count() == 0


def test_removing_without_scripts_keeps_what_is_written(photo: Photo, cast: Cast, as_: As) -> None:
    answer = as_(cast.alice).post(
        _removal(photo), data={"story": "Nio modiga och två barn.", "carried_out": "yes"}
    )
    assert answer.status_code == 200
    assert "Nio modiga och två barn." in answer.text
    assert _all_photos() == []


def test_removing_without_a_form_leads_back_to_it(photo: Photo, cast: Cast, as_: As) -> None:
    form = f"/activities/{photo.activity_id}/outcome#photos"
    assert as_(cast.alice).post(_removal(photo)).location == form
    assert _all_photos() == []


def test_a_photo_of_another_activity_stays_and_is_not_told_from_none(
    photo: Photo, cast: Cast, as_: As
) -> None:
    other, alice = make_activity(cast.alice), as_(cast.alice)
    with unchanged():
        answers = [
            alice.post(f"/activities/{other.id}/photos/{number}/removal")
            for number in (photo.id, photo.id + 1)
        ]
    assert [answer.location for answer in answers] == [f"/activities/{other.id}/outcome#photos"] * 2


def _all_photos() -> list[Photo]:
    return list(db.session.scalars(select(Photo)))


def _removal(photo: Photo) -> str:
    return f"/activities/{photo.activity_id}/photos/{photo.id}/removal"
