"""Who leads: per participant, ties as ties, per stage and in total."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from app.extensions import db
from app.models.person import Person
from app.services.points.standings import rises, standings
from tests.cast import Cast
from tests.factories import NOW, make_activity, make_outcome, municipality, stage

pytestmark = pytest.mark.usefixtures("at_now")

SignIn = Callable[[Person], FlaskClient]


#: While stage 1 ran.
THEN = NOW - timedelta(days=240)


def test_the_same_score_is_the_same_place(cast: Cast) -> None:
    for person in (cast.alice, cast.charlie):
        make_activity(person)
    municipality("klippan").pool = 4
    db.session.commit()
    assert [(row.slug, row.rank, row.tied) for row in standings(stage().id)] == [
        ("bjuv", 1, True),
        ("klippan", 1, True),
        ("helsingborg", None, False),
    ]


def test_a_stage_counts_its_own_and_the_journey_counts_all(cast: Cast) -> None:
    make_activity(cast.alice, stage=stage(1), now=THEN)
    make_activity(cast.alice)
    assert [standings(number)[0].points for number in (stage(1).id, stage(2).id, None)] == [10, 10, 20]


def test_a_change_of_place_is_told_only_for_those_with_points_in_both(cast: Cast) -> None:
    make_activity(cast.alice, stage=stage(1), now=THEN)
    make_activity(cast.charlie)
    make_outcome(make_activity(cast.alice))
    assert rises(standings(stage(2).id), standings(stage(1).id)) == {municipality("bjuv").id: 0}


def test_the_page_says_it_in_a_sentence_on_a_map_and_in_a_list(cast: Cast, as_: SignIn) -> None:
    make_outcome(make_activity(cast.alice))
    make_activity(cast.charlie)
    page = as_(cast.alice).get("/leaderboard").text
    assert "Bjuv leder.<br>Klippan jagar." in page
    assert page.count("<b>15,0</b>") + page.count('<b class="pt">15,0</b>') == 2
    assert "Din kommun" in page
    assert "60 poäng" in page


def test_before_anybody_has_points_nobody_leads(cast: Cast, as_: SignIn) -> None:
    assert "Ingen leder än." in as_(cast.alice).get("/leaderboard").text


def test_those_who_share_the_lead_are_both_named(cast: Cast, as_: SignIn) -> None:
    municipality("klippan").pool = 4
    for person in (cast.alice, cast.charlie):
        make_activity(person)
    page = as_(cast.alice).get("/leaderboard").text
    assert "Bjuv och Klippan delar ledningen." in page
    assert "delad plats" in page


def test_a_stage_that_is_over_was_won(cast: Cast, as_: SignIn) -> None:
    make_activity(cast.alice, stage=stage(1), now=THEN)
    assert "Bjuv vann." in as_(cast.alice).get("/leaderboard?stage=1").text
    assert "Bjuv leder." in as_(cast.alice).get("/leaderboard?stage=all").text


@pytest.mark.parametrize("asked", ["9", "first", "-1"])
def test_a_stage_that_there_is_not_is_not_found(cast: Cast, as_: SignIn, asked: str) -> None:
    make_activity(cast.alice)
    answer = as_(cast.alice).get(f"/leaderboard?stage={asked}")
    assert (answer.status_code, "Bjuv leder." in answer.text) == (404, False)


def test_strangers_are_sent_to_sign_in(client: FlaskClient) -> None:
    assert client.get("/leaderboard").location == "/login?next=/leaderboard"


def test_the_number_of_queries_does_not_depend_on_how_much_there_is(
    cast: Cast, as_: SignIn, queries: list[str]
) -> None:
    make_activity(cast.alice)
    browser = as_(cast.alice)
    counts = []
    for _ in range(2):
        browser.get("/leaderboard")
        queries.clear()
        browser.get("/leaderboard")
        counts.append(len(queries))
        make_outcome(make_activity(cast.charlie))
        make_outcome(make_activity(cast.bob))
    assert counts[0] == counts[1]
