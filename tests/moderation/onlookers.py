"""Everybody's browsers around activities that are hidden and restored: what they are shown at every address."""

import re
from collections.abc import Callable, Collection, Iterator
from itertools import product
from typing import Final

import time_machine
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.extensions import db
from app.models.contribution import Contributed
from app.models.moderation import Decision
from app.models.person import Person
from app.services.moderation.decide import hide, restore
from app.services.moderation.queue import reviewable
from tests.cast import Cast
from tests.digests import digest_at, local
from tests.factories import NOW
from tests.moderation.places import PLACES, PicturePlace, Place
from tests.moderation.shown_world import make_shown_world
from tests.taken_back import taken_back

#: The deciding of a moderator that takes something out of sight.
Way = Callable[..., Decision]
#: The three of Alice's that are hidden.
ACTIVITIES: Final = ("reported", "planned", "due")
#: Those who are neither its owner nor its moderator.
_OTHERS: Final = ("nobody", "charlie", "bob", "kim", "stig")
#: What stands for the parts of addresses: names of the world, or what is written as it is.
_PARTS: Final[dict[str, tuple[str, ...]]] = {
    "activity_id": ("{reported}", "{planned}", "{due}", "{alike}", "{borrowed}"),
    "contribution_id": ("{reported}", "{planned}", "{comment}", "{thanks}"),
    "challenge_id": ("{challenge}",),
    "tip_id": ("{lesson}",),
    "person_id": ("{owner}", "{thanked}"),
    "photo_id": ("{picture}",),
    "entry_id": ("1",),
    "number": ("1", "2", "{reported}", "{thanks}"),
    "place": ("activities",),
    "comment_id": ("{comment}",),
    "message_id": ("1",),
    "token": ("{calendar}", "{close}"),
    "secret": ("{screen}",),
    "name": ("{photo}", "halfway"),
    "slug": ("bjuv", "first-report", "idea-giver"),
    "key": ("{key}",),
    "code": ("join-bjuv",),
    "pasted": ("join-bjuv",),
    "_capitals": ("JOIN",),
    "hidden": ("AAAAAAAAAAAAAAAAAAAAAA",),
}
#: All that forms and filters ask for, at once.
_ASKED: Final = (
    "?q=krusbär&value=valkomnande&focus_area={area}&like={reported}&idea={reported}&shown={lesson}&heeding={lesson}"
    "&planned_for=2026-11-12&since=1-1"
)


class Onlookers:
    """The browsers of everybody, and the world that they look at."""

    def __init__(self, app: Flask, cast: Cast, as_: Callable[[Person], FlaskClient]) -> None:
        self._app, self._cast = app, cast
        self.world = make_shown_world(cast)
        people = ("alice", "bob", "charlie", "cora", "kim", "stig")
        self._browsers = {name: as_(getattr(cast, name)) for name in people} | {"nobody": app.test_client()}

    def read(self, who: str, address: str, *, is_part: bool = False) -> str:
        """The status and what is answered, of whatever kind; a search marks what it has found."""
        answer = self.fetch(who, address, is_part=is_part)
        return f"{answer.status_code} {re.sub('</?mark>', '', answer.data.decode(errors='replace'))}"

    def fetch(self, who: str, address: str, *, is_part: bool = False) -> TestResponse:
        for limit in self._app.extensions["limiter"]:
            limit.reset()
        headers = {"HX-Request": "true"} if is_part else {}
        with taken_back():  # looking at an inbox marks it as read
            return self._browsers[who].get(address.format(**self.world), headers=headers)

    def letters(self, to: Person) -> str:
        """What that person's next digest says, on the morning after NOW."""
        with taken_back():
            return "".join(
                letter.text for letter in digest_at(local("2026-11-11 08:30")) if letter.to == to.email
            )

    def look(self, places: Collection[Place] = PLACES) -> dict[Place, str]:
        return {place: self._look_at(place) for place in places}

    def look_everywhere(self) -> dict[tuple[str, str, str], str]:
        """What others are shown: by endpoint, address and onlooker."""
        return {
            (endpoint, address, who): self.read(who, address, is_part=is_part)
            for endpoint, plain in self._addresses()
            for address, is_part in (
                (plain, False),
                (plain + _ASKED, True),
                (plain + _ASKED + "&as=page", False),
            )
            for who in _OTHERS
        }

    def endpoint_of(self, place: Place | PicturePlace) -> str:
        path = place.address.format(**self.world).partition("?")[0]
        endpoint, _arguments = self._app.url_map.bind("localhost").match(path)
        return str(endpoint)

    def hide(self, *names: str, way: Way = hide) -> None:
        """Those things of the world; `ask` is the other way, by which they rest."""
        for name in names or ACTIVITIES:
            way(self._thing(name), self._cast.lena, "tone", "Skriv om det vänligare.", NOW)
        db.session.commit()

    def restore(self, *names: str) -> None:
        for name in names or ACTIVITIES:
            restore(self._thing(name), self._cast.lena, NOW)
        db.session.commit()

    def _thing(self, name: str) -> Contributed:
        found: Contributed = reviewable(self.world[name], self._cast.lena)
        return found

    def _look_at(self, place: Place) -> str:
        with time_machine.travel(place.at, tick=False):
            return self.read(place.who, place.address, is_part=place.is_part)

    def _addresses(self) -> Iterator[tuple[str, str]]:
        """Of all that is fetched. A new part of an address needs something to stand for it (`_PARTS`)."""
        for rule in self._app.url_map.iter_rules():
            if "GET" not in (rule.methods or ()):
                continue
            for parts in product(*(_PARTS[name] for name in sorted(rule.arguments))):
                address = rule.rule
                for name, part in zip(sorted(rule.arguments), parts, strict=True):
                    address = re.sub(rf"<(?:[^<>:]*:)?{name}>", part, address)
                yield rule.endpoint, address
