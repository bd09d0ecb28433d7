"""A reminder that waited until its person had answered is not sent, and nothing says so."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from structlog.testing import capture_logs

from app.extensions import db
from app.models.notification import Delivery, Kind, Mail, Notification
from app.models.person import Person
from app.models.survey import Survey
from app.services.delivery.claim import claim
from app.services.delivery.mails import deliver_mails
from app.services.delivery.preparation import ready_devices
from app.services.notifications.notify import notify
from app.services.survey import telling
from tests.cast import Cast
from tests.digests import SITE, Mailbox, write_at
from tests.push import subscribed
from tests.push_device import Device
from tests.survey.proofs.pages import BOX
from tests.survey_makers import answer_as
from tests.unchanged import unchanged

#: A Saturday: pushes wait until Monday.
_REMINDED = datetime.fromisoformat("2026-09-19T10:00:00+00:00")
_MONDAY = _REMINDED + timedelta(days=2)


@pytest.fixture
def reminded(survey: Survey, cast: Cast) -> Survey:
    """Alice and Charlie have phones that take pushes; Bob and Cora have none, so that digests wait for them."""
    for person in (cast.alice, cast.charlie):
        subscribed(person, Device(f"https://fcm.googleapis.com/fcm/send/{person.id}"))
    assert cast.bob
    assert cast.cora
    telling.remind(survey, _REMINDED)
    write_at(_MONDAY)
    return survey


def pushed() -> list[str]:
    """Whose phones get something on Monday."""
    devices = ready_devices(claim(_MONDAY, 0), _MONDAY)
    db.session.commit()
    return sorted(device.endpoint.rpartition("/")[2] for device in devices)


def mailed() -> tuple[list[str], int]:
    """To whom something is mailed on Monday, and how many are said to have been tried."""
    write_at(_MONDAY)
    mailbox = Mailbox()
    tried = deliver_mails(mailbox, commit=db.session.commit, moment=lambda: _MONDAY, site=SITE)
    return mailbox.recipients, tried


def deliveries(person: Person) -> list[Delivery]:
    query = select(Delivery).join(Notification).where(Notification.person_id == person.id)
    return list(db.session.scalars(query))


def test_who_has_answered_meanwhile_gets_none_and_the_others_do(reminded: Survey, cast: Cast) -> None:
    for person in (cast.alice, cast.bob):
        answer_as(reminded, person)
    db.session.commit()
    assert pushed() == [str(cast.charlie.id)]
    assert mailed() == ([cast.cora.email], 1)


def test_nothing_is_left_that_says_why_and_nothing_is_logged(reminded: Survey, cast: Cast) -> None:
    for person in (cast.alice, cast.charlie, cast.bob, cast.cora):
        answer_as(reminded, person)
    db.session.commit()
    with capture_logs() as lines:
        assert pushed() == []
        assert mailed() == ([], 0)
    assert lines == []
    assert deliveries(cast.alice) == deliveries(cast.charlie) == []
    assert list(db.session.scalars(select(Mail))) == []
    assert db.session.scalars(select(Notification).where(Notification.person_id == cast.alice.id)).one()


def test_answering_itself_leaves_the_waiting_reminder_alone(reminded: Survey, cast: Cast) -> None:
    """Else the transaction that wrote the ballot would stand in a row that says whose reminder it was."""
    for person in (cast.alice, cast.bob):
        with unchanged(but=BOX):
            answer_as(reminded, person)
            db.session.commit()
    assert len(deliveries(cast.alice)) == 1


def test_what_else_waits_for_the_same_phone_is_pushed(reminded: Survey, cast: Cast) -> None:
    about = {"name": "Bob", "contribution_id": 1, "title": "Fika"}
    notify([cast.alice.id], Kind.INVITATION, key="invitation:1", url="/", parameters=about, now=_REMINDED)
    answer_as(reminded, cast.alice)
    db.session.commit()
    assert pushed() == sorted(str(person.id) for person in (cast.alice, cast.charlie))
    waiting = select(Notification.kind).join(Delivery).where(Notification.person_id == cast.alice.id)
    assert list(db.session.scalars(waiting)) == ["invitation"]


def test_that_it_is_open_is_told_also_to_who_has_answered_already(survey: Survey, cast: Cast) -> None:
    """Everybody is told that: whoever does not get it would be known."""
    subscribed(cast.alice, Device("https://fcm.googleapis.com/fcm/send/1"))
    assert cast.bob
    telling.tell_open(survey, _REMINDED)
    for person in (cast.alice, cast.bob):
        answer_as(survey, person)
    db.session.commit()
    assert pushed() == ["1"]
    assert mailed() == ([cast.bob.email], 1)


def test_an_answer_to_another_stage_is_none_to_this_one(reminded: Survey, cast: Cast) -> None:
    answer_as(reminded, cast.alice)
    row = db.session.scalars(select(Notification).where(Notification.person_id == cast.alice.id)).one()
    row.key = "survey:22:reminder:1"
    db.session.commit()
    assert str(cast.alice.id) in pushed()
