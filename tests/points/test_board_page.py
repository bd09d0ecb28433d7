"""The board's page: its rows open and say what made them; a closed one is still; few are shown without a place."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from app.extensions import db
from app.models.person import Person
from app.models.programme import Programme
from app.services.moderation.decide import hide
from app.services.points.movement import best_attended, changes, most_improved
from app.services.points.standings import Board, standings
from app.services.points.week import week_of
from app.services.programme.clock import programme_zone
from tests.cast import Cast
from tests.factories import NOW, TODAY, make_activity, make_outcome, make_person, municipality, stage

pytestmark = pytest.mark.usefixtures("at_now")

As = Callable[[Person], FlaskClient]
EARLIER = NOW - timedelta(days=9)


def week_ago() -> list[object]:
    return Board(stage().id).at(TODAY - timedelta(days=7))  # type: ignore[return-value]


@pytest.fixture
def passed(cast: Cast) -> Cast:
    """Klippan led a week ago; since then Bjuv has passed it."""
    make_outcome(make_activity(cast.charlie, now=EARLIER, title="Cykla till jobbet"), now=EARLIER)
    make_activity(cast.alice, now=EARLIER)
    make_outcome(make_activity(cast.alice, title="Fika med nyinflyttade"))
    return cast


def test_a_row_says_what_brought_most_and_whom_it_passed(passed: Cast, as_: As) -> None:
    page = as_(passed.alice).get("/leaderboard").text
    assert "Ni gick om Klippan, med 5,5." in page
    assert "Fika med nyinflyttade" in page
    assert "10 nov, mot förra veckan" in page
    assert "1 av 4 har gjort något" in page


def test_a_row_opens_as_a_page_and_as_a_fragment(passed: Cast, as_: As, hx: dict[str, str]) -> None:
    browser, address = as_(passed.alice), "/leaderboard/klippan?stage=2"
    assert f'hx-get="{address}"' in browser.get("/leaderboard").text
    page, fragment = browser.get(address), browser.get(address, headers=hx)
    for answer in (page, fragment):
        assert "Bjuv gjorde mer." in answer.text
        assert "Inga poäng är borta." in answer.text
    assert "<h1" in page.text
    assert fragment.text.strip().startswith('<div class="why" id="why-klippan">')


def test_what_is_hidden_is_not_named_and_what_was_taken_back_is_told(passed: Cast, as_: As) -> None:
    taken = make_activity(passed.charlie, title="Cykla igen")
    make_outcome(taken)
    hide(taken, passed.lena, "tone", "", NOW)
    db.session.commit()
    page = as_(passed.alice).get("/leaderboard/klippan").text
    assert "Cykla igen" not in page
    week = week_of(municipality("klippan").id, stage().id, TODAY, programme_zone())
    assert (week.brought, week.other, week.points) == ([], 0, 0)


def test_points_of_what_is_withheld_are_summed_as_other(cast: Cast) -> None:
    for number in range(6):
        make_activity(make_person(), title=f"Plan {number}")
    week = week_of(municipality("bjuv").id, stage().id, TODAY, programme_zone())
    assert (len(week.brought), week.other, week.points) == (4, 20, 60)


def test_a_change_names_who_was_passed_and_who_passed(passed: Cast) -> None:
    told = changes(standings(stage().id), week_ago())  # type: ignore[arg-type]
    bjuv, klippan = told[municipality("bjuv").id], told[municipality("klippan").id]
    assert ([row.name for row in bjuv.passed], bjuv.rise) == (["Klippan"], 1)
    assert ([row.name for row in klippan.passed_by], klippan.rise, klippan.lost_points) == (["Bjuv"], -1, 0)


def test_who_came_furthest_and_where_most_are_in(passed: Cast) -> None:
    rows = standings(stage().id)
    assert [one.name for one in most_improved(rows, week_ago())] == ["Bjuv"]  # type: ignore[arg-type]
    assert [row.name for row in best_attended(rows)] == ["Bjuv", "Klippan"]


def test_where_few_are_active_there_is_no_place_and_the_page_says_why(cast: Cast, as_: As) -> None:
    programme = db.session.get_one(Programme, 1)
    programme.leaderboard = {"smallest": 2, "people": True}
    make_activity(cast.alice, title="Alices plan")
    db.session.commit()
    page = as_(cast.bob).get("/leaderboard").text
    assert "Får en plats när en till har gjort något." in page
    assert "Under 2 går det att se vem som gjort vad." in page
    assert "visas men har ingen plats än" in page
    assert "Alices plan" not in as_(cast.bob).get("/leaderboard/bjuv").text


def test_a_closed_board_is_still_and_says_since_when(cast: Cast, as_: As) -> None:
    make_activity(cast.alice)
    page = as_(cast.alice).get("/leaderboard?stage=1").text
    assert "Låst den 31 maj. Flyttar någon ändras inget här." in page
    assert "Slutställning" in page
    assert "<details" not in page.partition('id="standings"')[2].partition("</main>")[0]
    assert "mot förra veckan" not in page
    assert "Låst den 31 maj." in as_(cast.alice).get("/leaderboard/bjuv?stage=1").text


def test_equal_points_are_explained(cast: Cast, as_: As) -> None:
    municipality("klippan").pool = 4
    for person in (cast.alice, cast.charlie):
        make_activity(person)
    assert "Lika poäng ger samma plats" in as_(cast.alice).get("/leaderboard").text


def test_in_total_nothing_moves(passed: Cast, as_: As) -> None:
    page = as_(passed.alice).get("/leaderboard?stage=all").text
    assert "Här är det summan av etapperna." in page
    assert "Senaste veckan" not in page


def test_a_municipality_that_there_is_not_is_not_found(cast: Cast, as_: As) -> None:
    browser = as_(cast.alice)
    assert [browser.get(f"/leaderboard/{path}").status_code for path in ("lund", "bjuv?stage=9")] == [
        404,
        404,
    ]


def test_strangers_are_sent_to_sign_in(client: FlaskClient) -> None:
    assert client.get("/leaderboard/bjuv").location == "/login?next=/leaderboard/bjuv"
