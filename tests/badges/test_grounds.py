"""What counts toward each badge, and what does not."""

from datetime import timedelta

import pytest

from app.extensions import db
from app.models.activity import Activity
from app.models.person import Person
from app.models.tip import TipKind
from app.services.activities.adoption import adopt
from app.services.activities.best_practice import lift, lower
from app.services.activities.plan import answer_invitation, invite, withdraw_activity
from app.services.activities.tips import withdraw_tip
from app.services.activities.visibility import whole_activity
from app.services.badges.rules import RULES, how_many_needed
from app.services.moderation.decide import hide, restore
from app.services.upkeep.audit import verify
from tests.badges.shelves import counted, is_held
from tests.cast import Cast
from tests.factories import (
    NOW,
    focus_area,
    make_activity,
    make_joint,
    make_outcome,
    make_person,
    make_tip,
    stage,
    value,
)

pytestmark = pytest.mark.usefixtures("at_now")

AREAS = ("infrastruktur", "naringsliv", "larande", "oppenhet", "miljo", "besok")


def _whole(activity: Activity) -> Activity:
    """With all its relations, which a commit unloads."""
    whole = whole_activity(activity.id)
    assert whole
    return whole


def _borrowed(origin: Activity, by: Person) -> Activity:
    activity = make_activity(by)
    adopt(activity, _whole(origin), now=NOW)
    db.session.commit()
    return activity


def test_each_badge_says_how_it_is_counted_and_takes_something() -> None:
    assert len({rule.slug for rule in RULES}) == len(RULES) == 11
    assert all(rule.counting for rule in RULES)


@pytest.mark.usefixtures("app")
def test_values_and_areas_are_as_many_as_the_programme_has() -> None:
    assert how_many_needed() == {
        "first-report": 1, "across-borders": 3, "open-door": 3, "new-thinker": 2, "all-values": 4, "all-areas": 6,
        "three-stages": 3, "honest": 2, "warned-in-time": 2, "idea-giver": 2, "role-model": 1,
    }  # fmt: skip


def test_the_main_value_counts_and_not_those_beside_it(cast: Cast) -> None:
    beside = [value(slug) for slug in ("manskligt", "kreativt", "gemensamt")]
    make_outcome(make_activity(cast.alice, also_values=beside))
    assert counted(cast.alice, "all-values") == 1


def test_each_focus_area_counts_once(cast: Cast) -> None:
    for slug in (*AREAS[:5], *AREAS[:5]):
        make_outcome(make_activity(cast.alice, focus_area=focus_area(slug)))
    assert counted(cast.alice, "all-areas") == 5
    make_outcome(make_activity(cast.alice, focus_area=focus_area("besok")), carried_out=False)
    assert is_held(cast.alice, "all-areas")


def test_two_stages_are_not_three(cast: Cast) -> None:
    for number in (1, 2, 2):
        make_outcome(make_activity(cast.alice, stage=stage(number)))
    assert counted(cast.alice, "three-stages") == 2


def test_a_partner_of_the_same_municipality_crosses_no_border(cast: Cast) -> None:
    make_outcome(make_joint(cast.alice, cast.bob))
    make_outcome(make_joint(cast.alice, cast.charlie))
    for person, crossed in ((cast.alice, 1), (cast.bob, 0), (cast.charlie, 1)):
        assert counted(person, "across-borders") == crossed


def test_colleagues_count_once_each_when_they_said_yes_and_it_is_reported(cast: Cast) -> None:
    first, second = make_joint(cast.alice, cast.bob), make_joint(cast.alice, cast.bob)
    assert counted(cast.alice, "open-door") == 0
    invite(first, cast.charlie, by=cast.alice, now=NOW)
    make_outcome(first)
    make_outcome(second)
    assert counted(cast.alice, "open-door") == 1, "Charlie has not answered, and Bob counts once"
    for _ in range(2):
        make_outcome(make_joint(cast.alice, make_person()))
    assert is_held(cast.alice, "open-door")
    assert counted(cast.bob, "open-door") == 0


def test_a_partner_who_invites_opens_a_door_too(cast: Cast) -> None:
    colleague, activity = cast.charlie, make_joint(cast.alice, cast.bob)
    answer_invitation(invite(_whole(activity), colleague, by=cast.bob, now=NOW), True, now=NOW)
    make_outcome(activity)
    assert counted(cast.bob, "open-door") == counted(cast.alice, "open-door") == 1


def test_only_the_first_in_a_square_is_a_new_thinker(cast: Cast) -> None:
    for area in ("larande", "miljo"):
        for person in (cast.alice, cast.bob):
            make_outcome(make_activity(person, focus_area=focus_area(area), also_values=[value("kreativt")]))
    assert is_held(cast.alice, "new-thinker")
    assert counted(cast.bob, "new-thinker") == 0


def test_a_patch_that_came_to_nothing_is_none(cast: Cast) -> None:
    activity = make_activity(cast.alice)
    make_outcome(activity)
    assert counted(cast.alice, "new-thinker") == 1
    make_outcome(activity, carried_out=False)
    assert counted(cast.alice, "new-thinker") == 0
    assert verify() == []


def test_a_failure_counts_with_why_in_the_story_or_as_a_trap(cast: Cast) -> None:
    make_outcome(make_activity(cast.alice), carried_out=False, story="", success="", pitfall="")
    assert counted(cast.alice, "honest") == 0
    make_outcome(make_activity(cast.alice), carried_out=False, pitfall="", success="")
    trap = make_activity(cast.alice)
    make_outcome(trap, carried_out=False, story="", success="")
    assert is_held(cast.alice, "honest")
    make_outcome(trap, carried_out=False, story="", pitfall="", success="")
    assert not is_held(cast.alice, "honest")
    assert verify() == []


def test_a_trap_counts_in_plans_of_others_that_say_that_it_helped(cast: Cast) -> None:
    tip = make_tip(cast.charlie, kind=TipKind.PITFALL)
    other = make_tip(cast.charlie, kind=TipKind.SUCCESS)
    for number, helped in enumerate((True, False, True)):
        plan = make_activity(make_person(), heeded=frozenset({tip.id, other.id}))
        assert counted(cast.charlie, "warned-in-time") == min(number, 1)
        make_outcome(plan, helped={tip.id: helped, other.id: True})
    assert is_held(cast.charlie, "warned-in-time")
    hide(tip, cast.kim, "tone", "", NOW)
    assert not is_held(cast.charlie, "warned-in-time")
    restore(tip, cast.kim, NOW)
    assert is_held(cast.charlie, "warned-in-time")
    withdraw_tip(tip, by=cast.charlie, now=NOW)
    assert counted(cast.charlie, "warned-in-time") == 0
    assert verify() == []


def test_a_trap_of_one_who_is_with_them_saves_no_others(cast: Cast) -> None:
    tip = make_tip(cast.charlie, kind=TipKind.PITFALL)
    joint = make_joint(cast.alice, cast.charlie, heeded=frozenset({tip.id}))
    make_outcome(joint, helped={tip.id: True})
    assert counted(cast.charlie, "warned-in-time") == 0
    assert verify() == []


def test_an_idea_counts_as_long_as_the_plans_that_borrow_it_stand(cast: Cast) -> None:
    origin = make_joint(cast.alice, cast.charlie)
    make_outcome(origin)
    first, second = _borrowed(origin, cast.bob), _borrowed(origin, make_person())
    for maker in (cast.alice, cast.charlie):
        assert is_held(maker, "idea-giver")
    withdraw_activity(_whole(first), by=cast.bob, now=NOW)
    assert counted(cast.alice, "idea-giver") == 1
    _borrowed(origin, cast.bob)
    assert is_held(cast.alice, "idea-giver")
    hide(_whole(second), cast.lena, "tone", "", NOW)
    assert not is_held(cast.charlie, "idea-giver")
    assert verify() == []


def test_a_best_practice_makes_a_role_model_until_it_is_undone(cast: Cast) -> None:
    activity = make_joint(cast.alice, cast.charlie)
    make_outcome(activity)
    coordinator, activity = cast.cora, _whole(activity)
    lift(activity, "Alla kan göra det.", by=coordinator, now=NOW)
    assert is_held(cast.alice, "role-model")
    assert is_held(cast.charlie, "role-model")
    lower(activity, by=coordinator, now=NOW + timedelta(hours=1))
    assert not is_held(cast.charlie, "role-model")
    lift(activity, "Ändå.", by=coordinator, now=NOW + timedelta(hours=2))
    assert is_held(cast.alice, "role-model")
    assert verify() == []
