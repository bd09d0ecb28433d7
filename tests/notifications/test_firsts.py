"""One notification for what several do in a day: whom it names after it was taken back, and how often it is pushed."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.extensions import db
from app.models.activity import Activity
from app.models.notification import Delivery, Notification
from app.models.person import Person
from app.models.programme import Check
from app.services.activities.cheer import cheer, withdraw_cheer
from app.services.activities.coming import cannot_come, come_along
from app.services.activities.visibility import whole_activity
from app.services.conversation.mute import mute
from app.services.conversation.thanks import withdraw_thanks
from app.services.conversation.write import withdraw_comment
from app.services.moderation.decide import hide, publish
from app.services.notifications.inbox import contents_to_withhold, mark_all_read
from app.services.notifications.kinds import words_of
from app.services.notifications.notify import take_people_told
from tests.at_once import all_at_once
from tests.cast import Cast
from tests.comment_makers import make_comment
from tests.digests import digest_at, local
from tests.factories import NOW, make_activity, make_person
from tests.held_back import let_it_be_told
from tests.moderation.looked_at import look_at
from tests.push import deliver_at, sender_to, subscribed
from tests.push_device import Device
from tests.push_service import PushService
from tests.thanks_makers import make_thanks

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
SLOT, NEXT_SLOT = NOW.replace(hour=12, minute=30), NOW.replace(hour=7, minute=30) + DAY


def told(person: Person, *kinds: str) -> list[Notification]:
    query = select(Notification).where(Notification.person_id == person.id, Notification.kind.in_(kinds))
    fresh = query.order_by(Notification.id).execution_options(populate_existing=True)
    return list(db.session.scalars(fresh))


def read(row: Notification) -> str:
    return words_of(row.kind, row.parameters, "sv", taken_away=bool(contents_to_withhold([row]))).title


def presses(thing: Activity, what: str) -> tuple[Callable[..., Any], Callable[..., Any]]:
    """How somebody does it, and how they take it back."""
    number = thing.id

    def do(by: Person, now: datetime) -> None:
        activity = whole_activity(number)
        assert activity
        (cheer if what == "cheer" else come_along)(activity, by, now=now)

    def undo(by: Person, now: datetime) -> None:
        activity = whole_activity(number)
        assert activity
        withdraw_cheer(activity, by, now=now) if what == "cheer" else cannot_come(activity, by, now=now)

    return do, undo


def take_away(what: Any, by: Person, cast: Cast, how: str) -> None:
    if how == "hidden":
        hide(what, cast.cora, "tone", "", NOW + MINUTE)
    else:
        (withdraw_comment if what.kind == "comment" else withdraw_thanks)(what, by, now=NOW + MINUTE)
    db.session.commit()


@pytest.mark.parametrize("how", ["taken back", "hidden"])
@pytest.mark.parametrize("what", ["comment", "thanks"])
def test_whoever_comes_after_what_is_gone_is_heard_of(
    cast: Cast, push_service: PushService, what: str, how: str
) -> None:
    activity, phone = make_activity(cast.alice), push_service.device()
    subscribed(cast.alice, phone)

    def make(by: Person, now: datetime) -> Any:
        return (
            make_comment(activity, by, now=now) if what == "comment" else make_thanks(cast.alice, by, now=now)
        )

    take_away(make(cast.bob, NOW), cast.bob, cast, how)
    second = make(cast.charlie, NOW + 5 * MINUTE)
    (row,) = told(cast.alice, what)
    assert read(row) == f"{cast.charlie.name} {'har kommenterat' if what == 'comment' else 'tackar dig'}"
    assert (row.parameters["contribution_id"], contents_to_withhold([row])) == (second.id, [])
    if what == "comment":
        assert row.url == second.path
    assert (deliver_at(sender_to(push_service), SLOT), len(push_service.received)) == (1, 1)
    pushed = json.loads(phone.decrypt(push_service.received[0].body))
    assert pushed["title"] == read(row)


@pytest.mark.parametrize("how", ["taken back", "hidden"])
def test_whoever_had_come_before_it_went_is_heard_of_too(cast: Cast, how: str) -> None:
    activity = make_activity(cast.alice)
    subscribed(cast.alice, Device("https://fcm.googleapis.com/fcm/send/phone"))
    for make in (
        lambda by: make_comment(activity, by, now=NOW),
        lambda by: make_thanks(cast.alice, by, now=NOW),
    ):
        first = make(cast.bob)
        make(cast.charlie)
        take_away(first, cast.bob, cast, how)
    assert [read(row) for row in told(cast.alice, "comment", "thanks")] == [
        f"{cast.charlie.name} har kommenterat",
        f"{cast.charlie.name} tackar dig",
    ]
    assert set(db.session.scalars(select(Delivery.due_at))) == {SLOT}


def test_the_same_goes_for_answers_in_a_thread(cast: Cast) -> None:
    activity = make_activity(cast.alice)
    opening = make_comment(activity, cast.kim)
    first, second = (make_comment(activity, by, to=opening) for by in (cast.bob, cast.charlie))
    take_away(first, cast.bob, cast, "taken back")
    (row,) = told(cast.kim, "comment")
    assert (read(row), row.url) == (f"{cast.charlie.name} har svarat dig", second.path)


def test_who_reads_by_mail_hears_of_them(cast: Cast) -> None:
    """Also if what is gone was looked through for the digest already, and found to be nothing."""
    night, slot = local("2026-11-10 00:05"), local("2026-11-10 08:30")
    activity = make_activity(cast.alice)
    withdraw_comment(make_comment(activity, cast.bob, now=night), cast.bob, now=night)
    db.session.commit()
    assert digest_at(slot) == []
    make_comment(activity, cast.charlie, now=slot + 5 * MINUTE)
    assert digest_at(slot + 10 * MINUTE) == [], "what comes after the slot waits for the next day"
    (letter,) = digest_at(slot + DAY)
    assert f"{cast.charlie.name} har kommenterat" in letter.text


@pytest.mark.parametrize("what", ["coming", "cheer"])
def test_it_names_who_stands(cast: Cast, what: str) -> None:
    do, undo = presses(make_activity(cast.alice), what)
    do(cast.bob, now=NOW)
    undo(cast.bob, now=NOW)
    do(cast.charlie, now=NOW + MINUTE)
    (row,) = told(cast.alice, what)
    assert (row.parameters["name"], row.parameters["others"]) == (cast.charlie.name, 0)
    for person in (cast.kim, cast.bob):
        do(person, now=NOW + 2 * MINUTE)
    undo(cast.kim, now=NOW + 2 * MINUTE)
    do(cast.cora, now=NOW + 3 * MINUTE)
    (row,) = told(cast.alice, what)
    assert (row.parameters["name"], row.parameters["others"]) == (cast.charlie.name, 2)


@pytest.mark.parametrize("what", ["coming", "cheer"])
def test_what_has_arrived_stays_and_somebody_new_is_told_as_new(
    cast: Cast, push_service: PushService, what: str
) -> None:
    subscribed(cast.alice, push_service.device())
    do, undo = presses(make_activity(cast.alice), what)
    sender = sender_to(push_service)
    do(cast.bob, now=NOW)
    deliver_at(sender, SLOT)
    mark_all_read(cast.alice, SLOT)
    undo(cast.bob, now=SLOT + MINUTE)
    do(cast.charlie, now=SLOT + 2 * MINUTE)
    first, second = told(cast.alice, what)
    assert [row.parameters["name"] for row in (first, second)] == [cast.bob.name, cast.charlie.name]
    assert (first.is_unread, second.is_unread) == (False, True)
    assert (deliver_at(sender, SLOT + 3 * MINUTE), deliver_at(sender, NEXT_SLOT)) == (0, 1), "it has its slot"


@pytest.mark.parametrize("what", ["coming", "cheer"])
def test_of_nobody_more_than_once_a_day_however_often_they_press(
    cast: Cast, push_service: PushService, what: str
) -> None:
    subscribed(cast.alice, push_service.device())
    do, undo = presses(make_activity(cast.alice), what)
    for number in range(20):
        person, now = (cast.bob, cast.charlie)[number % 2], NOW + number * MINUTE
        do(person, now=now)
        # As if each had its slot at once.
        for delivery in db.session.scalars(select(Delivery).where(Delivery.state == "waiting")):
            delivery.state, delivery.settled_at = "delivered", now
        mark_all_read(cast.alice, now)
        undo(person, now=now)
    assert len(told(cast.alice, what)) == 2
    assert len(db.session.scalars(select(Delivery)).all()) == 2
    assert not any(row.is_unread for row in told(cast.alice, what))


def test_who_writes_and_takes_it_back_all_day_is_pushed_once(cast: Cast, push_service: PushService) -> None:
    subscribed(cast.alice, push_service.device())
    activity = make_activity(cast.alice)
    sender = sender_to(push_service)
    for number in range(4):
        now = SLOT + (number - 2) * 10 * MINUTE
        comment = make_comment(activity, cast.bob, now=now)
        deliver_at(sender, max(now, SLOT))
        if number < 3:
            withdraw_comment(comment, cast.bob, now=now + 5 * MINUTE)
    assert deliver_at(sender, NEXT_SLOT) == 0
    assert len(push_service.received) == 1
    (row,) = told(cast.alice, "comment")
    assert (row.url, contents_to_withhold([row])) == (comment.path, []), "but it leads to what is there"


def test_who_has_muted_it_or_switched_it_off_is_not_disturbed(cast: Cast) -> None:
    activity = make_activity(cast.alice)
    subscribed(cast.alice, Device("https://fcm.googleapis.com/fcm/send/phone"))
    first = make_comment(activity, cast.bob)
    make_comment(activity, cast.kim)
    mute(activity.id, cast.alice, NOW)
    take_away(first, cast.bob, cast, "taken back")
    make_comment(activity, cast.charlie, now=NOW + 5 * MINUTE)
    (row,) = told(cast.alice, "comment")
    assert row.parameters["name"] == cast.bob.name
    thanks = make_thanks(cast.alice, cast.bob)
    cast.alice.muted_groups = ["thanks"]
    take_away(thanks, cast.bob, cast, "taken back")
    make_thanks(cast.alice, cast.charlie, now=NOW + 5 * MINUTE)
    of_thanks = select(Delivery).join(Delivery.notification).where(Notification.kind == "thanks")
    assert db.session.scalars(of_thanks).all() == []


def test_what_is_taken_back_on_a_later_day_disturbs_nobody(cast: Cast) -> None:
    activity = make_activity(cast.alice)
    first = make_comment(activity, cast.bob)
    make_comment(activity, cast.charlie)
    subscribed(cast.alice, Device("https://fcm.googleapis.com/fcm/send/phone"))
    hide(first, cast.cora, "tone", "", NOW + DAY)
    (row,) = told(cast.alice, "comment")
    assert (row.parameters["name"], row.created_at) == (cast.charlie.name, NOW)
    assert db.session.scalars(select(Delivery).where(Delivery.notification_id == row.id)).all() == []


def test_it_weighs_in_the_brake_as_something_new(cast: Cast) -> None:
    activity = make_activity(cast.alice)
    take_away(make_comment(activity, cast.bob), cast.bob, cast, "taken back")
    take_people_told()
    make_comment(activity, cast.charlie, now=NOW + 5 * MINUTE)
    assert take_people_told() == 1
    make_comment(activity, cast.kim, now=NOW + 6 * MINUTE)
    assert take_people_told() == 0


def test_what_is_published_after_the_first_has_gone_is_named(cast: Cast) -> None:
    activity = make_activity(cast.alice)
    look_at(Check.ALL)
    first, second, third = (
        make_comment(activity, by) for by in (cast.bob, cast.charlie, make_person("Tove Ek"))
    )
    publish(first, cast.cora, NOW)
    let_it_be_told(NOW + MINUTE)
    take_away(first, cast.bob, cast, "taken back")
    for comment in (second, third):
        publish(comment, cast.cora, NOW + MINUTE)
        let_it_be_told(NOW + 3 * MINUTE)
    (row,) = told(cast.alice, "comment")
    assert (read(row), row.url) == (f"{cast.charlie.name} och 1 till har kommenterat", second.path)
    look_at()
    make_comment(activity, cast.kim, now=NOW + 5 * MINUTE)
    (row,) = told(cast.alice, "comment")
    assert row.parameters["others"] == 2, "those are counted who spoke before they were published"


def test_the_usual_takes_three_statements(cast: Cast, queries: list[str]) -> None:
    do, _ = presses(make_activity(cast.alice), "cheer")
    do(cast.bob, now=NOW)
    queries.clear()
    do(cast.charlie, now=NOW)
    assert len([statement for statement in queries if "notification" in statement.lower()]) <= 3


def test_of_those_who_come_at_once_all_are_counted(live: Flask) -> None:
    """Also when what was told before has arrived, so that one of them has it told anew and the others come after."""
    with live.app_context():
        owner, before = make_person("Alice Ahl").id, make_person().id
        people = [make_person().id for _ in range(4)]
        thanks = make_thanks(db.session.get_one(Person, owner), db.session.get_one(Person, before))
        mark_all_read(db.session.get_one(Person, owner), NOW)
        withdraw_thanks(thanks, db.session.get_one(Person, before), now=NOW)
        db.session.commit()

    def thank(by: int) -> Callable[[], object]:
        def step() -> None:
            to, author = (db.session.get_one(Person, number) for number in (owner, by))
            make_thanks(to, author, now=NOW + MINUTE)

        return step

    assert all_at_once(live, [thank(number) for number in people]) == []
    with live.app_context():
        gone, row = told(db.session.get_one(Person, owner), "thanks")
        assert (gone.parameters["others"], row.parameters["others"]) == (0, len(people) - 1)
        assert row.parameters["person_id"] in people
