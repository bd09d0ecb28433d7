"""What waits is published, sent back or hidden by a moderator; or published when nobody is to look any more."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.extensions import db
from app.models.activity import Activity
from app.models.moderation import Decision
from app.models.programme import Check
from app.models.square import Square
from app.services.activities.plan import plan_activity, withdraw_activity
from app.services.activities.tips import withdraw_tip
from app.services.moderation.acts import UNNOTICED_FOR, AlreadyDecidedError
from app.services.moderation.appeals import answer_back, send_again
from app.services.moderation.decide import ask, hide, publish, restore, undo
from app.services.moderation.flags import flag
from app.services.moderation.publishing import publish_what_no_longer_waits
from app.services.moderation.queue import decisions, queue, queue_length
from app.services.moderation.reminding import remind_of_waiting
from app.services.upkeep.audit import verify
from tests.cast import Cast
from tests.factories import NOW, add_rules, make_activity, make_outcome, make_plan, make_tip, stage
from tests.held_back import let_it_be_told
from tests.moderation.looked_at import afresh, is_in_feed, look_at, points_of, told, waits

pytestmark = pytest.mark.usefixtures("app")

HOUR = timedelta(hours=1)


@pytest.mark.usefixtures("everything")
def test_what_waits_can_be_taken_back(cast: Cast) -> None:
    plan, tip = make_activity(cast.alice), make_tip(cast.alice)
    withdraw_activity(afresh(plan), by=cast.alice, now=NOW)
    withdraw_tip(tip, by=cast.alice, now=NOW)
    assert (queue(cast.cora).items, queue_length(cast.cora)) == ([], 0)
    assert verify() == []


@pytest.mark.usefixtures("everything")
def test_asked_for_a_change_it_is_published_when_that_has_been_read(cast: Cast) -> None:
    plan = plan_activity(cast.alice, make_plan(), [cast.charlie], stage=stage(), request_key="one", now=NOW)
    with pytest.raises(AlreadyDecidedError):
        answer_back(plan, cast.alice, "Den är bra.", NOW)
    ask(afresh(plan), cast.cora, "tone", "Skriv lite mjukare.", NOW)
    assert not afresh(plan).is_workable, "it is changed and sent again"
    send_again(afresh(plan), cast.alice, NOW)
    assert (points_of(plan), told(cast.charlie)) == (0, [])
    restore(afresh(plan), cast.cora, NOW)
    assert (points_of(plan), is_in_feed(plan), told(cast.charlie)) == (10, True, ["invitation"])
    assert verify() == []


@pytest.mark.usefixtures("everything")
def test_hidden_nobody_hears_of_it_and_shown_after_all_it_earns(cast: Cast) -> None:
    plan = make_activity(cast.alice)
    hide(plan, cast.cora, "tone", "", NOW)
    assert (points_of(plan), told(cast.alice)) == (0, ["moderation hidden"])
    undo(afresh(plan), cast.cora, NOW)
    assert (waits(plan), points_of(plan)) == (True, 0)
    hide(afresh(plan), cast.cora, "tone", "", NOW)
    restore(afresh(plan), cast.lena, NOW)
    assert (points_of(plan), is_in_feed(plan)) == (10, True)
    assert verify() == []


@pytest.mark.usefixtures("everything")
def test_hidden_and_undone_it_was_seen_at_no_moment(cast: Cast) -> None:
    """Nothing that follows from being seen, such as being first in a square, comes before it is published."""
    add_rules(first={"points": 20, "daily": 5})
    plan = make_activity(cast.alice)
    make_outcome(afresh(plan))
    for undone_at in (NOW + timedelta(seconds=5), NOW + HOUR):
        hide(afresh(plan), cast.cora, "tone", "", undone_at - timedelta(seconds=1))
        undo(afresh(plan), cast.cora, undone_at)
        assert (waits(plan), points_of(plan), db.session.scalars(select(Square)).all()) == (True, 0, [])
    publish(afresh(plan), cast.cora, NOW + HOUR)
    assert points_of(plan) > 0
    assert len(db.session.scalars(select(Square)).all()) == 1
    assert verify() == []


@pytest.mark.usefixtures("everything")
def test_undone_at_once_it_waits_again_and_nobody_has_heard(cast: Cast) -> None:
    plan = plan_activity(cast.alice, make_plan(), [cast.charlie], stage=stage(), request_key="one", now=NOW)
    publish(afresh(plan), cast.cora, NOW)
    undo(afresh(plan), cast.cora, NOW + timedelta(seconds=5))
    assert (waits(plan), is_in_feed(plan), len(queue(cast.cora).items)) == (True, False, 1)
    assert (told(cast.alice), told(cast.charlie)) == ([], [])
    publish(afresh(plan), cast.cora, NOW + HOUR)
    let_it_be_told(NOW + HOUR + UNNOTICED_FOR)
    assert (told(cast.alice), told(cast.charlie)) == (["moderation published"], ["invitation"])
    assert (points_of(plan), verify()) == (10, [])


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
    assert (waits(plan), waits(thing)) == (True, True), "as long as it is on"
    look_at()
    for _ in range(2):
        publish_what_no_longer_waits(NOW, commit=db.session.commit)
    assert (waits(plan), waits(thing), is_in_feed(plan), points_of(plan)) == (False, False, True, 10)
    assert told(cast.alice) == ["moderation published"] * 2
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
    assert (waits(broken), waits(other)) == (True, False)


def test_it_comes_after_what_was_reported_and_the_log_begins_with_the_decision(cast: Cast) -> None:
    reported = make_activity(cast.bob)
    look_at(Check.ALL)
    plan = make_activity(cast.alice, now=NOW - HOUR)
    flag(reported, cast.charlie, "other", "Hm.", NOW)
    assert [item.thing.id for item in queue(cast.cora).items] == [reported.id, plan.id]
    assert decisions(cast.cora).items == []
    publish(afresh(plan), cast.cora, NOW)
    assert [entry.decision.verdict for entry in decisions(cast.cora).items] == ["publish"]


@pytest.mark.usefixtures("everything")
def test_moderators_are_reminded_after_a_day(cast: Cast) -> None:
    make_activity(cast.alice)
    for hours in (23, 24, 30):
        remind_of_waiting(NOW + hours * HOUR, commit=db.session.flush)
    assert told(cast.cora) == ["moderation to_check", "moderation waits_unpublished"]
