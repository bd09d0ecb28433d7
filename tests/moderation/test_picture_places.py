"""A picture that somebody in it does not want goes from everything outside at once, by a decision from everywhere, and
comes back everywhere when it is released."""

from collections.abc import Callable

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.extensions import db
from app.models.moderation import Decision
from app.models.outcome import Photo
from app.models.person import Person
from app.services.activities.wholes import whole_activities
from app.services.moderation.pictures import object_to, release, withhold
from tests.cast import Cast
from tests.factories import NOW
from tests.moderation.onlookers import Onlookers
from tests.moderation.places import PICTURE_PLACES, PicturePlace

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("at_now")]


@pytest.fixture
def onlookers(app: Flask, cast: Cast, as_: Callable[[Person], FlaskClient]) -> Onlookers:
    return Onlookers(app, cast, as_)


def test_it_goes_outside_at_once_everywhere_by_a_decision_and_comes_back(
    onlookers: Onlookers, cast: Cast
) -> None:
    assert _places_that_show_it(onlookers) == set(PICTURE_PLACES)
    _object(onlookers)
    assert _places_that_show_it(onlookers) == {place for place in PICTURE_PLACES if not place.is_outside}
    _decide(onlookers, withhold, cast.lena)
    assert _places_that_show_it(onlookers) == set()
    _decide(onlookers, release, cast.lena)
    assert _places_that_show_it(onlookers) == set(PICTURE_PLACES)


@pytest.mark.sqlite
def test_no_place_is_missing_and_none_is_forgotten(onlookers: Onlookers, cast: Cast) -> None:
    """Whatever shows it is listed, and as `is_outside` if to whoever comes by; withheld, no address does."""
    listed = {onlookers.endpoint_of(place) for place in PICTURE_PLACES}
    outside = {onlookers.endpoint_of(place) for place in PICTURE_PLACES if place.is_outside}
    shown = _showing(onlookers)
    assert {endpoint for endpoint, _address, _who in shown} - listed == set()
    assert {endpoint for endpoint, _address, who in shown if who == "nobody"} - outside == set()
    _object(onlookers)
    _decide(onlookers, withhold, cast.lena)
    assert _showing(onlookers) == set()


def test_no_browser_and_no_cache_goes_on_showing_it(onlookers: Onlookers) -> None:
    for place in PICTURE_PLACES:
        said = onlookers.fetch(place.who, place.address).headers["Cache-Control"].split(", ")
        assert {"no-cache", "no-store"} & set(said), place.address


def _photo(onlookers: Onlookers) -> Photo:
    return db.session.scalars(select(Photo).where(Photo.key == onlookers.world["key"])).one()


def _object(onlookers: Onlookers) -> None:
    object_to(_photo(onlookers), None, "", NOW)
    db.session.commit()


def _decide(onlookers: Onlookers, how: Callable[..., Decision], by: Person) -> None:
    photo = _photo(onlookers)
    (activity,) = whole_activities([photo.activity_id])
    how(photo, activity, by, "", NOW)
    db.session.commit()


def _places_that_show_it(onlookers: Onlookers) -> set[PicturePlace]:
    shown = set()
    for place in PICTURE_PLACES:
        with time_machine.travel(place.at, tick=False):
            if _shows_it(onlookers, place.address, onlookers.read(place.who, place.address)):
                shown.add(place)
    return shown


def _showing(onlookers: Onlookers) -> set[tuple[str, str, str]]:
    everything = onlookers.look_everywhere()
    return {key for key, answer in everything.items() if _shows_it(onlookers, key[1], answer)}


def _shows_it(onlookers: Onlookers, address: str, answer: str) -> bool:
    """A page that asks for one of its files, or the file."""
    is_file = address.partition("?")[0].endswith(("{photo}", ".avif"))
    return answer.startswith("200") and (is_file or f"{onlookers.world['key']}-" in answer)
