"""Det blev fel: every entry can be asked about; the coordinator answers and may set it right, once."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.extensions import db
from app.models.ledger import PersonTotal
from app.models.notification import Kind, Notification
from app.models.person import Person
from app.models.point_question import PointQuestion
from app.services.activities.visibility import whole_activity
from app.services.moderation.decide import hide
from app.services.points.questions import (
    AlreadyAnsweredError,
    AlreadyAskedError,
    NotReversibleError,
    answer,
    waiting,
)
from app.services.upkeep.audit import verify
from tests.cast import Cast
from tests.factories import NOW, make_activity, make_outcome
from tests.point_makers import entry_of, make_question
from tests.unchanged import unchanged

pytestmark = pytest.mark.usefixtures("at_now")

As = Callable[[Person], FlaskClient]
QUEUE = "/points/questions"
WORDS = "Jag var sjuk den dagen."


def points_of(person: Person) -> int:
    return db.session.scalar(select(func.sum(PersonTotal.points)).filter_by(person_id=person.id)) or 0


def told(person: Person) -> list[str]:
    notes = select(Notification.url).where(
        Notification.person_id == person.id, Notification.kind == Kind.POINTS
    )
    return list(db.session.scalars(notes))


@pytest.fixture
def alices(cast: Cast) -> Cast:
    _ = cast.cora, cast.kim, cast.lena
    make_activity(cast.alice, title="Fika i parken")
    return cast


def test_a_row_leads_to_the_question_which_goes_to_the_coordinator(alices: Cast, as_: As) -> None:
    browser, address = as_(alices.alice), f"/me/points/{entry_of(alices.alice).id}/question"
    assert f'href="{address}"' in browser.get("/me/points").text
    assert "Fika i parken" in browser.get(address).text
    sent = browser.post(address, data={"text": WORDS})
    assert (sent.status_code, sent.location) == (303, address)
    assert WORDS in browser.get(address).text
    assert "Du har frågat" in browser.get("/me/points").text
    assert [told(person) for person in (alices.cora, alices.kim, alices.lena)] == [[QUEUE], [], []]


def test_the_leads_are_asked_where_there_is_no_coordinator_and_a_coordinator_by_another(cast: Cast) -> None:
    _ = cast.lena
    for person in (cast.alice, cast.kim):
        make_activity(person)
        make_question(person)
    assert told(cast.lena) == [QUEUE, QUEUE]
    assert told(cast.kim) == []


@pytest.mark.parametrize("text", ["", "   ", "x" * 1001])
def test_a_question_without_words_comes_back(alices: Cast, as_: As, hx: dict[str, str], text: str) -> None:
    browser, address = as_(alices.alice), f"/me/points/{entry_of(alices.alice).id}/question"
    with unchanged():
        page = browser.post(address, data={"text": text})
        fragment = browser.post(address, data={"text": text}, headers=hx)
    assert (page.status_code, fragment.status_code) == (422, 422)
    assert text.strip() in page.text
    assert "<!doctype" not in fragment.text


def test_one_question_is_open_at_a_time(alices: Cast, as_: As) -> None:
    make_question(alices.alice)
    with pytest.raises(AlreadyAskedError):
        make_question(alices.alice)
    address = f"/me/points/{entry_of(alices.alice).id}/question"
    as_(alices.alice).post(address, data={"text": "En gång till."})
    assert db.session.scalar(select(func.count()).select_from(PointQuestion)) == 1


def test_nobody_asks_about_the_points_of_others(alices: Cast, as_: As) -> None:
    address = f"/me/points/{entry_of(alices.alice).id}/question"
    browser = as_(alices.bob)
    assert [browser.get(address).status_code, browser.post(address, data={"text": WORDS}).status_code] == [
        404,
        404,
    ]


def test_the_coordinator_answers_and_takes_the_points_away(alices: Cast, as_: As) -> None:
    question = make_question(alices.alice)
    browser = as_(alices.cora)
    queue = browser.get(QUEUE).text
    assert "1 fråga om poäng" in queue
    assert WORDS in queue
    assert "Ta bort 10 poäng" in queue
    assert "1 väntar" in browser.get("/me").text
    sent = browser.post(f"{QUEUE}/{question.id}/answer", data={"text": "Du har rätt.", "reverse": "y"})
    assert (sent.status_code, sent.location) == (303, QUEUE)
    assert "Ingen fråga väntar" in browser.get(QUEUE).text
    assert (points_of(alices.alice), verify()) == (0, [])
    assert told(alices.alice) == [f"/me/points/{question.entry_id}/question"]
    page = as_(alices.alice).get(told(alices.alice)[0]).text
    assert "Du har rätt." in page
    assert "−10 poäng" in page


def test_an_answer_alone_changes_no_points(alices: Cast, as_: As, hx: dict[str, str]) -> None:
    question = make_question(alices.alice)
    sent = as_(alices.cora).post(f"{QUEUE}/{question.id}/answer", data={"text": "Det stämmer."}, headers=hx)
    assert (sent.status_code, points_of(alices.alice)) == (200, 10)
    assert "Besvarad. Den som frågade har fått veta det." in sent.text
    assert "<!doctype" not in sent.text


def test_an_answer_without_words_comes_back(alices: Cast, as_: As) -> None:
    question, browser = make_question(alices.alice), as_(alices.cora)
    with unchanged():
        sent = browser.post(f"{QUEUE}/{question.id}/answer", data={"text": "", "reverse": "y"})
    assert (sent.status_code, "checked" in sent.text) == (422, True)


def test_others_do_not_see_it_nor_answer_it(alices: Cast, as_: As) -> None:
    question = make_question(alices.alice)
    address, said = f"{QUEUE}/{question.id}/answer", {"text": "Nej."}
    assert WORDS not in as_(alices.kim).get(QUEUE).text
    assert as_(alices.kim).post(address, data=said).status_code == 404
    assert (
        as_(alices.bob).get(QUEUE).status_code == as_(alices.bob).post(address, data=said).status_code == 403
    )
    assert WORDS in as_(alices.lena).get(QUEUE).text


def test_nobody_answers_their_own(cast: Cast, as_: As) -> None:
    make_activity(cast.cora)
    question = make_question(cast.cora)
    browser = as_(cast.cora)
    assert WORDS not in browser.get(QUEUE).text
    assert browser.post(f"{QUEUE}/{question.id}/answer", data={"text": "Ja!"}).status_code == 404


def test_the_second_answer_comes_too_late(alices: Cast, as_: As) -> None:
    question = make_question(alices.alice)
    answer(question, alices.cora, "Ja.", True, NOW)
    db.session.commit()
    with pytest.raises(AlreadyAnsweredError):
        answer(question, alices.lena, "Nej.", False, NOW)
    db.session.rollback()
    sent = as_(alices.lena).post(f"{QUEUE}/{question.id}/answer", data={"text": "Nej."})
    assert (sent.status_code, points_of(alices.alice)) == (303, 0)


def test_an_entry_is_set_right_once(alices: Cast) -> None:
    answer(make_question(alices.alice), alices.cora, "Ja.", True, NOW)
    again = make_question(alices.alice)
    (item,) = waiting(alices.cora).items
    assert item.reversal == 0
    with pytest.raises(NotReversibleError):
        answer(again, alices.cora, "Ja.", True, NOW)


def test_points_of_what_is_hidden_rest_and_are_not_set_right(alices: Cast) -> None:
    activity = whole_activity(entry_of(alices.alice).contribution_id or 0)
    assert activity
    hide(activity, alices.cora, "tone", "", NOW)
    make_question(alices.alice)
    make_question(alices.alice, "hidden")
    assert [item.reversal for item in waiting(alices.cora).items] == [0, 0]


def test_a_reversal_takes_no_more_than_there_is_and_counts_where_the_entry_did(alices: Cast) -> None:
    make_outcome(make_activity(alices.alice))
    question = make_question(alices.alice, "report")
    answer(question, alices.cora, "Ja.", True, NOW)
    db.session.commit()
    correction = entry_of(alices.alice, "corrected")
    assert (correction.points, correction.source) == (-30, f"question:{question.id}")
    assert correction.municipality_id == alices.alice.municipality_id
    assert verify() == []


@pytest.mark.parametrize("path", ["/me/points/1/question", QUEUE])
def test_strangers_are_sent_to_sign_in(client: FlaskClient, path: str) -> None:
    assert client.get(path).location == f"/login?next={path}"
