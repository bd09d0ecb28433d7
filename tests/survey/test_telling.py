"""What people are told of a survey: whom it reaches, how often, and what is forgotten."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from app.extensions import db
from app.models.notification import Delivery, Group, Kind, Notification
from app.models.person import Person
from app.models.survey import Survey
from app.services.notifications.inbox import mark_read
from app.services.notifications.kinds import words_of
from app.services.survey import telling
from tests.cast import Cast
from tests.push import subscribed
from tests.push_device import Device
from tests.survey_makers import AFTERWARDS, ENDS_ON, MEASURING, answer_as

_OPENED = datetime.fromisoformat("2026-09-07T06:00:00+00:00")
#: Half of three weeks later, and two days before the end.
_FIRST, _SECOND = _OPENED + timedelta(days=10), _OPENED + timedelta(days=19)


@pytest.fixture(autouse=True)
def people(survey: Survey, cast: Cast) -> None:
    """Alice has a phone that takes pushes; Bob and Charlie have none."""
    subscribed(cast.alice, Device("https://fcm.googleapis.com/fcm/send/alices-phone"))
    assert cast.bob
    assert cast.charlie
    db.session.commit()


def told(person: Person) -> list[str]:
    keys = select(Notification.key).where(
        Notification.person_id == person.id, Notification.kind == Kind.SURVEY
    )
    return list(db.session.scalars(keys.order_by(Notification.id)))


def pushes() -> int:
    return db.session.scalar(select(func.count()).select_from(Delivery)) or 0


def test_all_are_told_that_it_is_open(survey: Survey, cast: Cast) -> None:
    telling.tell_open(survey, _OPENED)
    key = "survey:2:open:20260907060000"
    assert [told(person) for person in (cast.alice, cast.bob, cast.charlie)] == [[key]] * 3
    assert pushes() == 1


def test_nobody_is_told_twice(survey: Survey, cast: Cast) -> None:
    for _ in range(2):
        telling.tell_open(survey, _OPENED)
        telling.remind(survey, _FIRST)
    assert [len(told(person)) for person in (cast.alice, cast.bob)] == [2, 2]
    assert pushes() == 2


def test_who_has_switched_it_off_gets_no_push(survey: Survey, cast: Cast) -> None:
    cast.alice.muted_groups = [Group.SURVEY.value]
    telling.tell_open(survey, _OPENED)
    telling.remind(survey, _FIRST)
    assert pushes() == 0
    assert len(told(cast.alice)) == 2, "it stands in the inbox all the same"


def test_who_has_left_is_told_nothing(survey: Survey, cast: Cast) -> None:
    cast.bob.left_at = _OPENED
    db.session.flush()
    telling.tell_open(survey, _OPENED)
    assert told(cast.bob) == []


def test_reminders_go_twice_at_most_and_only_to_who_has_not_answered(survey: Survey, cast: Cast) -> None:
    answer_as(survey, cast.alice)
    for days in range(21):
        telling.remind(survey, _OPENED + timedelta(days=days))
        if days == 12:
            answer_as(survey, cast.bob)
    assert told(cast.alice) == []
    assert told(cast.bob) == ["survey:2:reminder:1"]
    assert told(cast.charlie) == ["survey:2:reminder:1", "survey:2:reminder:2"]


def test_a_worker_that_was_away_sends_one_reminder_and_not_both(survey: Survey, cast: Cast) -> None:
    telling.remind(survey, _SECOND)
    assert told(cast.charlie) == ["survey:2:reminder:2"]


def test_nobody_is_reminded_of_what_cannot_be_answered(survey: Survey, cast: Cast) -> None:
    survey.key_missing_since = MEASURING
    telling.remind(survey, _FIRST)
    assert told(cast.charlie) == []


def test_a_survey_of_two_days_has_no_reminder(survey: Survey) -> None:
    survey.ends_on = _OPENED.date() + timedelta(days=1)
    assert telling.reminder_days(survey) == []


def test_of_another_survey_nothing_is_forgotten(survey: Survey, cast: Cast) -> None:
    telling.remind(survey, _FIRST)
    row = db.session.scalars(select(Notification).where(Notification.person_id == cast.bob.id)).one()
    row.key = "survey:22:reminder:1"
    db.session.flush()
    telling.forget_reminders(survey)
    assert told(cast.bob) == ["survey:22:reminder:1"]


def test_the_leads_alone_are_told_of_the_key_and_of_words_to_read(survey: Survey, cast: Cast) -> None:
    assert cast.lena
    telling.tell_key_missing(survey, MEASURING)
    telling.ask_to_read(survey, AFTERWARDS)
    assert told(cast.lena) == ["survey:2:key:2026-09-15", "survey:2:words"]
    assert told(cast.alice) == told(cast.bob) == []


@pytest.mark.parametrize("language", ["sv", "en"])
def test_each_event_has_words_of_its_own(survey: Survey, cast: Cast, language: str) -> None:
    events = ("open", "reminder", "released", "words", "stuck", "key")
    about = {"number": 2, "last_day": survey.last_day.isoformat()}
    words = {words_of("survey", {"event": event, **about}, language) for event in events}
    assert len({one.title for one in words}) == len({one.body for one in words}) == len(events)
    assert survey.ends_on == ENDS_ON


def test_when_somebody_opened_it_is_not_kept(survey: Survey, cast: Cast) -> None:
    telling.tell_open(survey, _OPENED)
    row = db.session.scalars(select(Notification).where(Notification.person_id == cast.alice.id)).one()
    mark_read(row, MEASURING)
    assert row.read_at == _OPENED


def test_asked_again_after_its_key_was_lost_it_is_told_again(survey: Survey, cast: Cast) -> None:
    telling.tell_open(survey, _OPENED)
    again_at = _OPENED + timedelta(hours=1)
    survey.opened_at = again_at
    telling.tell_open(survey, again_at)
    assert told(cast.bob) == ["survey:2:open:20260907060000", "survey:2:open:20260907070000"]
