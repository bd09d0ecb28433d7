"""The worker: a process that runs the jobs by the clock, and sends what is due.

It has several lanes, each a thread, so that none waits for another: one for pushes, one for pictures, and several for
mail (a connection to the mail server each), of which one is kept free for codes.
"""

import threading
from collections.abc import Callable
from functools import partial
from time import monotonic
from typing import Any

import structlog
from flask import Flask, current_app

from app.config import Settings
from app.gateways.mail import Mailer
from app.jobs import Jobs, begin_due_phases, prepare_pictures, run, send_mails, send_pushes
from app.services.delivery.sender import push_sender

#: Seconds between looks into the outbox, which find retries, pushes whose hours have begun, and lost wake-ups.
_LOOK_EVERY = 5.0
#: Seconds between looks for new pictures. Nobody else wakes their thread, which has nothing to wait for but them.
_LOOK_FOR_PICTURES_EVERY = 0.5
#: Seconds in which a worker that is told to stop may finish what it has begun; the rest is claimed again later.
_PATIENCE = 20.0

log = structlog.get_logger()


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
    run(app, begin_due_phases)
    run(app, _say_whether_pushes_are_sent)
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
        run(app, job)
        bell.wait(every)
