"""A picture on its way: it waits, is prepared or refused; its owner sees which, and others see it when it is ready."""

import io
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from app.extensions import db
from app.gateways.media import MediaAway
from app.models.activity import Activity
from app.models.outcome import Photo
from app.models.person import Person
from app.services.activities.photos import MOST_WAITING, add_photo
from app.web.media import media_store
from tests.cast import Cast
from tests.factories import NOW, make_activity, make_outcome
from tests.pictures import jpeg, photos_of, picture_file, prepare_photos
from tests.unchanged import unchanged

As = Callable[[Person], FlaskClient]
FETCH = {"X-Requested-With": "fetch"}


@pytest.fixture
def waiting(activity: Activity, cast: Cast) -> Photo:
    photo = add_photo(activity, cast.alice, jpeg(), store=media_store(), now=NOW)
    db.session.commit()
    return photo


@pytest.fixture
def refused(activity: Activity, cast: Cast) -> Photo:
    """In order from outside, and broken within."""
    data = bytearray(picture_file("PNG"))
    at = data.index(b"IDAT")
    data[at + 8 : at + 14] = b"\xff" * 6
    photo = add_photo(activity, cast.alice, bytes(data), store=media_store(), now=NOW)
    db.session.commit()
    prepare_photos()
    assert photo.refusal
    return photo


def _view(photo: Photo) -> str:
    return f"/activities/{photo.activity_id}/photos/{photo.id}"


def _form(photo: Photo) -> str:
    return f"/activities/{photo.activity_id}/outcome"


def _send(browser: FlaskClient, activity: Activity, data: bytes, **headers: str):  # type: ignore[no-untyped-def]
    files = [(io.BytesIO(data), "bild.jpg")]
    return browser.post(f"/activities/{activity.id}/photos", data={"photos": files}, headers=headers)


def test_while_it_waits_its_tile_asks_again_and_again(
    waiting: Photo, cast: Cast, as_: As, hx: dict[str, str]
) -> None:
    alice = as_(cast.alice)
    page = alice.get(_form(waiting)).text
    assert "Bilden förbereds" in page
    assert f'hx-get="{_view(waiting)}"' in page
    assert 'hx-trigger="every 3s"' in page
    answer = alice.get(_view(waiting), headers=hx)
    assert (answer.status_code, answer.text) == (204, "")


def test_once_it_is_prepared_it_stands_there_and_nothing_asks_any_more(
    waiting: Photo, cast: Cast, as_: As, hx: dict[str, str]
) -> None:
    prepare_photos()
    alice = as_(cast.alice)
    answer = alice.get(_view(waiting), headers=hx)
    assert answer.status_code == 200
    assert waiting.url("s", "webp") in answer.text
    assert "hx-trigger" not in answer.text
    assert waiting.url("s", "webp") in alice.get(_form(waiting)).text


@pytest.mark.parametrize(
    ("language", "sentence"),
    [("sv", "Ta bort den och prova en annan."), ("en", "Take it away and try another one.")],
)
def test_one_that_was_refused_says_why_and_can_be_taken_away(
    refused: Photo, cast: Cast, as_: As, hx: dict[str, str], language: str, sentence: str
) -> None:
    cast.alice.language = language
    db.session.commit()
    alice = as_(cast.alice)
    assert sentence in alice.get(_view(refused), headers=hx).text
    page = alice.get(_form(refused)).text
    assert sentence in page
    assert f"{_view(refused)}/removal" in page
    assert alice.post(f"{_view(refused)}/removal", headers=hx).status_code == 200
    assert sentence not in alice.get(_form(refused)).text


def test_without_scripts_the_address_leads_to_the_form(waiting: Photo, cast: Cast, as_: As) -> None:
    assert as_(cast.alice).get(_view(waiting)).location == f"{_form(waiting)}#photos"


@pytest.mark.parametrize("who", ["bob", "cora", "lena", "stig"])
def test_nobody_else_asks_for_it(waiting: Photo, cast: Cast, as_: As, hx: dict[str, str], who: str) -> None:
    assert as_(getattr(cast, who)).get(_view(waiting), headers=hx).status_code == 404


def test_one_of_another_activity_is_not_there(
    waiting: Photo, cast: Cast, as_: As, hx: dict[str, str]
) -> None:
    other, alice = make_activity(cast.alice), as_(cast.alice)
    assert alice.get(f"/activities/{other.id}/photos/{waiting.id}", headers=hx).status_code == 404


def test_nobody_is_served_the_file_as_it_came(waiting: Photo, cast: Cast, as_: As) -> None:
    alice = as_(cast.alice)
    for name in (waiting.upload, waiting.key, f"{waiting.key}-original", f"..%2fuploads%2f{waiting.key}"):
        assert alice.get(f"/media/{name}").status_code == 404


def test_the_report_is_sent_meanwhile_and_others_see_the_picture_once_it_is_ready(
    waiting: Photo, activity: Activity, cast: Cast, as_: As
) -> None:
    alice, charlie = as_(cast.alice), as_(cast.charlie)
    answers = {
        "carried_out": "yes",
        "rating": "4",
        "permission": "internal",
        f"alt-{waiting.id}": "En brygga",
    }
    assert alice.post(_form(waiting), data=answers).status_code == 303
    address, picture = f"/activities/{activity.id}", waiting.url("m", "webp")
    assert "Bilder" not in charlie.get(address).text
    assert "Några bilder förbereds fortfarande." in alice.get(address).text
    for page in (address, "/"):
        assert waiting.key not in charlie.get(page).text
    assert charlie.get(picture).status_code == alice.get(picture).status_code == 404
    prepare_photos()
    for page in (address, "/"):
        text = charlie.get(page).text
        assert picture in text
        assert 'alt="En brygga"' in text
    assert charlie.get(picture).status_code == 200


def test_the_feed_shows_the_first_picture_that_is_ready(
    refused: Photo, activity: Activity, cast: Cast, as_: As
) -> None:
    second = add_photo(activity, cast.alice, jpeg(), store=media_store(), now=NOW)
    db.session.commit()
    make_outcome(activity)
    prepare_photos()
    charlie = as_(cast.charlie)
    for page in ("/", f"/activities/{activity.id}"):
        text = charlie.get(page).text
        assert second.key in text
        assert refused.key not in text
    assert "En bild gick inte att förbereda." in as_(cast.alice).get(f"/activities/{activity.id}").text


def test_who_sends_very_many_is_told_when_to_go_on_and_loses_nothing(cast: Cast, as_: As) -> None:
    activities = [make_activity(cast.alice) for _ in range(12)]
    alice, bob = as_(cast.alice), as_(cast.bob)
    for number in range(60):
        answer = _send(alice, activities[number % 10], b"no picture", **FETCH)
        assert answer.status_code == 422
    with unchanged():
        answer = _send(alice, activities[10], jpeg(), **FETCH)
    assert answer.status_code == 429
    assert "Skicka den igen om en timme." in answer.text
    report = {"story": "Nio modiga.", "carried_out": "yes", "photos": (io.BytesIO(jpeg()), "a.jpg")}
    kept = alice.post(f"/activities/{activities[11].id}/outcome", data=report)
    assert kept.status_code == 422
    assert "Nio modiga." in kept.text
    assert "om en timme" in kept.text
    assert _send(bob, make_activity(cast.bob), jpeg(), **FETCH).status_code == 201


def test_who_has_many_waiting_is_told_to_send_it_again(cast: Cast, as_: As) -> None:
    activities = [make_activity(cast.alice) for _ in range(MOST_WAITING // 6)]
    for number in range(MOST_WAITING):
        add_photo(
            activities[number // 6], cast.alice, jpeg(size=(8, 8 + number)), store=media_store(), now=NOW
        )
    alice, last = as_(cast.alice), make_activity(cast.alice)
    answer = _send(alice, last, jpeg(), **FETCH)
    assert answer.status_code == 429
    assert "om en minut" in answer.text
    assert photos_of(last) == []


def test_without_the_media_store_nothing_is_written(
    activity: Activity, cast: Cast, as_: As, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_arguments: object) -> None:
        raise MediaAway

    alice = as_(cast.alice)
    monkeypatch.setattr("app.gateways.media.MediaStore.put", away)
    with unchanged():
        answer = _send(alice, activity, jpeg(), **FETCH)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "30")
