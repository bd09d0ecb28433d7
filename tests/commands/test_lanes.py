"""The lanes of a worker: nothing that is slow, hangs or breaks in one holds up another."""

import threading
from collections.abc import Iterator

import psycopg
import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from app import clock, jobs, worker
from app.extensions import db
from app.models.job import JobRun
from app.models.notification import DeliveryState, Kind, Mail
from app.services.accounts.sign_in import CODE_LIFE
from app.services.notifications.mail import send_mail
from app.services.notifications.notify import notify
from tests.commands.conftest import LOG, Start
from tests.factories import make_person
from tests.mail_server import HANG, Conversation, MailServer
from tests.push import subscribed
from tests.push_service import PushService
from tests.waiting import until


@pytest.fixture
def relay() -> Iterator[MailServer]:
    with MailServer() as relay:
        yield relay


def write(*addresses: str, code: bool = False) -> None:
    now = clock.now()
    for address in addresses:
        send_mail(address, "Hej", "123456", now=now, expires_at=now + CODE_LIFE if code else None)
    db.session.commit()


def waiting() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).where(Mail.state == DeliveryState.WAITING)) or 0


def _meet(others: threading.Barrier) -> None:
    others.wait()


@pytest.mark.slow
@pytest.mark.usefixtures("real_app")
def test_four_codes_go_through_a_slow_relay_at_the_same_time(relay: MailServer, start: Start) -> None:
    together = threading.Barrier(4, timeout=30)
    relay.ponder = lambda _conversation: _meet(together)
    start(MAIL_URL=relay.url)
    write(*(f"{number}@bjuv.se" for number in range(4)), code=True)
    until(lambda: waiting() == 0)
    assert relay.recipients == [f"{number}@bjuv.se" for number in range(4)]


@pytest.mark.slow
@pytest.mark.usefixtures("real_app")
def test_a_code_overtakes_a_kick_off_that_is_stuck_in_the_relay(relay: MailServer, start: Start) -> None:
    may_go_on = threading.Event()

    def ponder(conversation: Conversation) -> None:
        if conversation.recipient != "code@bjuv.se":
            may_go_on.wait(60)

    relay.ponder = ponder
    everybody = [f"{number}@bjuv.se" for number in range(60)]
    write(*everybody)
    start(MAIL_URL=relay.url)
    until(lambda: len(relay.conversations) == 5)
    write("code@bjuv.se", code=True)
    until(lambda: relay.recipients == ["code@bjuv.se"])
    may_go_on.set()
    until(lambda: waiting() == 0)
    assert relay.recipients == sorted([*everybody, "code@bjuv.se"])
    assert len(relay.conversations) <= 10


@pytest.mark.slow
@pytest.mark.usefixtures("real_app")
def test_pushes_leave_while_the_relay_hangs(
    relay: MailServer, push_service: PushService, start: Start
) -> None:
    relay.answer = lambda verb, _conversation: HANG if verb == "CONNECT" else None
    write(*(f"{number}@bjuv.se" for number in range(20)))
    start(MAIL_URL=relay.url)
    until(lambda: len(relay.conversations) == 5)
    person = make_person(push_weekends=True)
    person.push_until = person.push_from
    subscribed(person, push_service.device("browser"))
    about = {"name": "Bob", "title": "Fika"}
    notify([person.id], Kind.INVITATION, key="k", url="/", parameters=about, now=clock.now())
    db.session.commit()
    until(lambda: push_service.count == 1)
    assert waiting() == 20


@pytest.mark.slow
@pytest.mark.postgres
def test_a_worker_whose_database_went_away_goes_on_when_it_is_back(
    real_app: Flask, relay: MailServer, start: Start
) -> None:
    worker = start(MAIL_URL=relay.url)
    until(lambda: bool(db.session.scalar(select(func.count()).select_from(JobRun))))
    url = db.engine.url.set(drivername="postgresql")
    name = url.database
    db.session.remove()
    db.engine.dispose()
    elsewhere = url.set(database="postgres").render_as_string(hide_password=False)
    with psycopg.connect(elsewhere, autocommit=True) as server:
        # Nobody gets in, as if the server were away, and who is in is thrown out.
        server.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
        server.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name,))
        log = real_app.config["DATA_DIR"] / LOG
        until(lambda: "the database could not be used" in log.read_text())
        assert worker.poll() is None
        server.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
    write("anna@bjuv.se")
    until(lambda: relay.recipients == ["anna@bjuv.se"])
    until(lambda: waiting() == 0)


@pytest.mark.parametrize(
    "error",
    [
        RuntimeError("broken"),
        MemoryError(),
        ValueError("\0\ud800"),
        OperationalError("select 1", {}, Exception("the database is away")),
    ],
)
def test_a_lane_outlives_whatever_its_job_does(base_app: Flask, error: Exception) -> None:
    stop, runs = threading.Event(), []

    def job() -> None:
        runs.append(1)
        if len(runs) == 4:
            stop.set()
        raise error

    worker._watch(base_app, job, threading.Event(), 0, stop)
    assert len(runs) == 4


def test_a_lane_outlives_a_transaction_that_cannot_be_ended(
    base_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> None:
        raise OperationalError("rollback", {}, Exception("the database is away"))

    monkeypatch.setattr(db.session, "remove", fail)
    jobs.run(base_app, fail)


def test_a_setting_that_is_wrong_stops_the_mails_alone(
    base_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = base_app.config["SETTINGS"]
    monkeypatch.setattr(jobs.Mailer, "from_url", lambda *_: int("no number"))
    assert worker._connections(settings) == 1
    jobs.run(base_app, jobs.send_mails)


def test_a_bell_wakes_all_that_wait_for_it() -> None:
    bell = jobs.Bell()
    lanes = [bell.for_lane() for _ in range(3)]
    assert not any(lane.is_set() for lane in lanes)
    bell.ring()
    assert all(lane.is_set() for lane in lanes)
