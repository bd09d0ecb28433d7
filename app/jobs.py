"""Background tasks, each of which calls a service, and when they run.

Huey only wakes the worker and keeps the schedule. What is to be delivered is in the outbox tables, so nothing is lost
when a worker dies with a task. A scheduled job writes a row in `job_run`, so that it runs once however many workers
there are.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from flask import Flask, current_app
from huey import Huey, RedisHuey, SqliteHuey, crontab
from sqlalchemy import event
from sqlalchemy.orm import Session

from app import clock
from app.config import Settings
from app.extensions import db
from app.gateways.mail import Mailer
from app.services.activities.photo_preparation import prepare_waiting
from app.services.delivery.mails import deliver_mails
from app.services.delivery.pushes import deliver_pushes
from app.services.delivery.sender import push_sender
from app.services.notifications.outbox import take_news
from app.services.stages import advance
from app.services.upkeep import leftovers, retention
from app.services.upkeep.once import is_first
from app.web.media import media_store

#: Seconds between looks into the outbox, which find retries, pushes whose hours have begun, and lost wake-ups.
_LOOK_EVERY = 5.0
#: Seconds between looks for new pictures. Nobody else wakes their thread, which has nothing to wait for but them.
_LOOK_FOR_PICTURES_EVERY = 0.5
#: Seconds in which a worker that is told to stop may finish what it has begun; the rest is claimed again later.
_PATIENCE = 20.0

log = structlog.get_logger()


@dataclass(frozen=True)
class Jobs:
    """The queue of this process, and the tasks that wake a worker."""

    queue: Huey
    wake: tuple[Callable[[], Any], ...]


def init_app(app: Flask) -> None:
    """Open the queue and name its tasks; the web process enqueues, the worker runs them."""
    queue = _queue(app.config["SETTINGS"])

    def task(job: Callable[[], Any]) -> Callable[[], None]:
        def run() -> None:
            _run(app, job)

        run.__name__ = job.__name__
        return run

    wake = (queue.task()(task(send_mails)), queue.task()(task(send_pushes)))
    queue.periodic_task(crontab(minute="*"))(task(begin_due_phases))
    queue.periodic_task(crontab(minute="17", hour="3"))(task(delete_expired))
    queue.periodic_task(crontab(minute="37", hour="3"))(task(sweep_media))
    app.extensions["jobs"] = Jobs(queue, wake)


def send_mails() -> None:
    settings: Settings = current_app.config["SETTINGS"]
    mailer = Mailer.from_url(settings.mail_url, settings.mail_from)
    deliver_mails(mailer, commit=db.session.commit, moment=clock.now)


def send_pushes() -> None:
    sender = push_sender(current_app.config["SETTINGS"])
    if sender:
        deliver_pushes(sender, commit=db.session.commit, moment=clock.now)


def begin_due_phases() -> None:
    """Once a minute: begin the phases whose date has come."""
    _once("begin_due_phases", clock.now().replace(second=0), advance.begin_due_phases)


def delete_expired() -> None:
    """Once a day: delete what is kept for a limited time only."""
    _once("delete_expired", clock.now().replace(hour=0, minute=0, second=0), retention.delete_expired)


def sweep_media() -> None:
    """Once a day: delete the files in the media store that no picture has."""
    if is_first("sweep_media", clock.now().replace(hour=0, minute=0, second=0)):
        # Committed first: the sweep may take long, and nobody should wait for it.
        db.session.commit()
        leftovers.sweep_media(media_store(), now=clock.now(), commit=db.session.commit)


def run_worker(app: Flask) -> None:
    """Work until SIGTERM or SIGINT, and finish what has been begun."""
    settings: Settings = app.config["SETTINGS"]
    jobs: Jobs = app.extensions["jobs"]
    if not push_sender(settings):
        log.warning(
            "no pushes", why="VAPID_PRIVATE_KEY (`flask push keys`) and VAPID_SUBJECT are not both set"
        )
    consumer = jobs.queue.create_consumer(
        workers=2, max_delay=0.5, graceful_signal="TERM", shutdown_timeout=_PATIENCE
    )
    stop = threading.Event()
    watch = threading.Thread(target=_watch, args=(app, stop), name="watch", daemon=True)
    watch.start()
    threading.Thread(target=_watch_pictures, args=(app, stop), name="pictures", daemon=True).start()
    log.info("worker started")
    consumer.run()
    stop.set()
    watch.join(_PATIENCE)
    log.info("worker stopped")


def _watch(app: Flask, stop: threading.Event) -> None:
    _run(app, begin_due_phases)
    while not stop.is_set():
        _run(app, send_mails)
        _run(app, send_pushes)
        stop.wait(_LOOK_EVERY)


def _watch_pictures(app: Flask, stop: threading.Event) -> None:
    """Apart from the others, since a picture takes seconds, and a code to sign in with should not wait for it."""

    def prepare_pictures() -> None:
        prepare_waiting(media_store(), commit=db.session.commit, moment=clock.now, stop=stop.is_set)

    while not stop.wait(_LOOK_FOR_PICTURES_EVERY):
        _run(app, prepare_pictures)


def _run(app: Flask, job: Callable[[], Any]) -> None:
    """A job that fails is logged and tried again at its next time; it never ends the worker."""
    with app.app_context():
        try:
            job()
        except Exception:
            db.session.rollback()
            log.exception("job failed", job=job.__name__)


def _once(job: str, period: datetime, service: Callable[[datetime], Any]) -> None:
    if is_first(job, period):
        service(clock.now())
    db.session.commit()


def _queue(settings: Settings) -> Huey:
    if settings.redis_url:
        return RedisHuey("eldsjal", url=settings.redis_url, results=False)
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
