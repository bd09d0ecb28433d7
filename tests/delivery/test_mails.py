"""The outbox of mail."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from app.extensions import db
from app.gateways.mail import Mailer, MailNotSent, Message
from app.models.notification import DeliveryState, Mail
from app.services.delivery.mails import deliver_mails
from app.services.notifications.mail import send_mail
from app.services.notifications.outbox import LEASE, MOST_ATTEMPTS
from app.services.upkeep.retention import KEEP_FOR, delete_expired
from tests.digests import SITE
from tests.factories import NOW

pytestmark = pytest.mark.usefixtures("app")


class _Broken(Mailer):
    """A mail server that says no."""

    def __init__(self, permanent: bool) -> None:
        self.permanent = permanent
        self.tried = 0

    def send(self, message: Message) -> None:
        self.tried += 1
        raise MailNotSent("550 no", permanent=self.permanent)


class _Slow(Mailer):
    """A mail server that takes a minute for a mail, while a second worker looks for something to do."""

    def __init__(self) -> None:
        self.sent: list[str] = []
        self.now = NOW

    def send(self, message: Message) -> None:
        self.sent.append(message.to)
        self.now += timedelta(minutes=1)
        if len(self.sent) == 4:
            deliver(self, self.now)


def write(to: str = "anna@bjuv.se", **more: object) -> Mail:
    mail = send_mail(to, "Hej", "Din kod är 123456", now=NOW, **more)  # type: ignore[arg-type]
    db.session.commit()
    return mail


def deliver(mailer: Mailer, now: object = NOW) -> int:
    return deliver_mails(mailer, commit=db.session.commit, moment=lambda: now, site=SITE)  # type: ignore[arg-type, return-value]


def the_mail() -> Mail:
    db.session.expire_all()
    return db.session.scalars(select(Mail)).one()


def test_a_mail_leaves_once_and_its_words_are_not_kept(tmp_path: Path) -> None:
    write()
    mailer = Mailer.from_url(f"file://{tmp_path}", "Eldsjäl <eldsjal@example.se>")
    assert deliver(mailer) == 1
    assert deliver(mailer) == 0
    (sent,) = tmp_path.glob("*.eml")
    assert b"anna@bjuv.se" in sent.read_bytes()
    assert (the_mail().state, the_mail().settled_at, the_mail().body) == (DeliveryState.DELIVERED, NOW, "")


def test_a_mail_that_came_too_late_is_not_sent(tmp_path: Path) -> None:
    write(expires_at=NOW + timedelta(minutes=10))
    mailer = Mailer.from_url(f"file://{tmp_path}", "Eldsjäl <eldsjal@example.se>")
    assert deliver(mailer, NOW + timedelta(minutes=10)) == 0
    assert (the_mail().state, the_mail().detail) == (DeliveryState.GIVEN_UP, "expired")


def test_what_the_server_refuses_for_good_is_given_up() -> None:
    write()
    broken = _Broken(permanent=True)
    deliver(broken)
    assert (the_mail().state, the_mail().detail) == (DeliveryState.GIVEN_UP, "550 no")
    assert broken.tried == 1


def test_what_fails_is_tried_again_with_an_end() -> None:
    write()
    broken, now = _Broken(permanent=False), NOW
    while the_mail().state == DeliveryState.WAITING:
        assert deliver(broken, now) == 1
        now = max(now, the_mail().due_at)
    assert broken.tried == MOST_ATTEMPTS


def test_a_claim_holds_others_off_until_it_runs_out(tmp_path: Path) -> None:
    mail = write()
    mail.claimed_until = NOW + LEASE
    db.session.commit()
    mailer = Mailer.from_url(f"file://{tmp_path}", "Eldsjäl <eldsjal@example.se>")
    assert deliver(mailer) == 0
    assert deliver(mailer, NOW + LEASE) == 1


def test_a_server_that_is_slow_gets_each_mail_once_from_two_workers() -> None:
    for number in range(5):
        write(f"{number}@bjuv.se")
    slow = _Slow()
    deliver_mails(slow, commit=db.session.commit, moment=lambda: slow.now, site=SITE)
    assert sorted(slow.sent) == [f"{number}@bjuv.se" for number in range(5)]


def test_after_a_month_what_was_settled_goes(tmp_path: Path) -> None:
    write()
    deliver(Mailer.from_url(f"file://{tmp_path}", "Eldsjäl <eldsjal@example.se>"))
    write()
    delete_expired(NOW + KEEP_FOR)
    assert len(db.session.scalars(select(Mail)).all()) == 2
    delete_expired(NOW + KEEP_FOR + timedelta(seconds=1))
    assert the_mail().state == DeliveryState.WAITING
