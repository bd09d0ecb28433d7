"""Crashes before any statement, and before any commit: what was under way has not happened."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any

from sqlalchemy import event, func, select

from app.extensions import db
from app.models.survey import Ballot, SurveyParticipation


class CrashError(RuntimeError):
    """What happens at the k-th statement, or between two steps."""


@contextmanager
def at_statement(number: int, crash: Callable[[], None]) -> Iterator[list[str]]:
    """`crash` is called before the statement with that number is run, from 0. Gives those that have been run."""
    done = list[str]()

    def look(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if len(done) == number:
            crash()
        done.append(statement)

    def look_at_commit(_connection: Any) -> None:
        look(None, None, "COMMIT")

    engine = db.engine
    event.listen(engine, "before_cursor_execute", look)
    event.listen(engine, "commit", look_at_commit)
    try:
        yield done
    finally:
        event.remove(engine, "before_cursor_execute", look)
        event.remove(engine, "commit", look_at_commit)


def crashing_at_each(step: Callable[[], Any], afterwards: Callable[[], None]) -> int:
    """Take the step with a crash at the first statement, look at what is there, then at the second, … until it comes
    through. Returns at how many it crashed."""
    for number in count():
        try:
            with at_statement(number, _crash) as done:
                step()
        except CrashError:
            db.session.rollback()
            db.session.remove()
            afterwards()
            continue
        # Fewer, when a crash came after the commit: there was less to do then.
        assert len(done) <= number, "it came through although it should have crashed"
        return number
    raise AssertionError


def box() -> tuple[int, int]:
    """How many ballots and how many participations there are."""
    db.session.rollback()
    ballots, people = (
        db.session.scalar(select(func.count()).select_from(table)) or 0
        for table in (Ballot, SurveyParticipation)
    )
    return ballots, people


def _crash() -> None:
    raise CrashError
