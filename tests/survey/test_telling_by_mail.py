"""What people whom no push reaches are told of a survey: in the digest by mail. Closing leaves no trace of that."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from app.extensions import db
from app.gateways.survey_keys import SurveyKeys
from app.models.notification import Delivery, Group, Kind, Mail, Notification
from app.models.person import Person
from app.models.survey import Survey
from app.services.survey import telling
from tests.cast import Cast
from tests.digests import SITE, Mailbox, local, praise, send_at, write_at
from tests.factories import make_person
from tests.push import subscribed
from tests.push_device import Device
from tests.survey_makers import answer_as, close_now

_OPENED = datetime.fromisoformat("2026-09-07T06:00:00+00:00")
_FIRST = _OPENED + timedelta(days=10)
#: The slot of the same morning.
_HALF_AN_HOUR = timedelta(minutes=30)


@pytest.fixture(autouse=True)
def people(survey: Survey, cast: Cast) -> None:
    """Alice has a phone that takes pushes; Bob and Charlie have none."""
    subscribed(cast.alice, Device("https://fcm.googleapis.com/fcm/send/alices-phone"))
    assert cast.bob
    assert cast.charlie
    db.session.commit()


def digests() -> set[str]:
    return set(db.session.scalars(select(Mail.to)))


@pytest.mark.parametrize("language", ["sv", "en"])
def test_the_same_morning_a_mail_says_what_it_is_and_leads_to_the_survey(
    survey: Survey, cast: Cast, language: str
) -> None:
    cast.bob.language = language
    texts = {
        "sv": ("Hur ser det ut hos dig?", "Du hinner fortfarande svara på mätningen", "till och med"),
        "en": ("How does it look where you are?", "There is still time to answer the survey", "until"),
    }[language]
    for tell, at, subject in ((telling.tell_open, _OPENED, texts[0]), (telling.remind, _FIRST, texts[1])):
        tell(survey, at)
        write_at(at + _HALF_AN_HOUR)
        letters = {letter.to: letter for letter in send_at(at + _HALF_AN_HOUR)}
        assert set(letters) == {cast.bob.email, cast.charlie.email}
        letter = letters[cast.bob.email]
        assert letter.subject == subject
        assert texts[2] in letter.text
        assert f"{SITE.base_url}/login?next=/inbox/" in letter.text


def test_who_has_switched_it_off_gets_none(survey: Survey, cast: Cast) -> None:
    cast.bob.muted_groups = [Group.SURVEY.value]
    telling.tell_open(survey, _OPENED)
    assert write_at(_OPENED + _HALF_AN_HOUR) == [cast.charlie.email]


def test_a_reminder_that_comes_too_late_is_not_mailed(survey: Survey, cast: Cast) -> None:
    """Of a Saturday, when the last day to answer is Sunday."""
    telling.remind(survey, _OPENED + timedelta(days=19))
    assert write_at(local("2026-09-28 08:30")) == []


def test_numbers_and_mails_of_reminders_do_not_tell_who_between_two_has_answered(survey: Survey) -> None:
    """In the order of people, somebody who has answered would be missing between the two beside them."""
    people = [make_person() for _ in range(40)]
    for person in people[::3]:
        answer_as(survey, person)
    telling.remind(survey, _FIRST)
    write_at(_FIRST + _HALF_AN_HOUR)
    reminded = select(Notification.person_id).where(Notification.kind == Kind.SURVEY)
    in_order_of_numbers = list(db.session.scalars(reminded.order_by(Notification.id)))
    in_order_of_mails = list(
        db.session.scalars(select(Person.id).join(Mail, Mail.to == Person.email).order_by(Mail.id))
    )
    for order in (in_order_of_numbers, in_order_of_mails):
        assert {person.id for person in people} - set(order) == {person.id for person in people[::3]}
        assert order != sorted(order)


def test_closing_leaves_no_trace_of_whose_digests_held_a_reminder(
    survey: Survey, keys: SurveyKeys, cast: Cast
) -> None:
    """Bob was reminded, alone and beside other news; Charlie has answered, and had the other news."""
    answer_as(survey, cast.charlie)
    telling.remind(survey, _FIRST)
    write_at(_FIRST + _HALF_AN_HOUR)
    assert digests() == {cast.bob.email}
    send_at(_FIRST + _HALF_AN_HOUR)
    next_day = _FIRST + timedelta(days=1)
    for person in (cast.bob, cast.charlie):
        praise(person, next_day, f"Till {person.name}")
    write_at(next_day + _HALF_AN_HOUR)
    send_at(next_day + _HALF_AN_HOUR)
    close_now(survey, keys)
    assert digests() == set(), "all that went out meanwhile, whatever they held"
    columns = (Notification.kind, Notification.is_digested)
    of_bob, of_charlie = (
        db.session.execute(select(*columns).where(Notification.person_id == person.id)).all()
        for person in (cast.bob, cast.charlie)
    )
    assert of_bob == of_charlie


def test_closing_takes_reminders_out_of_the_digests_that_wait(
    survey: Survey, keys: SurveyKeys, cast: Cast
) -> None:
    telling.remind(survey, _FIRST)
    praise(cast.bob, _FIRST)
    write_at(_FIRST + _HALF_AN_HOUR)
    assert digests() == {cast.bob.email, cast.charlie.email}
    close_now(survey, keys)
    assert digests() == {cast.bob.email}, "Charlie's held nothing else"
    (letter,) = send_at(local("2026-09-28 09:00"), Mailbox())
    assert "Fika med nyinflyttade" in letter.text
    assert "mätningen" not in letter.subject


def test_closing_forgets_what_was_not_pushed_yet(survey: Survey, keys: SurveyKeys, cast: Cast) -> None:
    telling.tell_open(survey, _OPENED)
    telling.remind(survey, _FIRST)
    close_now(survey, keys)
    waiting = db.session.scalars(select(Notification.key).join(Delivery))
    assert sorted(waiting) == ["survey:2:open:20260907060000", "survey:2:released"]
