"""Planning, seeing and doing it together, through the services."""

from datetime import timedelta

import pytest
from sqlalchemy import func, insert, select

from app.extensions import db
from app.models.activity import Activity, Answer
from app.models.contribution import takes_part
from app.models.feed import FeedScope
from app.models.notification import Notification
from app.services.activities.plan import (
    ClosedError,
    answer_invitation,
    change_plan,
    invite,
    move_activity,
    plan_activity,
    withdraw_activity,
)
from app.services.activities.visibility import points_given, visible_activity, whole_activity
from tests.activities.ended import hide, report
from tests.cast import Cast
from tests.factories import NOW, TODAY, focus_area, make_activity, make_plan, municipality, stage, value


def scopes_of(activity: Activity) -> int:
    return db.session.scalar(select(func.count()).select_from(FeedScope)) or 0


def test_a_plan_is_an_activity_in_the_feed_with_points(cast: Cast) -> None:
    activity = make_activity(cast.alice, also_values=[value("kreativt")])
    assert activity.concreteness == 5
    assert [place.slug for place in activity.municipalities] == ["bjuv"]
    assert [also.slug for also in activity.also_values] == ["kreativt"]
    assert points_given(activity.id) == 10
    assert scopes_of(activity) > 0


def test_the_main_value_is_not_also_another(cast: Cast) -> None:
    activity = make_activity(cast.alice, also_values=[value("valkomnande"), value("kreativt")])
    assert [also.slug for also in activity.also_values] == ["kreativt"]


def test_a_retry_asks_nobody_once_more_whatever_has_become_of_the_plan(cast: Cast) -> None:
    alice, bob = cast.alice, cast.bob
    first = plan_activity(alice, make_plan(), [bob], stage=stage(), request_key="once", now=NOW)
    withdraw_activity(first, by=alice, now=NOW)
    db.session.commit()
    again = plan_activity(alice, make_plan(), [bob], stage=stage(), request_key="once", now=NOW)
    assert again.id == first.id
    assert len(again.co_owners) == 1


def test_the_same_key_again_is_the_same_activity(cast: Cast) -> None:
    first = make_activity(cast.alice, request_key="once")
    again = plan_activity(
        cast.alice, make_plan(title="Something else"), stage=stage(), request_key="once", now=NOW
    )
    assert again.id == first.id
    assert points_given(first.id) == 10


def test_two_people_may_use_the_same_key(cast: Cast) -> None:
    assert make_activity(cast.alice, request_key="k").id != make_activity(cast.bob, request_key="k").id


def test_concreteness_counts_the_answered_questions(cast: Cast) -> None:
    activity = make_activity(
        cast.alice, title="Fika", planned_for=None, place="", audience="Alla", success_sign=""
    )
    assert activity.concreteness == 1


def test_changing_a_plan_moves_it_in_the_feed_and_counts_anew(cast: Cast) -> None:
    activity = make_activity(cast.alice)
    change_plan(activity, make_plan(focus_area=focus_area("miljo"), place=""), by=cast.alice, now=NOW)
    db.session.commit()
    changed = whole_activity(activity.id)
    assert changed
    assert changed.focus_area.slug == "miljo"
    assert changed.concreteness == 4
    area = db.session.scalar(select(FeedScope.scope).where(FeedScope.scope.startswith("f:")))
    assert area == f"f:{focus_area('miljo').id}"


def test_moving_sets_the_date_only(cast: Cast) -> None:
    activity = make_activity(cast.alice, planned_for=None)
    move_activity(activity, TODAY + timedelta(days=3), by=cast.alice, now=NOW)
    assert activity.planned_for == TODAY + timedelta(days=3)
    assert activity.concreteness == 5


def test_withdrawing_takes_it_out_of_the_feed_and_its_points_back(cast: Cast) -> None:
    activity = make_activity(cast.alice)
    withdraw_activity(activity, by=cast.alice, now=NOW)
    db.session.commit()
    assert points_given(activity.id) == 0
    assert scopes_of(activity) == 0


@pytest.mark.parametrize("close", [report, lambda activity: hide(activity, activity.owner_id)])
def test_what_is_reported_or_hidden_is_not_changed(cast: Cast, close) -> None:  # type: ignore[no-untyped-def]
    bob, activity = cast.bob, make_activity(cast.alice)
    close(activity)
    activity = whole_activity(activity.id) or activity
    for attempt in (
        lambda: change_plan(activity, make_plan(), by=cast.alice, now=NOW),
        lambda: move_activity(activity, TODAY, by=cast.alice, now=NOW),
        lambda: withdraw_activity(activity, by=cast.alice, now=NOW),
        lambda: invite(activity, bob, by=cast.alice, now=NOW),
    ):
        with pytest.raises(ClosedError):
            attempt()


def test_nobody_changes_what_others_own(cast: Cast) -> None:
    bob, activity = cast.bob, make_activity(cast.alice)
    with pytest.raises(ClosedError):
        withdraw_activity(activity, by=bob, now=NOW)


def test_an_invited_colleague_is_told_once(cast: Cast) -> None:
    charlie, activity = cast.charlie, make_activity(cast.alice)
    first, again = (invite(activity, charlie, by=cast.alice, now=NOW) for _ in range(2))
    assert first is again
    told = db.session.scalars(select(Notification).where(Notification.person_id == cast.charlie.id)).all()
    assert [(note.kind, note.url) for note in told] == [("invitation", f"/activities/{activity.id}")]


def test_a_yes_brings_the_colleagues_municipality_in_and_tells_the_inviter(cast: Cast) -> None:
    charlie, activity = cast.charlie, make_activity(cast.alice)
    asked = invite(activity, charlie, by=cast.alice, now=NOW)
    answer_invitation(asked, True, now=NOW)
    db.session.commit()
    joined = whole_activity(activity.id)
    assert joined
    assert joined.joint
    assert joined.is_owned_by(cast.charlie)
    scope = f"m:{municipality('klippan').id}"
    assert db.session.scalar(select(FeedScope).where(FeedScope.scope == scope))
    assert (
        db.session.scalar(select(Notification.kind).where(Notification.person_id == cast.alice.id))
        == "answer"
    )


def test_a_no_may_become_a_yes_and_a_yes_stands(cast: Cast) -> None:
    bob, activity = cast.bob, make_activity(cast.alice)
    asked = invite(activity, bob, by=cast.alice, now=NOW)
    answer_invitation(asked, False, now=NOW)
    assert asked.answer == Answer.DECLINED
    answer_invitation(asked, True, now=NOW)
    answer_invitation(asked, False, now=NOW)
    assert asked.answer == Answer.ACCEPTED


def test_those_who_do_it_together_are_told_of_a_new_day_and_when_it_is_called_off(cast: Cast) -> None:
    bob, charlie = cast.bob, cast.charlie
    activity = make_activity(cast.alice)
    answer_invitation(invite(activity, charlie, by=cast.alice, now=NOW), True, now=NOW)
    invite(activity, bob, by=cast.alice, now=NOW)
    day = TODAY + timedelta(days=3)
    for _ in range(2):
        move_activity(activity, day, by=charlie, now=NOW)
    change_plan(activity, make_plan(planned_for=None), by=cast.alice, now=NOW)
    change_plan(activity, make_plan(planned_for=None, place="Torget"), by=cast.alice, now=NOW)
    withdraw_activity(activity, by=cast.alice, now=NOW)
    changes = select(Notification).where(Notification.kind == "change").order_by(Notification.id)
    told = [
        (note.person_id, note.parameters["event"], note.parameters.get("day"))
        for note in db.session.scalars(changes)
    ]
    assert told == [
        (cast.alice.id, "moved", day.isoformat()),
        (cast.charlie.id, "moved", ""),
        (cast.charlie.id, "withdrawn", None),
    ]


def test_neither_the_owner_nor_somebody_who_left_is_invited(cast: Cast) -> None:
    bob, activity = cast.bob, make_activity(cast.alice)
    bob.left_at = NOW
    for person in (cast.alice, bob):
        with pytest.raises(ClosedError):
            invite(activity, person, by=cast.alice, now=NOW)


def test_a_hidden_activity_is_seen_by_its_owner_and_its_moderators(cast: Cast) -> None:
    cora, activity = cast.cora, make_activity(cast.alice)
    hide(activity, cora.id)
    seen = {person.name.split()[0] for person in (cast.alice, cast.bob, cast.cora, cast.kim, cast.lena, cast.stig)
            if visible_activity(activity.id, person)}  # fmt: skip
    assert seen == {"Alice", "Cora", "Lena"}
    assert (own := whole_activity(activity.id))
    assert not own.is_workable


def test_a_withdrawn_activity_is_seen_by_its_owner_only(cast: Cast) -> None:
    activity = make_activity(cast.alice)
    withdraw_activity(activity, by=cast.alice, now=NOW)
    db.session.commit()
    assert visible_activity(activity.id, cast.alice)
    assert visible_activity(activity.id, cast.cora) is None
    assert (own := whole_activity(activity.id))
    assert not own.is_workable


def test_a_yes_that_comes_twice_at_once_is_one(cast: Cast) -> None:
    charlie, activity = cast.charlie, make_activity(cast.alice)
    asked = invite(activity, charlie, by=cast.alice, now=NOW)
    row = {"contribution_id": activity.id, "municipality_id": charlie.municipality_id}
    assert [place.slug for place in activity.municipalities] == ["bjuv"]
    db.session.execute(insert(takes_part), row)  # the other tap, of which this one has not heard
    answer_invitation(asked, True, now=NOW)
    db.session.commit()
    assert whole_activity(activity.id).joint  # type: ignore[union-attr]


def test_who_does_it_together_with_the_owner_does_not_take_it_back_for_both(cast: Cast) -> None:
    alice, bob = cast.alice, cast.bob
    activity = make_activity(alice)
    answer_invitation(invite(activity, bob, by=alice, now=NOW), True, now=NOW)
    with pytest.raises(ClosedError):
        withdraw_activity(activity, by=bob, now=NOW)
    assert activity.withdrawal is None
