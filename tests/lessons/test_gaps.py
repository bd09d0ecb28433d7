"""What a stage left empty becomes a challenge by one tap of a lead, once for each gap."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app.extensions import db
from app.models.challenge import Challenge
from app.models.feed import FeedItem
from app.models.lesson import AcceptedGap
from app.models.person import Person
from app.services.challenges.make import make_draft_again, withdraw_challenge
from app.services.challenges.of_the_file import announce_opened
from app.services.stages.gaps import gaps_of
from tests.cast import Cast
from tests.factories import (
    NOW,
    focus_area,
    make_activity,
    make_joint,
    make_outcome,
    municipality,
    stage,
    value,
)
from tests.lesson_makers import make_third_stage

As = Callable[[Person], FlaskClient]
_GAPS = "/stages/2/lessons/gaps"

pytestmark = pytest.mark.usefixtures("learning")


def _square(**over: int) -> dict[str, int]:
    return {"value": value("kreativt").id, "focus_area": focus_area("miljo").id} | over


def _challenges() -> list[Challenge]:
    return list(db.session.scalars(select(Challenge).order_by(Challenge.id)))


def test_a_square_is_a_gap_where_nobody_or_not_this_municipality_has_been(cast: Cast) -> None:
    make_outcome(make_joint(cast.bob, cast.charlie))
    gaps = gaps_of(stage())
    here = (value().id, focus_area().id)
    assert here not in {gap.place[:2] for gap in gaps.nowhere}
    assert len(gaps.nowhere) == 23
    [of_helsingborg] = gaps.of_municipalities[municipality("helsingborg").id]
    assert of_helsingborg.place[:2] == here
    assert of_helsingborg.others == 2
    assert set(gaps.of_municipalities) == {municipality("helsingborg").id}


def test_the_three_that_most_others_have_filled_come_first(cast: Cast) -> None:
    for area in ("miljo", "besok", "oppenhet", "naringsliv"):
        make_outcome(make_activity(cast.charlie, focus_area=focus_area(area)))
    make_outcome(make_activity(cast.lena, focus_area=focus_area("oppenhet")))
    found = [gap.place.focus_area_id for gap in gaps_of(stage()).of_municipalities[municipality("bjuv").id]]
    assert found[0] == focus_area("oppenhet").id
    assert len(found) == 3


def test_one_tap_makes_a_challenge_of_the_next_stage_that_opens_by_itself(cast: Cast, as_: As) -> None:
    third = make_third_stage()
    answer = as_(cast.lena).post(_GAPS, data=_square())
    assert answer.location == "/stages/2/lessons/edit#gaps"
    [challenge] = _challenges()
    assert (challenge.stage_id, challenge.municipality_id) == (third.id, None)
    assert (challenge.value_id, challenge.focus_area_id) == (value("kreativt").id, focus_area("miljo").id)
    assert (challenge.opens_on, challenge.closes_on) == (date(2027, 2, 15), date(2027, 5, 7))
    assert challenge.title == "Prova något kreativt: Miljö"
    assert len(challenge.done_when) == 2
    assert announce_opened(datetime(2027, 2, 14, 9, tzinfo=UTC)) == 0
    assert announce_opened(datetime(2027, 2, 15, 9, tzinfo=UTC)) == 1
    assert db.session.scalars(select(FeedItem.contribution_id)).all() == [challenge.id]


def test_for_one_municipality_it_is_theirs(cast: Cast, as_: As) -> None:
    make_third_stage()
    make_outcome(make_activity(cast.charlie, value=value("kreativt"), focus_area=focus_area("miljo")))
    bjuv = municipality("bjuv").id
    as_(cast.lena).post(_GAPS, data=_square(municipality=bjuv))
    assert [challenge.municipality_id for challenge in _challenges()] == [bjuv]
    assert "här i Bjuv" in _challenges()[0].why


def test_the_same_gap_makes_one_challenge_whoever_taps(cast: Cast, as_: As, hx: dict[str, str]) -> None:
    make_third_stage()
    other_lead = Person(
        email="otto@bjuv.se", name="Otto", municipality_id=municipality("bjuv").id, role="lead", joined_at=NOW
    )
    db.session.add(other_lead)
    db.session.commit()
    as_(cast.lena).post(_GAPS, data=_square())
    fragment = as_(other_lead).post(_GAPS, data=_square(), headers=hx).text
    assert fragment.lstrip().startswith('<section class="flow gaps" id="gaps">')
    assert "Utmaningen finns" in fragment
    assert len(_challenges()) == 1
    assert "Utmaningen finns" in as_(cast.lena).get("/stages/2/lessons/edit").text


def test_one_that_has_been_taken_back_can_be_made_anew(cast: Cast, as_: As) -> None:
    make_third_stage()
    browser = as_(cast.lena)
    browser.post(_GAPS, data=_square())
    [challenge] = _challenges()
    make_draft_again(challenge, now=NOW)
    withdraw_challenge(challenge, by=cast.lena, now=NOW)
    db.session.commit()
    browser.post(_GAPS, data=_square())
    assert len(_challenges()) == 2
    assert len(db.session.scalars(select(AcceptedGap)).all()) == 1


def test_what_is_no_gap_makes_nothing(cast: Cast, as_: As) -> None:
    make_third_stage()
    make_outcome(make_activity(cast.charlie, value=value("kreativt"), focus_area=focus_area("miljo")))
    browser = as_(cast.lena)
    page = browser.post(_GAPS, data=_square(), follow_redirects=True).text
    assert "Där saknas inget längre." in page
    browser.post(_GAPS, data=_square(municipality=municipality("klippan").id))
    assert _challenges() == []


@pytest.mark.parametrize(
    "wrong", [{"value": 999}, {"focus_area": 999}, {"municipality": 999}, {"value": "x"}]
)
def test_a_square_that_does_not_exist_is_not_found(wrong: dict[str, int], cast: Cast, as_: As) -> None:
    assert as_(cast.lena).post(_GAPS, data=_square(**wrong)).status_code == 404


def test_without_a_stage_to_come_there_is_no_button(cast: Cast, as_: As) -> None:
    browser = as_(cast.lena)
    browser.post("/stages/2/lessons/draft")
    assert "Gör en utmaning" not in browser.get("/stages/2/lessons/edit").text
    browser.post(_GAPS, data=_square())
    assert _challenges() == []


@pytest.mark.parametrize("who", ["alice", "cora", "stig"])
def test_only_a_lead_makes_challenges_of_gaps(who: str, cast: Cast, as_: As) -> None:
    make_third_stage()
    browser = as_(getattr(cast, who))
    assert browser.post(_GAPS, data=_square()).status_code == 403
    assert 'id="gaps"' not in browser.get("/stages/2/lessons/edit").text
