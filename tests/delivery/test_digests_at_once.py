"""Several workers write and send digests at the same time, or die amid it; and many people cost no more statements."""

import pytest
from flask import Flask
from sqlalchemy import delete, func, select, update

from app.extensions import db
from app.models.notification import Kind, Mail, Notification
from app.models.person import Person
from app.services.delivery.digests import write_digests
from app.services.notifications.notify import notify
from tests.at_once import all_at_once
from tests.digests import SITE, Mailbox, local, send_at
from tests.factories import make_person

_NIGHT, _SLOT = local("2026-11-10 00:05"), local("2026-11-10 08:30")


def _praised(count: int) -> list[str]:
    """Tell so many people of a spark; their addresses."""
    people = [make_person() for _ in range(count)]
    about = {"name": "Bob Berg", "kind": "activity", "title": "Fika", "others": 0}
    numbers = [person.id for person in people]
    notify(numbers, Kind.CHEER, key="spark", url="/me", parameters=about, now=_NIGHT)
    db.session.commit()
    return sorted(person.email for person in people)


def test_two_workers_at_once_send_each_person_one(live: Flask) -> None:
    with live.app_context():
        addresses = _praised(25)
    mailbox = Mailbox()

    def work() -> None:
        for _time in range(3):
            write_digests(_SLOT, secret=SITE.secret, commit=db.session.commit)
            send_at(_SLOT, mailbox)

    assert all_at_once(live, [work, work]) == []
    assert mailbox.recipients == addresses


@pytest.mark.usefixtures("app")
def test_the_order_of_mails_is_every_workers_and_nobody_elses() -> None:
    _praised(25)

    def order(secret: str) -> list[str]:
        db.session.execute(delete(Mail))
        db.session.execute(update(Notification).values(is_digested=False))
        write_digests(_SLOT, secret=secret, commit=db.session.commit)
        return list(db.session.scalars(select(Mail.to).order_by(Mail.id)))

    workers, others = order(SITE.secret), order("another installation's")
    assert order(SITE.secret) == workers != others
    by_person = db.session.scalars(select(Person.email).where(Person.email.in_(workers)).order_by(Person.id))
    assert list(by_person) not in (workers, others)


def test_a_worker_that_dies_at_any_commit_leaves_each_person_one(live: Flask) -> None:
    with live.app_context():
        addresses = _praised(5)
        died = sum(_dies_at(number) for number in range(10))
        assert died > 1
        write_digests(_SLOT, secret=SITE.secret, commit=db.session.commit)
        mailbox = Mailbox()
        send_at(_SLOT, mailbox)
        assert mailbox.recipients == addresses
        undigested = select(func.count()).where(~Notification.is_digested)
        assert db.session.scalar(undigested) == 0


class _KilledError(BaseException):
    """The worker dies, and its transaction with it."""


def _dies_at(commit_number: int) -> bool:
    """Write digests, and die instead of that commit; whether it came so far."""
    left = iter(range(commit_number))

    def commit() -> None:
        if next(left, None) is None:
            raise _KilledError
        db.session.commit()

    try:
        write_digests(_SLOT, secret=SITE.secret, commit=commit)
    except _KilledError:
        db.session.rollback()
        return True
    return False


@pytest.mark.usefixtures("app")
def test_a_portion_costs_as_much_for_a_thousand_people_as_for_one(queries: list[str]) -> None:
    def statements(count: int) -> int:
        _praised(count)
        db.session.expunge_all()
        queries.clear()
        write_digests(_SLOT, secret=SITE.secret, commit=db.session.commit)
        return len(queries)

    few = statements(1)
    assert statements(1000) == few
    assert db.session.scalar(select(func.count()).select_from(Mail)) == 1001
