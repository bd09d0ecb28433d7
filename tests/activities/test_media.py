"""Pictures are served to those who may see their activity, and to nobody else."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from app.extensions import db
from app.models.activity import Activity
from app.models.outcome import Photo
from app.models.person import Person
from app.services.moderation.decide import hide
from tests.cast import Cast
from tests.factories import NOW, make_outcome

As = Callable[[Person], FlaskClient]


def _sees(browser: FlaskClient, photo: Photo) -> bool:
    """Whether the picture is served; otherwise it is not there, and nothing of it is sent."""
    answer = browser.get(photo.url("m", "avif"))
    assert (answer.status_code, answer.mimetype) in ((200, "image/avif"), (404, "text/html"))
    return answer.status_code == 200


@pytest.mark.parametrize("kind", ["avif", "webp"])
@pytest.mark.parametrize("size", ["s", "m", "l"])
def test_each_size_comes_with_its_type_and_is_asked_for_each_time(
    photo: Photo, cast: Cast, as_: As, size: str, kind: str
) -> None:
    answer = as_(cast.alice).get(photo.url(size, kind))
    assert answer.status_code == 200
    assert answer.content_type == f"image/{kind}"
    assert answer.headers["Cache-Control"] == "private, no-cache"


def test_a_browser_that_has_it_is_not_sent_it_again(photo: Photo, cast: Cast, as_: As) -> None:
    alice = as_(cast.alice)
    first = alice.get(photo.url("s", "webp"))
    again = alice.get(photo.url("s", "webp"), headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["Cache-Control"] == "private, no-cache"


def test_before_the_report_only_its_owners_see_it(
    photo: Photo, cast: Cast, as_: As, activity: Activity
) -> None:
    assert _sees(as_(cast.alice), photo)
    assert not _sees(as_(cast.bob), photo)
    make_outcome(activity)
    assert _sees(as_(cast.charlie), photo)


def test_of_what_is_hidden_only_owners_and_its_moderators_see_it(
    photo: Photo, cast: Cast, as_: As, activity: Activity
) -> None:
    make_outcome(activity)
    hide(activity, cast.cora, "consent", "", NOW)
    db.session.commit()
    everybody = ("alice", "cora", "lena", "bob", "kim", "stig")
    assert {who for who in everybody if _sees(as_(getattr(cast, who)), photo)} == {"alice", "cora", "lena"}


def test_a_stranger_is_sent_to_sign_in(photo: Photo, client: FlaskClient) -> None:
    url = photo.url("m", "avif")
    answer = client.get(url)
    assert answer.location == f"/login?next={url}"
    assert answer.mimetype == "text/html"


@pytest.mark.parametrize("name", ["nothing", "abc-m.avif", "..%2f..%2fetc", "abc-x.webp", "abc-m.jpg"])
def test_other_names_are_not_there(cast: Cast, as_: As, name: str) -> None:
    answer = as_(cast.alice).get(f"/media/{name}")
    assert (answer.status_code, answer.mimetype) == (404, "text/html")


def test_a_picture_costs_one_query_beside_that_of_whoever_asks(
    photo: Photo, cast: Cast, as_: As, queries: list[str]
) -> None:
    url, alice = photo.url("m", "webp"), as_(cast.alice)
    alice.get(url)  # notes once an hour that the device was seen
    queries.clear()
    alice.get(url)
    assert len([query for query in queries if "photo" in query]) == 1
    assert len(queries) == 2, "who asks, on which device, and the picture"
