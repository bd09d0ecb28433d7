"""An activity as its page shows it, read in rows: it says what the activity itself says, and the same people see it."""

import pytest

from app.models.activity import Activity
from app.services.activities.plan import withdraw_activity
from app.services.activities.shown import ShownActivity, shown_activity, whole_shown_activity
from app.services.activities.visibility import visible_activity, whole_activity
from tests.activities.ended import hide
from tests.cast import Cast
from tests.factories import NOW, make_activity, make_joint, make_outcome, value


def _both(number: int) -> tuple[ShownActivity, Activity]:
    shown, whole = whole_shown_activity(number), whole_activity(number)
    assert shown
    assert whole
    return shown, whole


def test_a_report_made_together_says_the_same(cast: Cast) -> None:
    joint = make_joint(cast.alice, cast.charlie, also_values=[value("kreativt")])
    make_outcome(joint)
    shown, whole = _both(joint.id)
    for name in ("answers", "details", "path", "kind", "joint", "is_open", "is_carried_out", "changed_at"):
        assert getattr(shown, name) == getattr(whole, name)
    assert [place.name for place in shown.municipalities] == [place.name for place in whole.municipalities]
    assert [one.slug for one in shown.also_values] == [one.slug for one in whole.also_values] == ["kreativt"]
    assert [lesson.text for lesson in shown.lessons] == [lesson.text for lesson in whole.lessons]
    assert [partner.person.name for partner in shown.partners] == ["Charlie Ceder"]
    assert shown.owner_ids() == whole.owner_ids()
    assert shown.outcome
    assert whole.outcome
    assert (shown.outcome.story, shown.outcome.rating) == (whole.outcome.story, whole.outcome.rating)


def test_a_plan_alone_has_no_report_and_takes_part_where_its_owner_does(cast: Cast) -> None:
    shown, whole = _both(make_activity(cast.alice).id)
    assert shown.outcome is None
    assert [place.id for place in shown.municipalities] == [whole.municipality_id]
    assert (shown.also_values, shown.co_owners, shown.photos, shown.tips) == ([], [], [], [])
    assert (shown.stage, shown.owner.first_name) == (whole.stage, "Alice")


@pytest.mark.parametrize("ends", ["hidden", "withdrawn"])
def test_what_has_been_taken_away_is_seen_by_the_same_people(cast: Cast, ends: str) -> None:
    activity = make_activity(cast.alice)
    if ends == "hidden":
        hide(activity, cast.cora.id)
    else:
        withdraw_activity(activity, by=cast.alice, now=NOW)
    shown, _whole = _both(activity.id)
    assert not shown.is_visible
    assert bool(shown.removal) == (ends == "hidden")
    for person in (cast.alice, cast.bob, cast.cora, cast.kim, cast.lena):
        seen = visible_activity(activity.id, person) is not None
        assert (shown_activity(activity.id, person) is not None) == seen


def test_what_there_is_not_is_none(cast: Cast) -> None:
    assert shown_activity(999_999, cast.alice) is None
