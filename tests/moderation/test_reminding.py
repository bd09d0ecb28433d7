"""Moderators are reminded of what has waited too long, once."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from app.extensions import db
from app.models.notification import Notification
from app.models.person import Person
from app.services.moderation import notices
from app.services.moderation.appeals import answer_back, send_again
from app.services.moderation.decide import ask, hide, keep
from app.services.moderation.flags import flag
from app.services.moderation.reminding import remind_of_waiting, working_days_before
from tests.cast import Cast
from tests.factories import NOW, make_activity

pytestmark = pytest.mark.usefixtures("app")

DAY = timedelta(days=1)


def _reminded(person: Person) -> list[str]:
    about = select(Notification).where(Notification.person_id == person.id, Notification.kind == "moderation")
    events = [one.parameters["event"] for one in db.session.scalars(about.order_by(Notification.id))]
    return [event for event in events if "waits" in event]


def _remind(now: datetime) -> None:
    remind_of_waiting(now, commit=db.session.flush)


def test_of_what_was_flagged_a_day_ago(cast: Cast) -> None:
    flag(make_activity(cast.alice), cast.bob, "tone", "", NOW)
    _remind(NOW + timedelta(hours=23))
    assert _reminded(cast.cora) == []
    for hours in (24, 25, 48):
        _remind(NOW + timedelta(hours=hours))
    assert _reminded(cast.cora) == ["waits"]
    assert _reminded(cast.kim) == _reminded(cast.lena) == [], "they do not moderate there"


def test_not_of_what_has_been_decided(cast: Cast) -> None:
    activity = make_activity(cast.alice)
    flag(activity, cast.bob, "tone", "", NOW)
    keep(activity, cast.cora, NOW)
    _remind(NOW + 2 * DAY)
    assert _reminded(cast.cora) == []
    flag(activity, cast.charlie, "tone", "", NOW + 2 * DAY)
    _remind(NOW + 3 * DAY)
    assert _reminded(cast.cora) == ["waits"], "another round"


def test_of_what_an_author_sent_again_a_day_ago(cast: Cast) -> None:
    activity = make_activity(cast.alice)
    ask(activity, cast.cora, "tone", "Skriv mjukare.", NOW)
    _remind(NOW + 2 * DAY)
    assert _reminded(cast.cora) == [], "it waits for its author"
    send_again(activity, cast.alice, NOW + 2 * DAY)
    _remind(NOW + 3 * DAY)
    assert _reminded(cast.cora) == ["waits"]


def test_of_an_answer_after_three_working_days_and_not_who_decided(cast: Cast) -> None:
    activity = make_activity(cast.alice)
    hide(activity, cast.cora, "tone", "", NOW)
    answer_back(activity, cast.alice, "Nej.", NOW)
    _remind(NOW + 2 * DAY)
    assert _reminded(cast.lena) == []
    _remind(NOW + 3 * DAY)
    assert (_reminded(cast.lena), _reminded(cast.cora)) == (["appeal_waits"], [])


@pytest.mark.parametrize(
    ("now", "three_before"),
    [
        (datetime(2026, 11, 12, 9, tzinfo=UTC), datetime(2026, 11, 9, 9, tzinfo=UTC)),  # Thursday
        (datetime(2026, 11, 10, 9, tzinfo=UTC), datetime(2026, 11, 5, 9, tzinfo=UTC)),  # Tuesday
        (datetime(2026, 11, 8, 9, tzinfo=UTC), datetime(2026, 11, 4, 9, tzinfo=UTC)),  # Sunday
    ],
)
def test_weekends_are_no_working_days(now: datetime, three_before: datetime) -> None:
    assert working_days_before(now, 3) == three_before


def test_one_that_fails_keeps_no_other_from_being_told_of(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    cora = cast.cora
    broken, other = make_activity(cast.alice), make_activity(cast.alice)
    for activity in (broken, other):
        flag(activity, cast.bob, "tone", "", NOW)
    db.session.commit()
    remind, number = notices.remind_moderators, broken.id

    def fail_for_one(thing: object, event: str, *, now: datetime) -> None:
        if thing.id == number:  # type: ignore[attr-defined]
            raise RuntimeError
        remind(thing, event, now=now)  # type: ignore[arg-type]

    monkeypatch.setattr(notices, "remind_moderators", fail_for_one)
    remind_of_waiting(NOW + DAY, commit=db.session.commit)
    assert _reminded(cora) == ["waits"]
