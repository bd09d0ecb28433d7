"""When mails are tried again: codes before they expire, others for a day, and none used up by what is not its fault."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from app.extensions import db
from app.gateways.mail import Mailer, MailNotSent, Message
from app.models.notification import DeliveryState, Mail
from app.services.delivery import mail_claims, mails
from app.services.delivery.mails import deliver_mails
from app.services.notifications.mail import send_mail
from app.services.notifications.outbox import MOST_ATTEMPTS
from tests.digests import SITE
from tests.factories import NOW

pytestmark = pytest.mark.usefixtures("app")

CODE_LIFE = timedelta(minutes=10)
GREYLISTED = MailNotSent("451 4.7.1 greylisted", permanent=False)
AWAY = MailNotSent("connection refused", permanent=False, mend="It cannot be reached.", server_wide=True)
RELAYING = MailNotSent("550 5.7.1 no relaying", permanent=False, mend="Let it relay.")

Fault = Callable[[Message], Exception | None]


class Relay(Mailer):
    """A mail server with a fault, at a time that goes on only from look to look."""

    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        self.now = NOW
        self.tries: list[tuple[str, datetime]] = []
        self.sent: list[Message] = []

    def send(self, message: Message) -> None:
        self.tries.append((message.to, self.now))
        if error := self.fault(message):
            raise error
        self.sent.append(message)

    def look(self, now: datetime, *, only_codes: bool = False) -> int:
        self.now = now
        return deliver_mails(
            self, commit=db.session.commit, moment=lambda: self.now, site=SITE, only_codes=only_codes
        )

    def look_until(self, end: datetime) -> None:
        """Look as a worker does, every five seconds; looks at which nothing is due are passed over."""
        while self.now < end:
            next_due = db.session.scalar(select(func.min(Mail.due_at)).where(Mail.state == "waiting")) or end
            self.look(min(end, max(next_due, self.now + timedelta(seconds=5))))

    def until(self, end: datetime, error: Exception) -> "Relay":
        """The fault passes at that moment."""
        self.fault = lambda _message: error if self.now < end else None
        return self


def write(to: str = "anna@bjuv.se", *, code: bool = False, at: datetime = NOW) -> None:
    send_mail(to, "Hej", "123456", now=at, expires_at=at + CODE_LIFE if code else None)
    db.session.commit()


def working() -> Relay:
    return Relay(lambda _message: None)


def the_mail(to: str = "anna@bjuv.se") -> Mail:
    db.session.expire_all()
    return db.session.scalars(select(Mail).where(Mail.to == to)).one()


def test_codes_go_before_whatever_was_there_first() -> None:
    for number in range(5):
        write(f"{number}@bjuv.se")
    write("code@bjuv.se", code=True, at=NOW + timedelta(minutes=1))
    relay = working()
    relay.look(NOW + timedelta(minutes=1))
    assert relay.sent[0].to == "code@bjuv.se"


def test_a_code_that_comes_while_others_are_sent_is_next() -> None:
    for number in range(20):
        write(f"{number}@bjuv.se")

    def write_a_code(message: Message) -> None:
        if message.to == "3@bjuv.se":
            write("code@bjuv.se", code=True)

    relay = Relay(write_a_code)
    relay.look(NOW)
    assert [message.to for message in relay.sent][3:5] == ["3@bjuv.se", "code@bjuv.se"]
    assert len(relay.sent) == 21


def test_a_lane_for_codes_sends_nothing_else() -> None:
    write("other@bjuv.se")
    write("code@bjuv.se", code=True)
    relay = working()
    assert relay.look(NOW, only_codes=True) == 1
    assert [message.to for message in relay.sent] == ["code@bjuv.se"]


@pytest.mark.parametrize("seconds", [1, 40, 5 * 60, 7 * 60, 9 * 60, 9 * 60 + 25])
@pytest.mark.parametrize("error", [GREYLISTED, AWAY, RELAYING, RuntimeError("not foreseen")])
def test_a_code_arrives_before_it_expires_however_late_the_server_takes_it(
    seconds: int, error: Exception
) -> None:
    write(code=True)
    relay = working().until(NOW + timedelta(seconds=seconds), error)
    relay.look_until(NOW + CODE_LIFE)
    assert the_mail().state == DeliveryState.DELIVERED
    assert the_mail().settled_at <= NOW + CODE_LIFE - timedelta(seconds=30)  # type: ignore[operator]
    assert len(relay.tries) <= 25, "the server is not pestered"


def test_a_code_that_nobody_takes_is_given_up_when_it_expires_with_the_servers_words() -> None:
    write(code=True)
    relay = Relay(lambda _message: GREYLISTED)
    relay.look_until(NOW + CODE_LIFE)
    assert (the_mail().state, the_mail().detail) == (DeliveryState.GIVEN_UP, "451 4.7.1 greylisted")
    waits = [later - earlier for (_, earlier), (_, later) in zip(relay.tries, relay.tries[1:], strict=False)]
    assert max(waits) <= timedelta(seconds=95)
    assert relay.tries[-1][1] >= NOW + CODE_LIFE - timedelta(seconds=35)


@pytest.mark.parametrize("error", [GREYLISTED, AWAY, RELAYING, RuntimeError("not foreseen")])
def test_an_outage_of_ten_minutes_loses_nothing(error: Exception) -> None:
    for number in range(30):
        write(f"{number}@bjuv.se")
    relay = working().until(NOW + timedelta(minutes=10), error)
    relay.look_until(NOW + timedelta(minutes=10))
    assert max(db.session.scalars(select(Mail.attempts))) <= MOST_ATTEMPTS / 2
    relay.look_until(NOW + timedelta(minutes=40))
    assert sorted(message.to for message in relay.sent) == sorted(f"{number}@bjuv.se" for number in range(30))


@pytest.mark.parametrize("error", [AWAY, RELAYING])
def test_what_is_not_the_mails_fault_uses_up_no_try_however_long_it_lasts(error: Exception) -> None:
    write()
    relay = working().until(NOW + timedelta(days=9), error)
    while relay.now < NOW + timedelta(days=8):
        relay.look(relay.now + timedelta(hours=2))
    assert (the_mail().state, the_mail().attempts) == (DeliveryState.WAITING, 0)
    relay.look(NOW + timedelta(days=9))
    assert (the_mail().state, the_mail().attempts) == (DeliveryState.DELIVERED, 1)


def test_a_server_that_is_away_is_not_asked_for_every_mail() -> None:
    for number in range(100):
        write(f"{number}@bjuv.se")
    relay = Relay(lambda _message: AWAY)
    relay.look_until(NOW + timedelta(minutes=10))
    assert len(relay.tries) <= 20


def test_a_refused_recipient_keeps_nobody_waiting() -> None:
    for number in range(10):
        write(f"{number}@bjuv.se")
    relay = Relay(lambda message: RELAYING if message.to < "8" else None)
    relay.look(NOW)
    assert [message.to for message in relay.sent] == ["8@bjuv.se", "9@bjuv.se"]


def test_a_connection_too_many_ends_this_run_alone() -> None:
    for number in range(10):
        write(f"{number}@bjuv.se")
    other = mail_claims.claim(NOW, "example.se", only_codes=False)
    db.session.commit()
    relay = Relay(lambda _message: AWAY)
    assert relay.look(NOW) == 1
    assert other
    assert len(db.session.scalars(select(Mail).where(Mail.due_at > NOW)).all()) == 0
    assert working().look(NOW) == 9


def test_the_operator_is_told_once_a_run(capsys: pytest.CaptureFixture[str]) -> None:
    for number in range(30):
        write(f"{number}@bjuv.se")
    Relay(lambda _message: RELAYING).look(NOW)
    assert capsys.readouterr().out.count("Let it relay.") == 1


def test_every_try_carries_the_same_message_id() -> None:
    write()
    ids: list[str] = []

    def refuse_at_first(message: Message) -> Exception | None:
        ids.append(message.message_id)
        return GREYLISTED if len(ids) < 4 else None

    Relay(refuse_at_first).look_until(NOW + timedelta(hours=3))
    assert len(ids) == 4
    assert set(ids) == {the_mail().message_id}
    assert the_mail().message_id


def test_a_code_that_expires_while_it_is_sent_is_not_called_unsent() -> None:
    write(code=True)

    def look_elsewhere(message: Message) -> None:
        relay.now = NOW + CODE_LIFE
        working().look(relay.now)

    now = NOW + CODE_LIFE - timedelta(seconds=5)
    relay = Relay(look_elsewhere)
    relay.look(now)
    assert (the_mail().state, the_mail().detail) == (DeliveryState.DELIVERED, "")


def test_a_mail_that_is_sent_and_not_written_down_is_not_sent_again(monkeypatch: pytest.MonkeyPatch) -> None:
    write()
    faults = [OperationalError("update", {}, Exception("the database is away"))] * 3
    settle = mail_claims.settle

    def fail_at_first(*args: object) -> None:
        if faults:
            raise faults.pop()
        settle(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(mail_claims, "settle", fail_at_first)
    monkeypatch.setattr(mails, "_WAITS_FOR_THE_DATABASE", (0, 0, 0, 0))
    relay = working()
    relay.look(NOW)
    assert the_mail().state == DeliveryState.DELIVERED
    assert len(relay.sent) == 1


def test_a_mail_that_kills_its_worker_each_time_has_an_end() -> None:
    write()
    now = NOW
    while claimed := mail_claims.claim(now, "example.se", only_codes=False):
        db.session.commit()
        now += timedelta(hours=1)
        if claimed.attempts == MOST_ATTEMPTS:
            break
    relay = working()
    relay.look(now)
    assert (the_mail().state, relay.tries) == (DeliveryState.GIVEN_UP, [])
