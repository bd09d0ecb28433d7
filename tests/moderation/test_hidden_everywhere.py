"""What is hidden, or rests, is gone from every place that shows or counts it, and comes back to every one when it is
restored: activities, what is said about them, and a comment alone."""

import re
from collections.abc import Callable, Collection, Iterator
from datetime import datetime
from typing import Final

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.models.contribution import Contributed
from app.models.moderation import Decision
from app.models.person import Person
from app.services.activities.checks import begin_waiting
from app.services.moderation.decide import ask, hide
from app.services.moderation.moderated_kinds import take_down
from tests.cast import Cast
from tests.moderation.onlookers import ACTIVITIES, Onlookers, Way
from tests.moderation.places import COMMENT_PLACES, MAIN, PLACES, THANKS_PLACES, Place
from tests.moderation.shown_world import DUE, LESSON, PLANNED, REPORTED, SAID, SENTENCE, STORY, THANKED

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("at_now")]


def wait(thing: Contributed, _by: Person, _reason: str, _text: str, now: datetime) -> Decision:
    """It is to be looked at before others see it, by the programme's rule."""
    decision = begin_waiting(thing, now)
    take_down(thing, now)
    return decision


_MARKS: Final = (REPORTED, STORY, LESSON, SENTENCE, PLANNED, DUE, SAID)


@pytest.fixture
def onlookers(app: Flask, cast: Cast, as_: Callable[[Person], FlaskClient]) -> Onlookers:
    return Onlookers(app, cast, as_)


def test_it_goes_and_comes_back(onlookers: Onlookers) -> None:
    _goes_and_comes_back(onlookers, PLACES, ACTIVITIES, hide)


def test_what_rests_goes_and_comes_back_and_its_points_stay(onlookers: Onlookers) -> None:
    _goes_and_comes_back(onlookers, PLACES, ACTIVITIES, ask)


def test_what_waits_to_be_published_is_nowhere_and_then_everywhere(onlookers: Onlookers) -> None:
    of_others = [place for place in PLACES if not place.is_for_makers]
    _goes_and_comes_back(onlookers, of_others, ACTIVITIES, wait)


@pytest.mark.parametrize("way", [hide, ask])
def test_a_comment_goes_and_comes_back_alone(onlookers: Onlookers, way: Way) -> None:
    _goes_and_comes_back(onlookers, COMMENT_PLACES, ("comment",), way)


def test_so_does_a_comment_that_waits_to_be_published(onlookers: Onlookers) -> None:
    of_others = [place for place in COMMENT_PLACES if not place.is_for_makers]
    _goes_and_comes_back(onlookers, of_others, ("comment",), wait)


@pytest.mark.parametrize("way", [hide, ask])
def test_thanks_go_and_come_back(onlookers: Onlookers, way: Way) -> None:
    _goes_and_comes_back(onlookers, THANKS_PLACES, ("thanks",), way)


def test_a_comment_and_what_it_is_about_are_hidden_apart(onlookers: Onlookers) -> None:
    """It is seen again when both are shown again, whichever of them comes first."""
    before = _said(onlookers)
    onlookers.hide("comment")
    alone = _said(onlookers)
    onlookers.hide("reported")
    onlookers.restore("reported")
    assert _said(onlookers) == alone
    onlookers.hide("reported")
    onlookers.restore("comment")
    assert not any(SAID in words for words in _said(onlookers).values())
    onlookers.restore("reported")
    assert _said(onlookers) == before


@pytest.mark.sqlite
def test_no_place_is_missing_and_none_is_forgotten(onlookers: Onlookers) -> None:
    """Whatever shows it, or says something else without it, is in the list; and no address shows it while it is
    hidden, whatever is asked for: thanks, a comment, activities."""
    before = onlookers.look_everywhere()
    for names, marks, places in (
        (("thanks",), (THANKED,), THANKS_PLACES),
        (("comment",), (SAID,), COMMENT_PLACES),
        (ACTIVITIES, _MARKS, PLACES),
    ):
        onlookers.hide(*names)
        hidden = onlookers.look_everywhere()
        onlookers.restore(*names)
        changed = {key for key, answer in before.items() if _words(answer) != _words(hidden[key])}
        showing = {key for key, answer in before.items() if _has(marks, answer)}
        listed = {onlookers.endpoint_of(place) for place in places}
        assert showing
        assert {endpoint for endpoint, _address, _who in changed | showing} - listed == set()
        assert [key for key, answer in hidden.items() if _has(marks, answer)] == []


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


def _goes_and_comes_back(
    onlookers: Onlookers, places: Collection[Place], names: Collection[str], way: Way
) -> None:
    before = onlookers.look(places)
    onlookers.hide(*names, way=way)
    hidden = onlookers.look(places)
    onlookers.restore(*names)
    restored = onlookers.look(places)
    faults = [
        fault
        for place in places
        for fault in _faults(place, before[place], hidden[place], restored[place], stays=way is not hide)
    ]
    assert faults == [], "\n".join(faults)


def _said(onlookers: Onlookers) -> dict[str, str]:
    """What the places of a comment say."""
    return {place.name: _words(page, place.part) for place, page in onlookers.look(COMMENT_PLACES).items()}


def _has(marks: Collection[str], answer: str) -> bool:
    return any(mark in answer for mark in marks)


def _faults(place: Place, before: str, hidden: str, restored: str, *, stays: bool) -> Iterator[str]:
    """`stays`: what it gave in points."""
    if place.mark:
        if place.mark not in before:
            yield f"{place.name}: it is not shown at first"
        if place.mark in hidden:
            yield f"{place.name}: it is shown while it is hidden"
        if place.mark not in restored:
            yield f"{place.name}: it does not come back"
        return
    says_the_same = _words(hidden, place.part) == _words(before, place.part)
    if says_the_same is not (stays and place.counts_points):
        yield f"{place.name}: says {'the same' if says_the_same else 'something else'} while it is hidden"
    if _words(restored, place.part) != _words(before, place.part):
        yield f"{place.name}: does not say the same again"


def _words(answer: str, part: str = MAIN) -> str:
    """What it says: of a page, in that part of it."""
    found = re.search(part, answer, re.DOTALL)
    return " ".join(re.sub("<[^>]*>", " ", found[0] if found else answer).split())
