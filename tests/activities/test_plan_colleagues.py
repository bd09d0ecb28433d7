"""Colleagues who are asked by the plan form: found by name, ticked, or pasted as addresses."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app.extensions import db
from app.models.notification import Notification
from app.models.person import Person
from tests.activities.test_plan_form import form, planned, run_stage_now
from tests.cast import Cast
from tests.factories import make_person
from tests.unchanged import unchanged

As = Callable[[Person], FlaskClient]


def asked() -> set[int]:
    """Who was asked to do it together."""
    return set(db.session.scalars(select(Notification.person_id).where(Notification.kind == "invitation")))


def test_a_list_of_addresses_is_not_a_few_colleagues(cast: Cast, as_: As) -> None:
    run_stage_now()
    alice = as_(cast.alice)
    addresses = ", ".join(f"{number}@bjuv.se" for number in range(200))
    with unchanged():
        answer = alice.post("/activities/new", data=form(colleagues=addresses))
    assert (answer.status_code, "Högst 10 på en gång" in answer.text) == (422, True)


def test_colleagues_are_asked_at_once(cast: Cast, as_: As) -> None:
    run_stage_now()
    addresses = f"{cast.bob.email.upper()}, {cast.charlie.email}"
    as_(cast.alice).post("/activities/new", data=form(colleagues=addresses))
    assert asked() == {cast.bob.id, cast.charlie.id}


@pytest.mark.parametrize(
    "wrong", ["nobody@bjuv.se", "Ingen Alls", "sara@127.0.0.1", "sär@bjuv.se", "%", "Bob Bergman"]
)
def test_a_name_that_nobody_has_is_said_and_the_rest_is_done(wrong: str, cast: Cast, as_: As) -> None:
    run_stage_now()
    text = f"{cast.bob.email}, {wrong}; CEDER charlie"
    assert cast.charlie.id
    answer = as_(cast.alice).post("/activities/new", data=form(colleagues=text), follow_redirects=True)
    assert answer.status_code == 200
    assert f"Planen är sparad, men ingen här heter ”{wrong}”. Fråga från den här sidan." in answer.text
    assert asked() == {cast.bob.id, cast.charlie.id}
    assert len(planned()) == 1


@pytest.mark.parametrize("text", ["Anna", "anna b", "berg anna", "Berg"])
def test_a_name_that_several_have_is_asked_about_afterwards(text: str, cast: Cast, as_: As) -> None:
    run_stage_now()
    make_person("Anna Berg"), make_person("Anna-Karin Bergström")
    make_person("Anna Berg", "klippan")
    answer = as_(cast.alice).post("/activities/new", data=form(colleagues=text), follow_redirects=True)
    assert f"flera heter ”{text}”. Välj här vem du menar." in answer.text
    assert asked() == set()


def test_a_whole_name_means_who_has_exactly_that_name(cast: Cast, as_: As) -> None:
    run_stage_now()
    anna = make_person("Anna Berg")
    make_person("Anna Bergström")
    as_(cast.alice).post("/activities/new", data=form(colleagues="anna berg"))
    assert asked() == {anna.id}


def test_oneself_is_not_asked_and_not_complained_about(cast: Cast, as_: As) -> None:
    run_stage_now()
    answer = as_(cast.alice).post(
        "/activities/new", data=form(colleagues=cast.alice.email), follow_redirects=True
    )
    assert "ingen här heter" not in answer.text
    assert asked() == set()


@pytest.mark.parametrize(
    "text",
    [
        "Bob Berg <{bob}>; Charlie Ceder <{charlie}>",
        "{bob} {charlie}",
        "mejla {bob}, ({charlie})",
        '"{bob}";\u200b{charlie}',
        "{bob}, {bob}, Bob Berg, {charlie}",
    ],
)
def test_colleagues_are_pasted_as_mail_programs_copy_them(text: str, cast: Cast, as_: As) -> None:
    run_stage_now()
    filled = text.format(bob=cast.bob.email, charlie=cast.charlie.email.upper())
    as_(cast.alice).post("/activities/new", data=form(colleagues=filled))
    assert asked() == {cast.bob.id, cast.charlie.id}


def test_colleagues_are_found_while_one_writes_and_those_ticked_stay(
    cast: Cast, as_: As, hx: dict[str, str]
) -> None:
    bob, charlie = cast.bob, cast.charlie
    address = (
        f"/people/search?pick=many&field=colleagues&colleagues=Bob Berg, ced&person_id={bob.id}&person_id=x"
    )
    found = as_(cast.alice).get(address, headers=hx).text
    assert f'value="{bob.id}" checked' in found
    assert f'value="{charlie.id}">' in found


def test_ticked_colleagues_are_asked_and_their_names_not_looked_for_again(cast: Cast, as_: As) -> None:
    run_stage_now()
    anna = make_person("Anna Berg")
    make_person("Anna Ek")
    chosen = [str(anna.id), str(cast.alice.id), "999999", "x"]
    answer = as_(cast.alice).post(
        "/activities/new", data=form(colleagues="anna", person_id=chosen), follow_redirects=True
    )
    assert asked() == {anna.id}
    assert "flera heter" not in answer.text


def test_without_scripts_a_button_finds_colleagues_and_keeps_the_form(cast: Cast, as_: As) -> None:
    run_stage_now()
    bob, charlie, alice = cast.bob, cast.charlie, as_(cast.alice)
    with unchanged():
        answer = alice.post(
            "/activities/new", data=form(title="", colleagues="ceder", look="colleagues", person_id=[bob.id])
        )
    assert answer.status_code == 200
    assert f'value="{charlie.id}">' in answer.text
    assert f'value="{bob.id}" checked' in answer.text
    assert 'value="Biblioteket"' in answer.text


def test_a_form_that_comes_back_keeps_who_was_ticked(cast: Cast, as_: As) -> None:
    run_stage_now()
    bob, alice = cast.bob, as_(cast.alice)
    with unchanged():
        answer = alice.post("/activities/new", data=form(title="", person_id=[bob.id]))
    assert answer.status_code == 422
    assert f'value="{bob.id}" checked' in answer.text
