"""Two at once, whose changes meet crosswise: they wait for each other in one order, and never in a circle."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from app.extensions import db
from app.models.activity import Activity, CoOwner
from app.models.person import Person, Role
from app.models.tip import Tip
from app.services.activities.adoption import adopt
from app.services.activities.alike import AskedAlreadyError, ask_to_join_forces
from app.services.activities.begin import Ties, begin_activity
from app.services.activities.locking import ClosedError
from app.services.activities.plan import answer_invitation, change_plan, invite, withdraw_activity
from app.services.activities.report import Report, report_outcome
from app.services.activities.visibility import invitation_to, whole_activity
from app.services.moderation.acts import AlreadyDecidedError
from app.services.moderation.decide import hide, restore
from app.services.upkeep.audit import verify
from tests.at_once import all_at_once
from tests.factories import (
    NOW,
    TODAY,
    add_rules,
    make_activity,
    make_joint,
    make_outcome,
    make_person,
    make_plan,
    make_tip,
    stage,
)

pytestmark = pytest.mark.postgres  # SQLite lets one write at a time

ROUNDS = 6
Step = Callable[[], object]
#: What a thing turned out to be meanwhile is an answer, and no fault.
ANSWERS = (ClosedError, AlreadyDecidedError, AskedAlreadyError)


@pytest.fixture(autouse=True)
def policy(live: Flask) -> None:
    with live.app_context():
        add_rules(**{reason: {"points": 5, "daily": 50} for reason in ("heeded", "borrowed", "first")})
        db.session.commit()


def idea_of(person: Person) -> int:
    activity = make_activity(person)
    make_outcome(activity)
    return activity.id


def two_with_ideas_and_tips() -> tuple[list[int], list[int], list[int]]:
    """Numbers of two people in two municipalities, of an idea and of a tip of each."""
    people = [make_person("", place) for place in ("bjuv", "klippan")]
    ideas, tips = [idea_of(person) for person in people], [make_tip(person).id for person in people]
    return [person.id for person in people], ideas, tips


def borrows(person_id: int, idea_id: int, tip_ids: list[int], **ties: Any) -> Step:
    def step() -> None:
        owner, idea = _person(person_id), _whole(idea_id)
        plan = make_plan(heeded=frozenset(tip_ids))
        key = f"{person_id}-{idea_id}"
        begin_activity(owner, plan, ties=Ties(idea, **ties), stage=stage(), request_key=key, now=NOW)

    return step


def reports(activity_id: int) -> Step:
    report = Report(True, 4, success="Barnen fick visa sina böcker.", pitfall="Bestäm vem som låser efteråt.")
    return lambda: report_outcome(_whole(activity_id), report, by=_owner(activity_id), now=NOW)


def withdraws(activity_id: int) -> Step:
    return lambda: withdraw_activity(_whole(activity_id), by=_owner(activity_id), now=NOW)


def heeds(activity_id: int, *tip_ids: int) -> Step:
    plan = frozenset(tip_ids)
    return lambda: change_plan(_whole(activity_id), make_plan(heeded=plan), by=_owner(activity_id), now=NOW)


def hides(activity_id: int, moderator_id: int) -> Step:
    return lambda: hide(_whole(activity_id), _person(moderator_id), "tone", "", NOW)


def shows(activity_id: int, moderator_id: int) -> Step:
    return lambda: restore(_whole(activity_id), _person(moderator_id), NOW)


def hides_tip(tip_id: int, moderator_id: int) -> Step:
    return lambda: hide(db.session.get_one(Tip, tip_id), _person(moderator_id), "tone", "", NOW)


def joins(invitation_id: int) -> Step:
    def step() -> None:
        invitation = invitation_to(_person(_invited(invitation_id)), invitation_id)
        if invitation:
            answer_invitation(invitation, accept=True, now=NOW)

    return step


def asks(activity_id: int, other_id: int) -> Step:
    return lambda: ask_to_join_forces(_whole(activity_id), _whole(other_id), by=_owner(activity_id), now=NOW)


def cross_borrowing() -> list[Step]:
    (alice, charlie), ideas, tips = two_with_ideas_and_tips()
    return [borrows(alice, ideas[1], [tips[1]]), borrows(charlie, ideas[0], [tips[0]])]


def plans_of_strangers_with_tips_across_the_border() -> list[Step]:
    (alice, charlie), (of_alice, of_charlie) = two_with_ideas_and_tips()[:2]
    bob, kim = make_person("", "bjuv"), make_person("", "klippan")
    tips = make_tip(kim).id, make_tip(bob).id
    return [borrows(alice, of_charlie, [tips[0]]), borrows(charlie, of_alice, [tips[1]])]


def a_report_and_a_withdrawal_of_plans_with_the_same_around_them() -> list[Step]:
    (alice, charlie), ideas, tips = two_with_ideas_and_tips()
    plans = [_borrowed(alice, ideas[1], tips[1]), _borrowed(charlie, ideas[0], tips[0])]
    return [reports(plans[0]), withdraws(plans[1])]


def a_report_and_the_hiding_of_its_idea() -> list[Step]:
    (alice, _), ideas, tips = two_with_ideas_and_tips()
    plan, lena = _borrowed(alice, ideas[1], tips[1]), make_person("", "helsingborg", Role.LEAD).id
    return [reports(plan), hides(ideas[1], lena), reports(ideas[1]), hides_tip(tips[1], lena)]


def hiding_against_reporting_the_same() -> list[Step]:
    (alice, _), ideas, tips = two_with_ideas_and_tips()
    plan, lena = _borrowed(alice, ideas[1], tips[1]), make_person("", "helsingborg", Role.LEAD).id
    return [hides(plan, lena), reports(plan), hides(ideas[0], lena), heeds(plan)]


def showing_against_taking_out() -> list[Step]:
    (alice, charlie), ideas, tips = two_with_ideas_and_tips()
    lena = make_person("", "helsingborg", Role.LEAD)
    plans = [_borrowed(alice, ideas[1], tips[1]), _borrowed(charlie, ideas[0], tips[0])]
    hide(_whole(ideas[0]), lena, "tone", "", NOW)
    db.session.commit()
    return [shows(ideas[0], lena.id), heeds(plans[0]), withdraws(plans[1]), heeds(plans[1], tips[0])]


def taking_each_others_tips_in_and_out() -> list[Step]:
    (alice, charlie), ideas, tips = two_with_ideas_and_tips()
    more = [make_tip(_person(person)).id for person in (alice, charlie)]
    plans = [_borrowed(alice, ideas[1], tips[1]), _borrowed(charlie, ideas[0], tips[0])]
    return [heeds(plans[0], more[1]), heeds(plans[1], more[0])]


def joining_against_borrowing_what_is_theirs() -> list[Step]:
    (alice, charlie), ideas, tips = two_with_ideas_and_tips()
    plan = _borrowed(alice, ideas[1], tips[1])
    invitation = invite(_whole(plan), _person(charlie), by=_person(alice), now=NOW).id
    db.session.commit()
    return [joins(invitation), borrows(charlie, ideas[0], [tips[0]]), heeds(plan)]


def joint_ideas_of_the_same_two() -> list[Step]:
    one, other = make_person("", "bjuv"), make_person("", "klippan")
    bob, kim = make_person("", "klippan").id, make_person("", "bjuv").id
    ideas = make_joint(one, other), make_joint(other, one)
    for idea in ideas:
        make_outcome(idea)
    return [borrows(bob, ideas[0].id, []), borrows(kim, ideas[1].id, [])]


def asking_each_other_to_join_forces() -> list[Step]:
    people, ideas, tips = two_with_ideas_and_tips()
    plans = [_borrowed(people[0], ideas[1], tips[1]), _borrowed(people[1], ideas[0], tips[0])]
    newcomer = make_person("", "helsingborg").id
    return [
        asks(plans[0], plans[1]),
        asks(plans[1], plans[0]),
        borrows(newcomer, ideas[0], tips, alike=plans),
    ]


@pytest.mark.parametrize(
    "meeting",
    [
        cross_borrowing,
        plans_of_strangers_with_tips_across_the_border,
        a_report_and_a_withdrawal_of_plans_with_the_same_around_them,
        a_report_and_the_hiding_of_its_idea,
        hiding_against_reporting_the_same,
        showing_against_taking_out,
        taking_each_others_tips_in_and_out,
        joining_against_borrowing_what_is_theirs,
        joint_ideas_of_the_same_two,
        asking_each_other_to_join_forces,
    ],
)
def test_no_two_wait_for_each_other_in_a_circle(live: Flask, meeting: Callable[[], list[Step]]) -> None:
    for _ in range(ROUNDS):
        with live.app_context():
            steps = meeting()
            db.session.commit()
        assert all_at_once(live, steps, answers=ANSWERS) == []
    with live.app_context():
        assert verify() == []


def _borrowed(person_id: int, idea_id: int, tip_id: int) -> int:
    """The number of a plan that borrows the idea and takes the tip into account."""
    plan = make_activity(_person(person_id), heeded=frozenset({tip_id}), planned_for=TODAY)
    adopt(plan, _whole(idea_id), now=NOW)
    db.session.commit()
    return plan.id


def _whole(activity_id: int) -> Activity:
    activity = whole_activity(activity_id)
    assert activity
    return activity


def _person(person_id: int) -> Person:
    return db.session.get_one(Person, person_id)


def _owner(activity_id: int) -> Person:
    return _person(_whole(activity_id).owner_id)


def _invited(invitation_id: int) -> int:
    return db.session.get_one(CoOwner, invitation_id).person_id
