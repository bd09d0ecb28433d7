"""What fits whom, and what the overview shows: each challenge once."""

from collections.abc import Iterable
from datetime import timedelta

from app.extensions import db
from app.models.activity import Activity
from app.models.challenge import Challenge
from app.models.person import Person
from app.services.activities.plan import withdraw_activity
from app.services.activities.visibility import whole_activity
from app.services.challenges.fitting import Candidate
from app.services.challenges.make import close_challenge
from app.services.challenges.overview import Overview, overview
from app.services.moderation.decide import hide
from app.services.sums.squares import squares_of
from tests.cast import Cast
from tests.challenge_makers import make_draft, make_open, take_on
from tests.factories import NOW, TODAY, focus_area, make_activity, make_joint, make_outcome, stage, value


def of(person: Person) -> Overview:
    lively = {square for square, count in squares_of(stage().id).items() if count}
    return overview(person, stage().id, lively, TODAY)


def titles(challenges: Iterable[Candidate | Challenge]) -> list[str]:
    return [challenge.title for challenge in challenges]


def closing_in(days: int) -> dict[str, object]:
    return {"title": f"{days}", "closes_on": TODAY + timedelta(days=days)}


def test_the_three_that_close_soonest_fit_where_nothing_else_tells_them_apart(cast: Cast) -> None:
    for days in (19, 11, 15, 13):
        make_open(cast.lena, **closing_in(days))
    assert titles(of(cast.alice).fitting) == ["11", "13", "15"]


def test_empty_squares_and_areas_where_one_has_planned_come_first(cast: Cast) -> None:
    make_outcome(make_activity(cast.bob))  # valkomnande × larande has come to life
    make_outcome(make_activity(cast.bob, focus_area=focus_area("miljo")))
    make_open(cast.lena, **closing_in(10))
    make_open(cast.lena, **closing_in(12) | {"value_id": value("kreativt").id})
    make_open(cast.lena, **closing_in(14) | {"focus_area_id": focus_area("miljo").id})
    assert titles(of(cast.alice).fitting) == ["12", "10", "14"]
    make_joint(cast.charlie, cast.alice, focus_area=focus_area("miljo"))
    assert titles(of(cast.alice).fitting) == ["12", "14", "10"]


def test_only_what_is_open_for_ones_own_municipality_fits(cast: Cast) -> None:
    make_open(cast.kim, title="Klippans", municipality_id=cast.kim.municipality_id)
    make_open(cast.cora, title="Bjuvs", municipality_id=cast.cora.municipality_id)
    make_open(cast.lena, title="Kommer", opens_on=TODAY + timedelta(days=1))
    make_open(cast.lena, title="Var", closes_on=TODAY - timedelta(days=1))
    make_draft(cast.lena, title="Utkast")
    close_challenge(make_open(cast.lena, title="Stängd"), by=cast.lena, now=NOW)
    hide(make_open(cast.kim, title="Dold"), cast.lena, "tone", "", NOW)
    assert titles(of(cast.alice).fitting) == ["Bjuvs"]


def test_what_one_has_taken_on_is_mine_until_it_is_completed(cast: Cast) -> None:
    alone, together, done = (make_open(cast.lena, title=title) for title in ("ensam", "ihop", "klar"))
    take_on(alone, make_activity(cast.alice))
    take_on(together, make_joint(cast.charlie, cast.alice))
    take_on(done, make_activity(cast.alice), completed=True)
    lists = of(cast.alice)
    assert titles(lists.mine) == ["ihop", "ensam"]
    assert lists.fitting == []
    assert lists.places == {alone.id: 1, together.id: 1}


def test_what_one_has_called_off_fits_again(cast: Cast) -> None:
    number = make_activity(cast.alice).id
    take_on(make_open(cast.lena), db.session.get_one(Activity, number))
    activity = whole_activity(number)
    assert activity
    withdraw_activity(activity, by=cast.alice, now=NOW)
    db.session.commit()
    assert (titles(of(cast.alice).mine), len(of(cast.alice).fitting)) == ([], 1)


def test_no_card_stands_twice(cast: Cast) -> None:
    take_on(make_open(cast.lena, title="min", closes_on=TODAY), make_activity(cast.alice))
    for number in range(8):
        make_open(cast.lena, title=f"snart {number}", closes_on=TODAY + timedelta(days=number % 8))
    for number in range(3):
        make_open(cast.lena, title=f"ny {number}", opens_on=TODAY - timedelta(days=number))
    lists = of(cast.alice)
    shown = titles([*lists.mine, *lists.fitting, *lists.closing, *lists.new])
    assert len(shown) == len(set(shown)) == 12
    assert (titles(lists.mine), titles(lists.fitting)) == (["min"], ["snart 0", "snart 1", "snart 2"])
    assert (len(lists.closing), len(lists.new)) == (5, 3)


def test_drafts_are_listed_for_those_who_may_change_them(cast: Cast) -> None:
    make_draft(cast.lena, title="alla")
    make_draft(cast.cora, title="Bjuv", municipality_id=cast.cora.municipality_id)
    drafts = [titles(of(person).drafts) for person in (cast.alice, cast.cora, cast.kim, cast.lena, cast.stig)]
    assert drafts == [[], ["Bjuv"], [], ["Bjuv", "alla"], []]
