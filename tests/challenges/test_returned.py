"""A completion that was sent back with a question: what the report's form shows, and what it takes to send it again."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask.testing import FlaskClient

from app.extensions import db
from app.models.activity import Activity
from app.models.person import Person
from app.services.challenges.review import approve, send_back
from tests.cast import Cast
from tests.challenge_makers import (
    complete,
    make_challenge,
    make_photo,
    make_undertaking,
    undertaking_of,
    whole,
)
from tests.factories import NOW
from tests.unchanged import unchanged

As = Callable[[Person], FlaskClient]
QUEUE = "/challenges/reviews"
SENT: dict[str, Any] = {
    "carried_out": "yes", "rating": "4", "story": "Sara visade oss sitt arkiv.", "reached": "25",
    "success": "Barnen fick visa sina favoritböcker först.", "pitfall": "Bestäm i förväg vem som låser efteråt.",
    "permission": "internal", "ticked": ["0", "1"],
}  # fmt: skip


@pytest.fixture(autouse=True)
def an_hour_later() -> Any:
    """People read and mend after the coordinator has looked."""
    with time_machine.travel(NOW + timedelta(hours=1), tick=False):
        yield


@pytest.fixture
def returned(cast: Cast) -> Activity:
    """Alice's, which Cora has sent back at NOW."""
    activity = make_undertaking(cast.alice, make_challenge(needs_approval=True), title="Klippan på besök")
    complete(activity, story=SENT["story"])
    send_back(activity, cast.cora, "Vem kom från Klippan?", NOW)
    db.session.commit()
    return activity


def report(browser: FlaskClient, activity: Activity, **over: Any) -> Any:
    """Send the form as it is shown, but for these answers."""
    page = browser.get(f"{activity.path}/outcome").text
    seen = page.partition('name="seen"')[2].partition('value="')[2].partition('"')[0]
    return browser.post(f"{activity.path}/outcome", data=SENT | {"seen": seen} | over)


def test_the_question_stands_at_the_top_of_the_form_with_room_for_an_answer(
    returned: Activity, cast: Cast, as_: As
) -> None:
    page = as_(cast.alice).get(f"{returned.path}/outcome").text
    assert (
        page.index("Cora Coster undrar") < page.index("Vem kom från Klippan?") < page.index('name="answer"')
    )
    assert page.index('name="answer"') < page.index('name="story"')


def test_a_form_that_nobody_asks_about_has_no_such_field(cast: Cast, as_: As) -> None:
    activity = make_undertaking(cast.alice, make_challenge(needs_approval=True))
    alice = as_(cast.alice)
    assert 'name="answer"' not in alice.get(f"{activity.path}/outcome").text
    assert report(alice, activity, answer="Hej").status_code == 303


def test_sent_again_as_it_was_it_comes_back(returned: Activity, cast: Cast, as_: As) -> None:
    alice = as_(cast.alice)
    with unchanged():
        answer = report(alice, returned)
    assert answer.status_code == 422
    assert "Inget är ändrat, och inget är svarat." in answer.text
    assert SENT["story"] in answer.text
    assert "Ingen utmaning väntar" in as_(cast.cora).get(QUEUE).text


def test_an_answer_sends_it_and_the_coordinator_reads_it(returned: Activity, cast: Cast, as_: As) -> None:
    alice, cora = as_(cast.alice), as_(cast.cora)
    assert report(alice, returned, answer="Det var Kim Krook.").status_code == 303
    page = cora.get(QUEUE).text
    assert "Svar: <q>Det var Kim Krook.</q>" in page
    assert "Ändrat sedan dess" not in page
    assert "Det var Kim Krook." in alice.get(f"{returned.path}/outcome").text, (
        "it can be mended while it waits"
    )
    assert report(alice, returned, answer="Det var Kim Krook.").status_code == 303, (
        "a second tap is no new sending"
    )


def test_what_was_changed_is_said_to_the_coordinator(returned: Activity, cast: Cast, as_: As) -> None:
    assert report(as_(cast.alice), returned, story="Kim Krook kom.", rating="5").status_code == 303
    make_photo(returned, NOW + timedelta(minutes=5))
    page = as_(cast.cora).get(QUEUE).text
    assert "Ändrat sedan dess: betyget, vad som hände och bilderna." in page


def test_a_new_picture_is_a_change(returned: Activity, cast: Cast, as_: As) -> None:
    make_photo(returned, NOW + timedelta(minutes=5))
    assert report(as_(cast.alice), returned).status_code == 303
    assert undertaking_of(returned).waits_since


def test_each_question_wants_its_own_answer(returned: Activity, cast: Cast, as_: As) -> None:
    alice = as_(cast.alice)
    report(alice, returned, answer="Det var Kim Krook.")
    send_back(whole(returned.id), cast.cora, "Och från Åstorp?", NOW + timedelta(hours=1))
    db.session.commit()
    assert report(alice, returned).status_code == 422
    assert report(alice, returned, answer="Ingen.").status_code == 303


def test_approved_nothing_is_asked_any_more(returned: Activity, cast: Cast, as_: As) -> None:
    alice = as_(cast.alice)
    report(alice, returned, answer="Det var Kim Krook.")
    approve(whole(returned.id), cast.cora, NOW)
    db.session.commit()
    assert "Vem kom från Klippan?" not in alice.get(f"{returned.path}/outcome").text
    assert report(alice, returned).status_code == 303
