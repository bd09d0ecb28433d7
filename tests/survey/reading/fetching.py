"""Everybody fetches whatever is published of two surveys, and it is read."""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.extensions import db
from app.models.person import Person
from app.models.stage import Stage
from app.models.survey import Survey
from app.services.survey.publication import PUBLICATIONS
from tests.cast import Cast
from tests.factories import make_person
from tests.released_surveys import make_released
from tests.survey.reading.document import read_document
from tests.survey.reading.expected import expected
from tests.survey.reading.facts import Facts, UnreadError, facts_of
from tests.survey.reading.leftovers import leftovers
from tests.survey.reading.page import READERS
from tests.survey.reading.tree import Element, tree

PLACES: Final = ("bjuv", "klippan", "helsingborg")
NUMBER: Final = 2
NOTHING: Final[Mapping[str, Any]] = {
    "cells": [],
    "indices": None,
    "words": None,
    "others": None,
    "balance": None,
}
_OF_ANY_ANSWER: Final = {"Content-Length", "Set-Cookie"}
#: The key of a form that is sent once, however often it is tried.
_RANDOM: Final = re.compile(r'value="[\w.-]{16,}"')


class Readers:
    """A participant of each municipality, so of a small one and of a big one; all roles; and nobody."""

    def __init__(self, app: Flask, cast: Cast, as_: Callable[[Person], FlaskClient]) -> None:
        self.people = {place: make_person(place=place) for place in PLACES}
        self.people |= {"coordinator": cast.cora, "steering": cast.stig, "lead": cast.lena}
        self.speak("en")
        self._places = dict(zip(self.people, [*PLACES, "bjuv", "helsingborg", "helsingborg"], strict=True))
        self._browsers = {who: as_(person) for who, person in self.people.items()} | {
            "nobody": app.test_client()
        }
        routes = app.url_map.bind("localhost")
        rules = {endpoint: app.url_map.iter_rules(endpoint) for endpoint in PUBLICATIONS}
        self._addresses = {
            endpoint: routes.build(endpoint, dict.fromkeys(next(rules[endpoint]).arguments, NUMBER))
            for endpoint in PUBLICATIONS
        }
        for number in (1, NUMBER):
            make_released(number, [], words=None)
        self._otherwise = {(who, endpoint): self._around(who, endpoint)[1] for who, endpoint in self._all()}

    def speak(self, language: str) -> None:
        for person in self.people.values():
            person.language = language
        db.session.commit()

    def publish(self, *snapshots: Mapping[str, Any]) -> None:
        """Those of stage 1 and of stage 2."""
        surveys = db.session.scalars(select(Survey).join(Stage).order_by(Stage.number))
        for survey, snapshot in zip(surveys, snapshots, strict=True):
            survey.snapshot = json.loads(json.dumps(snapshot))
        db.session.commit()

    def read(self, *whom: str) -> dict[tuple[str, str], Facts]:
        """What each is told by each publication, or each of these people; nothing where it is refused to them.

        Raises:
            UnreadError: when anything else depends on what was answered, or may tell something of it.
        """
        told = {}
        for who, endpoint in self._all(whom):
            told[who, endpoint], around = self._around(who, endpoint)
            if around != self._otherwise[who, endpoint]:
                raise UnreadError(f"{endpoint} tells {who} something beside the place for it")
        return told

    def read_together(self, *whom: str) -> Facts:
        """What all of them are told together."""
        return _together(self.read(*whom).values())

    def demand_no_other(self, *snapshots: Mapping[str, Any]) -> Facts:
        """Publish them, and compare all that each is told with what has to be. Returns all of it together."""
        self.publish(*snapshots)
        facts = _together(facts_of(number, one, PLACES) for number, one in enumerate(snapshots, 1))
        told = self.read()
        for (who, endpoint), facts_told in told.items():
            due = expected(endpoint, facts, NUMBER, self._places[who]) if self.may_read(who, endpoint) else {}
            assert facts_told == due, f"{endpoint} tells {who}"
        return _together(told.values())

    def may_read(self, who: str, endpoint: str) -> bool:
        return bool(self._otherwise[who, endpoint][0][0] == 200)

    def fetch(self, who: str, endpoint: str) -> TestResponse:
        return self._browsers[who].get(self._addresses[endpoint])

    def _all(self, whom: Iterable[str] = ()) -> Iterable[tuple[str, str]]:
        return [(who, endpoint) for who in whom or self._browsers for endpoint in PUBLICATIONS]

    def _around(self, who: str, endpoint: str) -> tuple[Facts, Any]:
        """What is told, and all the rest of the answer."""
        answer = self.fetch(who, endpoint)
        head = [answer.status_code, sorted(one for one in answer.headers if one[0] not in _OF_ANY_ANSWER)]
        if answer.status_code != 200:
            return Facts(), [head, answer.data]
        if answer.is_json:
            document = answer.get_json()
            return read_document(document, NUMBER), [head, document]
        page = tree(_RANDOM.sub("", answer.text))
        parts = _SCOPES[endpoint](page)
        scope = Element("", {}, [*parts])
        facts = READERS[endpoint](scope, NUMBER, self._places[who])
        if left := leftovers(scope):
            raise UnreadError(f"{endpoint} also tells {who} {left}")
        for part in parts:
            part.children, part.attributes = [], {}
        return facts, [head, page.text, page.shape()]


def _together(every: Iterable[Facts]) -> Facts:
    together = Facts()
    for facts in every:
        together.add(facts)
    return together


def _main(page: Element) -> list[Element]:
    """All but the drawing, which is the same for all."""
    main = page.one("main")
    return [*main.all("div", "in"), *main.all("div", "wrap")]


def _stop(page: Element) -> list[Element]:
    return [row for row in page.all("li") if [b.text for b in row.all("b")] == ["The survey closed"]]


def _section(page: Element) -> list[Element]:
    sections = page.all("section")
    return [one for one in sections if [h2.text for h2 in one.all("h2")] == ["The engagement survey"]]


#: The parts of each page in which something is shown.
_SCOPES: Final[Mapping[str, Callable[[Element], list[Element]]]] = {
    "survey.results": _main,
    "admin.survey": _main,
    "insights.show": _section,
    "stages.index": _stop,
    "stages.show": _stop,
}
