"""What the programme wants looked at waits, seen by its makers and moderators alone, until it is published."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.extensions import db
from app.models.activity import Activity
from app.models.contribution import Removal
from app.models.feed import FeedItem, FeedScope
from app.models.held_notice import HeldNotice
from app.models.ledger import PointEntry
from app.models.moderation import Decision
from app.models.notification import Notification
from app.models.outcome import Permission
from app.models.person import Person
from app.models.programme import Check, Programme
from app.services.activities.plan import change_plan, invite, plan_activity, withdraw_activity
from app.services.activities.photos import add_photo
from app.services.activities.tips import withdraw_tip
from app.services.activities.visibility import own_activity, visible_activity, whole_activity
from app.services.conversation.write import change_comment, withdraw_comment
from app.services.moderation.acts import UNNOTICED_FOR, AlreadyDecidedError
from app.services.moderation.appeals import answer_back, send_again
from app.services.moderation.decide import ask, hide, publish, restore, undo
from app.services.moderation.flags import flag
from app.services.moderation.publishing import publish_what_no_longer_waits
from app.services.moderation.queue import decisions, queue, queue_length
from app.services.moderation.reminding import remind_of_waiting
from app.services.upkeep.audit import verify
from app.web.media import media_store
from tests.activities.closing import address_of, make_due
from tests.cast import Cast
from tests.comment_makers import comment_count, make_comment
from tests.factories import NOW, make_activity, make_outcome, make_plan, make_tip, stage
from tests.held_back import let_it_be_told
from tests.pictures import jpeg

pytestmark = pytest.mark.usefixtures("app")

As = Callable[[Person], FlaskClient]
HOUR = timedelta(hours=1)


def look_at(*checks: Check) -> None:
    programme = Programme.current()
    assert programme
    programme.moderation = {"hide_at": 3, "check": [check.value for check in checks]}
    db.session.commit()


@pytest.fixture
def everything(cast: Cast) -> None:
    _ = cast.alice, cast.bob, cast.cora
    look_at(Check.ALL)


def _waits(thing: object) -> bool:
    removal = db.session.get(Removal, thing.id, populate_existing=True)  # type: ignore[attr-defined]
    return removal is not None and removal.waits


def _points(activity: Activity) -> int:
    entries = select(func.sum(PointEntry.points)).where(PointEntry.contribution_id == activity.id)
    return db.session.scalar(entries) or 0


def _in_feed(activity: Activity) -> bool:
    shown = select(FeedScope.item_id).join(FeedItem, FeedItem.id == FeedScope.item_id)
    return db.session.scalar(shown.where(FeedItem.contribution_id == activity.id).limit(1)) is not None


def _told(person: Person) -> list[str]:
    let_it_be_told()
    about = select(Notification).where(Notification.person_id == person.id).order_by(Notification.id)
    return [f"{one.kind} {one.parameters.get('event', '')}".strip() for one in db.session.scalars(about)]


def _whole(activity: Activity) -> Activity:
    db.session.expire_all()
    whole = whole_activity(activity.id)
    assert whole
    return whole


@pytest.mark.usefixtures("everything")
def test_a_plan_is_seen_when_it_is_published_and_then_everything_comes(cast: Cast) -> None:
    plan = plan_activity(
        cast.alice, make_plan(), [cast.charlie], stage=stage(), request_key="one", now=NOW
    )
    db.session.commit()
    assert (_waits(plan), _in_feed(plan), _points(plan)) == (True, False, 0)
    assert (visible_activity(plan.id, cast.bob), visible_activity(plan.id, cast.cora)) == (None, plan)
    assert (_told(cast.alice), _told(cast.charlie), _told(cast.cora)) == ([], [], ["moderation to_check"])
    publish(_whole(plan), cast.cora, NOW + HOUR)
    assert (_waits(plan), _in_feed(plan), _points(plan)) == (False, True, 10)
    assert visible_activity(plan.id, cast.bob)
    assert (_told(cast.alice), _told(cast.charlie)) == (["moderation published"], ["invitation"])
    assert db.session.scalars(select(HeldNotice)).all() == []
    assert not queue(cast.cora).items
    assert verify() == []


@pytest.mark.usefixtures("everything")
def test_a_retry_waits_once(cast: Cast) -> None:
    for _ in range(2):
        make_activity(cast.alice, request_key="the same")
    assert db.session.scalar(select(func.count()).select_from(Decision)) == 1
    assert _told(cast.cora) == ["moderation to_check"]


def test_its_makers_go_on_and_it_earns_as_much_as_without_a_look(cast: Cast) -> None:
    unchecked = make_activity(cast.bob)
    make_outcome(unchecked)
    look_at(Check.ALL)
    plan = make_activity(cast.alice)
    change_plan(plan, make_plan(title="Fika för alla"), by=cast.alice, now=NOW)
    invite(_whole(plan), cast.charlie, by=cast.alice, now=NOW)
    make_outcome(_whole(plan), now=NOW + HOUR)
    assert own_activity(plan.id, cast.alice)
    assert (_points(plan), _in_feed(plan), _told(cast.charlie)) == (0, False, [])
    assert verify() == []
    publish(_whole(plan), cast.cora, NOW + 2 * HOUR)
    squares = select(func.sum(PointEntry.points)).where(
        PointEntry.contribution_id == unchecked.id, PointEntry.reason == "first"
    )
    assert _points(plan) == _points(unchecked) - (db.session.scalar(squares) or 0) > 0
    assert (_in_feed(plan), _told(cast.charlie)) == (True, ["invitation"])
    assert verify() == []


def test_pictures_wait_with_the_report_and_what_was_seen_of_it_too(cast: Cast) -> None:
    look_at(Check.PHOTOS)
    without, pictured = make_activity(cast.alice), make_activity(cast.alice)
    planned = _points(pictured)
    make_outcome(without)
    assert not _waits(without)
    add_photo(pictured, cast.alice, jpeg(), store=media_store(), now=NOW)
    assert not _waits(pictured), "others see it with the report"
    make_outcome(_whole(pictured), now=NOW + HOUR)
    assert (_waits(pictured), _in_feed(pictured), _points(pictured)) == (True, False, planned)
    assert verify() == []
    publish(_whole(pictured), cast.cora, NOW + 2 * HOUR)
    assert _in_feed(pictured)
    assert _points(pictured) > planned
    make_outcome(_whole(pictured), story="Ett ord till.", now=NOW + 3 * HOUR)
    assert not _waits(pictured), "its pictures have been looked at"
    add_photo(_whole(without), cast.alice, jpeg("blue"), store=media_store(), now=NOW + 3 * HOUR)
    assert (_waits(without), _in_feed(without)) == (True, False)
    publish(_whole(without), cast.cora, NOW + 4 * HOUR)
    assert verify() == []


def test_what_may_be_used_outside_waits_once(cast: Cast) -> None:
    look_at(Check.EXTERNAL_USE)
    activity = make_activity(cast.alice)
    make_outcome(activity)
    assert not _waits(activity)
    make_outcome(_whole(activity), permission=Permission.EXTERNAL)
    assert _waits(activity)
    publish(_whole(activity), cast.cora, NOW)
    make_outcome(_whole(activity), permission=Permission.EXTERNAL, story="Ändrat.")
    assert not _waits(activity)


def test_what_a_new_person_writes_waits_until_one_thing_is_published(cast: Cast) -> None:
    look_at(Check.FIRST)
    first, second = make_activity(cast.alice), make_tip(cast.alice)
    make_outcome(_whole(first))
    assert (_waits(first), _waits(second)) == (True, True)
    publish(_whole(first), cast.cora, NOW)
    assert not _waits(make_activity(cast.alice))


@pytest.mark.usefixtures("everything")
@pytest.mark.parametrize("who", ["cora", "lena"])
def test_those_who_look_are_not_looked_at(cast: Cast, who: str) -> None:
    activity = make_activity(getattr(cast, who))
    make_outcome(activity)
    assert not _waits(activity)


def test_without_the_setting_nothing_waits(cast: Cast) -> None:
    activity = make_activity(cast.alice)
    make_outcome(activity, permission=Permission.EXTERNAL)
    assert not _waits(activity)


def test_a_comment_tells_and_counts_when_it_is_published(cast: Cast) -> None:
    thing = make_activity(cast.bob)
    look_at(Check.ALL)
    comment = make_comment(thing, cast.alice, f"Fint, @{cast.charlie.name}!")
    assert (comment_count(thing), _told(cast.bob), _told(cast.charlie)) == (0, [], [])
    change_comment(comment, cast.alice, "Fint!", now=NOW)
    publish(comment, cast.cora, NOW)
    assert (comment_count(thing), _told(cast.bob)) == (1, ["comment said"])
    assert _told(cast.alice) == ["moderation published"]
    taken_back = make_comment(thing, cast.alice)
    withdraw_comment(taken_back, cast.alice, now=NOW)
    assert comment_count(thing) == 1
    assert verify() == []


@pytest.mark.usefixtures("everything")
def test_what_waits_can_be_taken_back(cast: Cast) -> None:
    plan, tip = make_activity(cast.alice), make_tip(cast.alice)
    withdraw_activity(_whole(plan), by=cast.alice, now=NOW)
    withdraw_tip(tip, by=cast.alice, now=NOW)
    assert (queue(cast.cora).items, queue_length(cast.cora)) == ([], 0)
    assert verify() == []


@pytest.mark.usefixtures("everything")
def test_asked_for_a_change_it_is_published_when_that_has_been_read(cast: Cast) -> None:
    plan = plan_activity(
        cast.alice, make_plan(), [cast.charlie], stage=stage(), request_key="one", now=NOW
    )
    with pytest.raises(AlreadyDecidedError):
        answer_back(plan, cast.alice, "Den är bra.", NOW)
    ask(_whole(plan), cast.cora, "tone", "Skriv lite mjukare.", NOW)
    assert own_activity(plan.id, cast.alice) is None, "it is changed and sent again"
    send_again(_whole(plan), cast.alice, NOW)
    assert (_points(plan), _told(cast.charlie)) == (0, [])
    restore(_whole(plan), cast.cora, NOW)
    assert (_points(plan), _in_feed(plan), _told(cast.charlie)) == (10, True, ["invitation"])
    assert verify() == []


@pytest.mark.usefixtures("everything")
def test_hidden_nobody_hears_of_it_and_shown_after_all_it_earns(cast: Cast) -> None:
    plan = make_activity(cast.alice)
    hide(plan, cast.cora, "tone", "", NOW)
    assert (_points(plan), _told(cast.alice)) == (0, ["moderation hidden"])
    undo(_whole(plan), cast.cora, NOW)
    assert (_waits(plan), _points(plan)) == (True, 0)
    hide(_whole(plan), cast.cora, "tone", "", NOW)
    restore(_whole(plan), cast.lena, NOW)
    assert (_points(plan), _in_feed(plan)) == (10, True)
    assert verify() == []


@pytest.mark.usefixtures("everything")
def test_undone_at_once_it_waits_again_and_nobody_has_heard(cast: Cast) -> None:
    plan = plan_activity(
        cast.alice, make_plan(), [cast.charlie], stage=stage(), request_key="one", now=NOW
    )
    publish(_whole(plan), cast.cora, NOW)
    undo(_whole(plan), cast.cora, NOW + timedelta(seconds=5))
    assert (_waits(plan), _in_feed(plan), len(queue(cast.cora).items)) == (True, False, 1)
    assert (_told(cast.alice), _told(cast.charlie)) == ([], [])
    publish(_whole(plan), cast.cora, NOW + HOUR)
    let_it_be_told(NOW + HOUR + UNNOTICED_FOR)
    assert (_told(cast.alice), _told(cast.charlie)) == (["moderation published"], ["invitation"])
    assert (_points(plan), verify()) == (10, [])


@pytest.mark.usefixtures("everything")
def test_published_twice_the_second_comes_too_late(cast: Cast) -> None:
    plan = make_activity(cast.alice)
    publish(plan, cast.cora, NOW)
    with pytest.raises(AlreadyDecidedError):
        publish(plan, cast.lena, NOW)


def test_switched_off_what_waits_is_published_once(cast: Cast) -> None:
    look_at(Check.ALL)
    plan, thing = make_activity(cast.alice), make_tip(cast.alice)
    publish_what_no_longer_waits(NOW, commit=db.session.commit)
    assert (_waits(plan), _waits(thing)) == (True, True), "as long as it is on"
    look_at()
    for _ in range(2):
        publish_what_no_longer_waits(NOW, commit=db.session.commit)
    assert (_waits(plan), _waits(thing), _in_feed(plan), _points(plan)) == (False, False, True, 10)
    assert _told(cast.alice) == ["moderation published"] * 2
    verdicts = db.session.scalars(select(Decision.verdict).order_by(Decision.id)).all()
    assert sorted(verdicts) == ["check", "check", "publish", "publish"]
    assert verify() == []


def test_one_that_cannot_be_published_keeps_no_other_waiting(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    look_at(Check.ALL)
    broken, other = make_activity(cast.alice), make_activity(cast.alice)
    look_at()
    number = broken.id

    def fails_for_one(thing: Activity, by: None, now: object) -> Decision:
        if thing.id == number:
            raise RuntimeError
        return publish(thing, by, now)  # type: ignore[arg-type]

    monkeypatch.setattr("app.services.moderation.publishing.publish", fails_for_one)
    publish_what_no_longer_waits(NOW, commit=db.session.commit)
    assert (_waits(broken), _waits(other)) == (True, False)


def test_it_comes_after_what_was_reported_and_the_log_begins_with_the_decision(cast: Cast) -> None:
    reported = make_activity(cast.bob)
    look_at(Check.ALL)
    plan = make_activity(cast.alice, now=NOW - HOUR)
    flag(reported, cast.charlie, "other", "Hm.", NOW)
    assert [item.thing.id for item in queue(cast.cora).items] == [reported.id, plan.id]
    assert decisions(cast.cora).items == []
    publish(_whole(plan), cast.cora, NOW)
    assert [entry.decision.verdict for entry in decisions(cast.cora).items] == ["publish"]


@pytest.mark.usefixtures("everything")
def test_moderators_are_reminded_after_a_day(cast: Cast) -> None:
    make_activity(cast.alice)
    for hours in (23, 24, 30):
        remind_of_waiting(NOW + hours * HOUR, commit=db.session.flush)
    assert _told(cast.cora) == ["moderation to_check", "moderation waits_unpublished"]


@pytest.mark.usefixtures("everything", "at_now")
def test_one_tap_publishes_it(cast: Cast, as_: As) -> None:
    plan = make_activity(cast.alice, title="Morgondopp")
    cora, bob = as_(cast.cora), as_(cast.bob)
    page = cora.get("/moderation").text
    assert "Att titta på före publicering" in page
    assert "Morgondopp" in page
    assert bob.get(f"/activities/{plan.id}").status_code == 404
    address = f"/moderation/{plan.id}/publication"
    answer = cora.post(address, headers={"HX-Request": "true"})
    assert "Publicerad. Den som gjort det får veta." in answer.text
    assert "Ångra" in answer.text
    assert bob.get(f"/activities/{plan.id}").status_code == 200
    assert "Redan avgjort" in cora.post(address, follow_redirects=True).text


@pytest.mark.usefixtures("everything", "at_now")
@pytest.mark.parametrize(("who", "status"), [("alice", 403), ("bob", 403), ("kim", 404)])
def test_others_publish_nothing(cast: Cast, as_: As, who: str, status: int) -> None:
    plan = make_activity(cast.alice)
    assert as_(getattr(cast, who)).post(f"/moderation/{plan.id}/publication").status_code == status
    assert _waits(plan)


@pytest.mark.usefixtures("everything", "at_now")
def test_the_author_reads_that_it_waits_and_goes_on(cast: Cast, as_: As) -> None:
    plan = make_activity(cast.alice)
    alice = as_(cast.alice)
    page = alice.get(f"/activities/{plan.id}").text
    assert "Väntar på en titt" in page
    assert "Ändra planen" in page
    assert "Väntar på en titt" in alice.get("/activities/mine").text
    assert "Väntar på en titt" in alice.get(f"/moderation/answer/{plan.id}").text
    report = {"carried_out": "yes", "rating": "4", "story": "Det gick bra.", "permission": "internal"}
    alice.post(f"/activities/{plan.id}/outcome", data=report)
    thanks = alice.get(f"/activities/{plan.id}/outcome/thanks").text
    assert "Tack. Den väntar på en titt." in thanks
    assert "Se den i flödet" not in thanks


@pytest.mark.usefixtures("everything", "at_now")
def test_the_author_of_a_tip_and_of_a_comment_reads_it_too(cast: Cast, as_: As) -> None:
    alice = as_(cast.alice)
    tip = make_tip(cast.alice)
    page = alice.get(f"/tips/{tip.id}").text
    assert "Väntar på en titt" in page
    assert "Ja, dra tillbaka" in page
    comment = make_comment(make_activity(cast.cora), cast.alice, "Vilken fin idé.")
    page = alice.get(comment.path).text
    assert "Vilken fin idé." in page
    assert f"{comment.path}/edit" in page
    assert alice.post(f"{comment.path}/edit", data={"body": "Så fint."}).status_code == 303


@pytest.mark.usefixtures("everything", "at_now")
def test_it_is_reported_from_its_address_without_a_session(cast: Cast, client: FlaskClient) -> None:
    activity = make_due(cast.alice)
    assert client.post(address_of(activity, cast.alice), data={"choice": "done"}).status_code == 303
    assert (_waits(activity), _points(activity)) == (True, 0)
