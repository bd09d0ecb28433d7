"""One's own page: points and what each was for, what is next, and ways on."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.extensions import db
from app.models.person import Person
from app.services.moderation.decide import hide
from tests.cast import Cast
from tests.factories import NOW, TODAY, make_activity, make_outcome, municipality

pytestmark = pytest.mark.usefixtures("at_now")

SignIn = Callable[[Person], FlaskClient]


def test_it_says_who_how_many_points_and_for_what(cast: Cast, as_: SignIn) -> None:
    make_outcome(make_activity(cast.alice, title="Fika med nyinflyttade"))
    page = as_(cast.alice).get("/me").text
    assert "Alice Ahl" in page
    assert "60 av dem i etapp 2." in page
    assert "Delade en fälla" in page
    assert "Fika med nyinflyttade" in page


def test_what_is_next_leads_to_the_report_when_its_day_has_passed(cast: Cast, as_: SignIn) -> None:
    due = make_activity(cast.alice, planned_for=TODAY - timedelta(days=1))
    coming = make_activity(cast.alice, planned_for=TODAY + timedelta(days=1))
    page = as_(cast.alice).get("/me").text
    assert f'href="/activities/{due.id}/outcome"' in page
    assert f'href="/activities/{coming.id}"' in page


def test_points_that_were_taken_back_stand_there_too(cast: Cast, as_: SignIn) -> None:
    alice, cora = cast.alice, cast.cora
    hide(make_activity(alice), cora, "tone", "", NOW)
    db.session.commit()
    page = as_(alice).get("/me/points").text
    assert "0 poäng." in page
    assert "−10" in page


def test_points_are_paged(cast: Cast, as_: SignIn, hx: dict[str, str]) -> None:
    for number in range(6):
        make_outcome(
            make_activity(cast.alice, now=NOW + timedelta(days=number)), now=NOW + timedelta(days=number)
        )
    browser = as_(cast.alice)
    first = browser.get("/me/points").text
    link = first.partition('hx-get="')[2].partition('"')[0]
    rest, fragment = browser.get(link).text, browser.get(link, headers=hx).text
    assert first.count("<b>+") == 20
    assert rest.count("+10") == fragment.count("+10") > 0
    assert "<!doctype" not in fragment


@pytest.mark.parametrize("before", ["x", "-1", "9" * 30])
def test_a_place_in_the_list_that_we_did_not_write_is_refused(cast: Cast, as_: SignIn, before: str) -> None:
    make_activity(cast.alice, title="Fika med nyinflyttade")
    answer = as_(cast.alice).get(f"/me/points?before={before}")
    assert (answer.status_code, "Fika med nyinflyttade" in answer.text) == (400, False)


def test_nobody_sees_the_points_of_others(cast: Cast, as_: SignIn) -> None:
    make_activity(cast.alice, title="Alices egen plan")
    assert "Alices egen plan" not in as_(cast.bob).get("/me/points").text


def test_only_coordinators_and_leads_find_the_review(cast: Cast, as_: SignIn) -> None:
    assert "/moderation" in as_(cast.cora).get("/me").text
    assert "/moderation" not in as_(cast.alice).get("/me").text


@pytest.mark.parametrize("url", ["/me", "/me/points"])
def test_strangers_are_sent_to_sign_in(client: FlaskClient, url: str) -> None:
    assert client.get(url).location == f"/login?next={url}"


def test_the_command_says_where_a_figure_differs_and_repairs_it(app: Flask, cast: Cast) -> None:
    make_activity(cast.alice)
    run = app.test_cli_runner()
    assert run.invoke(args=["points", "verify"]).exit_code == 0
    municipality("bjuv").registered = 50
    db.session.commit()
    verified = run.invoke(args=["points", "verify"])
    assert verified.exit_code == 1
    assert "kept 50, counted 1" in verified.output
    assert run.invoke(args=["points", "verify", "--repair"]).exit_code == 0
    assert run.invoke(args=["points", "verify"]).exit_code == 0
