"""Background tasks, each of which calls a service, and when they run.

Huey only wakes the worker and keeps the schedule. What is to be delivered is in the outbox tables, so nothing is lost
when a worker dies with a task. A scheduled job writes a row in `job_run`, so that it runs once however many workers
there are.

A worker has several lanes, each a thread that sends what is due, so that none waits for another: one for pushes, one
for pictures, and several for mail (a connection to the mail server each), of which one is kept free for codes.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from time import monotonic
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
from app.services.activities.photo_preparation import prepare_waiting
from app.services.challenges import telling
from app.services.delivery.mails import deliver_mails
from app.services.delivery.pushes import deliver_pushes
from app.services.delivery.sender import push_sender
from app.services.notifications.outbox import take_news
from app.services.stages import advance
from app.services.upkeep import leftovers, retention
from app.services.upkeep.once import day_of, do_once, is_first, week_of
from app.text import foreign
from app.web.media import media_store

#: Seconds between looks into the outbox, which find retries, pushes whose hours have begun, and lost wake-ups.
_LOOK_EVERY = 5.0
#: Seconds between looks for new pictures. Nobody else wakes their thread, which has nothing to wait for but them.
_LOOK_FOR_PICTURES_EVERY = 0.5
#: Seconds in which a worker that is told to stop may finish what it has begun; the rest is claimed again later.
_PATIENCE = 20.0

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
        # Every hour for the rest of the day, in case it fails or the worker is down at the first.
        (delete_expired, crontab(minute="17", hour="3-23")),
        (tell_of_new_challenges, crontab(minute="27", hour="6-15")),
        (sweep_media, crontab(minute="37", hour="3")),
    ):
        queue.periodic_task(times, name=job.__name__)(partial(_run, app, job))
    app.extensions["jobs"] = Jobs(queue, wake, mail_bell, push_bell)


def send_mails(*, only_codes: bool = False, is_over: Callable[[], bool] = lambda: False) -> None:
    settings: Settings = current_app.config["SETTINGS"]
    with Mailer.from_url(settings.mail_url, settings.mail_from) as mailer:
        deliver_mails(
            mailer, commit=db.session.commit, moment=clock.now, only_codes=only_codes, is_over=is_over
        )


def send_pushes() -> None:
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


def delete_expired() -> None:
    """Once a day: delete what is kept for a limited time only. If some of it fails, the next hour tries again."""
    now = clock.now()
    do_once("delete_expired", day_of(now), partial(retention.delete_expired, now))
    db.session.commit()


def tell_of_new_challenges() -> None:
    """Once a week: tell people of the new challenge that fits them best. If it fails, the next hour tries again."""
    now = clock.now()
    do_once("tell_of_new_challenges", week_of(now), partial(telling.tell_of_new_challenges, now))
    db.session.commit()


def sweep_media() -> None:
    """Once a day: delete the files in the media store that no picture has."""
    if is_first("sweep_media", day_of(clock.now())):
        # Committed first: the sweep may take long, and nobody should wait for it.
        db.session.commit()
        leftovers.sweep_media(media_store(), now=clock.now(), commit=db.session.commit)


def run_worker(app: Flask) -> None:
    """Work until SIGTERM or SIGINT, and finish what has been begun."""
    jobs: Jobs = app.extensions["jobs"]
    consumer = jobs.queue.create_consumer(
        workers=2, max_delay=0.5, graceful_signal="TERM", shutdown_timeout=_PATIENCE
    )
    stop = threading.Event()
    lanes = _start_lanes(app, jobs, stop)
    log.info("worker started")
    consumer.run()
    stop.set()
    jobs.mail_bell.ring()
    jobs.push_bell.ring()
    jobs.picture_bell.ring()
    end = monotonic() + _PATIENCE
    for lane in lanes:
        lane.join(max(0, end - monotonic()))
    log.info("worker stopped")


def _start_lanes(app: Flask, jobs: Jobs, stop: threading.Event) -> list[threading.Thread]:
    _run(app, begin_due_phases)
    _run(app, _say_whether_pushes_are_sent)
    mails, pictures = (partial(job, is_over=stop.is_set) for job in (send_mails, prepare_pictures))
    connections = _connections(app.config["SETTINGS"])
    # With one connection alone, the codes go first on that.
    mail_lanes = [mails] * max(connections - 1, 1) + [partial(mails, only_codes=True)] * (connections > 1)
    lanes = [
        *((f"mails-{number}", job, jobs.mail_bell, _LOOK_EVERY) for number, job in enumerate(mail_lanes, 1)),
        ("pushes", send_pushes, jobs.push_bell, _LOOK_EVERY),
        ("pictures", pictures, jobs.picture_bell, _LOOK_FOR_PICTURES_EVERY),
    ]
    threads = [
        threading.Thread(target=_watch, args=(app, job, bell.for_lane(), every, stop), name=name, daemon=True)
        for name, job, bell, every in lanes
    ]
    for thread in threads:
        thread.start()
    return threads


def _say_whether_pushes_are_sent() -> None:
    if not push_sender(current_app.config["SETTINGS"]):
        log.warning(
            "no pushes", why="VAPID_PRIVATE_KEY (`flask push keys`) and VAPID_SUBJECT are not both set"
        )


def _connections(settings: Settings) -> int:
    try:
        return Mailer.from_url(settings.mail_url, settings.mail_from).connections
    except ValueError:
        return 1  # every look into the outbox will say what is wrong with the setting


def _watch(
    app: Flask, job: Callable[[], Any], bell: threading.Event, every: float, stop: threading.Event
) -> None:
    """Look for work every few seconds, and whenever the bell rings."""
    while not stop.is_set():
        bell.clear()
        _run(app, job)
        bell.wait(every)


def _run(app: Flask, job: Callable[[], Any]) -> None:
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
