"""What the programme wants looked at waits, seen by its makers and moderators alone, until it is published."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.extensions import db
from app.models.held_notice import HeldNotice
from app.models.ledger import PointEntry
from app.models.moderation import Decision
from app.models.notification import Kind, Notification
from app.models.outcome import Permission
from app.models.programme import Check
from app.services.activities.photos import add_photo
from app.services.activities.plan import change_plan, invite, plan_activity
from app.services.activities.visibility import visible_activity
from app.services.conversation.write import change_comment, withdraw_comment
from app.services.moderation.decide import publish
from app.services.moderation.queue import queue
from app.services.upkeep.audit import verify
from app.web.media import media_store
from tests.cast import Cast
from tests.comment_makers import comment_count, make_comment
from tests.factories import NOW, make_activity, make_outcome, make_person, make_plan, make_tip, stage
from tests.held_back import let_it_be_told
from tests.moderation.looked_at import afresh, is_in_feed, look_at, points_of, told, waits
from tests.pictures import jpeg
from tests.thanks_makers import make_thanks

pytestmark = pytest.mark.usefixtures("app")

HOUR = timedelta(hours=1)


@pytest.mark.usefixtures("everything")
def test_a_plan_is_seen_when_it_is_published_and_then_everything_comes(cast: Cast) -> None:
    plan = plan_activity(cast.alice, make_plan(), [cast.charlie], stage=stage(), request_key="one", now=NOW)
    db.session.commit()
    assert (waits(plan), is_in_feed(plan), points_of(plan)) == (True, False, 0)
    assert (visible_activity(plan.id, cast.bob), visible_activity(plan.id, cast.cora)) == (None, plan)
    assert (told(cast.alice), told(cast.charlie), told(cast.cora)) == ([], [], ["moderation to_check"])
    publish(afresh(plan), cast.cora, NOW + HOUR)
    assert (waits(plan), is_in_feed(plan), points_of(plan)) == (False, True, 10)
    assert visible_activity(plan.id, cast.bob)
    assert (told(cast.alice), told(cast.charlie)) == (["moderation published"], ["invitation"])
    assert db.session.scalars(select(HeldNotice)).all() == []
    assert not queue(cast.cora).items
    assert verify() == []


@pytest.mark.usefixtures("everything")
def test_a_retry_waits_once(cast: Cast) -> None:
    for _ in range(2):
        make_activity(cast.alice, request_key="the same")
    assert db.session.scalar(select(func.count()).select_from(Decision)) == 1
    assert told(cast.cora) == ["moderation to_check"]


def test_its_makers_go_on_and_it_earns_as_much_as_without_a_look(cast: Cast) -> None:
    unchecked = make_activity(cast.bob)
    make_outcome(unchecked)
    look_at(Check.ALL)
    plan = make_activity(cast.alice)
    change_plan(plan, make_plan(title="Fika för alla"), by=cast.alice, now=NOW)
    invite(afresh(plan), cast.charlie, by=cast.alice, now=NOW)
    make_outcome(afresh(plan), now=NOW + HOUR)
    assert afresh(plan).is_workable
    assert (points_of(plan), is_in_feed(plan), told(cast.charlie)) == (0, False, [])
    assert verify() == []
    publish(afresh(plan), cast.cora, NOW + 2 * HOUR)
    squares = select(func.sum(PointEntry.points)).where(
        PointEntry.contribution_id == unchecked.id, PointEntry.reason == "first"
    )
    assert points_of(plan) == points_of(unchecked) - (db.session.scalar(squares) or 0) > 0
    assert (is_in_feed(plan), told(cast.charlie)) == (True, ["invitation"])
    assert verify() == []


def test_pictures_wait_with_the_report_and_what_was_seen_of_it_too(cast: Cast) -> None:
    look_at(Check.PHOTOS)
    without, pictured = make_activity(cast.alice), make_activity(cast.alice)
    planned = points_of(pictured)
    make_outcome(without)
    assert not waits(without)
    add_photo(pictured, cast.alice, jpeg(), store=media_store(), now=NOW)
    assert not waits(pictured), "others see it with the report"
    make_outcome(afresh(pictured), now=NOW + HOUR)
    assert (waits(pictured), is_in_feed(pictured), points_of(pictured)) == (True, False, planned)
    assert verify() == []
    publish(afresh(pictured), cast.cora, NOW + 2 * HOUR)
    assert is_in_feed(pictured)
    assert points_of(pictured) > planned
    make_outcome(afresh(pictured), story="Ett ord till.", now=NOW + 3 * HOUR)
    assert not waits(pictured), "its pictures have been looked at"
    add_photo(afresh(without), cast.alice, jpeg("blue"), store=media_store(), now=NOW + 3 * HOUR)
    assert (waits(without), is_in_feed(without)) == (True, False)
    publish(afresh(without), cast.cora, NOW + 4 * HOUR)
    assert verify() == []


def test_what_may_be_used_outside_waits_once(cast: Cast) -> None:
    look_at(Check.EXTERNAL_USE)
    activity = make_activity(cast.alice)
    make_outcome(activity)
    assert not waits(activity)
    make_outcome(afresh(activity), permission=Permission.EXTERNAL)
    assert waits(activity)
    publish(afresh(activity), cast.cora, NOW)
    make_outcome(afresh(activity), permission=Permission.EXTERNAL, story="Ändrat.")
    assert not waits(activity)


def test_what_a_new_person_writes_waits_until_one_thing_is_published(cast: Cast) -> None:
    look_at(Check.FIRST)
    make_thanks(cast.bob, cast.alice)  # between the two, which nobody looks at
    first, second = make_activity(cast.alice), make_tip(cast.alice)
    make_outcome(afresh(first))
    assert (waits(first), waits(second)) == (True, True)
    publish(afresh(first), cast.cora, NOW)
    assert not waits(make_activity(cast.alice))


@pytest.mark.usefixtures("everything")
@pytest.mark.parametrize("who", ["cora", "lena"])
def test_those_who_look_are_not_looked_at(cast: Cast, who: str) -> None:
    activity = make_activity(getattr(cast, who))
    make_outcome(activity)
    assert not waits(activity)


def test_without_the_setting_nothing_waits(cast: Cast) -> None:
    activity = make_activity(cast.alice)
    make_outcome(activity, permission=Permission.EXTERNAL)
    assert not waits(activity)


def test_a_comment_tells_and_counts_when_it_is_published(cast: Cast) -> None:
    thing = make_activity(cast.bob)
    look_at(Check.ALL)
    comment = make_comment(thing, cast.alice, f"Fint, @{cast.charlie.name}!")
    assert (comment_count(thing), told(cast.bob), told(cast.charlie)) == (0, [], [])
    change_comment(comment, cast.alice, "Fint!", now=NOW)
    publish(comment, cast.cora, NOW)
    assert (comment_count(thing), told(cast.bob)) == (1, ["comment said"])
    assert told(cast.alice) == ["moderation published"]
    taken_back = make_comment(thing, cast.alice)
    withdraw_comment(taken_back, cast.alice, now=NOW)
    assert comment_count(thing) == 1
    assert verify() == []


def test_of_a_comment_that_is_published_later_that_day_the_first_notification_says_one_more(
    cast: Cast,
) -> None:
    thing = make_activity(cast.bob)
    look_at(Check.ALL)
    first, *later = [make_comment(thing, by) for by in (cast.alice, cast.alice, cast.charlie, make_person())]
    others = []
    for comment in (first, *later):
        publish(comment, cast.cora, NOW)
        let_it_be_told(NOW + timedelta(minutes=1))
        (notification,) = db.session.scalars(
            select(Notification).where(
                Notification.person_id == cast.bob.id, Notification.kind == Kind.COMMENT
            )
        )
        others.append(notification.parameters["others"])
    assert others == [0, 0, 1, 2]
    assert notification.parameters["name"] == cast.alice.name
