"""One notification for what several do in a day is right at once when one of them takes it back."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.extensions import db
from app.models.notification import Delivery
from app.models.programme import Check
from app.services.conversation.write import withdraw_comment
from app.services.moderation.decide import publish
from app.services.notifications.inbox import mark_all_read
from tests.cast import Cast
from tests.comment_makers import make_comment
from tests.factories import NOW, make_activity
from tests.held_back import let_it_be_told
from tests.moderation.looked_at import look_at
from tests.notifications.test_firsts import presses, told
from tests.push import deliver_at, sender_to, subscribed
from tests.push_device import Device
from tests.push_service import PushService

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
SLOT = NOW.replace(hour=12, minute=30)


@pytest.mark.parametrize("what", ["coming", "cheer"])
def test_it_names_and_counts_who_is_left_and_goes_with_the_last(cast: Cast, what: str) -> None:
    subscribed(cast.alice, Device("https://fcm.googleapis.com/fcm/send/phone"))
    do, undo = presses(make_activity(cast.alice), what)
    people = (cast.bob, cast.charlie, cast.kim)
    for person in people:
        do(person, now=NOW)
    for gone, (name, others) in zip(people, ((cast.charlie.name, 1), (cast.kim.name, 0)), strict=False):
        undo(gone, now=NOW + MINUTE)
        (row,) = told(cast.alice, what)
        assert (row.parameters["name"], row.parameters["others"]) == (name, others)
    undo(cast.kim, now=NOW + MINUTE)
    assert (told(cast.alice, what), db.session.scalars(select(Delivery)).all()) == ([], [])


@pytest.mark.parametrize("what", ["coming", "cheer"])
def test_what_has_arrived_stays_when_nobody_is_left(cast: Cast, push_service: PushService, what: str) -> None:
    subscribed(cast.alice, push_service.device())
    do, undo = presses(make_activity(cast.alice), what)
    do(cast.bob, now=NOW)
    deliver_at(sender_to(push_service), SLOT)
    mark_all_read(cast.alice, SLOT)
    undo(cast.bob, now=SLOT + MINUTE)
    (row,) = told(cast.alice, what)
    assert row.parameters["name"] == cast.bob.name


@pytest.mark.parametrize("what", ["coming", "cheer"])
def test_those_of_another_day_are_told_of_in_theirs(cast: Cast, what: str) -> None:
    do, undo = presses(make_activity(cast.alice), what)
    for person, now in ((cast.bob, NOW), (cast.kim, NOW), (cast.charlie, NOW + DAY)):
        do(person, now=now)
    undo(cast.bob, now=NOW + DAY)
    rows = told(cast.alice, what)
    assert [(row.parameters["name"], row.parameters["others"]) for row in rows] == [
        (cast.kim.name, 0),
        (cast.charlie.name, 0),
    ]


def test_what_was_published_on_a_later_day_is_found_when_it_is_taken_back(cast: Cast) -> None:
    activity = make_activity(cast.alice)
    make_comment(activity, cast.kim)
    look_at(Check.ALL)
    first, second = (make_comment(activity, by) for by in (cast.bob, cast.charlie))
    for comment in (first, second):
        publish(comment, cast.cora, NOW + DAY)
        let_it_be_told(NOW + DAY + 3 * MINUTE)
    _before, row = told(cast.alice, "comment")
    assert (row.parameters["name"], row.parameters["others"]) == (cast.bob.name, 1)
    withdraw_comment(first, cast.bob, now=NOW + DAY + 5 * MINUTE)
    before, row = told(cast.alice, "comment")
    assert (row.parameters["name"], row.parameters["others"]) == (cast.charlie.name, 0)
    assert before.parameters["name"] == cast.kim.name


def test_who_is_among_the_others_already_is_not_counted_again_when_published(cast: Cast) -> None:
    activity = make_activity(cast.alice)
    for person in (cast.bob, cast.charlie):
        make_comment(activity, person)
    look_at(Check.ALL)
    late = make_comment(activity, cast.charlie, "Och en sak till.")
    publish(late, cast.cora, NOW + MINUTE)
    let_it_be_told(NOW + 5 * MINUTE)
    (row,) = told(cast.alice, "comment")
    assert (row.parameters["name"], row.parameters["others"]) == (cast.bob.name, 1)
