"""Who gets a digest by mail, and when."""

from datetime import date, time, timedelta

import pytest
from sqlalchemy import select

from app.extensions import db
from app.models.notification import Group, Mail, Notification
from app.services.accounts.devices import end_all_sessions
from app.services.activities.plan import change_plan, withdraw_activity
from app.services.delivery.digest_contents import TOO_OLD
from app.services.moderation.decide import hide
from app.services.notifications.inbox import mark_all_read
from tests.activities.closing import again
from tests.cast import Cast
from tests.digests import ask_how_it_went, digest_at, invite_to, local, praise, send_at, write_at
from tests.factories import make_activity, make_outcome, make_plan
from tests.push import subscribed
from tests.push_device import Device

pytestmark = pytest.mark.usefixtures("app")

_NIGHT, _EARLY, _SLOT = local("2026-11-10 00:05"), local("2026-11-10 08:20"), local("2026-11-10 08:30")
_DAY = timedelta(days=1)


def test_who_has_no_push_gets_one_at_the_first_slot_of_the_day(cast: Cast) -> None:
    praise(cast.alice, _NIGHT)
    assert write_at(_EARLY) == []
    assert write_at(_SLOT) == [cast.alice.email]
    assert [letter.to for letter in send_at(_SLOT)] == [cast.alice.email]


def test_who_takes_pushes_gets_none(cast: Cast) -> None:
    subscribed(cast.alice, Device("https://fcm.googleapis.com/fcm/send/alice"))
    praise(cast.alice, _NIGHT)
    assert write_at(_SLOT) == []
    end_all_sessions(cast.alice, _SLOT)
    assert write_at(_SLOT) == [cast.alice.email], "nobody is signed in on the device any more"


def test_there_is_none_when_there_is_nothing_to_tell(cast: Cast) -> None:
    assert cast.alice.takes_digest
    assert write_at(_SLOT) == []
    praise(cast.alice, _NIGHT)
    mark_all_read(cast.alice, _EARLY)
    assert write_at(_SLOT) == []


def test_there_is_one_a_day_at_most(cast: Cast) -> None:
    praise(cast.alice, _NIGHT)
    assert len(digest_at(_SLOT)) == 1
    praise(cast.alice, _SLOT + timedelta(minutes=5), "Byt jobb en dag")
    for minutes in range(10, 9 * 60, 10):
        assert digest_at(_SLOT + timedelta(minutes=minutes)) == []
    (next_day,) = digest_at(_SLOT + _DAY)
    assert "Byt jobb en dag" in next_day.text
    assert "Fika med nyinflyttade" not in next_day.text, "of that she has been told"
    assert digest_at(_SLOT + 2 * _DAY) == []


def test_what_comes_after_the_first_slot_waits_for_the_next_day(cast: Cast) -> None:
    """Otherwise its time would tell that there was no other digest on that day."""
    praise(cast.alice, _SLOT + timedelta(minutes=1))
    assert write_at(local("2026-11-10 13:30")) == []
    assert write_at(local("2026-11-11 08:30")) == [cast.alice.email]


def test_a_worker_that_was_down_at_the_slot_sends_within_the_hours_and_else_on_the_next_day(
    cast: Cast,
) -> None:
    praise(cast.alice, _NIGHT)
    for late in ("18:00", "21:00", "23:59"):
        assert write_at(local(f"2026-11-10 {late}")) == []
    assert write_at(local("2026-11-11 07:30")) == []
    assert write_at(local("2026-11-11 15:00")) == [cast.alice.email]


@pytest.mark.parametrize(
    ("told", "silent", "sent"),
    [
        ("2026-11-13 19:00", "2026-11-14 08:30", "2026-11-16 08:30"),  # a weekend
        ("2026-10-23 19:00", "2026-10-26 08:20", "2026-10-26 08:30"),  # the clock is put back in between
        ("2026-03-27 19:00", "2026-03-30 08:20", "2026-03-30 08:30"),  # and forward
    ],
)
def test_slots_are_on_the_programmes_clock_and_on_working_days(
    cast: Cast, told: str, silent: str, sent: str
) -> None:
    praise(cast.alice, local(told))
    assert write_at(local(silent)) == []
    assert write_at(local(sent)) == [cast.alice.email]


def test_everybody_has_hours_of_their_own(cast: Cast) -> None:
    for person in (cast.alice, cast.bob, cast.charlie):
        praise(person, _NIGHT)
    cast.bob.first_slot = time(12)
    cast.charlie.push_from, cast.charlie.push_until = time(21), time(5)
    cast.charlie.first_slot, cast.charlie.second_slot = time(22), time(2)
    db.session.commit()
    assert write_at(_SLOT) == [cast.alice.email]
    assert write_at(local("2026-11-10 12:00")) == sorted([cast.alice.email, cast.bob.email])
    assert write_at(local("2026-11-10 21:59")) == sorted([cast.alice.email, cast.bob.email])
    assert cast.charlie.email in write_at(local("2026-11-11 00:30"))
    key = select(Mail.about).where(Mail.to == cast.charlie.email)
    assert db.session.scalar(key) == "digest:2026-11-10", "the night belongs to the day that it began on"


def test_who_has_paused_left_or_wants_no_mail_gets_none(cast: Cast) -> None:
    for person in (cast.alice, cast.bob, cast.charlie):
        praise(person, _NIGHT)
    cast.alice.paused_at, cast.bob.left_at, cast.charlie.takes_digest = _NIGHT, _NIGHT, False
    db.session.commit()
    assert write_at(_SLOT) == []


def test_what_somebody_has_switched_off_is_left_out(cast: Cast) -> None:
    cast.alice.muted_groups = [Group.THANKS.value]
    praise(cast.alice, _NIGHT)
    assert write_at(_SLOT) == []
    cast.alice.muted_groups = []
    db.session.commit()
    assert write_at(_SLOT + timedelta(minutes=10)) == [], "it was left out for good"
    invite_to(cast.alice, make_activity(cast.bob), _SLOT)
    assert write_at(_SLOT + _DAY) == [cast.alice.email]


def test_what_has_been_hidden_is_not_named(cast: Cast) -> None:
    thing = make_activity(cast.bob, title="Ett olämpligt förslag")
    invite_to(cast.alice, thing, _NIGHT)
    hide(thing, cast.cora, "tone", "", _EARLY)
    db.session.commit()
    assert cast.alice.email not in write_at(_SLOT)


def test_a_plan_that_is_reported_moved_or_called_off_is_not_asked_about(cast: Cast) -> None:
    plans = [make_activity(cast.alice, planned_for=date(2026, 11, 9), now=_NIGHT - _DAY) for _ in range(4)]
    for plan in plans:
        ask_how_it_went(plan, _NIGHT)
    reported, moved, called_off, _open = plans
    make_outcome(again(reported), now=_EARLY)
    change_plan(again(moved), make_plan(planned_for=date(2026, 11, 20)), by=cast.alice, now=_EARLY)
    withdraw_activity(again(called_off), by=cast.alice, now=_EARLY)
    db.session.commit()
    write_at(_SLOT)
    (letter,) = send_at(_SLOT)
    assert letter.text.count("?choice=done") == 1


def test_what_is_a_week_old_is_no_news(cast: Cast) -> None:
    praise(cast.alice, _SLOT - TOO_OLD)
    assert write_at(_SLOT) == []


def test_what_stood_in_the_inbox_before_there_were_digests_is_not_mailed(cast: Cast) -> None:
    praise(cast.alice, _NIGHT)
    db.session.scalars(select(Notification)).one().is_digested = True
    db.session.commit()
    assert write_at(_SLOT) == []
