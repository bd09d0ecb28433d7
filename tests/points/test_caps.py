"""How often a reason may earn: by day and by week, on the programme's clock."""

from datetime import timedelta

from app.services.points.caps import Earned, allows_one_more, times_earned
from tests.cast import Cast
from tests.factories import NOW, make_activity

#: NOW is a Tuesday.
SUNDAY, MONDAY, TOMORROW = (NOW + timedelta(days=days) for days in (-2, -1, 1))


def test_a_week_begins_on_monday_and_a_day_at_midnight(cast: Cast) -> None:
    for now in (SUNDAY, MONDAY, NOW, NOW):
        make_activity(cast.alice, now=now)
    earned = times_earned([cast.alice.id, cast.bob.id], ["plan", "report"], NOW)
    assert earned[cast.alice.id, "plan"] == Earned(today=2, this_week=3)
    assert earned[cast.alice.id, "report"] == earned[cast.bob.id, "plan"] == Earned(0, 0)
    assert times_earned([cast.alice.id], ["plan"], TOMORROW)[cast.alice.id, "plan"] == Earned(0, 3)


def test_the_week_begins_on_the_programmes_clock(cast: Cast) -> None:
    late_on_sunday = (MONDAY - timedelta(days=1)).replace(hour=22, minute=59)
    make_activity(cast.alice, now=late_on_sunday)
    make_activity(cast.alice, now=late_on_sunday + timedelta(minutes=1))
    assert times_earned([cast.alice.id], ["plan"], NOW)[cast.alice.id, "plan"] == Earned(0, 1)


def test_both_caps_hold_and_a_rule_without_one_has_no_end() -> None:
    both = {"points": 5, "daily": 2, "weekly": 3}
    assert allows_one_more(both, Earned(1, 2))
    assert not allows_one_more(both, Earned(2, 2))
    assert not allows_one_more(both, Earned(0, 3))
    assert allows_one_more({"points": 5}, Earned(500, 500))
