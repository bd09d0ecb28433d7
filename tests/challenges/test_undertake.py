"""Taking a challenge on: a plan that is filled in already, and a promise that stays."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.extensions import db
from app.models.activity import Activity
from app.models.contribution import Removal
from app.models.moderation import Decision, Verdict
from app.models.person import Person
from app.models.undertaking import ChallengeProgress, Undertaking
from app.services.activities.plan import withdraw_activity
from app.services.challenges.standing import State, standing_of
from app.services.challenges.undertake import my_undertaking, take_on
from app.services.moderation.decide import hide
from app.services.upkeep.audit import verify
from tests.cast import Cast
from tests.challenge_makers import complete, make_challenge, make_undertaking, undertaking_of
from tests.factories import NOW, TODAY, focus_area, make_activity, make_joint, make_plan, municipality, stage
from tests.unchanged import unchanged

pytestmark = pytest.mark.usefixtures("at_now")

As = Callable[[Person], FlaskClient]

PLAN = {
    "title": "Bjud in Klippans bibliotek",
    "value": "valkomnande",
    "focus_area": "oppenhet",
    "place": "Bjuv",
}


def progress() -> dict[int, tuple[int, int]]:
    """Taken on and completed, by municipality."""
    row = ChallengeProgress
    counts = select(row.municipality_id, row.taken_on, row.completed)
    return {place: (taken_on, completed) for place, taken_on, completed in db.session.execute(counts)}


def test_the_form_is_filled_in_and_says_what_is_promised(cast: Cast, as_: As) -> None:
    challenge = make_challenge(needs_photo=True, needs_approval=True)
    page = as_(cast.alice).get(f"/activities/new?challenge={challenge.id}").text
    assert "Bjud in en granne som aldrig varit hos er</textarea>" in page
    assert 'name="value" value="valkomnande"' in page
    assert 'name="focus_area" value="oppenhet"' in page
    for promised in (
        "40 poäng",
        "Ni har bestämt nästa steg ihop",
        "Med en bild",
        "En samordnare tittar",
        "17 nov",
    ):
        assert promised in page
    assert 'name="planned_for"' in page
    assert 'name="starts_at"' in page
    assert 'name="place"' in page


def test_sent_it_is_a_plan_with_the_promise_copied(cast: Cast, as_: As) -> None:
    challenge = make_challenge(needs_photo=True)
    address = f"/activities/new?challenge={challenge.id}"
    assert as_(cast.alice).post(address, data=PLAN).status_code == 303
    undertaking = db.session.scalars(select(Undertaking)).one()
    activity = db.session.get_one(Activity, undertaking.activity_id)
    assert activity.title == "Bjud in Klippans bibliotek"
    assert (undertaking.points, undertaking.done_when) == (40, challenge.done_when)
    assert (undertaking.needs_photo, undertaking.needs_approval) == (True, False)
    assert undertaking.closes_on == challenge.closes_on
    assert progress() == {municipality("bjuv").id: (1, 0)}
    assert verify() == []


def test_the_value_and_the_focus_area_stay_the_challenges(cast: Cast, as_: As) -> None:
    challenge, alice = make_challenge(), as_(cast.alice)
    sent = PLAN | {"value": "kreativt", "focus_area": "miljo"}
    assert alice.post(f"/activities/new?challenge={challenge.id}", data=sent).status_code == 303
    activity = db.session.scalars(select(Activity)).one()
    assert (activity.value_id, activity.focus_area_id) == (challenge.value_id, challenge.focus_area_id)
    page = alice.get(f"/activities/{activity.id}/edit").text
    assert 'type="radio" name="value"' not in page
    assert (
        alice.post(f"/activities/{activity.id}/edit", data=sent | {"title": "Nytt namn"}).status_code == 303
    )
    db.session.expire_all()
    assert (activity.title, activity.focus_area_id) == ("Nytt namn", challenge.focus_area_id)


def test_a_later_change_of_the_challenge_takes_nothing_away(cast: Cast) -> None:
    challenge = make_challenge()
    activity = make_undertaking(cast.alice, challenge)
    challenge.points, challenge.done_when, challenge.needs_photo = 5, ["Något helt annat"], True
    db.session.commit()
    complete(activity)
    standing = standing_of(activity.id)
    assert standing
    assert (standing.state, standing.promise.points) == (State.COMPLETED, 40)


def test_a_second_tap_leads_to_the_first(cast: Cast, as_: As) -> None:
    challenge, alice = make_challenge(), as_(cast.alice)
    first = make_undertaking(cast.alice, challenge)
    address = f"/activities/new?challenge={challenge.id}"
    assert alice.get(address).headers["Location"] == first.path
    with unchanged():
        assert alice.post(address, data=PLAN | {"request_key": "another"}).headers["Location"] == first.path


def test_one_who_does_it_with_others_has_taken_it_on_too(cast: Cast) -> None:
    challenge = make_challenge()
    joint = make_joint(cast.alice, cast.bob)
    db.session.add(
        Undertaking(
            activity_id=joint.id, challenge_id=challenge.id, at=NOW, points=40, kind_of_challenge="individual",
            done_when=[], needs_photo=False, needs_approval=False, closes_on=TODAY, ticked=[],
        )
    )  # fmt: skip
    db.session.flush()
    mine = my_undertaking(challenge, cast.bob)
    assert mine.standing
    assert mine.standing.promise.activity_id == joint.id


@pytest.mark.parametrize("end", ["withdrawn", "came to nothing"])
def test_what_came_to_nothing_leaves_room_for_another_try(cast: Cast, end: str) -> None:
    challenge = make_challenge()
    first = make_undertaking(cast.alice, challenge)
    if end == "withdrawn":
        withdraw_activity(first, by=cast.alice, now=NOW)
    else:
        complete(first, carried_out=False)
    assert make_undertaking(cast.alice, challenge).id != first.id


@pytest.mark.parametrize(
    "over",
    [
        {"closed_at": NOW},
        {"closes_on": TODAY - timedelta(days=1)},
        {"opens_on": TODAY + timedelta(days=1)},
    ],
)
def test_a_challenge_that_closed_meanwhile_keeps_what_was_written(cast: Cast, as_: As, over: dict) -> None:  # type: ignore[type-arg]
    challenge, alice = make_challenge(**over), as_(cast.alice)
    with unchanged():
        answer = alice.post(f"/activities/new?challenge={challenge.id}", data=PLAN)
    assert answer.status_code == 422
    assert "Utmaningen har stängt" in answer.text
    assert "Bjud in Klippans bibliotek</textarea>" in answer.text
    onward = re.search(r'action="(/activities/new\?[^"]+)"', answer.text)
    assert onward
    assert alice.post(onward[1].replace("&amp;", "&"), data=PLAN).status_code == 303
    assert db.session.scalar(select(func.count()).select_from(Undertaking)) == 0
    assert db.session.scalars(select(Activity)).one().title == "Bjud in Klippans bibliotek"


def test_a_form_with_mistakes_comes_back_with_the_promise(cast: Cast, as_: As) -> None:
    challenge, alice = make_challenge(), as_(cast.alice)
    with unchanged():
        answer = alice.post(f"/activities/new?challenge={challenge.id}", data=PLAN | {"title": ""})
    assert answer.status_code == 422
    assert "Du antar en utmaning" in answer.text


@pytest.mark.parametrize("which", ["draft", "of another municipality", "hidden", "no such", "no number"])
def test_what_is_not_open_to_one_is_not_found(cast: Cast, as_: As, which: str) -> None:
    elsewhere = municipality("klippan") if which == "of another municipality" else None
    opened_at = None if which == "draft" else NOW
    challenge = make_challenge(opened_at=opened_at, municipality=elsewhere)
    if which == "hidden":
        _hide_row(challenge.id, cast)
    number = {"no such": "99999", "no number": "x"}.get(which, str(challenge.id))
    alice = as_(cast.alice)
    with unchanged():
        assert alice.get(f"/activities/new?challenge={number}").status_code == 404
        sent = alice.post(f"/activities/new?challenge={number}", data=PLAN)
    # What was hidden since the form was opened gives the plan back.
    assert sent.status_code == (422 if which == "hidden" else 404)


def _hide_row(challenge_id: int, cast: Cast) -> None:
    decision = Decision(contribution_id=challenge_id, by_id=cast.lena.id, verdict=Verdict.HIDE.value, at=NOW)
    db.session.add(decision)
    db.session.flush()
    db.session.add(Removal(contribution_id=challenge_id, decision_id=decision.id, at=NOW))
    db.session.commit()


def test_a_strangers_tap_leads_to_signing_in(client: FlaskClient) -> None:
    assert "/login" in client.get("/activities/new?challenge=1").headers["Location"]


def test_leaving_is_free_and_keeps_the_plan(cast: Cast, as_: As) -> None:
    activity = make_undertaking(cast.alice, make_challenge())
    alice = as_(cast.alice)
    answer = alice.post(f"/activities/{activity.id}/undertaking/withdrawal")
    assert answer.headers["Location"] == activity.path
    assert standing_of(activity.id) is None
    assert db.session.get(Activity, activity.id)
    assert progress() == {municipality("bjuv").id: (0, 0)}
    with unchanged():
        assert alice.post(f"/activities/{activity.id}/undertaking/withdrawal").status_code == 303


def test_after_the_report_nobody_leaves(cast: Cast, as_: As) -> None:
    activity, alice = make_undertaking(cast.alice, make_challenge()), as_(cast.alice)
    complete(activity)
    with unchanged():
        assert alice.post(f"/activities/{activity.id}/undertaking/withdrawal").status_code == 303
    assert "Lämna utmaningen" not in alice.get(activity.path).text


@pytest.mark.parametrize("who", ["bob", "cora", "lena", "stig"])
def test_nobody_else_leaves_for_one(cast: Cast, as_: As, who: str) -> None:
    activity, other = make_undertaking(cast.alice, make_challenge()), as_(getattr(cast, who))
    with unchanged():
        assert other.post(f"/activities/{activity.id}/undertaking/withdrawal").status_code == 404


def test_withdrawing_the_plan_leaves_too(cast: Cast) -> None:
    challenge = make_challenge()
    activity = make_undertaking(cast.alice, challenge)
    withdraw_activity(activity, by=cast.alice, now=NOW)
    assert progress() == {municipality("bjuv").id: (0, 0)}
    assert my_undertaking(challenge, cast.alice).standing is None


def test_hiding_takes_it_out_of_the_count(cast: Cast) -> None:
    activity = make_undertaking(cast.alice, make_challenge())
    complete(activity)
    assert progress() == {municipality("bjuv").id: (1, 1)}
    hide(activity, cast.cora, "tone", "", NOW)
    assert progress() == {municipality("bjuv").id: (0, 0)}
    assert undertaking_of(activity).is_counted is False


def test_the_same_key_again_is_the_same_undertaking(cast: Cast) -> None:
    challenge = make_challenge()
    first = make_undertaking(cast.alice, challenge, request_key="tap")
    with unchanged():
        again = take_on(challenge, cast.alice, make_plan(), stage=stage(), request_key="tap", now=NOW)
    assert again.id == first.id


def test_a_plan_without_a_challenge_may_change_its_square(cast: Cast, as_: As) -> None:
    activity = make_activity(cast.alice)
    sent = PLAN | {"focus_area": "miljo"}
    assert as_(cast.alice).post(f"/activities/{activity.id}/edit", data=sent).status_code == 303
    db.session.expire_all()
    assert activity.focus_area_id == focus_area("miljo").id
