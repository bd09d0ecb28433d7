"""What is hidden is gone from every place that shows or counts it, and comes back to every one when it is restored."""

import re
from collections.abc import Callable, Iterator
from typing import Final

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.models.person import Person
from tests.cast import Cast
from tests.moderation.onlookers import Onlookers
from tests.moderation.places import MAIN, PLACES, Place
from tests.moderation.shown_world import DUE, LESSON, PLANNED, REPORTED, SENTENCE, STORY

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("at_now")]

_MARKS: Final = (REPORTED, STORY, LESSON, SENTENCE, PLANNED, DUE)


@pytest.fixture
def onlookers(app: Flask, cast: Cast, as_: Callable[[Person], FlaskClient]) -> Onlookers:
    return Onlookers(app, cast, as_)


def test_it_goes_and_comes_back(onlookers: Onlookers) -> None:
    before = onlookers.look()
    onlookers.hide()
    hidden = onlookers.look()
    onlookers.restore()
    restored = onlookers.look()
    faults = [
        fault for place in PLACES for fault in _faults(place, before[place], hidden[place], restored[place])
    ]
    assert faults == [], "\n".join(faults)


@pytest.mark.sqlite
def test_no_place_is_missing_and_none_is_forgotten(onlookers: Onlookers) -> None:
    """Whatever shows it, or says something else without it, is in the list; and no address shows it while it is
    hidden, whatever is asked for."""
    before = onlookers.look_everywhere()
    onlookers.hide()
    hidden = onlookers.look_everywhere()
    changed = {key for key, answer in before.items() if _words(answer) != _words(hidden[key])}
    showing = {key for key, answer in before.items() if _marks_in(answer)}
    listed = {onlookers.endpoint_of(place) for place in PLACES}
    assert {endpoint for endpoint, _address, _who in changed | showing} - listed == set()
    assert {key: _marks_in(answer) for key, answer in hidden.items() if _marks_in(answer)} == {}


def test_no_browser_goes_on_showing_it(onlookers: Onlookers) -> None:
    """Pages and pictures are asked for anew, or not kept at all; the worker keeps a feed with what it holds until the
    next one comes."""
    kept = {}
    for place in PLACES:
        headers = onlookers.fetch(place.who, place.address, is_part=place.is_part).headers
        kept[place.name] = headers.get("Cache-Control", "")
    assert {
        name: said for name, said in kept.items() if not {"no-cache", "no-store"} & set(said.split(", "))
    } == {}


def test_no_letter_names_it(onlookers: Onlookers, cast: Cast) -> None:
    assert PLANNED in onlookers.letters(cast.charlie)
    onlookers.hide()
    assert PLANNED not in onlookers.letters(cast.charlie)
    onlookers.restore()
    assert PLANNED in onlookers.letters(cast.charlie)


@pytest.mark.parametrize("who", ["alice", "cora"])
def test_its_owner_and_its_moderators_see_it_and_why(onlookers: Onlookers, who: str) -> None:
    onlookers.hide()
    page = onlookers.read(who, "/activities/{reported}")
    assert all(words in page for words in (REPORTED, STORY, LESSON, "Skriv om det vänligare."))


def _marks_in(answer: str) -> list[str]:
    return [mark for mark in _MARKS if mark in answer]


def _faults(place: Place, before: str, hidden: str, restored: str) -> Iterator[str]:
    if place.mark:
        if place.mark not in before:
            yield f"{place.name}: it is not shown at first"
        if place.mark in hidden:
            yield f"{place.name}: it is shown while it is hidden"
        if place.mark not in restored:
            yield f"{place.name}: it does not come back"
        return
    if _words(hidden, place.part) == _words(before, place.part):
        yield f"{place.name}: says the same while it is hidden"
    if _words(restored, place.part) != _words(before, place.part):
        yield f"{place.name}: does not say the same again"


def _words(answer: str, part: str = MAIN) -> str:
    """What it says: of a page, in that part of it."""
    found = re.search(part, answer, re.DOTALL)
    return " ".join(re.sub("<[^>]*>", " ", found[0] if found else answer).split())
