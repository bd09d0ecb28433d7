"""The worker as a process of its own: it sends, it is killed, and nothing is lost nor shown twice."""

import json
import signal
import time
from collections import defaultdict
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from app import clock
from app.extensions import db
from app.models.job import JobRun
from app.models.notification import Delivery, DeliveryState, Kind, Mail
from app.services.delivery.pushes import MOST_UNSETTLED
from app.services.notifications.mail import send_mail
from app.services.notifications.notify import notify
from tests.commands.conftest import Start
from tests.factories import make_person
from tests.fan_out import count_of, kill_amid, tell_devices, times_told
from tests.push import subscribed
from tests.push_device import Device
from tests.push_service import PushService
from tests.waiting import until

pytestmark = pytest.mark.slow

_PEOPLE = 30


def test_a_worker_that_is_killed_loses_nothing_and_shows_nothing_twice(
    real_app: Flask, push_service: PushService, start: Start
) -> None:
    browsers = _tell_everybody(push_service)
    push_service.latency = 30
    killed = start()
    until(lambda: push_service.count == _PEOPLE)
    killed.send_signal(signal.SIGKILL)
    killed.wait()
    assert count_of(DeliveryState.WAITING) == _PEOPLE
    assert _claimed() == _PEOPLE

    push_service.latency = 0
    second = start()
    time.sleep(2)
    assert push_service.count == _PEOPLE, "what the dead worker holds is left alone until its claim runs out"
    _let_claims_run_out()
    until(lambda: count_of(DeliveryState.DELIVERED) == _PEOPLE)
    assert count_of(DeliveryState.WAITING) == 0

    shown = _shown(push_service, browsers)
    assert push_service.count == 2 * _PEOPLE
    assert {path: len(tags) for path, tags in shown.items()} == dict.fromkeys((b.path for b in browsers), 1)
    second.send_signal(signal.SIGTERM)
    assert second.wait(30) == 0


def test_a_worker_that_is_killed_three_times_amid_a_fan_out_loses_none_and_tells_few_twice(
    real_app: Flask, push_service: PushService, start: Start
) -> None:
    devices, kills = 400, 3
    push_service.latency = 0.04
    tell_devices(push_service, devices)
    unsettled_counts = [kill_amid(push_service, start(lease=1.0), after=100) for _ in range(kills)]
    start(lease=1.0)
    until(lambda: count_of(DeliveryState.DELIVERED) == devices)
    assert max(unsettled_counts) <= MOST_UNSETTLED
    times = times_told(push_service)
    assert len(times) == devices
    assert sum(times.values()) - devices <= sum(unsettled_counts)
    assert set(db.session.scalars(select(Delivery.attempts))) == {1}, (
        "what was not answered used up no attempt"
    )


def test_two_workers_share_the_work(real_app: Flask, push_service: PushService, start: Start) -> None:
    start()
    start()
    until(lambda: bool(db.session.scalar(select(func.count()).select_from(JobRun))))
    _tell_everybody(push_service)
    until(lambda: count_of(DeliveryState.DELIVERED) == _PEOPLE)
    assert push_service.count == _PEOPLE


def test_a_mail_that_is_written_is_sent_by_the_worker_and_its_words_are_not_kept(
    real_app: Flask, start: Start
) -> None:
    start()
    until(lambda: bool(db.session.scalar(select(func.count()).select_from(JobRun))))
    send_mail("anna@bjuv.se", "123456", "Din kod är 123456", now=clock.now())
    db.session.commit()
    mails = real_app.config["DATA_DIR"] / "mail"
    until(lambda: mails.is_dir() and any(mails.glob("*.eml")))
    until(lambda: db.session.scalar(select(Mail.state)) == DeliveryState.DELIVERED)
    assert db.session.scalar(select(Mail.body)) == ""


def _tell_everybody(push_service: PushService) -> list[Device]:
    browsers = [push_service.device(f"browser-{number}") for number in range(_PEOPLE)]
    people = [make_person(push_weekends=True) for _ in browsers]
    for person, browser in zip(people, browsers, strict=True):
        person.push_until = person.push_from
        subscribed(person, browser)
    about = {"name": "Bob", "title": "Fika"}
    notify(
        [person.id for person in people],
        Kind.INVITATION,
        key="kill",
        url="/",
        parameters=about,
        now=clock.now(),
    )
    db.session.commit()
    return browsers


def _shown(push_service: PushService, browsers: list[Device]) -> dict[str, set[str]]:
    """The notifications on each device. The push service replaces what has the same topic while the device is off, and
    the browser what has the same tag: both are the same here."""
    by_path = {browser.path: browser for browser in browsers}
    shown: dict[str, set[str]] = defaultdict(set)
    for request in list(push_service.received):
        tag = json.loads(by_path[request.path].decrypt(request.body))["tag"]
        assert request.headers["topic"] == tag
        shown[request.path].add(tag)
    return shown


def _claimed() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).where(Delivery.claimed_until.is_not(None))) or 0


def _let_claims_run_out() -> None:
    db.session.execute(update(Delivery).values(claimed_until=clock.now() - timedelta(seconds=1)))
    db.session.commit()
