"""Background tasks, each of which calls a service, and when they run.

Huey only wakes the worker and keeps the schedule. What is to be delivered is in the outbox tables, so nothing is lost
when a worker dies with a task. A scheduled job writes a row in `job_run`, so that it runs once however many workers
there are.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import structlog
from flask import Flask, current_app
from huey import Huey, RedisHuey, SqliteHuey, crontab
from redis import ConnectionPool
from redis.backoff import NoBackoff
from redis.retry import Retry
from sqlalchemy import event
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.orm import Session

from app import clock
from app.config import Settings
from app.extensions import db
from app.gateways.mail import Mailer
from app.gateways.survey_keys import SurveyKeys
from app.services.activities.photo_preparation import prepare_waiting
from app.services.challenges import telling
from app.services.delivery import digests
from app.services.delivery.mails import deliver_mails
from app.services.delivery.pushes import deliver_pushes
from app.services.delivery.sender import push_sender
from app.services.moderation.reminding import remind_of_waiting
from app.services.notifications import held
from app.services.notifications.mail_addresses import Site
from app.services.notifications.outbox import take_news
from app.services.stages import acted, advance, lesson_publishing, send_messages
from app.services.stages import run_playbook as playbook
from app.services.survey import tending
from app.services.upkeep import leftovers, retention
from app.services.upkeep.once import day_of, do_once, is_first, week_of
from app.text import foreign
from app.web.media import media_store

log = structlog.get_logger()


class Bell:
    """Wakes the lanes of this process that send one kind of thing."""

    def __init__(self) -> None:
        self._lanes: list[threading.Event] = []

    def for_lane(self) -> threading.Event:
        """What a lane waits for."""
        self._lanes.append(threading.Event())
        return self._lanes[-1]

    def ring(self) -> None:
        for lane in self._lanes:
            lane.set()


@dataclass(frozen=True)
class Jobs:
    """The queue of this process, the tasks that wake a worker, and the bells that they ring there."""

    queue: Huey
    wake: tuple[Callable[[], Any], ...]
    mail_bell: Bell = field(default_factory=Bell)
    push_bell: Bell = field(default_factory=Bell)
    #: Rung only at the end: pictures are looked for often enough.
    picture_bell: Bell = field(default_factory=Bell)


def init_app(app: Flask) -> None:
    """Open the queue and name its tasks; the web process enqueues, the worker runs them."""
    queue = _queue(app.config["SETTINGS"])
    mail_bell, push_bell = Bell(), Bell()
    wake = (queue.task(name="send_mails")(mail_bell.ring), queue.task(name="send_pushes")(push_bell.ring))
    for job, times in (
        (begin_due_phases, crontab(minute="*")),
        (run_playbook, crontab(minute="*")),
        (send_own_messages, crontab(minute="*")),
        (tell_of_lessons, crontab(minute="*")),
        # Every hour for the rest of the day, in case it fails or the worker is down at the first.
        (delete_expired, crontab(minute="17", hour="3-23")),
        (count_who_acted, crontab(minute="7", hour="2-23")),
        (tell_of_new_challenges, crontab(minute="27", hour="6-15")),
        (write_digests, crontab(minute="*/10")),
        (tend_surveys, crontab(minute="*")),
        (tend_boxes, crontab(minute="47", hour="1-4")),
        (remind_of_survey, crontab(minute="7", hour="6-15")),
        (remind_moderators, crontab(minute="37", hour="6-15")),
        (sweep_media, crontab(minute="37", hour="3")),
    ):
        queue.periodic_task(times, name=job.__name__)(partial(run, app, job))
    app.extensions["jobs"] = Jobs(queue, wake, mail_bell, push_bell)


def send_mails(*, only_codes: bool = False, is_over: Callable[[], bool] = lambda: False) -> None:
    settings: Settings = current_app.config["SETTINGS"]
    with Mailer.from_url(settings.mail_url, settings.mail_from) as mailer:
        deliver_mails(
            mailer,
            commit=db.session.commit,
            moment=clock.now,
            site=Site(settings.base_url, settings.secret_key),
            only_codes=only_codes,
            is_over=is_over,
        )


def remind_moderators() -> None:
    """Each hour of the day in which people work: of each thing they are reminded once."""
    remind_of_waiting(clock.now(), commit=db.session.commit)


def send_pushes() -> None:
    """And first, tell what could be undone until now."""
    held.tell_what_is_due(clock.now(), commit=db.session.commit)
    sender = push_sender(current_app.config["SETTINGS"])
    if sender:
        deliver_pushes(sender, commit=db.session.commit, moment=clock.now)


def prepare_pictures(*, is_over: Callable[[], bool] = lambda: False) -> None:
    prepare_waiting(media_store(), commit=db.session.commit, moment=clock.now, stop=is_over)


def begin_due_phases() -> None:
    """Once a minute: begin the phases whose date has come."""
    now = clock.now()
    if is_first("begin_due_phases", now.replace(second=0)):
        advance.begin_due_phases(now)
    db.session.commit()


def run_playbook() -> None:
    """Once a minute: send what the playbook has for the day. Every worker: what has been sent is not sent again."""
    playbook.run_playbook(clock.now(), commit=db.session.commit)


def send_own_messages() -> None:
    """Once a minute: send what leads have written for now. Every worker: what has been sent is not sent again."""
    send_messages.send_messages(clock.now(), commit=db.session.commit)


def write_digests() -> None:
    """Every ten minutes: mail who has no push what is news to them. Every worker: nobody gets two on a day."""
    settings: Settings = current_app.config["SETTINGS"]
    digests.write_digests(clock.now(), secret=settings.secret_key, commit=db.session.commit)


def tell_of_lessons() -> None:
    """Once a minute: tell everybody of lessons that have been published since. Every worker: nobody is told twice."""
    lesson_publishing.tell_everybody(clock.now(), commit=db.session.commit)


def delete_expired() -> None:
    """Once a day: delete what is kept for a limited time only. If some of it fails, the next hour tries again."""
    now = clock.now()
    do_once("delete_expired", day_of(now), partial(retention.delete_expired, now))
    db.session.commit()


def count_who_acted() -> None:
    """Every hour: how many acted on what the playbook told them, of the days whose two days afterwards are over."""
    acted.count_who_acted(clock.now())
    db.session.commit()


def tell_of_new_challenges() -> None:
    """Once a week: tell people of the new challenge that fits them best. If it fails, the next hour tries again."""
    now = clock.now()
    do_once("tell_of_new_challenges", week_of(now), partial(telling.tell_of_new_challenges, now))
    db.session.commit()


def tend_surveys() -> None:
    """Once a minute: open, close and put away the surveys that are due. Every worker, since only a file that they share
    says what has been done last."""
    settings: Settings = current_app.config["SETTINGS"]
    tending.tend(SurveyKeys(settings.survey_dir), clock.now(), commit=db.session.commit)


def tend_boxes() -> None:
    """Once a night: what the order of arrival could tell of an open survey is forgotten."""
    now = clock.now()
    do_once("tend_boxes", day_of(now), partial(tending.tend_nightly, now, commit=db.session.commit))
    db.session.commit()


def remind_of_survey() -> None:
    """Once a day: remind those who have not answered, if it is a day for that."""
    now = clock.now()
    do_once("remind_of_survey", day_of(now), partial(tending.remind, now, commit=db.session.commit))
    db.session.commit()


def sweep_media() -> None:
    """Once a day: delete the files in the media store that no picture has."""
    if is_first("sweep_media", day_of(clock.now())):
        # Committed first: the sweep may take long, and nobody should wait for it.
        db.session.commit()
        leftovers.sweep_media(media_store(), now=clock.now(), commit=db.session.commit)


def run(app: Flask, job: Callable[[], Any]) -> None:
    """A job that fails is logged and tried again at its next time; it never ends the worker.

    Leaving the context ends the job's transaction, which may fail too when the database is away.
    """
    try:
        with app.app_context():
            job()
    except (OperationalError, InterfaceError) as error:
        why = foreign(str(error.orig))
        log.error("the database could not be used; the job is tried again", job=_name(job), why=why)
    except Exception:
        log.exception("a job failed; it is tried again", job=_name(job))


def _name(job: Callable[[], Any]) -> str:
    return job.func.__name__ if isinstance(job, partial) else job.__name__


def _queue(settings: Settings) -> Huey:
    if settings.redis_url:
        # Without limits a request that wakes the worker would hang with Redis. A consumer waits a second for work.
        pool = ConnectionPool.from_url(
            settings.redis_url, socket_connect_timeout=1, socket_timeout=3, retry=Retry(NoBackoff(), 0)
        )
        return RedisHuey("eldsjal", connection_pool=pool, results=False)
    return SqliteHuey("eldsjal", filename=str(settings.data_dir / "jobs.db"), results=False)


@event.listens_for(db.session, "after_commit")
def _wake_worker(session: Session) -> None:
    """Wake the worker when what was committed is to be sent. Without the wake-up it waits for the worker's next look
    into the outbox, so a broken queue must not make the request fail."""
    if session.get_nested_transaction() is not None or not take_news():
        return
    try:
        for wake in current_app.extensions["jobs"].wake:
            wake()
    except Exception:
        log.exception("the worker was not woken")
