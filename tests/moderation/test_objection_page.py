"""The form of whoever is in a picture and does not want it, and the way there."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app.extensions import db
from app.models.outcome import Photo, Withheld
from app.models.person import Person
from app.models.photo_objection import PhotoObjection
from app.services.activities.wholes import whole_activities
from app.services.moderation.decide import hide
from app.services.moderation.pictures import withhold
from tests.cast import Cast
from tests.factories import NOW
from tests.picture_makers import count_objections, decide, make_photo, objection_url, say_no, told

As = Callable[[Person], FlaskClient]
pytestmark = pytest.mark.usefixtures("at_now")
SECRET_WORDS = "Jag har skyddade uppgifter."


@pytest.fixture
def photo(cast: Cast) -> Photo:
    return make_photo(cast)


def test_anybody_may_say_so_without_signing_in(photo: Photo, cast: Cast, client: FlaskClient) -> None:
    answer = client.post(objection_url(photo), data={"words": SECRET_WORDS})
    assert (answer.status_code, answer.location) == (303, "/pictures/objection/sent")
    assert "Vi vet inte vem du är" in client.get(answer.location).text
    objection = db.session.scalars(select(PhotoObjection)).one()
    assert (objection.by_id, objection.words) == (None, SECRET_WORDS)
    assert photo.withheld == Withheld.PUBLIC
    assert told(cast.alice) == [("picture_objected", "")]
    assert told(cast.cora) == [("picture_to_look_at", "")]
    assert told(cast.kim) == []


def test_nothing_is_demanded_and_too_much_is_refused(photo: Photo, client: FlaskClient) -> None:
    answer = client.post(objection_url(photo), data={"words": "x" * 501})
    assert answer.status_code == 422
    assert "Högst 500 tecken." in answer.text
    assert count_objections() == 0
    assert client.post(objection_url(photo), data={}).status_code == 303
    assert count_objections() == 1


def test_again_is_one_objection_and_tells_nobody_again(
    photo: Photo, cast: Cast, client: FlaskClient, as_: As
) -> None:
    bob = as_(cast.bob)
    for _again in range(2):
        client.post(objection_url(photo), data={"words": ""})
        bob.post(objection_url(photo), data={"words": "Det är jag."})
    assert count_objections() == 2
    assert told(cast.cora) == [("picture_to_look_at", "")]
    assert told(cast.alice) == [("picture_objected", "")]
    bob.post(objection_url(photo), data={"words": "Det är jag till vänster."})
    client.post(objection_url(photo), data={"words": "Nej."})
    client.post(objection_url(photo), data={"words": "Någon annan skriver om."})
    words = set(db.session.scalars(select(PhotoObjection.words)))
    assert words == {"Det är jag till vänster.", "Nej."}


def test_every_address_is_answered_alike(photo: Photo, cast: Cast, client: FlaskClient) -> None:
    """One that leads nowhere, one of what is hidden, one that is withheld, and one that works."""
    hidden, withheld = make_photo(cast, "red"), make_photo(cast, "blue")
    (activity,) = whole_activities([hidden.activity_id])
    hide(activity, cast.lena, "tone", "", NOW)
    say_no(withheld)
    decide(withhold, withheld, cast.lena)
    before = count_objections()
    keys = ("0" * 32, "nonsense", hidden.key, withheld.key, photo.key)
    pages, answers = set(), set()
    for key in keys:
        page = client.get(f"/pictures/{key}/objection")
        pages.add((page.status_code, page.text.replace(key, "").count("<form")))
        assert "no-store" in page.headers["Cache-Control"]
        answer = client.post(f"/pictures/{key}/objection", data={"words": "Nej."})
        answers.add((answer.status_code, answer.location, answer.text))
    assert len(pages) == 1
    assert len(answers) == 1
    assert count_objections() == before + 1


def test_a_network_may_say_so_only_so_often(photo: Photo, cast: Cast, client: FlaskClient, as_: As) -> None:
    statuses = [client.post(objection_url(photo), data={"words": "Nej."}).status_code for _time in range(11)]
    assert statuses == [303] * 10 + [429]
    refused = client.post("/pictures/anything/objection", data={"words": "Min text."})
    assert refused.status_code == 429
    assert "Min text." in refused.text
    assert as_(cast.bob).post(objection_url(photo), data={}).status_code == 303


def test_its_author_takes_it_away_instead(photo: Photo, cast: Cast, as_: As) -> None:
    alice = as_(cast.alice)
    for answer in (alice.get(objection_url(photo)), alice.post(objection_url(photo), data={"words": ""})):
        assert answer.location == f"/activities/{photo.activity_id}/outcome#photos"
    assert count_objections() == 0


def test_a_colleague_finds_the_way_beside_the_picture_and_its_author_does_not(
    photo: Photo, cast: Cast, as_: As
) -> None:
    path = f"/activities/{photo.activity_id}"
    assert f'href="{objection_url(photo)}"' in as_(cast.bob).get(path).text
    assert f'href="{objection_url(photo)}"' not in as_(cast.alice).get(path).text


def test_it_waits_before_all_else_and_its_author_never_reads_the_words(
    photo: Photo, cast: Cast, as_: As
) -> None:
    say_no(photo, cast.bob, SECRET_WORDS)
    cora = as_(cast.cora)
    queue = cora.get("/moderation").text
    assert "1 att granska" in queue
    assert f"/moderation/pictures/{photo.id}" in queue
    page = cora.get(f"/moderation/pictures/{photo.id}").text
    assert SECRET_WORDS in page
    assert cast.bob.name not in page
    alice = as_(cast.alice)
    pages = [
        f"/activities/{photo.activity_id}",
        f"/activities/{photo.activity_id}/outcome",
        "/inbox",
        "/me/data",
    ]
    for path in pages:
        shown = alice.get(path, follow_redirects=True).text
        assert SECRET_WORDS not in shown
        assert cast.bob.name not in shown
