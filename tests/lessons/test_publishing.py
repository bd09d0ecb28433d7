"""The lessons are published once, and everybody is told once."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.extensions import db
from app.models.notification import Kind, Notification
from app.models.person import Person
from app.services.moderation.decide import hide
from app.services.notifications.kinds import words_of
from app.services.notifications.notify import notify
from app.services.people.membership import leave
from app.services.stages import lesson_publishing
from app.services.stages.lesson_publishing import publish_lessons, tell_everybody
from app.services.stages.lessons import set_of
from tests.cast import Cast
from tests.factories import NOW, make_person, stage
from tests.lesson_makers import LEARNING, chosen, make_two, publish, tip_of

As = Callable[[Person], FlaskClient]
_PUBLISH = "/stages/2/lessons/publication"

pytestmark = pytest.mark.usefixtures("learning")


def _told() -> dict[int, str]:
    stage_news = select(Notification).where(Notification.kind == Kind.STAGE)
    return {note.person_id: note.url for note in db.session.scalars(stage_news)}


@pytest.mark.parametrize("who", ["cora", "lena"])
def test_a_coordinator_or_lead_publishes(who: str, cast: Cast, as_: As) -> None:
    make_two(cast.bob)
    answer = as_(getattr(cast, who)).post(_PUBLISH, follow_redirects=True)
    assert "Publicerat. Alla får veta det" in answer.text
    assert "Det här tar vi med oss." in answer.text
    lessons = set_of(stage())
    assert lessons
    assert (lessons.published_at, lessons.published_by_id) == (LEARNING, getattr(cast, who).id)


@pytest.mark.parametrize("who", ["alice", "stig"])
def test_nobody_else_does(who: str, cast: Cast, as_: As) -> None:
    make_two(cast.bob)
    assert as_(getattr(cast, who)).post(_PUBLISH).status_code == 403


def test_without_a_lesson_nothing_is_published(cast: Cast, as_: As) -> None:
    browser = as_(cast.lena)
    assert "Välj minst en lärdom först." in browser.post(_PUBLISH, follow_redirects=True).text
    success, pitfall = make_two(cast.bob)
    for lesson in (success, pitfall):
        hide(tip_of(lesson), cast.cora, "tone", "", NOW)
    db.session.commit()
    assert "Välj minst en lärdom först." in browser.post(_PUBLISH, follow_redirects=True).text


def test_a_second_time_changes_nothing(cast: Cast, as_: As) -> None:
    make_two(cast.bob)
    publish(cast.lena)
    assert publish_lessons(stage(), by=cast.cora, now=LEARNING) is False
    assert "De är redan publicerade." in as_(cast.cora).post(_PUBLISH, follow_redirects=True).text
    lessons = set_of(stage())
    assert lessons
    assert lessons.published_by_id == cast.lena.id


def test_what_is_published_can_be_corrected(cast: Cast, as_: As) -> None:
    success, _pitfall = make_two(cast.bob)
    publish(cast.lena)
    words = {"heading": "Ta med en klass", "text": "", "change": "", "seen": success.changed_at.isoformat()}
    as_(cast.cora).post(f"/stages/2/lessons/{success.id}", data=words)
    assert "Ta med en klass" in as_(cast.alice).get("/stages/2/lessons").text
    assert len(chosen()) == 2


def test_everybody_is_told_once_also_in_portions(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lesson_publishing, "_PORTION", 2)
    make_two(cast.bob)
    gone = make_person("Lage Lämnat")
    leave(gone, now=NOW)
    people = [cast.alice, cast.bob, cast.cora, cast.lena, cast.stig]
    assert tell_everybody(LEARNING, commit=db.session.commit) == 0
    publish(cast.lena)
    everybody = db.session.scalar(select(func.count()).where(Person.is_present))
    assert tell_everybody(LEARNING, commit=db.session.commit) == everybody
    assert tell_everybody(LEARNING, commit=db.session.commit) == 0
    assert {person.id for person in people} <= set(_told())
    assert set(_told().values()) == {"/stages/2/lessons"}
    assert gone.id not in _told()


def test_somebody_who_cannot_be_told_keeps_it_from_nobody_else(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_two(cast.bob)
    unlucky = cast.alice.id
    publish(cast.lena)

    def break_for_her(person_ids: Sequence[int], *args: Any, **more: Any) -> int:
        if unlucky in person_ids:
            raise RuntimeError("broken")
        return notify(person_ids, *args, **more)

    monkeypatch.setattr(lesson_publishing, "notify", break_for_her)
    everybody = set(db.session.scalars(select(Person.id).where(Person.is_present)))
    assert tell_everybody(LEARNING, commit=db.session.commit) == len(everybody) - 1
    assert set(_told()) == everybody - {unlucky}


def test_whoever_was_told_before_the_worker_died_is_not_told_again(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lesson_publishing, "_PORTION", 1)
    make_two(cast.bob)
    publish(cast.lena)

    def die_after_the_first() -> None:
        db.session.commit()
        raise RuntimeError

    with pytest.raises(RuntimeError):
        tell_everybody(LEARNING, commit=die_after_the_first)
    everybody = db.session.scalar(select(func.count()).where(Person.is_present)) or 0
    assert tell_everybody(LEARNING, commit=db.session.commit) == everybody - 1
    assert (
        len(db.session.scalars(select(Notification).where(Notification.kind == Kind.STAGE)).all())
        == everybody
    )


@pytest.mark.usefixtures("app")
def test_its_words_stand_in_both_languages() -> None:
    about = {"step": "lessons", "number": 2, "name": {"sv": "Över gränsen"}}
    assert words_of(Kind.STAGE, about, "sv").title == "Det här lärde vi oss"
    assert words_of(Kind.STAGE, about, "en").title == "This is what we learned"
