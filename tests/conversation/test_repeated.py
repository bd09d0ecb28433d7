"""The same once more: told kindly, with what was written still in the form. A retry is none, nor is a thank-you."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.extensions import db
from app.models.activity import Activity
from app.models.comment import Comment
from app.models.person import Person
from app.models.repeated import RepeatedError
from app.models.tip import Tip
from app.services.conversation.write import withdraw_comment
from app.services.moderation.decide import ask
from tests.cast import Cast
from tests.comment_makers import make_comment
from tests.factories import NOW, make_activity
from tests.unchanged import unchanged

pytestmark = pytest.mark.usefixtures("at_now")

As = Callable[[Person], FlaskClient]
TOLD = "Det har du just skrivit."
PLAN = {"title": "Fika med grannarna", "value": "valkomnande", "focus_area": "larande"}
TIP = {
    "text": "Ring dem dagen innan, så kommer de.",
    "kind": "success",
    "value": "kreativt",
    "focus_area": "miljo",
}


def number(model: type[Activity | Comment | Tip]) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


@pytest.mark.parametrize(
    ("path", "sent", "model"), [("/activities/new", PLAN, Activity), ("/tips/new", TIP, Tip)]
)
def test_a_plan_and_a_tip_are_posted_once(
    cast: Cast, as_: As, path: str, sent: dict[str, str], model: type[Activity | Tip]
) -> None:
    client = as_(cast.alice)
    assert client.post(path, data={**sent, "request_key": "a"}).status_code == 303
    assert client.post(path, data={**sent, "request_key": "a"}).status_code == 303
    again = client.post(path, data={**sent, "request_key": "b"})
    assert again.status_code == 422
    assert TOLD in again.text
    assert sent.get("title", sent.get("text", "")) in again.text
    assert number(model) == 1
    assert as_(cast.bob).post(path, data={**sent, "request_key": "b"}).status_code == 303
    with time_machine.travel(NOW + timedelta(minutes=11), tick=False):
        assert client.post(path, data={**sent, "request_key": "c"}).status_code == 303


def test_thanks_are_said_once_also_from_a_form_without_a_key(cast: Cast, as_: As) -> None:
    client, address = as_(cast.alice), f"/people/{cast.bob.id}/thanks"
    about = make_activity(cast.bob)
    for more in ({}, {"about": str(about.id)}):
        sent = {"words": "Tack för i går.", **more}
        assert client.post(address, data=sent).status_code == 303
        with unchanged():
            again = client.post(address, data=sent)
        assert again.status_code == 422
        assert TOLD in again.text
        assert "Tack för i går." in again.text, "what was written is kept"
    with time_machine.travel(NOW + timedelta(minutes=11), tick=False):
        assert client.post(address, data=sent).status_code == 303


def test_a_plan_for_another_day_is_another_plan(cast: Cast, as_: As) -> None:
    for day in ("2026-11-12", "2026-11-19"):
        answer = as_(cast.alice).post(
            "/activities/new", data={**PLAN, "planned_for": day, "request_key": day}
        )
        assert answer.status_code == 303


def test_the_same_is_said_once_of_a_thing(cast: Cast, as_: As) -> None:
    client, address = as_(cast.bob), f"/activities/{make_activity(cast.alice).id}/comments"
    for key, status in (("a", 303), ("a", 303), ("b", 422)):
        answer = client.post(address, data={"body": "Vad roligt!", "request_key": key})
        assert answer.status_code == status
    assert TOLD in answer.text
    assert "Vad roligt!" in answer.text
    assert number(Comment) == 1


def test_thanks_are_no_flood_but_the_fourth_is(cast: Cast, as_: As) -> None:
    things = [make_activity(cast.alice).id for _ in range(4)]
    answers = [
        as_(cast.bob).post(f"/activities/{thing}/comments", data={"body": "Tack!", "request_key": str(thing)})
        for thing in things
    ]
    assert [answer.status_code for answer in answers] == [303, 303, 303, 422]
    assert "Säg det med egna ord" in answers[-1].text


def test_two_are_answered_alike(cast: Cast) -> None:
    activity = make_activity(cast.alice)
    openings = [make_comment(activity, cast.charlie) for _ in range(2)]
    said = [make_comment(activity, cast.bob, "Tack!", to=opening) for opening in openings]
    assert len({one.id for one in said}) == 2
    with pytest.raises(RepeatedError):
        make_comment(activity, cast.bob, "Tack!", to=openings[0])


def test_what_was_taken_back_may_be_said_again(cast: Cast, as_: As) -> None:
    thing = make_activity(cast.alice)
    withdraw_comment(make_comment(thing, cast.bob, "Vad roligt!"), cast.bob, now=NOW)
    db.session.commit()
    answer = as_(cast.bob).post(
        f"/activities/{thing.id}/comments", data={"body": "Vad roligt!", "request_key": "x"}
    )
    assert answer.status_code == 303


def test_a_newcomer_sends_no_more_links_when_a_comment_is_changed_for_a_coordinator(
    cast: Cast, as_: As
) -> None:
    cast.bob.signed_in_at = NOW - timedelta(days=1)
    comment = make_comment(make_activity(cast.alice), cast.bob, "Se https://a.example")
    ask(comment, cast.cora, "spam", "Ta bort länken.", NOW)
    db.session.commit()
    address, links = f"/moderation/answer/{comment.id}/again", "https://a.example https://b.example"
    answer = as_(cast.bob).post(address, data={"body": links})
    assert answer.status_code == 422
    assert "högst en länk" in answer.text
    assert links in answer.text
    assert db.session.get_one(Comment, comment.id, populate_existing=True).body == "Se https://a.example"
    assert as_(cast.bob).post(address, data={"body": "Utan länk."}).status_code == 303
