""" "I take this into account": what a plan takes, whom that thanks, and what the report answers."""

import pytest
from sqlalchemy import func, select

from app.extensions import db
from app.models.activity import Activity
from app.models.ledger import PointEntry
from app.models.notification import Kind, Notification
from app.models.person import Person
from app.models.tip import HeededTip, Tip
from app.services.activities.heeding import MOST_HEEDED, heeded_ids, heeded_tips
from app.services.activities.plan import change_plan, withdraw_activity
from app.services.activities.visibility import points_given, whole_activity
from app.services.moderation.decide import hide, restore
from app.services.notifications.kinds import words_of
from app.services.upkeep.audit import verify
from tests.cast import Cast
from tests.factories import NOW, make_activity, make_joint, make_outcome, make_plan, make_tip

pytestmark = pytest.mark.usefixtures("heeded_earns")


def take(*tips: Tip) -> frozenset[int]:
    return frozenset(tip.id for tip in tips)


def earned(person: Person) -> int:
    points = select(func.sum(PointEntry.points)).where(
        PointEntry.person_id == person.id, PointEntry.source.like("tip:%")
    )
    return db.session.scalar(points) or 0


def evidence(tip: Tip) -> tuple[int, int]:
    db.session.refresh(tip, ["heeded_count", "helped_count"])
    return tip.heeded_count, tip.helped_count


def told(person: Person) -> list[Notification]:
    about_tips = select(Notification).where(
        Notification.person_id == person.id, Notification.kind == Kind.TIP.value
    )
    return list(db.session.scalars(about_tips.order_by(Notification.id.desc())))


def edited(activity: Activity, by: Person, *tips: Tip) -> None:
    change_plan(activity, make_plan(heeded=take(*tips)), by=by, now=NOW)


def test_a_plan_keeps_what_it_takes_and_thanks_the_author(cast: Cast) -> None:
    tip = make_tip(cast.charlie)
    activity = make_activity(cast.alice, heeded=take(tip))
    assert [heed.tip_id for heed in heeded_tips(activity.id)] == [tip.id]
    assert evidence(tip) == (1, 0)
    assert earned(cast.charlie) == 5
    (note,) = told(cast.charlie)
    assert words_of(note.kind, note.parameters, "sv").title == "Alice Ahl tar hänsyn till ditt tips"
    assert note.url == f"/tips/{tip.id}"


def test_more_plans_on_one_day_are_one_notice(cast: Cast) -> None:
    tip = make_tip(cast.charlie)
    for person in (cast.alice, cast.bob, cast.cora):
        make_activity(person, heeded=take(tip))
    (note,) = told(cast.charlie)
    assert (
        words_of(note.kind, note.parameters, "en").title
        == "Alice Ahl and 2 more plans take your tip into account"
    )


def test_above_the_daily_cap_it_is_counted_and_earns_nothing(cast: Cast) -> None:
    for person in (cast.alice, cast.bob, cast.cora):
        make_activity(person, heeded=take(make_tip(cast.charlie)))
    assert earned(cast.charlie) == 10
    assert db.session.scalar(select(func.count()).select_from(HeededTip)) == 3


def test_taking_it_out_again_takes_the_points_back_and_makes_room_under_the_cap(cast: Cast) -> None:
    first, second, third = (make_tip(cast.charlie) for _ in range(3))
    activity = make_activity(cast.alice, heeded=take(first))
    make_activity(cast.bob, heeded=take(second))
    edited(activity, cast.alice)
    assert (evidence(first), evidence(second), earned(cast.charlie)) == ((0, 0), (1, 0), 5)
    edited(activity, cast.alice, third)
    assert (evidence(third), earned(cast.charlie)) == ((1, 0), 10)


def test_nobody_takes_their_own_tip(cast: Cast) -> None:
    tip = make_tip(cast.alice)
    activity = make_activity(cast.alice, heeded=take(tip))
    assert heeded_ids(activity.id) == frozenset()


def test_the_author_who_does_it_too_earns_nothing_and_cannot_take_it_out_by_an_edit(cast: Cast) -> None:
    tip = make_tip(cast.charlie)
    activity = make_joint(cast.alice, cast.charlie)
    edited(activity, cast.alice, tip)
    assert (earned(cast.charlie), told(cast.charlie)) == (0, [])
    change_plan(activity, make_plan(title="En annan titel"), by=cast.charlie, now=NOW)
    assert heeded_ids(activity.id) == take(tip)


def test_what_is_hidden_cannot_be_taken_and_stays_where_it_was(cast: Cast) -> None:
    tip = make_tip(cast.charlie)
    activity = make_activity(cast.alice, heeded=take(tip))
    hide(tip, cast.kim, "tone", "", NOW)
    assert heeded_tips(activity.id) == []
    edited(activity, cast.alice)
    assert heeded_ids(activity.id) == take(tip)
    assert heeded_ids(make_activity(cast.bob, heeded=take(tip)).id) == frozenset()


def test_a_plan_takes_so_many_at_most(cast: Cast) -> None:
    tips = [make_tip(cast.charlie) for _ in range(MOST_HEEDED + 2)]
    assert len(heeded_ids(make_activity(cast.alice, heeded=take(*tips)).id)) == MOST_HEEDED


def test_the_report_answers_whether_it_helped(cast: Cast) -> None:
    good, bad = make_tip(cast.charlie), make_tip(cast.charlie)
    activity = make_activity(cast.alice, heeded=take(good, bad))
    make_outcome(activity, helped={good.id: True, bad.id: False})
    assert (evidence(good), evidence(bad)) == ((1, 1), (1, 0))
    make_outcome(activity, helped={good.id: False})
    assert evidence(good) == (1, 0)


def test_what_came_to_nothing_shows_of_no_tip_that_it_helped(cast: Cast) -> None:
    tip = make_tip(cast.charlie)
    activity = make_activity(cast.alice, heeded=take(tip))
    make_outcome(activity, helped={tip.id: True})
    make_outcome(activity, carried_out=False)
    assert evidence(tip) == (1, 0)
    assert verify() == []
    make_outcome(activity)
    assert evidence(tip) == (1, 1), "carried out after all, the answer stands again"


def test_a_withdrawn_plan_is_no_evidence_and_gives_its_points_back(cast: Cast) -> None:
    tip = make_tip(cast.charlie)
    activity = make_activity(cast.alice, heeded=take(tip))
    withdraw_activity(activity, by=cast.alice, now=NOW)
    assert (evidence(tip), earned(cast.charlie)) == ((0, 0), 0)


def test_hiding_the_plan_or_the_tip_takes_points_and_showing_again_gives_them(cast: Cast) -> None:
    tip = make_tip(cast.charlie)
    activity = make_activity(cast.alice, heeded=take(tip))
    for thing, moderator in ((activity, cast.cora), (tip, cast.kim)):
        hide(thing, moderator, "tone", "", NOW)
        assert _points_about(tip) == 0
        restore(thing, moderator, NOW)
        assert (_points_about(tip), evidence(tip)) == (5, (1, 0))


def test_what_was_taken_out_while_the_tip_was_hidden_is_not_given_again(cast: Cast) -> None:
    tip = make_tip(cast.charlie)
    activity = make_activity(cast.alice, heeded=take(tip))
    hide(tip, cast.kim, "tone", "", NOW)
    withdraw_activity(whole_activity(activity.id), by=cast.alice, now=NOW)  # type: ignore[arg-type]
    restore(tip, cast.kim, NOW)
    assert (_points_about(tip), evidence(tip)) == (0, (0, 0))


def test_hiding_what_has_earned_nothing_any_more_gives_nothing_back(cast: Cast) -> None:
    tip = make_tip(cast.charlie)
    activity = make_activity(cast.alice, heeded=take(tip))
    edited(activity, cast.alice)
    hide(tip, cast.kim, "tone", "", NOW)
    restore(tip, cast.kim, NOW)
    assert _points_about(tip) == 0


def test_a_lesson_goes_with_its_activity_and_so_do_its_points(cast: Cast) -> None:
    source = make_activity(cast.charlie)
    make_outcome(source)
    lesson = whole_activity(source.id).lessons[0]  # type: ignore[union-attr]
    make_activity(cast.alice, heeded=take(lesson))
    hide(source, cast.kim, "tone", "", NOW)
    assert _points_about(lesson) == 0
    restore(source, cast.kim, NOW)
    assert _points_about(lesson) == 5


def test_hiding_a_lesson_alone_takes_back_what_the_report_earned_for_it(cast: Cast) -> None:
    source = make_activity(cast.charlie)
    make_outcome(source)
    lesson = whole_activity(source.id).lessons[0]  # type: ignore[union-attr]
    before = points_given(source.id)
    hide(lesson, cast.kim, "tone", "", NOW)
    assert points_given(source.id) == before - 10
    hide(source, cast.kim, "tone", "", NOW)
    restore(lesson, cast.kim, NOW)
    assert points_given(source.id) == 0
    restore(source, cast.kim, NOW)
    assert points_given(source.id) == before


def _points_about(tip: Tip) -> int:
    return (
        db.session.scalar(select(func.sum(PointEntry.points)).where(PointEntry.contribution_id == tip.id))
        or 0
    )
