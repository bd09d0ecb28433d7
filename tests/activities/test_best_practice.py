"""Förebild: who may give it and undo it, who is told, and where it shows."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app.extensions import db
from app.models.activity import Activity
from app.models.best_practice import BestPractice, is_best_practice
from app.models.notification import Notification
from app.models.person import Person
from app.services.moderation.decide import hide
from tests.cast import Cast
from tests.factories import NOW, make_activity, make_outcome
from tests.unchanged import unchanged

pytestmark = pytest.mark.usefixtures("at_now")

As = Callable[[Person], FlaskClient]
WHY = "Alla kan göra det i morgon."


@pytest.fixture
def activity(cast: Cast) -> Activity:
    done = make_activity(cast.alice)
    make_outcome(done)
    return done


def lifted(activity: Activity) -> bool:
    return bool(db.session.scalar(select(is_best_practice(activity.id))))


def test_a_coordinator_lifts_it_with_a_sentence_and_undoes_it(
    cast: Cast, as_: As, activity: Activity
) -> None:
    client, address = as_(cast.cora), f"/activities/{activity.id}/best-practice"
    assert "Gör till Förebild" in client.get(f"/activities/{activity.id}").text
    assert client.post(address, data={"sentence": f" {WHY}\n"}).status_code == 303
    for person in (cast.cora, cast.charlie):
        page = as_(person).get(f"/activities/{activity.id}").text
        assert WHY in page
        assert "Cora Coster</a>, samordnare i Bjuv" in page
        feed = as_(person).get("/").text
        assert WHY in feed
        assert "Förebild" in feed
    (note,) = db.session.scalars(select(Notification).where(Notification.kind == "idea")).all()
    assert note.person_id == cast.alice.id
    assert WHY in as_(cast.alice).get("/inbox").text
    assert client.post(f"{address}/withdrawal").status_code == 303
    assert not lifted(activity)
    assert WHY not in as_(cast.charlie).get("/").text


def test_a_lead_lifts_anywhere_and_twice_is_once(cast: Cast, as_: As, activity: Activity) -> None:
    address = f"/activities/{activity.id}/best-practice"
    for sentence in (WHY, "Något annat."):
        assert as_(cast.lena).post(address, data={"sentence": sentence}).status_code == 303
    assert db.session.scalars(select(BestPractice.sentence)).all() == [WHY]
    assert "Lena Lind</a>, programledare" in as_(cast.bob).get(f"/activities/{activity.id}").text


@pytest.mark.parametrize(("sentence", "words"), [("", "Säg varför"), ("x" * 201, "Högst 200 tecken")])
def test_without_a_fitting_sentence_it_comes_back_as_it_was_written(
    cast: Cast, as_: As, activity: Activity, sentence: str, words: str
) -> None:
    answer = as_(cast.cora).post(f"/activities/{activity.id}/best-practice", data={"sentence": sentence})
    assert answer.status_code == 422
    assert words in answer.text
    assert sentence in answer.text
    assert not lifted(activity)


def test_nobody_else_and_nobody_their_own(cast: Cast, as_: As, activity: Activity) -> None:
    own = make_activity(cast.cora)
    make_outcome(own)
    others = [
        (as_(person), one.id)
        for person, one in (
            (cast.alice, activity),
            (cast.kim, activity),
            (cast.stig, activity),
            (cast.cora, own),
        )
    ]
    with unchanged():
        for client, number in others:
            address = f"/activities/{number}/best-practice"
            assert client.post(address, data={"sentence": WHY}).status_code == 403
            assert client.post(f"{address}/withdrawal").status_code == 403
            assert "Gör till Förebild" not in client.get(f"/activities/{number}").text


def test_only_what_was_carried_out_and_is_visible(cast: Cast, as_: As, activity: Activity) -> None:
    planned, failed = make_activity(cast.alice), make_activity(cast.alice)
    make_outcome(failed, carried_out=False)
    hide(activity, cast.cora, "tone", "", NOW)
    db.session.commit()
    for one in (planned, failed, activity):
        answer = as_(cast.cora).post(f"/activities/{one.id}/best-practice", data={"sentence": WHY})
        assert answer.status_code == 404
        assert not lifted(one)


def test_while_it_is_hidden_nothing_of_it_is_shown(cast: Cast, as_: As, activity: Activity) -> None:
    as_(cast.cora).post(f"/activities/{activity.id}/best-practice", data={"sentence": WHY})
    hide(activity, cast.cora, "tone", "", NOW)
    db.session.commit()
    for person in (cast.alice, cast.cora):
        assert WHY not in as_(person).get("/").text
        assert WHY not in as_(person).get(f"/activities/{activity.id}").text
