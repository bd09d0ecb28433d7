"""Read, edit, move and withdraw an activity; do it together."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app import clock
from app.extensions import db
from app.models.activity import Activity, Answer, CoOwner
from app.models.person import Person
from app.services.activities.plan import answer_invitation, invite, withdraw_activity
from app.services.activities.visibility import points_given, whole_activity
from tests.activities.ended import hide, report
from tests.cast import Cast
from tests.factories import NOW, make_activity
from tests.unchanged import unchanged

As = Callable[[Person], FlaskClient]


def asked(activity: Activity, person: Person) -> CoOwner:
    fresh = whole_activity(activity.id)
    assert fresh
    co_owner = invite(fresh, person, by=fresh.owner, now=NOW)
    db.session.commit()
    return co_owner


def joined(activity: Activity, person: Person) -> None:
    co_owner = asked(activity, person)
    whole_activity(activity.id)
    answer_invitation(co_owner, True, now=NOW)
    db.session.commit()


def plan(**over: str) -> dict[str, str]:
    return {"title": "Cykla till grannen ihop", "value": "kreativt", "focus_area": "miljo"} | over


def test_the_page_says_what_when_where_for_whom_and_how_we_know(cast: Cast, as_: As) -> None:
    activity = make_activity(cast.alice)
    page = as_(cast.charlie).get(f"/activities/{activity.id}").text
    for fact in ("Bjuda in grannarna på fika", "Alice Ahl", "Bjuv", "Biblioteket i Bjuv", "Nya kollegor", "Minst fyra",
                 "Lärande", "Välkomnande", "tisdag 17 nov", "+10 poäng", "5 av 5"):  # fmt: skip
        assert fact in page, fact


def test_strangers_are_sent_to_sign_in(cast: Cast, client: FlaskClient) -> None:
    activity = make_activity(cast.alice)
    answer = client.get(f"/activities/{activity.id}")
    assert answer.location == f"/login?next=/activities/{activity.id}"
    assert activity.title not in answer.text


def test_others_see_nothing_of_what_is_hidden_and_the_author_sees_why(cast: Cast, as_: As) -> None:
    cora, activity = cast.cora, make_activity(cast.alice)
    hide(activity, cora.id)
    address = f"/activities/{activity.id}"
    assert as_(cast.bob).get(address).status_code == 404
    assert as_(cast.kim).get(address).status_code == 404
    assert as_(cora).get(address).status_code == 200
    page = as_(cast.alice).get(address).text
    assert "Skriv om" in page
    assert f"/moderation/answer/{activity.id}" in page
    assert f"/activities/{activity.id}/edit" not in page


def test_owners_are_offered_their_actions_and_others_are_not(cast: Cast, as_: As) -> None:
    bob, activity = cast.bob, make_activity(cast.alice)
    joined(activity, bob)
    address = f"/activities/{activity.id}"
    for person, offered in ((cast.alice, True), (bob, True), (cast.charlie, False)):
        page = as_(person).get(address).text
        assert (f"{address}/edit" in page) is offered
        assert (f"{address}/outcome" in page) is offered
        assert (f"{address}/invitations" in page) is offered
        assert (f"/moderation/report/{activity.id}" in page) is not offered
        assert (f"{address}/withdrawal" in page) is (person.id == cast.alice.id)


def test_who_is_with_is_told_when_there_is_more_than_the_owner_to_tell(cast: Cast, as_: As) -> None:
    alone, shared = make_activity(cast.alice), make_activity(cast.alice)
    joined(shared, cast.bob)
    reader = as_(cast.charlie)
    assert 'id="together"' not in reader.get(f"/activities/{alone.id}").text
    assert 'id="together"' in reader.get(f"/activities/{shared.id}").text
    assert 'id="together"' in as_(cast.alice).get(f"/activities/{alone.id}").text


def test_the_page_asks_a_limited_number_of_queries_however_much_there_is(
    cast: Cast, as_: As, queries: list[str]
) -> None:
    bob, charlie, lena = cast.bob, cast.charlie, cast.lena
    small, large = make_activity(cast.alice).id, make_activity(cast.alice)
    joined(large, bob)
    middle = make_activity(cast.alice)
    joined(middle, charlie)
    joined(large, charlie)
    large_id, middle_id = large.id, middle.id
    reader = as_(lena)
    counts = []
    for activity_id in (large_id, small, middle_id, large_id):
        queries.clear()
        assert reader.get(f"/activities/{activity_id}").status_code == 200
        counts.append(len(queries))
    _, of_small, of_middle, of_large = counts
    # One that is alone asks for neither co-owners nor their municipalities; beyond that, their number makes no
    # difference.
    assert of_small <= of_middle == of_large <= 17


def test_the_edit_form_begins_with_the_plan(cast: Cast, as_: As) -> None:
    activity = make_activity(cast.alice, place="Torget i Klippan")
    page = as_(cast.alice).get(f"/activities/{activity.id}/edit").text
    assert 'value="Torget i Klippan"' in page
    assert 'value="2026-11-17"' in page
    assert 'value="valkomnande" checked' in page
    assert 'name="colleagues"' not in page


def test_owner_and_co_owner_may_edit(cast: Cast, as_: As) -> None:
    bob, activity = cast.bob, make_activity(cast.alice)
    joined(activity, bob)
    for person, title in ((cast.alice, "Alices nya titel på den"), (bob, "Bobs nya titel på den")):
        answer = as_(person).post(f"/activities/{activity.id}/edit", data=plan(title=title))
        assert (answer.status_code, answer.location) == (303, f"/activities/{activity.id}")
        db.session.expire_all()
        changed = whole_activity(activity.id)
        assert changed
        assert (changed.title, changed.value.slug, changed.concreteness) == (title, "kreativt", 1)


def test_an_invalid_change_comes_back_filled(cast: Cast, as_: As) -> None:
    activity, alice = make_activity(cast.alice), as_(cast.alice)
    with unchanged():
        answer = alice.post(f"/activities/{activity.id}/edit", data=plan(title="", place="Kvar"))
        look = alice.post(f"/activities/{activity.id}/edit", data=plan(title="", look="peers"))
    assert answer.status_code == 422
    assert 'value="Kvar"' in answer.text
    assert look.status_code == 200
    assert "title-error" not in look.text


_MUTATIONS = ("edit", "date", "withdrawal", "invitations", "joining")


@pytest.mark.parametrize("noun", _MUTATIONS)
def test_what_others_own_is_not_there_to_change(cast: Cast, as_: As, noun: str) -> None:
    activity_id = make_activity(cast.alice).id
    answers = plan(planned_for="2026-11-20", q=cast.charlie.email)
    for other in [as_(person) for person in (cast.bob, cast.cora, cast.lena, cast.stig)]:
        with unchanged():
            assert other.post(f"/activities/{activity_id}/{noun}", data=answers).status_code == 404


@pytest.mark.parametrize("noun", _MUTATIONS)
def test_what_is_reported_withdrawn_or_hidden_is_not_changed(cast: Cast, as_: As, noun: str) -> None:
    alice = as_(cast.alice)
    answers = plan(planned_for="2026-11-20", q=cast.bob.email)
    withdraw_activity(withdrawn := make_activity(cast.alice), by=cast.alice, now=NOW)
    report(reported := make_activity(cast.alice))
    hide(hidden := make_activity(cast.alice), cast.cora.id)
    closed = [reported.id, hidden.id, *([withdrawn.id] if noun != "withdrawal" else [])]
    for activity_id in closed:
        with unchanged():
            answer = alice.post(f"/activities/{activity_id}/{noun}", data=answers)
        assert answer.status_code == 410
        assert "har rapporterats" in answer.text or "har dolts eller" in answer.text or noun == "withdrawal"


def test_strangers_change_nothing(cast: Cast, client: FlaskClient) -> None:
    activity = make_activity(cast.alice)
    co_owner = asked(activity, cast.bob)
    addresses = [f"/activities/{activity.id}/{noun}" for noun in _MUTATIONS]
    addresses += [f"/invitations/{co_owner.id}/{noun}" for noun in ("acceptance", "refusal")]
    answers = plan(planned_for="2026-11-20", q=cast.charlie.email)
    for address in addresses:
        with unchanged():
            assert client.post(address, data=answers).location.startswith("/login"), address


def test_moving_the_date(cast: Cast, as_: As) -> None:
    activity = make_activity(cast.alice, planned_for=None)
    later = clock.now().date() + timedelta(days=9)
    address = f"/activities/{activity.id}/date"
    alice = as_(cast.alice)
    with unchanged():
        assert alice.post(address, data={"planned_for": "soon"}).status_code == 422
    assert alice.post(address, data={"planned_for": later.isoformat()}).status_code == 303
    db.session.expire_all()
    moved = whole_activity(activity.id)
    assert moved
    assert moved.planned_for == later


def test_withdrawing_takes_the_points_back_and_a_co_owner_may_not(cast: Cast, as_: As) -> None:
    bob, activity = cast.bob, make_activity(cast.alice)
    joined(activity, bob)
    address = f"/activities/{activity.id}/withdrawal"
    partner = as_(bob)
    with unchanged():
        assert partner.post(address).status_code == 404
    alice = as_(cast.alice)
    answer = alice.post(address)
    assert (answer.status_code, answer.location) == (303, "/activities/mine")
    with unchanged():
        assert alice.post(address).location == "/activities/mine", "a second tap"
    assert points_given(activity.id) == 0
    assert as_(cast.charlie).get(f"/activities/{activity.id}").status_code == 404
    assert "Tillbakadragen" in as_(cast.alice).get(f"/activities/{activity.id}").text


def test_asking_a_colleague_by_address_by_number_and_as_a_fragment(
    cast: Cast, as_: As, hx: dict[str, str]
) -> None:
    bob, charlie, activity = cast.bob, cast.charlie, make_activity(cast.alice)
    address = f"/activities/{activity.id}/invitations"
    plain = as_(cast.alice).post(address, data={"q": bob.email.upper()})
    assert (plain.status_code, plain.location) == (303, f"/activities/{activity.id}")
    fragment = as_(cast.alice).post(address, data={"person_id": charlie.id}, headers=hx)
    assert fragment.status_code == 200
    assert fragment.text.strip().startswith("<section")
    assert "Charlie Ceder" in fragment.text
    asked_now = set(db.session.scalars(select(CoOwner.person_id).where(CoOwner.activity_id == activity.id)))
    assert asked_now == {bob.id, charlie.id}


def test_asking_nobody_or_oneself_is_said_kindly(cast: Cast, as_: As, hx: dict[str, str]) -> None:
    activity = make_activity(cast.alice)
    address = f"/activities/{activity.id}/invitations"
    alice, herself = as_(cast.alice), cast.alice.email
    for wrong in ({}, {"q": "Zz"}, {"q": "nobody@bjuv.se"}, {"q": herself}, {"person_id": "999999"}):
        for headers in ({}, hx):
            with unchanged():
                answer = alice.post(address, data=wrong, headers=headers)
            assert answer.status_code == 422
            assert 'id="q-error"' in answer.text
            assert ("<h1>" in answer.text) != bool(headers)


def test_a_name_finds_colleagues_to_choose_from(cast: Cast, as_: As) -> None:
    charlie, activity, alice = cast.charlie, make_activity(cast.alice), as_(cast.alice)
    with unchanged():
        answer = alice.post(f"/activities/{activity.id}/invitations", data={"q": "Charl"})
    assert answer.status_code == 422
    assert f'name="person_id" value="{charlie.id}"' in answer.text


def test_the_invited_one_answers(cast: Cast, as_: As) -> None:
    charlie, activity = cast.charlie, make_activity(cast.alice)
    co_owner_id = asked(activity, charlie).id
    page = as_(charlie).get(f"/activities/{activity.id}").text
    assert f"/invitations/{co_owner_id}/acceptance" in page
    assert as_(charlie).post(f"/invitations/{co_owner_id}/refusal").status_code == 303
    answer = as_(charlie).post(f"/invitations/{co_owner_id}/acceptance")
    assert answer.location == f"/activities/{activity.id}"
    db.session.expire_all()
    together = whole_activity(activity.id)
    assert together
    assert together.joint
    assert together.is_owned_by(charlie)


def test_nobody_answers_for_another(cast: Cast, as_: As) -> None:
    bob, activity = cast.bob, make_activity(cast.alice)
    co_owner_id = asked(activity, bob).id
    for other in [as_(person) for person in (cast.alice, cast.charlie, cast.lena)]:
        for noun in ("acceptance", "refusal"):
            with unchanged():
                assert other.post(f"/invitations/{co_owner_id}/{noun}").status_code == 404
    assert db.session.scalar(select(CoOwner.answer)) == Answer.INVITED


def test_it_is_too_late_to_join_what_is_reported_or_hidden(cast: Cast, as_: As) -> None:
    bob, activity = cast.bob, make_activity(cast.alice)
    co_owner_id = asked(activity, bob).id
    bobs = as_(bob)
    report(whole_activity(activity.id) or activity)
    with unchanged():
        assert bobs.post(f"/invitations/{co_owner_id}/acceptance").location == "/activities/mine"
    hide(whole_activity(activity.id) or activity, bob.id)
    with unchanged():
        assert bobs.post(f"/invitations/{co_owner_id}/acceptance").status_code == 404


def test_a_name_and_its_municipality_stand_in_one_piece(cast: Cast, as_: As) -> None:
    page = as_(cast.alice).get(f"/activities/{make_activity(cast.alice).id}").text
    assert ", Bjuv</span></li>" in page
