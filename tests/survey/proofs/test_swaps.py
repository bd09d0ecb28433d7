"""Nothing changes by answering, and nothing tells who answered what: not a row, and not a byte of any page.

Compared: every row of every table, and every address as a colleague, a coordinator and a lead see it.
Tried: nobody answered; thirty did; thirty others; after closing, others with the same answers, and more people.
"""

from collections.abc import Callable

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.extensions import db
from app.gateways.survey_keys import SurveyKeys
from app.models.activity import Activity
from app.models.notification import Kind
from app.models.person import Person
from app.models.survey import Survey
from app.services.notifications.notify import notify
from app.services.points.award import balance_challenge
from app.services.survey import answering
from app.services.survey.publication import PUBLICATIONS
from tests.cast import Cast
from tests.factories import make_activity, make_person
from tests.survey.proofs.pages import BOX, apart, rows, seen_by
from tests.survey_makers import AFTERWARDS, MEASURING, answer_as, close_now, make_survey
from tests.unchanged import unchanged

#: Every page, by who sees it and its endpoint; and every row.
_Seen = tuple[dict[tuple[str, str], bytes], set[str]]
_PLACES = ("bjuv", "klippan", "helsingborg")


class Scene:
    """A survey with 36 people, twelve in each municipality, and three who look."""

    def __init__(
        self, app: Flask, keys: SurveyKeys, cast: Cast, as_: Callable[[Person], FlaskClient]
    ) -> None:
        self.app, self.keys = app, keys
        self.survey_id = make_survey(keys).stage_id
        self.people = [make_person(place=_PLACES[number % 3]).id for number in range(36)]
        make_activity(db.session.get_one(Person, self.people[0]))
        lookers = {"colleague": cast.alice, "coordinator": cast.cora, "lead": cast.lena}
        with time_machine.travel(MEASURING, tick=False):  # a cookie from the future is none
            self.browsers = {name: as_(person) for name, person in lookers.items()}
        db.session.commit()

    def answered_by(self, numbers: range, *, closed: bool = False, pages: bool = True) -> _Seen:
        """What is seen and kept when these have answered. Of ten each in a municipality all answer something else, and
        the ten after them the same."""
        found: list[_Seen] = []

        def step() -> None:
            for number in numbers:
                self._answer(number)
            if closed:
                close_now(db.session.get_one(Survey, self.survey_id), self.keys)
            kept = rows(BOX)  # before somebody looks, which may note what was read
            found.append((seen_by(self.app, self.browsers) if pages else {}, kept))

        with time_machine.travel(AFTERWARDS if closed else MEASURING, tick=False):
            apart(step)
        return found[0]

    def _answer(self, number: int) -> None:
        survey, person = (
            db.session.get_one(Survey, self.survey_id),
            db.session.get_one(Person, self.people[number]),
        )
        mark = 1 + number // 3 % 10 % 5
        words = [("Trygg", "positive")] if mark > 2 else [("Trött", "negative")]
        answer_as(survey, person, mark, mark, mark, mark, words=words)
        db.session.commit()


@pytest.fixture
def scene(
    app: Flask,
    keys: SurveyKeys,
    cast: Cast,
    as_: Callable[[Person], FlaskClient],
    monkeypatch: pytest.MonkeyPatch,
) -> Scene:
    # It is closed several times, each taken back, with the same key.
    monkeypatch.setattr(SurveyKeys, "destroy", lambda *_: None)
    monkeypatch.setattr(SurveyKeys, "keep_released", lambda *_: None)
    return Scene(app, keys, cast, as_)


def test_answering_writes_nothing_but_ballot_and_participation(app: Flask, keys: SurveyKeys) -> None:
    survey, person = make_survey(keys), make_person()
    with unchanged(but=BOX):
        assert answer_as(survey, person)
        db.session.commit()


@pytest.mark.slow
def test_no_page_and_no_row_tells_who_answered_or_that_anybody_did(scene: Scene) -> None:
    nobody, some, others = (scene.answered_by(who) for who in (range(0), range(30), range(6, 36)))
    assert sum(answer.startswith(b"200") for answer in nobody[0].values()) > 100
    _assert_same(nobody, some)
    _assert_same(some, others)


@pytest.mark.slow
def test_when_it_is_closed_only_what_is_published_differs_and_not_by_who_answered_what(scene: Scene) -> None:
    """The same answers of others; and then of more people, so that the results differ: but for the pages of the
    register none does. One that shows a result past it fails here."""
    some, others, more = (scene.answered_by(who, closed=True) for who in (range(30), range(6, 36), range(36)))
    _assert_same(some, others)
    differing = {endpoint for who, endpoint in some[0] if some[0][who, endpoint] != more[0][who, endpoint]}
    assert differing <= set(PUBLICATIONS)
    assert some[1] != more[1]


def test_a_notice_for_answering_would_be_seen(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    about = {"event": "open", "number": 2, "last_day": "2026-09-27"}
    _also(
        monkeypatch,
        lambda: notify(
            [scene.people[3]], Kind.SURVEY, key="thanks", url="/", parameters=about, now=MEASURING
        ),
    )
    _assert_is_seen(scene)


def test_points_for_answering_would_be_seen(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    def give_points() -> None:
        activity = db.session.scalars(select(Activity)).one()
        balance_challenge(activity, activity.owner_id, 10, MEASURING)

    _also(monkeypatch, give_points)
    _assert_is_seen(scene)


def _also(monkeypatch: pytest.MonkeyPatch, do: Callable[[], object]) -> None:
    """Do that too whenever somebody answers."""
    sealed = answering.sealed
    monkeypatch.setattr(answering, "sealed", lambda *args: (do(), sealed(*args))[1])


def _assert_is_seen(scene: Scene) -> None:
    nobody = scene.answered_by(range(0), pages=False)
    with pytest.raises(AssertionError):
        _assert_same(nobody, scene.answered_by(range(1), pages=False))


def _assert_same(one: _Seen, other: _Seen) -> None:
    assert sorted(one[1] ^ other[1]) == []
    assert [key for key in one[0] if one[0][key] != other[0][key]] == []
