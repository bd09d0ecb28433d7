"""The report of an activity that takes on a challenge: the checklist, and what is missing afterwards."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from app.models.challenge import ChallengeKind
from app.models.person import Person
from app.services.challenges.standing import standing_of
from tests.cast import Cast
from tests.challenge_makers import (
    DONE_WHEN,
    complete,
    make_challenge,
    make_photo,
    make_undertaking,
    undertaking_of,
    whole,
)
from tests.factories import TODAY, make_activity
from tests.unchanged import unchanged

pytestmark = pytest.mark.usefixtures("at_now")

As = Callable[[Person], FlaskClient]
ANSWERS = {"carried_out": "yes", "rating": "4", "story": "Nio kom.", "permission": "internal"}


def test_the_form_shows_the_list_to_tick_and_what_else_is_asked(cast: Cast, as_: As) -> None:
    challenge = make_challenge(needs_photo=True, needs_approval=True)
    activity = make_undertaking(cast.alice, challenge)
    page = as_(cast.alice).get(f"{activity.path}/outcome").text
    assert page.count('name="ticked"') == len(challenge.done_when)
    assert "Välj också en bild längre ner." in page
    assert "En samordnare tittar på den innan den räknas." in page
    assert "Sista dagen har gått" not in page


def test_other_reports_have_no_list(cast: Cast, as_: As) -> None:
    activity = make_activity(cast.alice)
    alice = as_(cast.alice)
    assert 'name="ticked"' not in alice.get(f"{activity.path}/outcome").text
    assert alice.post(f"{activity.path}/outcome", data=ANSWERS | {"ticked": ["0"]}).status_code == 303


def test_everything_ticked_it_is_completed_and_says_so(cast: Cast, as_: As) -> None:
    activity, alice = make_undertaking(cast.alice, make_challenge()), as_(cast.alice)
    answer = alice.post(f"{activity.path}/outcome", data=ANSWERS | {"ticked": ["0", "1"]})
    assert "Utmaningen är klar" in alice.get(answer.headers["Location"]).text
    assert "Utmaningen är klar" in alice.get(activity.path).text
    assert "Utmaningen är klar" in alice.get("/activities/mine").text
    assert undertaking_of(activity).is_counted


def test_what_is_missing_is_said_afterwards_and_can_be_mended(cast: Cast, as_: As) -> None:
    activity, alice = make_undertaking(cast.alice, make_challenge(needs_photo=True)), as_(cast.alice)
    answer = alice.post(f"{activity.path}/outcome", data=ANSWERS | {"ticked": ["1"]})
    thanks = alice.get(answer.headers["Location"]).text
    assert "Något i listan är inte avbockat." in thanks
    assert "En bild." in thanks
    form = alice.get(f"{activity.path}/outcome").text
    assert form.count("checked>") >= 2, "what was ticked is ticked still"
    complete(activity)
    assert [need.value for need in standing_of(activity.id).missing] == ["photo"]  # type: ignore[union-attr]


def test_on_the_activitys_page_one_list_says_where_each_thing_stands(cast: Cast, as_: As) -> None:
    activity, alice = make_undertaking(cast.alice, make_challenge(needs_photo=True)), as_(cast.alice)
    assert set(_promise(alice.get(activity.path).text).values()) == {""}, (
        "nothing is missing before the report"
    )
    complete(activity, ticked=(1,))
    page = alice.get(activity.path).text
    assert page.count('<ul class="promise">') == 1
    lines = _promise(page)
    assert [lines[words] for words in (*DONE_WHEN, "Med en bild")] == ["saknas", "klart", "saknas"]
    make_photo(activity)
    assert _promise(alice.get(activity.path).text)["Med en bild"] == "klart"


def _promise(page: str) -> dict[str, str]:
    """The lines of the list on an activity's page, and what stands at the end of each."""
    part = page.partition('<ul class="promise">')[2].partition("</ul>")[0]
    lines = re.findall(r'<span class="grow">([^<]*?)(?: <small class="mut">(.*?)</small>)?</span>', part)
    return {words.strip(): end for words, end in lines}


@pytest.mark.parametrize("ticked", [["7"], ["-1"], ["x"], ["0", "0"]])
def test_only_what_is_on_the_list_can_be_ticked(cast: Cast, as_: As, ticked: list[str]) -> None:
    activity = make_undertaking(cast.alice, make_challenge())
    as_(cast.alice).post(f"{activity.path}/outcome", data=ANSWERS | {"ticked": ticked})
    assert undertaking_of(activity).ticked in ([], [0])
    assert not undertaking_of(activity).is_counted


def test_a_report_with_mistakes_keeps_what_was_ticked(cast: Cast, as_: As) -> None:
    activity, alice = make_undertaking(cast.alice, make_challenge()), as_(cast.alice)
    with unchanged():
        answer = alice.post(f"{activity.path}/outcome", data={"story": "Nio kom.", "ticked": ["1"]})
    assert answer.status_code == 422
    assert 'name="ticked" value="1" checked' in answer.text
    assert 'name="ticked" value="0" checked' not in answer.text


def test_a_joint_one_says_before_the_report_that_nobody_is_with_them(cast: Cast, as_: As) -> None:
    joint = make_challenge(kind_of_challenge=ChallengeKind.JOINT.value)
    activity, alice = make_undertaking(cast.alice, joint), as_(cast.alice)
    assert "Ingen från en annan kommun är med än" in alice.get(f"{activity.path}/outcome").text
    complete(whole(activity.id))
    assert "Någon från en annan kommun" in alice.get(activity.path).text


def test_late_is_not_lost(cast: Cast, as_: As) -> None:
    activity = make_undertaking(cast.alice, make_challenge())
    undertaking = undertaking_of(activity)
    undertaking.closes_on = TODAY - timedelta(days=1)
    assert "inget är förlorat: den räknas ändå" in as_(cast.alice).get(f"{activity.path}/outcome").text
    complete(activity)
    assert undertaking_of(activity).is_counted


def test_what_came_to_nothing_is_not_asked_for_more(cast: Cast, as_: As) -> None:
    activity, alice = make_undertaking(cast.alice, make_challenge(needs_photo=True)), as_(cast.alice)
    complete(activity, carried_out=False)
    page = alice.get(f"{activity.path}/outcome/thanks").text
    assert "saknas" not in page
    assert "Utmaning, ej klar" not in alice.get("/activities/mine").text
