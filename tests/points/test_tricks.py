"""What every known trick comes to, by the policy that is shipped, and that docs/points.md says the same."""

from itertools import islice

import pytest
import time_machine

from app.services.points.policy import most_in_a_week
from app.services.upkeep.audit import verify
from tests.cast import Cast
from tests.house.tracked import ROOT
from tests.points.farm import POLICY, Farm
from tests.points.tricks import TRICKS, Trick, table

pytestmark = pytest.mark.usefixtures("at_now")


@pytest.mark.parametrize("trick", TRICKS, ids=lambda trick: trick.play.__name__)
def test_a_trick_comes_to_no_more_than_is_said(cast: Cast, trick: Trick) -> None:
    farm = Farm(cast)
    trick.play(farm)
    assert farm.yields(trick.ignoring) == trick.yields
    assert trick.yields <= trick.bound
    with time_machine.travel(farm.a_minute_later(), tick=False):
        assert verify() == []


def test_two_or_three_activities_a_week_with_all_their_lessons_meet_no_cap(cast: Cast) -> None:
    farm = Farm(cast)
    for _day in islice(farm.days(), 3):
        farm.report(farm.join(farm.plan(cast.alice), cast.charlie))
    assert farm.yields(("first",)) == 3 * (10 + 2 * 30 + 10 + 10)


def test_the_documents_have_the_table_as_it_was_played() -> None:
    text = (ROOT / "docs" / "points.md").read_text("utf-8")
    assert table() in text, f"docs/points.md should have this table:\n{table()}"
    assert f"{most_in_a_week(POLICY)} points" in text
