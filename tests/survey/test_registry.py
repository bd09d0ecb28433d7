"""Every page and document of the application is fetched, to see which of them show something of a survey."""

import re
from collections.abc import Callable, Iterator
from typing import Any, Final

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from app.hidden_numbers import LENGTH
from app.models.person import Person
from app.services.survey.publication import PUBLICATIONS, UnregisteredError, published
from tests.calendar_makers import make_calendar
from tests.cast import Cast
from tests.challenge_makers import make_challenge
from tests.comment_makers import make_comment
from tests.factories import make_activity, make_outcome, make_tip, stage
from tests.lobby_makers import make_screen
from tests.message_makers import make_message
from tests.point_makers import make_question
from tests.released_surveys import cell, make_released

pytestmark = pytest.mark.usefixtures("at_now")

As = Callable[[Person], FlaskClient]

_ALONE, _TOGETHER, _FIRST_FIGURE = 619_271, 718_349, 631_100
_WORDS: Final = (("Kanariekvitter", 819_229), ("Kanariedrill", 829_317))
#: Words and figures that stand nowhere else, as they are once spaces and points are gone.
_CANARIES: Final = re.compile("Kanarie|819229|829317|6311[2-5][0-9]|619271|718349|1337620")
_VIEWERS: Final = ("alice", "charlie", "cora", "lena", "stig")
#: How the same address is asked for.
_WAYS: Final[tuple[dict[str, str], ...]] = (
    {},
    {"HX-Request": "true", "HX-Current-URL": "http://localhost/"},
    {"Accept": "application/json"},
)


@pytest.mark.slow
def test_what_shows_a_figure_is_registered_and_what_is_registered_shows_one(
    app: Flask, cast: Cast, as_: As
) -> None:
    _plant()
    arguments = _arguments(cast)
    viewers = [as_(getattr(cast, viewer)) for viewer in _VIEWERS] + [app.test_client()]
    showing = {
        rule.endpoint
        for rule, path in _addresses(app, arguments)
        for viewer in viewers
        for headers in _WAYS
        if _shows(viewer.get(path, headers=headers).data)
    }
    assert showing == set(PUBLICATIONS)


def test_nothing_is_told_to_what_is_not_registered(app: Flask) -> None:
    make_released()
    with pytest.raises(UnregisteredError):
        published("lobby.index", stage())


def _plant() -> None:
    """In two stages, so that what stands beside the stage before is there too."""
    for number, (word, count) in enumerate(_WORDS, 1):
        ours, theirs, of_all, shares = (
            [_FIRST_FIGURE + 20 * number + 3 * part + one for one in range(3)] for part in range(4)
        )
        cells = [
            cell("bjuv", n=_ALONE, figures=ours),
            cell("klippan", "helsingborg", n=_TOGETHER, figures=theirs),
        ]
        make_released(number, cells, words=[(word, count, "negative")], figures=of_all, balance=shares)


def _shows(body: bytes) -> bool:
    plain = re.sub(r"[\s.,\xa0\u202f]|&nbsp;", "", body.decode("utf-8", "ignore"))
    return _CANARIES.search(plain) is not None


def _addresses(app: Flask, arguments: dict[str, Any]) -> Iterator[tuple[Rule, str]]:
    """Every address that can be asked for; a new kind of argument needs its row in `_arguments`."""
    routes = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()):
            values = {name: _argument(rule, name, arguments) for name in rule.arguments}
            yield rule, routes.build(rule.endpoint, values, method="GET")


def _argument(rule: Rule, name: str, arguments: dict[str, Any]) -> Any:
    return arguments.get(f"{rule.endpoint} {name}", arguments.get(name)) or pytest.fail(
        f"no {name} is known for {rule.rule}"
    )


def _arguments(cast: Cast) -> dict[str, Any]:
    """By the name of an argument, or by endpoint and name: something that is there."""
    done = make_activity(cast.alice)
    make_outcome(done)
    return {
        "activity_id": done.id,
        "challenge_id": make_challenge().id,
        "code": "join-bjuv",
        "comment_id": make_comment(done, cast.bob, "Går bussen hem?").id,
        "contribution_id": done.id,
        "entry_id": make_question(cast.alice).entry_id,
        "hidden": "A" * LENGTH,
        "key": "0" * 32,
        "kind": "municipality",
        "message_id": make_message(cast.lena).id,
        "name": "0" * 32 + ".webp",
        "number": 2,
        "conversation.about number": done.id,
        "place": "activities",
        "pasted": "join-bjuv",
        "_capitals": "JOIN",
        "person_id": cast.charlie.id,
        "photo_id": 1,
        "secret": make_screen(cast.lena),
        "slug": "bjuv",
        "badges.show slug": "first-report",
        "tip_id": make_tip(cast.alice).id,
        "token": make_calendar(cast.alice).removeprefix("/calendar/").removesuffix(".ics"),
    }
