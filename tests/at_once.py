"""What several do at the same time, each in a thread and a transaction of its own, as in production."""

import threading
from collections.abc import Callable

from flask import Flask

from app.extensions import db


def all_at_once(
    app: Flask, steps: list[Callable[[], object]], *, answers: tuple[type[Exception], ...] = ()
) -> list[str]:
    """Take them at the same time; what went wrong. Those of `answers` are an answer, and no fault."""
    start, faults = threading.Barrier(len(steps)), list[str]()

    def take(step: Callable[[], object]) -> None:
        with app.app_context():
            start.wait()
            try:
                step()
                db.session.commit()
            except answers:
                db.session.rollback()
            except Exception as fault:
                faults.append(repr(fault))
                db.session.rollback()
            finally:
                db.session.remove()

    threads = [threading.Thread(target=take, args=[step]) for step in steps]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return faults
