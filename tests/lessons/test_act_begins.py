"""The acting opens with the first lesson of the stage before, if its lessons are published."""

from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import select

from app.extensions import db
from app.models.lesson import StageLesson
from app.models.notification import Kind, Notification
from app.models.person import Person
from app.models.stage import Stage
from app.models.tip import Tip
from app.services.activities.cheer import cheer
from app.services.activities.tips import TIP_RELATIONS
from app.services.moderation.decide import hide
from app.services.notifications.inbox import contents_to_withhold
from app.services.notifications.kinds import words_of
from app.services.stages.run_playbook import run_playbook
from tests.cast import Cast
from tests.factories import NOW, make_activity, make_outcome
from tests.lesson_makers import draft, make_third_stage, make_two, publish, tip_of

pytestmark = pytest.mark.usefixtures("learning")

_ACTS = datetime(2027, 2, 15, 9, 0, tzinfo=UTC)
_PLAIN = {
    "sv": "Planera något konkret. Det tar en minut.",
    "en": "Plan something concrete. It takes a minute.",
}


@pytest.fixture
def third(app: Flask) -> Stage:
    return make_third_stage()


@pytest.fixture
def lesson(cast: Cast, third: Stage) -> StageLesson:
    """The first of what stage 2 taught, published."""
    success, _pitfall = make_two(cast.bob)
    publish(cast.cora)
    return success


def _told(person: Person) -> Notification:
    run_playbook(_ACTS, commit=db.session.commit)
    mine = select(Notification).where(
        Notification.person_id == person.id, Notification.key.like("stage:3:activate%")
    )
    return db.session.scalars(mine).one()


def _body(told: Notification, language: str, **state: bool) -> str:
    return words_of(told.kind, told.parameters, language, **state).body


@pytest.mark.usefixtures("lesson")
def test_it_names_the_first_lesson_and_leads_to_them_all(cast: Cast) -> None:
    told = _told(cast.alice)
    assert told.url == "/stages/2/lessons"
    assert _body(told, "sv") == f"Börja med det vi vet: ”Ta med skolan”. {_PLAIN['sv']}"
    assert _body(told, "en") == f"Begin with what we know: “Ta med skolan”. {_PLAIN['en']}"


@pytest.mark.usefixtures("lesson")
@pytest.mark.parametrize(
    ("who", "ending"), [("cora", "Planera något själv och ta med en kollega."), ("stig", "")]
)
def test_those_who_plan_are_told_it_whatever_their_role(cast: Cast, who: str, ending: str) -> None:
    told = _told(getattr(cast, who))
    assert ("Ta med skolan" in _body(told, "sv")) == bool(ending)
    assert _body(told, "sv").endswith(ending)


@pytest.mark.usefixtures("third")
@pytest.mark.parametrize("drafted", [True, False])
def test_without_published_ones_it_asks_for_a_plan_alone(cast: Cast, drafted: bool) -> None:
    if drafted:
        make_two(cast.bob)
    told = _told(cast.alice)
    assert told.url == "/activities/new"
    assert {language: _body(told, language) for language in _PLAIN} == _PLAIN


def test_a_lesson_that_is_hidden_is_named_no_more(cast: Cast, lesson: StageLesson) -> None:
    told = _told(cast.alice)
    hide(tip_of(lesson), cast.cora, "tone", "", _ACTS)
    db.session.commit()
    assert contents_to_withhold([told]) == [told]
    assert {language: _body(told, language, taken_away=True) for language in _PLAIN} == _PLAIN


@pytest.mark.usefixtures("third")
def test_nor_one_whose_activity_is_hidden(cast: Cast) -> None:
    activity = make_activity(cast.bob)
    make_outcome(activity, success="Ta med skolan", pitfall="")
    cheer(db.session.scalars(select(Tip).options(*TIP_RELATIONS)).one(), cast.alice, now=NOW)
    draft()
    publish(cast.cora)
    told = _told(cast.alice)
    assert "Ta med skolan" in _body(told, "sv")
    assert contents_to_withhold([told]) == []
    hide(activity, cast.cora, "tone", "", _ACTS)
    db.session.commit()
    assert contents_to_withhold([told]) == [told]


@pytest.mark.usefixtures("third")
def test_if_the_first_is_hidden_it_names_the_next(cast: Cast) -> None:
    success, _pitfall = make_two(cast.bob)
    publish(cast.cora)
    hide(tip_of(success), cast.cora, "tone", "", _ACTS)
    db.session.commit()
    told = _told(cast.alice)
    assert told.kind == Kind.STAGE
    assert "Boka inte en lördag" in _body(told, "sv")
